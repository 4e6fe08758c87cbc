// Making elements. Text only ever becomes text, so that no title or quote can be markup.

/** An element with attributes and children; a string child becomes a text node. */
export function element(name, attributes = {}, children = []) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Put these children in place of those there are. */
export function replace(parent, ...children) {
  parent.replaceChildren(...children);
}
