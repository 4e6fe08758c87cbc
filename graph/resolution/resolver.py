"""From a mention in its paper to the key of the thing meant.

The stages, in order: what the paper itself defines the name to stand for; a name that the paper's
title introduces and other papers introduce as theirs; hand-written aliases; ordinary words; what
the abbreviation stands for in most papers; long forms; a known family with a version behind it;
else the normal form. The first that knows the name decides, and says so.
"""

import re
from functools import lru_cache
from typing import Final

from graph.identifiers import slug
from graph.model import Extraction, Identity, Paper, ResolvedPaper
from graph.ontology import EntityType
from graph.resolution.abbreviations import definitions
from graph.resolution.lookup import UNDECIDED, Found, in_context, long_name, look_up
from graph.resolution.normal_form import case_form, normal_form
from graph.resolution.tables import aliases

RULESET: Final = "2"
"""Version of rules and alias data; recorded with every decision."""

_KINDS: Final = {
    EntityType.MODEL: "system",
    EntityType.METHOD: "system",
    EntityType.DATASET: "data",
    EntityType.BENCHMARK: "data",
    EntityType.TASK: "task",
    EntityType.METRIC: "metric",
}
_WORTH_ASKING: Final = 0.05
"""Share of the papers defining an abbreviation from which a sense answers to its bare name."""

_TITLE = re.compile(r"\s*(?P<name>[^:–—]{1,60}?)\s*(?::|\s[–—-])\s*(?P<about>\S.*)", re.DOTALL)
_ABOUT_WORDS: Final = 6


@lru_cache(maxsize=256)
def _defined(title: str, abstract: str) -> dict[str, str]:
    """Long form per abbreviation (in lower case) that a paper defines; the first one counts."""
    found: dict[str, str] = {}
    for short, long in definitions(f"{title}\n{abstract}"):
        found.setdefault(case_form(short).casefold(), long)
    return found


class Resolver:
    """Maps mentions to keys. Depends on nothing but its arguments and the committed alias data."""

    def identify(
        self,
        *,
        surface: str,
        type: EntityType | None = None,
        title: str = "",
        abstract: str = "",
        long_form: str | None = None,
    ) -> Identity:
        """Identity of one mention.

        Args:
            surface: the name as the paper writes it.
            type: what the extractor takes it for.
            title: title of the paper; may be empty.
            abstract: abstract of the paper; may be empty.
            long_form: what the paper defines the name to stand for, where that is known.
        """
        found = self._defined_here(surface, title, abstract, long_form)
        if found is None and title:
            found = self._introduced_here(surface, title)
        kind = _KINDS[type] if type else ""
        if found is None and (title or abstract):
            found = in_context(surface, kind, f"{title}\n{abstract}")
        if found is None:
            found = look_up(surface, kind)
        steps = (f"normal form: {normal_form(surface).folded}", found.step)
        return Identity(found.key, aliases().titles.get(found.key), steps)

    def keys_for_name(self, name: str) -> tuple[str, ...]:
        """Every key that a bare name may mean, most likely first; rare senses are left out."""
        alone = look_up(name, "")
        short = case_form(name).casefold()
        senses = aliases().folded_senses.get(short, {})
        least = _WORTH_ASKING * aliases().folded_total[short]
        ranked = sorted((k for k in senses if senses[k] >= least), key=lambda k: (-senses[k], k))
        keys = (*ranked, alone.key) if alone.step.startswith(UNDECIDED) else (alone.key, *ranked)
        by_kind = (look_up(name, kind).key for kind in dict.fromkeys(_KINDS.values()))
        return tuple(dict.fromkeys((*keys, *by_kind)))

    def resolve(self, paper: Paper, extraction: Extraction, run: str = "") -> ResolvedPaper:
        """Identities of all entities of one extraction."""
        identities = tuple(
            self.identify(
                surface=entity.name,
                type=entity.type,
                title=paper.title,
                abstract=paper.abstract,
                long_form=entity.long_form,
            )
            for entity in extraction.entities
        )
        return ResolvedPaper(paper, extraction, identities, run)

    @staticmethod
    def _defined_here(
        surface: str, title: str, abstract: str, long_form: str | None
    ) -> Found | None:
        """The sense that the paper gives an abbreviation."""
        short = case_form(surface)
        if not short:
            return None
        long = long_form
        if not long and (title or abstract):
            long = _defined(title, abstract).get(short.casefold())
        return long_name(long, short) if long else None

    @staticmethod
    def _introduced_here(surface: str, title: str) -> Found | None:
        """A contested name in the title of the paper that introduces it: a thing of its own."""
        match = _TITLE.match(title)
        if match is None:
            return None
        folded = normal_form(surface).folded
        if folded not in aliases().contested or normal_form(match["name"]).folded != folded:
            return None
        about = "-".join(normal_form(match["about"]).words[:_ABOUT_WORDS])
        return Found(
            f"{slug(folded)}~{slug(about)}",
            f"introduced by this title; several papers introduce a {surface!r}",
        )
