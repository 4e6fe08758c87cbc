// The search page: a name leads to entities, an entity to papers, a paper to all it speaks of.
// Where one is stands in the address after '#', so that it can be shared and the back button works.

import { entityChip, entityRow, paperCard, paperRow } from "./cards.js";
import { element, replace } from "./dom.js";
import { ask } from "./graphql.js";

const ROLES = {
  USES: "use it",
  PROPOSES: "propose it",
  TRAINS_ON: "train on it",
  EVALUATES_ON: "evaluate on it",
  COMPARES_WITH: "compare with it",
  ADDRESSES: "address it",
  MEASURES: "measure it",
  MENTIONS: "mention it",
};
const TYPES = {
  MODEL: "Models",
  METHOD: "Methods",
  DATASET: "Data sets",
  BENCHMARK: "Benchmarks",
  TASK: "Tasks",
  METRIC: "Metrics",
};
const PAGE = 10;

const form = document.getElementById("search");
const input = document.getElementById("name");
const status = document.getElementById("status");
const answer = document.getElementById("answer");
let latest = 0;

/** Show what the address asks for; an answer that comes late, after another question, is dropped. */
async function show({ typing = false } = {}) {
  const turn = ++latest;
  const asked = new URLSearchParams(location.hash.slice(1));
  const entity = asked.get("entity");
  const query = (asked.get("q") ?? "").trim();
  document.body.classList.toggle("answering", Boolean(entity || query));
  if (!typing) input.value = query;
  try {
    const [said, parts] = await (entity
      ? entityView(entity, asked.get("role"))
      : query
        ? searchView(query)
        : overview());
    if (turn !== latest) return;
    status.className = "status";
    replace(status, said);
    replace(answer, ...parts);
  } catch (problem) {
    if (turn !== latest) return;
    status.className = "status problem";
    replace(status, problem.message);
    replace(answer);
  }
}

async function overview() {
  const tops = Object.keys(TYPES).map(
    (type) => `${type}: entities(filter: {types: [${type}]}, first: 8) { edges { node { id name type paperCount } } }`,
  );
  const data = await ask(`{ stats { papers entities claims } ${tops.join(" ")} }`);
  const { papers, entities, claims } = data.stats;
  if (!papers) return ["Nothing has been ingested yet: papergraph ingest FILE", []];
  const groups = Object.entries(TYPES)
    .filter(([type]) => data[type].edges.length)
    .map(([type, title]) =>
      element("section", {}, [
        element("h2", {}, [title]),
        element("ul", { class: "chips" }, data[type].edges.map(({ node }) => element("li", {}, [entityChip(node)]))),
      ]),
    );
  const said = `${number(papers)} papers, ${number(entities)} things they speak of, ${number(claims)} claims.`;
  return [said, [element("div", { class: "overview" }, groups)]];
}

async function searchView(query) {
  const data = await ask(
    `query ($query: String!) { search(query: $query, first: 20) {
       edges { matched highlights { place text start marks { start end } } node { __typename id
         ... on Entity { name type paperCount aliases }
         ... on Paper { title url publishedAt withdrawn } } } } }`,
    { query },
  );
  const rows = data.search.edges;
  if (!rows.length) return [`No name and no paper is like “${query}”.`, []];
  const said = rows.length === 20 ? "The 20 that fit best" : `${rows.length} ${rows.length === 1 ? "fits" : "fit"}`;
  const row = ({ node, matched, highlights }) =>
    node.__typename === "Paper" ? paperRow(node, highlights) : entityRow(node, matched);
  return [said, [element("ul", { class: "entities" }, rows.map(row))]];
}

async function entityView(id, role) {
  const chosen = role in ROLES ? role : null;
  const counts = Object.keys(ROLES).map((r) => `${r}: papers(role: ${r}, first: 0) { totalCount }`);
  const data = await ask(
    `query ($id: ID!) { entity(id: $id) { id name type aliases all: papers(first: 0) { totalCount } ${counts.join(" ")} } }`,
    { id },
  );
  const entity = data.entity;
  if (!entity) return [`There is no entity with the id “${id}” any more.`, []];
  const list = element("ul");
  const more = element("button", { class: "more", type: "button" }, ["Show more papers"]);
  let after = null;
  const load = async () => {
    const page = await papersOf(id, chosen, after);
    after = page.pageInfo.endCursor;
    more.hidden = !page.pageInfo.hasNextPage;
    list.append(...page.edges.map((edge) => paperCard(edge, entity)));
  };
  more.addEventListener("click", load);
  await load();
  input.value = entity.name;
  const others = entity.aliases.filter((alias) => alias !== entity.name);
  const head = element("div", { class: "entity-head" }, [
    element("h2", {}, [entity.name]),
    element("span", { class: `chip type-${entity.type}` }, [TYPES[entity.type].replace(/s$/, "")]),
    ...(others.length ? [element("p", { class: "also" }, [`also written ${others.slice(0, 12).join(", ")}`])] : []),
  ]);
  const choices = [
    roleButton(id, null, "all", entity.all.totalCount, chosen),
    ...Object.entries(ROLES)
      .filter(([r]) => entity[r].totalCount)
      .map(([r, words]) => roleButton(id, r, words, entity[r].totalCount, chosen)),
  ];
  const roles = element("div", { class: "roles", role: "group", "aria-label": "How papers relate to it" }, choices);
  const n = chosen ? entity[chosen].totalCount : entity.all.totalCount;
  const verb = chosen ? ROLES[chosen].replace(/ it$/, "") : "speak of";
  const said = `${number(n)} ${n === 1 ? "paper" : "papers"} ${verb} ${entity.name}`;
  return [said, [head, roles, list, more]];
}

async function papersOf(id, role, after) {
  const data = await ask(
    `query ($id: ID!, $role: Role, $after: String) { entity(id: $id) { papers(role: $role, first: ${PAGE}, after: $after) {
       pageInfo { hasNextPage endCursor }
       edges { claim { role confidence mentions { start end } evidence { text start } }
               node { id title publishedAt url withdrawn } } } } }`,
    { id, role, after },
  );
  return data.entity.papers;
}

function roleButton(id, role, words, count, chosen) {
  const button = element("button", { type: "button", "aria-pressed": String(role === chosen) }, [
    `${words} `,
    element("small", {}, [number(count)]),
  ]);
  button.addEventListener("click", () => {
    location.hash = new URLSearchParams({ entity: id, ...(role ? { role } : {}) });
  });
  return button;
}

function number(n) {
  return n.toLocaleString("en");
}

let waiting;
input.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const q = input.value.trim();
    history.replaceState(null, "", q ? `#${new URLSearchParams({ q })}` : location.pathname);
    show({ typing: true });
  }, 180);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  const q = input.value.trim();
  history.replaceState(null, "", q ? `#${new URLSearchParams({ q })}` : location.pathname);
  show({ typing: true });
});
addEventListener("hashchange", () => show());
show();
if (location.hash.length < 2 && matchMedia("(pointer: fine)").matches) input.focus();
