"""The changes that a token with the scope ``write`` may make: a file for each kind of thing.

``papers`` (in and out), ``identity``
(merge, split, undo), ``schedules``, ``filters``; each is a part of ``Mutation``, a thin caller of
the services that the command line calls too.
"""

import strawberry

from api.graphql.mutations.filters import FilterMutations
from api.graphql.mutations.identity import IdentityMutations
from api.graphql.mutations.papers import PaperMutations
from api.graphql.mutations.schedules import ScheduleMutations


@strawberry.type(description="Changes; each needs a token with the scope `write`.")
class Mutation(PaperMutations, IdentityMutations, ScheduleMutations, FilterMutations):
    """Changes."""


__all__ = ["Mutation"]
