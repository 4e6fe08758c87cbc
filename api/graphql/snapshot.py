"""Writes ``schema.graphql``: run ``python -m api.graphql.snapshot`` when the schema changes.

A change that breaks clients (something removed, a type or nullability changed, an argument newly
required) is listed and nothing is written, unless ``--breaking`` says that it is meant.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from graphql import build_schema, find_breaking_changes, find_dangerous_changes

from api.graphql.schema import sdl

PATH = Path(__file__).with_name("schema.graphql")
MEANT = "--breaking"


def breaking(committed: str, served: str) -> list[str]:
    """What a client of one schema, in its definition language, cannot do with another."""
    changes = find_breaking_changes(build_schema(committed), build_schema(served))
    return [f"{change.type.name}: {change.description}" for change in changes]


def dangerous(committed: str, served: str) -> list[str]:
    """What may surprise a client: a new value of an enum, another default."""
    changes = find_dangerous_changes(build_schema(committed), build_schema(served))
    return [f"{change.type.name}: {change.description}" for change in changes]


def main(arguments: Sequence[str]) -> int:
    """Write the schema; 1 where that would break clients and it is not said to be meant."""
    served = sdl()
    if PATH.exists():
        committed = PATH.read_text(encoding="utf-8")
        for change in dangerous(committed, served):
            print(f"may surprise clients: {change}", file=sys.stderr)  # noqa: T201
        broken = breaking(committed, served)
        for change in broken:
            print(f"breaks clients: {change}", file=sys.stderr)  # noqa: T201
        if broken and MEANT not in arguments:
            remedy = f"nothing written; keep what there was, or run it again with {MEANT}"
            print(remedy, file=sys.stderr)  # noqa: T201
            return 1
    PATH.write_text(served, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
