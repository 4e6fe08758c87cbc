"""Identity: which names mean one thing (pure: no store, no network).

Reading order: ``normal_form``, ``resolver``, ``records``.
"""

from graph.resolution.records import resolve_records
from graph.resolution.resolver import RULESET, Resolver

__all__ = ["RULESET", "Resolver", "resolve_records"]
