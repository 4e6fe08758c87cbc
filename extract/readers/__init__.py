"""Sources to papers.

``read`` takes a path, a folder, a glob or ``-`` and gives papers, with a ``RecordError`` in the
place of each record that cannot be used. The format is recognised from the content, never from
the name; a compressed file is opened by its magic bytes. Everything streams. Titles and abstracts
are kept verbatim, because offsets refer to them.

To add a format, write a module like those here (``formats.Format`` says what it needs) and name it
in ``formats.FORMATS``, or in another distribution under the entry point ``papergraph.formats``.
"""

from collections.abc import Iterator

from extract.readers.formats import recognise
from extract.readers.opening import locate, open_source
from graph.errors import RecordError, SourceError
from graph.model import Paper


def read(source: str) -> Iterator[Paper | RecordError]:
    """Papers of a source, in its order; files of a folder in the order of their names.

    Nothing is held back: if an id comes twice, both papers are given, and the later one replaces
    the earlier wherever they are loaded.

    Args:
        source: path of a file or folder, a glob, or ``-`` for standard input.

    Yields:
        A paper per record, or the error that says which record is unusable and why. Of a folder
        or glob, a file that cannot be read as a whole is one such error, and the others go on.

    Raises:
        SourceError: the source does not exist, cannot be read, or has no known format.
    """
    places = locate(source)
    for place in places:
        try:
            yield from _read_file(place)
        except SourceError as error:
            if len(places) == 1:
                raise
            yield RecordError(
                error.problem.removeprefix(f"{place}: "),
                error.remedy,
                source=place,
                position="the file",
            )


def _read_file(place: str) -> Iterator[Paper | RecordError]:
    with open_source(place) as opened:
        form = recognise(opened.head, opened.name)
        if form is not None:
            yield from form.read(opened.stream, opened.name)
