"""The reliability diagram of a pipeline as a picture: a panel for each kind of statement.

A dot is a bin of statements: how sure they were across, how many of them were right upwards, its
area how many there are. Dots on the diagonal are what a confidence promises.
"""

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any, Final
from xml.sax.saxutils import escape

SIDE: Final = 220
"""Width and height of a panel's square, in pixels."""
_LEFT, _TOP, _GAP, _BELOW = 52, 40, 36, 46
_STYLE: Final = (
    "text{font:13px system-ui,sans-serif;fill:#333}.title{font-weight:600}.small{font-size:11px}"
    ".axis{stroke:#999;fill:none}.even{stroke:#999;stroke-dasharray:4 4}"
    ".line{stroke:#2563a8;stroke-width:1.5;fill:none}.dot{fill:#2563a8;fill-opacity:.75}"
)


def diagram(name: str, calibration: Mapping[str, Mapping[str, Any]]) -> str:
    """An SVG picture.

    Args:
        name: of the pipeline.
        calibration: by kind of statement, ``error`` and ``bins`` as ``Report.to_record`` has them.
    """
    width = _LEFT + len(calibration) * (SIDE + _GAP)
    height = _TOP + SIDE + _BELOW
    title = f"Reliability of the pipeline {name}: share right by confidence"
    panels = [
        _panel(kind, float(c["error"]), c["bins"], _LEFT + n * (SIDE + _GAP))
        for n, (kind, c) in enumerate(calibration.items())
    ]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-label="{escape(title)}">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        *(line for panel in panels for line in panel),
        f'<text class="small" transform="translate(16 {_TOP + SIDE / 2:g}) rotate(-90)" '
        'text-anchor="middle">share right</text>',
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _panel(kind: str, error: float, bins: Sequence[Mapping[str, Any]], left: int) -> list[str]:
    bottom, total = _TOP + SIDE, sum(b["count"] for b in bins)
    dots = [
        (left + SIDE * b["confidence"], bottom - SIDE * b["right"], b["count"] / max(total, 1))
        for b in bins
    ]
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in dots)
    scale, small = [], 'class="small"'
    for mark in (0, 0.5, 1):
        x, y = left + SIDE * mark, bottom - SIDE * mark
        scale.append(
            f'<text {small} x="{x:g}" y="{bottom + 16}" text-anchor="middle">{mark:g}</text>'
        )
        if left == _LEFT:
            scale.append(
                f'<text {small} x="{left - 6}" y="{y + 4:g}" text-anchor="end">{mark:g}</text>'
            )
    return [
        f'<text class="title" x="{left}" y="18">{escape(kind)}</text>',
        f'<text {small} x="{left}" y="33">{total} statements, expected error {error:.3f}</text>',
        f'<rect class="axis" x="{left}" y="{_TOP}" width="{SIDE}" height="{SIDE}"/>',
        f'<path class="even" d="M{left} {bottom}L{left + SIDE} {_TOP}"/>',
        f'<polyline class="line" points="{way}"/>',
        *(
            f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{3 + 16 * sqrt(share):.1f}"/>'
            for x, y, share in dots
        ),
        *scale,
        f'<text {small} x="{left + SIDE / 2:g}" y="{bottom + 34}" '
        'text-anchor="middle">confidence</text>',
    ]
