"""API tokens as a store keeps them: a hash, never the token itself.

They belong to one installation, not to the graph: they are in no export and change no
``data_version``.
"""

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """What a token allows; writing includes reading."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token that was given out.

    Attributes:
        name: what it is called; unique in its store.
        sha256: hex SHA-256 of the token.
        scope: what it allows.
        created_at: ISO 8601 time in UTC.
        expires_at: ISO 8601 time in UTC from which it counts no more; None for never.
    """

    name: str
    sha256: str
    scope: Scope
    created_at: str
    expires_at: str | None = None
