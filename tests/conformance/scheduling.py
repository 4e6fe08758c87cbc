"""A process that runs what is due: ``python -m tests.conformance.scheduling URL FOLDER [HANG]``.

It looks at the store until ``FOLDER/stop`` is there and then says which schedules it ran. Its
pipeline finds one name. With ``HANG``, it stops for ever at the paper of this id, once it has said
so in ``FOLDER/hangs``: what was fetched is not loaded.
"""

import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from api.schedules.scheduler import Scheduler
from graph.model import ExtractedEntity, Extraction, Extractor, Paper, Quote
from graph.ontology import EntityType, Role
from graph.stores import open_store

TERM_S = 2.0


class OneName:
    """Every paper uses SnapNet."""

    extractor = Extractor("one-name", "1")

    def __init__(self, folder: Path | None = None, hang: str = "") -> None:
        self._folder, self._hang = folder, hang

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        for paper in papers:
            if paper.id == self._hang and self._folder:
                (self._folder / "hangs").touch()
                time.sleep(600)
            begins = paper.text.index("SnapNet")
            quote = Quote.of(paper.text, begins, begins + len("SnapNet"))
            used = ExtractedEntity("SnapNet", EntityType.MODEL, Role.USES, 0.9, (quote,), quote)
            yield Extraction(paper.id, paper.title, paper.text_sha256, self.extractor, (used,))


def main(url: str, folder: Path, hang: str = "") -> None:
    ran: list[str] = []
    with open_store(url) as store:
        pipeline = OneName(folder, hang)
        scheduler = Scheduler(
            store, pipeline, term_s=TERM_S, on_run=lambda name, _: ran.append(name)
        )
        say("ready")
        while not (folder / "stop").exists():
            scheduler.tick()
            time.sleep(0.02)
    say(*sorted(ran))


def say(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
