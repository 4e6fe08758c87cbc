"use strict";

const EXAMPLE = `# Which papers use SD-Turbo, in any spelling?
# Ctrl-Enter runs it, Ctrl-Space completes.
query PapersUsing {
  papers(filter: {uses: "SD-Turbo"}, first: 20) {
    totalCount
    edges {
      node {
        title
        publishedAt
        claims(role: USES) {
          entity { name type }
          confidence
          evidence { text }
        }
      }
    }
  }
}
`;

async function fetcher(request) {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(request),
  });
  return response.json();
}

const shared = new URLSearchParams(window.location.hash.slice(1)).get("query");
const logo = React.createElement(
  GraphiQL.Logo,
  null,
  React.createElement("a", { className: "papergraph-logo", href: "/" }, "papergraph"),
);

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(
    GraphiQL,
    {
      fetcher,
      query: shared ?? undefined,
      defaultQuery: EXAMPLE,
      defaultEditorToolsVisibility: false,
      isHeadersEditorEnabled: false,
    },
    logo,
  ),
);
