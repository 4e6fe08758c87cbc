"""Which trained pipelines there are, known from their folders without loading one."""

import json
from pathlib import Path
from typing import Final

from graph.errors import ExtractionError
from graph.model import Extractor

TRAINED: Final = Path(__file__).parent / "trained"


def available() -> tuple[str, ...]:
    """Names of the pipelines that are shipped."""
    return tuple(sorted(p.parent.name for p in TRAINED.glob("*/meta.json")))


def folder_of(name: str) -> Path:
    """The folder of a shipped pipeline by its name; that of another is its name.

    Raises:
        ExtractionError: there is none.
    """
    folder = Path(name) if Path(name).is_dir() else TRAINED / name
    if not (folder / "meta.json").is_file():
        raise ExtractionError(
            f"no pipeline named {name!r}",
            f"choose one of {', '.join(available()) or '(none shipped)'} or give a folder",
        )
    return folder


def extractor_of(folder: Path) -> Extractor:
    """What the pipeline in a folder calls itself.

    Raises:
        ExtractionError: its description cannot be read.
    """
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        return Extractor(meta["name"], meta["version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise unreadable(folder, error) from error


def unreadable(folder: Path, error: Exception) -> ExtractionError:
    """The error for files that cannot be read."""
    return ExtractionError(
        f"pipeline {folder}: its files cannot be read ({type(error).__name__}: {error})",
        "install it again",
    )
