"""Papers, entities, and what ties them: claims, results and relations, each with its quote.

``quotes`` (the words), ``statements`` (claims, results, relations), ``papers``, ``entities``, and
``present`` (reads the things that statements are about), ``decisions`` (about identity).
"""

from api.graphql.types.decisions import Decision
from api.graphql.types.entities import Entity
from api.graphql.types.papers import Paper
from api.graphql.types.quotes import Evidence, Node, Quote
from api.graphql.types.statements import Claim, Relation, Result

__all__ = [
    "Claim",
    "Decision",
    "Entity",
    "Evidence",
    "Node",
    "Paper",
    "Quote",
    "Relation",
    "Result",
]
