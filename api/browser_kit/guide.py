"""The guide: a slide for each question, in the HTML that ``:play`` shows."""

from html import escape

from api.browser_kit.questions import QUESTIONS, Question
from graph.ontology import ENTITY_TYPES, PAPER_COLOUR, RESULT_COLOUR, ROLE_COLOURS, ROLE_MEANINGS

# Browser drops <style>; what is styled carries it along.
_SWATCH = (
    "display: inline-block; padding: 2px 10px; margin: 0 6px 6px 0; border-radius: 12px;"
    " border: 1px solid rgba(0, 0, 0, .25); color: #1f2328; background: "
)
_CELL = "padding: 2px 16px 2px 0; vertical-align: top"


def guide() -> str:
    """The guide as HTML."""
    slides = [_first(), *(_slide(number, q) for number, q in enumerate(QUESTIONS, 1))]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">'
        "<title>papergraph</title></head>\n<body>\n"
        '<article class="guide">\n<carousel class="deck container-fluid">\n'
        f"{''.join(slides)}</carousel>\n</article>\n</body>\n</html>\n"
    )


def _first() -> str:
    nodes = {
        "Paper": PAPER_COLOUR,
        **{entity_type.value: entry.colour for entity_type, entry in ENTITY_TYPES.items()},
        "Result": RESULT_COLOUR,
    }
    swatches = "".join(
        f'<span style="{_SWATCH}{colour}">{label}</span>' for label, colour in nodes.items()
    )
    roles = "".join(
        f'<tr><td style="{_CELL}"><b style="color: {ROLE_COLOURS[role]}">'
        f"{role.relationship}</b></td>"
        f'<td style="{_CELL}">{escape(meaning)}</td></tr>'
        for role, meaning in ROLE_MEANINGS.items()
    )
    return _columns(
        '<h3>papergraph</h3><p class="lead">Papers, and what they say of models, methods, data,'
        " benchmarks, tasks and metrics.</p><p>Turn the slides: ten questions, each ready"
        " to run. A click on a query puts it into the editor.</p>",
        f"<p>{swatches}</p><table>{roles}</table>",
    )


def _slide(number: int, question: Question) -> str:
    return _columns(
        f"<h3>{number}. {escape(question.title)}</h3><p>{question.note}</p>",
        '<figure><pre mode="cypher" class="pre-scrollable code runnable">'
        f"{escape(question.cypher, quote=False)}</pre></figure>",
    )


def _columns(left: str, right: str) -> str:
    return (
        f'<slide class="row-fluid">\n<div class="col-sm-4">{left}</div>\n'
        f'<div class="col-sm-8">{right}</div>\n</slide>\n'
    )
