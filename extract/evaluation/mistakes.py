"""Single mistakes with the text around them, for a person who wants to know why."""

from collections.abc import Iterator
from dataclasses import dataclass

from extract.evaluation.readings import ReadEntity, Reading, Span, match
from graph.model import Paper

_AROUND = 60
"""Characters shown on each side."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake.

    Attributes:
        paper: its id.
        kind: ``missed``, ``spurious``, ``bounds``, ``type`` or ``role``.
        expected: what is right; empty for ``spurious``.
        found: what was read; empty for ``missed``.
        text: the mention.
        context: the text around, the mention in ``⟦ ⟧``.
    """

    paper: str
    kind: str
    expected: str
    found: str
    text: str
    context: str


def mistakes(paper: Paper, gold: Reading, predicted: Reading) -> Iterator[Mistake]:
    """Mistakes about mentions and roles in one paper, in order of the text."""
    found = [*_mention_mistakes(paper, gold, predicted), *_role_mistakes(paper, gold, predicted)]
    return (mistake for _, mistake in sorted(found, key=lambda x: x[0]))


def _mention_mistakes(
    paper: Paper, gold: Reading, predicted: Reading
) -> Iterator[tuple[Span, Mistake]]:
    right, read = _by_span(gold), _by_span(predicted)
    for span in sorted(right.keys() | read.keys()):
        expected, found = right.get(span), read.get(span)
        if expected and found:
            if expected.type != found.type:
                yield span, _mistake(paper, "type", expected.type, found.type, span)
        elif expected:
            near = next((s for s in read if s not in right and _overlap(s, span)), None)
            if near:
                shown = paper.text[slice(*near)]
                yield span, _mistake(paper, "bounds", expected.type, shown, span)
            else:
                yield span, _mistake(paper, "missed", expected.type, "", span)
        elif found and not any(_overlap(s, span) for s in right if s not in read):
            yield span, _mistake(paper, "spurious", "", found.type, span)


def _role_mistakes(
    paper: Paper, gold: Reading, predicted: Reading
) -> Iterator[tuple[Span, Mistake]]:
    for y, x in match(gold.entities, predicted.entities).items():
        expected, found = gold.entities[x], predicted.entities[y]
        if expected.role != found.role:
            span = min(expected.spans & found.spans)
            yield span, _mistake(paper, "role", expected.role, found.role, span)


def _by_span(reading: Reading) -> dict[Span, ReadEntity]:
    return {span: entity for entity in reading.entities for span in entity.spans}


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _mistake(paper: Paper, kind: str, expected: str, found: str, span: Span) -> Mistake:
    text, (start, end) = paper.text, span
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    context = f"{before}⟦{text[start:end]}⟧{after}".replace("\n", " ")
    return Mistake(paper.id, kind, expected, found, text[start:end], context)
