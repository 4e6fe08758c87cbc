// Asking the server.

/** The data of a GraphQL answer; throws an Error that a person can read. */
export async function ask(query, variables = {}) {
  let response;
  try {
    response = await fetch("/graphql", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ query, variables }),
    });
  } catch {
    throw new Error("The server does not answer. Is papergraph serve still running?");
  }
  const answer = await response.json().catch(() => ({}));
  if (answer.errors?.length) throw new Error(answer.errors[0].message);
  if (!response.ok) throw new Error(`The server answered with status ${response.status}.`);
  return answer.data;
}
