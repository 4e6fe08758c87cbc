"""A folder of CSV files, one a kind, for spreadsheets and data frames."""

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from graph.export.files import replacing_folder
from graph.model import Record

_QUOTE = ("confidence", "evidence", "start", "end")

COLUMNS: Final = {
    "papers": (
        *("id", "title", "abstract", "published_at", "url", "sources", "authors", "categories"),
        *("venue", "code_url", "upvotes", "version", "doi", "extractor", "extractor_version"),
    ),
    "entities": ("id", "name", "type", "papers", "aliases", "version_of", "variant_of"),
    "claims": (
        *("id", "paper", "entity", "role", "surface", "type", *_QUOTE),
        *("mentions", "key", "long_form"),
    ),
    "results": ("id", "paper", "entity", "on", "metric", "value", "kind", *_QUOTE),
    "relations": ("id", "paper", "head", "type", "tail", *_QUOTE),
    "decisions": ("id", "action", "subject", "object", "papers", "who", "why", "at", "ruleset"),
}


def write(records: Iterable[Record], path: Path) -> None:
    """Write the files into a folder; lists become JSON; entities are referred to by id."""
    with replacing_folder(path) as folder:
        streams = {
            name: (folder / f"{name}.csv").open("w", encoding="utf-8", newline="")
            for name in COLUMNS
        }
        try:
            writers = {name: csv.writer(stream) for name, stream in streams.items()}
            for name, writer in writers.items():
                writer.writerow(COLUMNS[name])
            for record in records:
                for name, row in _rows(record):
                    writers[name].writerow([_cell(row.get(column)) for column in COLUMNS[name]])
        finally:
            for stream in streams.values():
                stream.close()


def _rows(record: Record) -> Iterable[tuple[str, Mapping[str, Any]]]:
    if record["kind"] == "decision":
        yield "decisions", record
    elif record["kind"] == "entity":
        aliases = [alias["surface"] for alias in record["aliases"]]
        yield "entities", record | {"aliases": aliases}
    else:
        extractor = record["extractor"]
        yield (
            "papers",
            record | {"extractor": extractor["name"], "extractor_version": extractor["version"]},
        )
        entities = {claim["key"]: claim["entity"] for claim in record["claims"]}
        for claim in record["claims"]:
            mentions = [mention["text"] for mention in claim["mentions"]]
            yield "claims", claim | claim["evidence"] | _of(record, claim, mentions=mentions)
        for result in record["results"]:
            ends = {name: entities.get(result[name]) for name in ("entity", "on", "metric")}
            yield "results", result | result["evidence"] | _of(record, result, **ends)
        for relation in record["relations"]:
            ends = {name: entities[relation[name]] for name in ("head", "tail")}
            if ends["head"] != ends["tail"]:
                yield "relations", relation | relation["evidence"] | _of(record, relation, **ends)


def _of(record: Record, item: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"paper": record["id"], "evidence": item["evidence"]["text"], **more}


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
