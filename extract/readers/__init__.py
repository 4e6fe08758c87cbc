"""Sources to papers.

``read`` takes a path, a folder, a glob or ``-`` and gives papers, with a ``RecordError`` in the
place of each record that cannot be used. The format is recognised from the content, never from
the name; a compressed file is opened by its magic bytes. Everything streams. Titles and abstracts
are kept verbatim, because offsets refer to them.

To add a format, write a module with a ``Format`` and name it in ``formats.FORMATS``.
"""

from collections.abc import Iterator

from extract.readers.formats import recognise
from extract.readers.opening import locate, open_source
from graph.errors import RecordError
from graph.model import Paper


def read(source: str) -> Iterator[Paper | RecordError]:
    """Papers of a source, in its order; files of a folder in the order of their names.

    Args:
        source: path of a file or folder, a glob, or ``-`` for standard input.

    Yields:
        A paper per record, or the error that says which record is unusable and why.

    Raises:
        SourceError: the source does not exist, cannot be read, or has no known format.
    """
    for place in locate(source):
        with open_source(place) as stream:
            form = recognise(stream, place)
            if form is not None:
                yield from form.read(stream, place)
