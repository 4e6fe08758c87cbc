"""API tokens in SQLite."""

import sqlite3

from graph.errors import UsageError
from graph.stores.sqlite.rows import checksum
from graph.stores.tokens import ApiToken, Scope


def add(conn: sqlite3.Connection, token: ApiToken) -> None:
    """Keep a token.

    Raises:
        UsageError: there is one of this name.
    """
    row = token.name, token.sha256, token.scope.value, token.created_at, token.expires_at
    done = conn.execute(
        "INSERT OR IGNORE INTO api_tokens (name, sha256, scope, created_at, expires_at, checksum)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (*row, checksum(*row)),
    )
    if not done.rowcount:
        raise UsageError(f"there is a token named {token.name!r}", "revoke it or take another name")


def every(conn: sqlite3.Connection) -> tuple[ApiToken, ...]:
    """All tokens, by name."""
    rows = conn.execute(
        "SELECT name, sha256, scope, created_at, expires_at FROM api_tokens ORDER BY name"
    )
    return tuple(
        ApiToken(name, digest, Scope(scope), created, expires)
        for name, digest, scope, created, expires in rows
    )


def revoke(conn: sqlite3.Connection, name: str) -> bool:
    """Forget a token; False where there is none of this name."""
    return conn.execute("DELETE FROM api_tokens WHERE name = ?", (name,)).rowcount > 0
