"""A pipeline that is loaded when there is something to read.

Loading takes seconds; to find that a source holds nothing new takes the pipeline's name and
version alone.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from extract.shipped import extractor_of, folder_of
from graph.errors import ExtractionError
from graph.model import Extraction, Paper

if TYPE_CHECKING:
    from extract.pipeline import Pipeline


class DeferredPipeline:
    """A pipeline by name or folder; see ``pipeline.load_pipeline``.

    Attributes:
        extractor: name and version written on every extraction.

    Raises:
        ExtractionError: there is none, or its description cannot be read.
    """

    def __init__(self, name: str = "default") -> None:
        self._name = name
        self.extractor = extractor_of(folder_of(name))

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction | ExtractionError]:
        """Read papers, in their order; see ``Pipeline.extract``.

        Raises:
            ExtractionError: the pipeline's files cannot be read.
        """
        yield from self._loaded.extract(papers)

    @cached_property
    def _loaded(self) -> "Pipeline":
        from extract.pipeline import load_pipeline  # noqa: PLC0415

        return load_pipeline(self._name)
