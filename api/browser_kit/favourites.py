"""The questions as Browser's favourites; the first line of one, a comment, is its name."""

import io
import zipfile

from api.browser_kit.questions import QUESTIONS, Question

_FOLDER = "papergraph"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def cypher() -> str:
    """All in one script, which ``cypher-shell`` takes as well; dropped, it is one favourite."""
    return "\n\n".join(map(_favourite, QUESTIONS)) + "\n"


def archive() -> bytes:
    """A ``.zip`` which, dropped onto Browser, is a folder with a favourite for each question."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        for number, question in enumerate(QUESTIONS, 1):
            name = zipfile.ZipInfo(f"{_FOLDER}/{number:02}.cypher", _LONG_AGO)
            files.writestr(name, _favourite(question))
    return packed.getvalue()


def _favourite(question: Question) -> str:
    return f"// {question.title}\n{question.cypher};"
