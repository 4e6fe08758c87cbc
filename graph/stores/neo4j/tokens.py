"""API tokens in Neo4j: a node ``:ApiToken`` each."""

from neo4j import ManagedTransaction

from graph.errors import UsageError
from graph.stores.tokens import ApiToken, Scope


def add(tx: ManagedTransaction, token: ApiToken) -> None:
    """Keep a token.

    Raises:
        UsageError: there is one of this name.
    """
    made = tx.run(
        "MERGE (t:ApiToken {name: $name})"
        " ON CREATE SET t.sha256 = $sha256, t.scope = $scope,"
        " t.created_at = $created_at, t.expires_at = $expires_at"
        " RETURN t.sha256 = $sha256 AS made",
        name=token.name,
        sha256=token.sha256,
        scope=token.scope.value,
        created_at=token.created_at,
        expires_at=token.expires_at,
    ).single(strict=True)["made"]
    if not made:
        raise UsageError(f"there is a token named {token.name!r}", "revoke it or take another name")


def every(tx: ManagedTransaction) -> tuple[ApiToken, ...]:
    """All tokens, by name."""
    nodes = (record["t"] for record in tx.run("MATCH (t:ApiToken) RETURN t"))
    tokens = (
        ApiToken(
            node["name"],
            node["sha256"],
            Scope(node["scope"]),
            node["created_at"],
            node.get("expires_at"),
        )
        for node in nodes
    )
    return tuple(sorted(tokens, key=lambda token: token.name))


def revoke(tx: ManagedTransaction, name: str) -> bool:
    """Forget a token; False where there is none of this name."""
    done = tx.run("MATCH (t:ApiToken {name: $name}) DELETE t", name=name).consume()
    return done.counters.nodes_deleted > 0
