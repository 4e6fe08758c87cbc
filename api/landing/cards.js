// What entities and papers look like.

import { element } from "./dom.js";
import { ask } from "./graphql.js";

const ROLE_WORDS = {
  PROPOSES: "proposes",
  USES: "uses",
  TRAINS_ON: "trains on",
  EVALUATES_ON: "evaluates on",
  COMPARES_WITH: "compares with",
  ADDRESSES: "addresses",
  MEASURES: "measures",
  MENTIONS: "mentions",
};

/** A link to an entity in the colour of its type. */
export function entityChip({ id, name, type, paperCount }) {
  return element(
    "a",
    { class: `chip type-${type}`, href: `#${new URLSearchParams({ entity: id })}`, title: type.toLowerCase() },
    [name, ...(paperCount === undefined ? [] : [element("small", {}, [String(paperCount)])])],
  );
}

/** A row of a search's answer. */
export function entityRow({ id, name, type, paperCount, aliases }, matched) {
  const others = aliases.filter((alias) => alias !== name);
  const first = matched === name ? [] : [matched];
  const shown = [...new Set([...first, ...others])].slice(0, 6);
  return element("li", {}, [
    element("a", { href: `#${new URLSearchParams({ entity: id })}` }, [
      element("strong", {}, [name]),
      element("span", { class: `chip type-${type}` }, [type.toLowerCase()]),
      element("span", { class: "count" }, [`${paperCount} ${paperCount === 1 ? "paper" : "papers"}`]),
      ...(shown.length ? [element("span", { class: "also" }, [`also written ${shown.join(", ")}`])] : []),
    ]),
  ]);
}

/** A paper that a search found, the words found marked. */
export function paperRow({ id, title, url, publishedAt, withdrawn }, highlights) {
  const of = (place) => highlights.find((one) => one.place === place);
  const heading = of("TITLE") ? highlighted(of("TITLE"), of("TITLE").marks) : [title];
  const snippet = of("ABSTRACT");
  return element("li", { class: "paper" }, [
    element("h3", {}, [safeLink(url, heading)]),
    element("p", { class: "facts" }, [
      element("span", { class: "chip" }, ["paper"]),
      ...(publishedAt ? [element("time", { datetime: publishedAt }, [publishedAt])] : []),
      element("span", {}, [id]),
      ...(withdrawn ? [element("span", { class: "withdrawn" }, ["withdrawn"])] : []),
    ]),
    ...(snippet ? [element("blockquote", {}, highlighted(snippet, snippet.marks))] : []),
    details(id),
  ]);
}

/** A paper with the sentence that shows how it relates to the entity asked about. */
export function paperCard({ node, claim }, entity) {
  const type = `type-${entity.type}`;
  const sure = `${Math.round(claim.confidence * 100)} % sure`;
  return element("li", { class: "paper" }, [
    element("h3", {}, [safeLink(node.url, [node.title])]),
    element("p", { class: "facts" }, [
      element("span", { class: `chip ${type}` }, [ROLE_WORDS[claim.role]]),
      element("span", {}, [sure]),
      ...(node.publishedAt ? [element("time", { datetime: node.publishedAt }, [node.publishedAt])] : []),
      element("span", {}, [node.id]),
      ...(node.withdrawn ? [element("span", { class: "withdrawn" }, ["withdrawn"])] : []),
    ]),
    element("blockquote", { class: type }, highlighted(claim.evidence, claim.mentions)),
    details(node.id),
  ]);
}

/** A quote as nodes, the mentions in it marked. Offsets count code points, JavaScript's do not. */
export function highlighted({ text, start }, mentions) {
  const points = Array.from(text);
  const nodes = [];
  let at = 0;
  for (const mention of [...mentions].sort((a, b) => a.start - b.start)) {
    const [from, to] = [Math.max(mention.start - start, at), Math.min(mention.end - start, points.length)];
    if (to <= from) continue;
    nodes.push(points.slice(at, from).join(""), element("mark", {}, [points.slice(from, to).join("")]));
    at = to;
  }
  nodes.push(points.slice(at).join(""));
  return nodes;
}

function details(id) {
  const made = element("details", {}, [element("summary", {}, ["Abstract and everything read in it"])]);
  made.addEventListener("toggle", async () => {
    if (!made.open || made.dataset.loaded) return;
    made.dataset.loaded = "yes";
    try {
      made.append(...(await everything(id)));
    } catch (problem) {
      delete made.dataset.loaded;
      made.append(element("p", { class: "problem" }, [problem.message]));
    }
  });
  return made;
}

async function everything(id) {
  const data = await ask(
    "query ($id: ID!) { paper(id: $id) { abstract claims { role entity { id name type } } } }",
    { id },
  );
  const parts = [element("p", { class: "abstract" }, [data.paper.abstract])];
  for (const [role, words] of Object.entries(ROLE_WORDS)) {
    const claims = data.paper.claims.filter((claim) => claim.role === role);
    if (!claims.length) continue;
    parts.push(
      element("h4", {}, [words]),
      element("ul", { class: "chips" }, claims.map((claim) => element("li", {}, [entityChip(claim.entity)]))),
    );
  }
  return parts;
}

function safeLink(url, content) {
  const safe = /^https?:\/\//i.test(url ?? "");
  return element(safe ? "a" : "span", safe ? { href: url, rel: "noopener noreferrer" } : {}, content);
}
