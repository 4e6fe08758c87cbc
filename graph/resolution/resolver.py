"""From a mention in its paper to the key of the thing meant."""

from graph.identifiers import slug
from graph.model import Extraction, Identity, Paper, ResolvedPaper
from graph.ontology import EntityType
from graph.resolution.normal_form import normal_form

RULESET = "1"
"""Version of rules and alias data; recorded with every decision."""


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
        form = normal_form(surface)
        key = slug(form.folded or surface)
        return Identity(key, None, (f"normal form: {surface!r} is {key!r}",))

    def keys_for_name(self, name: str) -> tuple[str, ...]:
        """Every key that a bare name may mean, most likely first."""
        return (self.identify(surface=name).key,)

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
