"""GraphML, for Gephi, yEd, Cytoscape and networkx. The whole graph is held in memory."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import networkx

from graph.export.elements import Node, elements
from graph.export.files import replacing
from graph.model import Record

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(records: Iterable[Record], path: Path) -> None:
    """Write GraphML; lists become text, their items divided by ``; ``."""
    graph = networkx.MultiDiGraph()
    for element in elements(records):
        properties = _flat(element.properties)
        if isinstance(element, Node):
            graph.add_node(_text(element.id), label=element.label, **properties)
        else:
            source, target = _text(element.source), _text(element.target)
            graph.add_edge(source, target, type=element.type, **properties)
    with replacing(path) as stream:
        networkx.write_graphml(graph, stream)


def _flat(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _text("; ".join(value)) if isinstance(value, list) else _text(value)
        for name, value in properties.items()
        if value is not None
    }


def _text(value: Any) -> Any:
    """XML cannot hold control characters, not even escaped."""
    return _NOT_XML.sub("\ufffd", value) if isinstance(value, str) else value
