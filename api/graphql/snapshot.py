"""Writes ``schema.graphql``: run ``python -m api.graphql.snapshot`` when the schema changes."""

from pathlib import Path

from api.graphql.schema import sdl

PATH = Path(__file__).with_name("schema.graphql")

if __name__ == "__main__":
    PATH.write_text(sdl(), encoding="utf-8")
