"""The graph style sheet (``.grass``): a colour and a caption for each label and relationship.

Of rules that fit a node, a later one has the last word: ``Entity`` comes before its types.
"""

import colorsys

from graph.ontology import (
    ENTITY_TYPES,
    PAPER_COLOUR,
    RELATION_COLOURS,
    RESULT_COLOUR,
    ROLE_COLOURS,
)
from graph.stores.families import FamilyRelation

_JOINS = ("REPORTS", "OF", "ON", "IN")
_JOIN_COLOUR = "#8a8f98"
_FAMILY_COLOUR = "#4a5568"
_TEXT = "#1f2328"


def style() -> str:
    """The style sheet."""
    nodes = {
        "Paper": (PAPER_COLOUR, "{title}", "70px"),
        "Result": (RESULT_COLOUR, "{name}", "40px"),
        "Entity": (PAPER_COLOUR, "{name}", "55px"),
        **{t.value: (e.colour, "{name}", "55px") for t, e in ENTITY_TYPES.items()},
        "Decision": (RESULT_COLOUR, "{name}", "40px"),
        "Run": (RESULT_COLOUR, "{name}", "40px"),
    }
    lines = {
        **{role.relationship: colour for role, colour in ROLE_COLOURS.items()},
        **{relation.value: colour for relation, colour in RELATION_COLOURS.items()},
        **{relation.value: _FAMILY_COLOUR for relation in FamilyRelation},
        **dict.fromkeys(_JOINS, _JOIN_COLOUR),
    }
    rules = [_node("node", "#ffffff", "<id>", "50px"), _line("relationship", _JOIN_COLOUR)]
    rules += [_node(f"node.{label}", *drawn) for label, drawn in nodes.items()]
    rules += [_line(f"relationship.{kind}", colour) for kind, colour in lines.items()]
    return "\n".join(rules)


def _node(selector: str, colour: str, caption: str, diameter: str) -> str:
    return _rule(
        selector,
        {
            "diameter": diameter,
            "color": colour,
            "border-color": _darker(colour),
            "border-width": "2px",
            "text-color-internal": _TEXT,
            "font-size": "10px",
            "caption": f'"{caption}"',
        },
    )


def _line(selector: str, colour: str) -> str:
    return _rule(
        selector,
        {
            "color": colour,
            "shaft-width": "2px",
            "font-size": "9px",
            "padding": "3px",
            "text-color-external": colour,
            "text-color-internal": "#ffffff",
            "caption": '"<type>"',
        },
    )


def _rule(selector: str, properties: dict[str, str]) -> str:
    lines = (f"  {name}: {value};\n" for name, value in properties.items())
    return f"{selector} {{\n{''.join(lines)}}}\n"


def _darker(colour: str) -> str:
    """The same hue with two thirds of the lightness."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    rgb = colorsys.hls_to_rgb(hue, lightness * 2 / 3, saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)
