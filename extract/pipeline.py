"""The spaCy pipeline as a whole: papers in, extractions out, in order and streaming."""

import logging
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import spacy
from spacy.language import Language

from extract.convert import to_extraction
from extract.extensions import declare
from extract.language import unreadable
from extract.shipped import extractor_of, folder_of
from extract.shipped import unreadable as unreadable_files
from extract.tokenizer import make_tokenizer
from graph.errors import ExtractionError
from graph.model import Extraction, Extractor, Paper

log = logging.getLogger(__name__)

COMPONENTS: Final = (
    "abbreviations",
    "encoder",
    "entities",
    "grouping",
    "roles",
    "results",
    "relations",
)
BATCH: Final = 64
_WITH_WEIGHTS: Final = frozenset({"encoder", "entities", "roles", "results", "relations"})

Skipped = Callable[[Paper, str], None]


def log_skipped(paper: Paper, reason: str) -> None:
    """Say in the log that nothing was read in a paper."""
    log.warning("paper %s: nothing was read in it, because %s", paper.id, reason)


class Pipeline:
    """A trained pipeline.

    Attributes:
        nlp: the spaCy pipeline; its components can be run and tested one by one.
        extractor: name and version written on every extraction.
    """

    def __init__(self, nlp: Language, extractor: Extractor) -> None:
        self.nlp = nlp
        self.extractor = extractor

    def extract(
        self,
        papers: Iterable[Paper],
        batch_size: int = BATCH,
        skipped: Skipped = log_skipped,
    ) -> Iterator[Extraction | ExtractionError]:
        """Read papers, in their order.

        Args:
            papers: any number; they are read as they are needed.
            batch_size: papers held in memory at once.
            skipped: called with a paper of which nothing can be read, and why; its extraction
                is then empty.

        Yields:
            An extraction per paper, or the error that one paper met; the others go on.
        """
        stream = iter(papers)
        while batch := list(islice(stream, batch_size)):
            readable = []
            for paper in batch:
                reason = unreadable(paper.text)
                if reason is None:
                    readable.append(paper)
                else:
                    skipped(paper, reason)
            done = dict(zip((id(p) for p in readable), self._read(readable), strict=True))
            for paper in batch:
                yield done[id(paper)] if id(paper) in done else self._empty(paper)

    def _read(self, papers: list[Paper]) -> list[Extraction | ExtractionError]:
        try:
            return list(self._read_together(papers))
        except Exception:
            # One paper broke the batch: read each alone, so that only that one is lost.
            return [self._read_alone(paper) for paper in papers]

    def _read_alone(self, paper: Paper) -> Extraction | ExtractionError:
        try:
            return next(self._read_together([paper]))
        except ExtractionError as error:
            return error
        except Exception as error:
            log.debug("paper %s", paper.id, exc_info=True)
            return ExtractionError(
                f"paper {paper.id}: the pipeline {self.extractor.name} failed on its text "
                f"({type(error).__name__}: {error})",
                "report it with the paper; the other papers are not affected",
            )

    def _read_together(self, papers: list[Paper]) -> Iterator[Extraction]:
        docs = []
        for paper in papers:
            doc = self.nlp.make_doc(paper.text)
            doc._.title_end = len(paper.title)
            docs.append(doc)
        for doc, paper in zip(self.nlp.pipe(docs, batch_size=BATCH), papers, strict=True):
            yield to_extraction(doc, paper, self.extractor)

    def _empty(self, paper: Paper) -> Extraction:
        return Extraction(paper.id, paper.title, paper.text_sha256, self.extractor)


def load_pipeline(name: str = "default") -> Pipeline:
    """A shipped pipeline by name, or a trained one by the path of its folder.

    Raises:
        ExtractionError: there is none, or its files cannot be read.
    """
    folder = folder_of(name)
    extractor = extractor_of(folder)
    try:
        return Pipeline(assemble(folder), extractor)
    except Exception as error:  # ONNX Runtime, NumPy and tokenizers each have errors of their own
        raise unreadable_files(folder, error) from error


def assemble(folder: Path) -> Language:
    """The spaCy pipeline over the trained weights in a folder."""
    declare()
    # Imported for their factories; kept out of module level because they load ONNX Runtime.
    from extract.components import (  # noqa: F401, PLC0415
        abbreviations,
        encoder,
        entities,
        grouping,
        relations,
        results,
        roles,
    )

    nlp = spacy.blank("en")
    nlp.tokenizer = make_tokenizer()(nlp)
    nlp.max_length = 100_000_000  # memory is bounded by windows, not by the length of a text
    for component in COMPONENTS:
        config = {"trained": str(folder)} if component in _WITH_WEIGHTS else {}
        nlp.add_pipe(component, config=config)
    return nlp
