"""However large a source is, what is held of it is not: each format reads record by record."""

import gzip
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from extract.readers import read
from graph.model import Paper

RECORDS, MOST_MIB = 200, 2
ABSTRACT = "We draw one image in one step. " * 650


def json_lines(first: str = "", between: str = "\n", last: str = "\n") -> Iterator[str]:
    for n in range(RECORDS):
        record = json.dumps({"id": f"p{n}", "title": f"Title {n}", "abstract": ABSTRACT})
        yield (between if n else first) + record
    yield last


def oai_pmh() -> Iterator[str]:
    yield '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>'
    for n in range(RECORDS):
        yield f"<record><header><identifier>oai:a.example:{n}</identifier></header><metadata><dc>"
        yield f"<title>Title {n}</title><description>{ABSTRACT}</description></dc></metadata>"
        yield "</record>"
    yield "</ListRecords></OAI-PMH>"


def atom() -> Iterator[str]:
    yield '<feed xmlns="http://www.w3.org/2005/Atom">'
    for n in range(RECORDS):
        yield f"<entry><id>http://arxiv.org/abs/2405.{n:05}</id><title>Title {n}</title>"
        yield f"<summary>{ABSTRACT}</summary></entry>"
    yield "</feed>"


def bibtex() -> Iterator[str]:
    for n in range(RECORDS):
        yield f"@article{{k{n},\n title = {{Title {n}}},\n abstract = {{{ABSTRACT}}}\n}}\n"


def table() -> Iterator[str]:
    yield "id,title,abstract\n"
    for n in range(RECORDS):
        yield f'p{n},Title {n},"{ABSTRACT}"\n'


FORMATS = {
    "lines": json_lines,
    "array": lambda: json_lines("[", ",\n", "]"),
    "oai": oai_pmh,
    "atom": atom,
    "bibtex": bibtex,
    "table": table,
}


@pytest.mark.parametrize(
    ("form", "packed"), [*((form, False) for form in FORMATS), ("lines", True)]
)
def test_memory_does_not_grow_with_the_source(form: str, packed: bool, tmp_path: Path) -> None:
    path = tmp_path / "large"
    with gzip.open(path, "wt", 1) if packed else path.open("w") as stream:
        stream.writelines(FORMATS[form]())
    records = read(str(path))
    assert isinstance(next(records), Paper)  # by now all that is imported is
    tracemalloc.start()
    try:
        assert sum(isinstance(record, Paper) for record in records) == RECORDS - 1
        peak = tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()
    assert peak < MOST_MIB, f"{peak:.1f} MiB of {RECORDS * len(ABSTRACT) / 2**20:.0f}"
