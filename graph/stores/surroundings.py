"""Which records must be looked at when some come or go: those there to which they lead."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from graph.identifiers import title_key
from graph.model import Paper
from graph.stores.content import PaperContent
from graph.stores.projection import RecordKey
from graph.stores.sameness import MOST_ALIKE, doi_of
from graph.stores.unions import Unions


class Leads(NamedTuple):
    """What leads to a record: its id, the DOI that it names, the key of its title."""

    id: str
    doi: str | None
    title: int | None

    @classmethod
    def of(cls, paper: Paper) -> "Leads":
        """Those of a record."""
        return cls(paper.id, doi_of(paper), title_key(paper.title))


class Stored(NamedTuple):
    """A record that is there: its paper, its sources, and what leads to it."""

    paper: str
    sources: tuple[str, ...]
    leads: Leads

    @property
    def key(self) -> RecordKey:
        """What it is known by."""
        return self.leads.id, self.sources


class Shelf(Protocol):
    """What a store answers inside the transaction of a load or a removal."""

    def near(
        self, ids: Collection[str], dois: Collection[str], titles: Collection[int], most: int
    ) -> tuple[Iterable[Stored], Iterable[int]]:
        """All records of the papers to which one of these leads, and titles that are common.

        An id leads to the paper of this id and to that of a record of this id. A title borne by
        more than ``most`` records is common and leads nowhere.
        """
        ...

    def contents(self, papers: Sequence[str]) -> Mapping[str, tuple[PaperContent, str]]:
        """Those papers, with their records where they have several, and their runs."""
        ...


@dataclass
class Bucket:
    """Records that share ids, DOIs or titles, by whatever chain: those there, and the new ones."""

    papers: list[str] = field(default_factory=list)
    keys: set[RecordKey] = field(default_factory=set)
    new: list[RecordKey] = field(default_factory=list)


class Surroundings:
    """All records there to which some lead, and those to which these lead, and so on.

    Args:
        shelf: the store.
        new: what leads to the records that are to come.
        dropped: records that are to go.
    """

    def __init__(
        self, shelf: Shelf, new: Mapping[RecordKey, Leads], dropped: Collection[Stored]
    ) -> None:
        self._new = new
        self._there: dict[RecordKey, Stored] = {}
        self.common: set[int] = set()
        most = MOST_ALIKE + len(new) + len(dropped)
        ahead = [*new.values(), *(record.leads for record in dropped)]
        ids, dois, titles = set[str](), set[str](), set[int]()
        while ahead:
            next_ids = {lead.id for lead in ahead} - ids
            next_dois = {lead.doi for lead in ahead if lead.doi is not None} - dois
            next_titles = {lead.title for lead in ahead if lead.title is not None} - titles
            found, common = shelf.near(next_ids, next_dois, next_titles, most)
            ids, dois, titles = ids | next_ids, dois | next_dois, titles | next_titles
            self.common |= set(common)
            ahead = []
            for record in found:
                if record.key not in self._there:
                    self._there[record.key] = record
                    ahead.append(record.leads)
        left = self._there.keys() - new.keys() - {record.key for record in dropped}
        count = Counter(self._there[key].leads.title for key in left)
        count.update(lead.title for lead in new.values())
        self.common |= {t for t, n in count.items() if n > MOST_ALIKE and t is not None}

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing."""
        return not self._there

    def buckets(self) -> list[Bucket]:
        """The records there and the new ones, by what they share."""
        unions = Unions[tuple[str, object]]()
        for key, record in self._there.items():
            self._join(unions, key, record.leads)
            unions.join(("record", key), ("paper", record.paper))
        for key, leads in self._new.items():
            self._join(unions, key, leads)
        found: dict[object, Bucket] = defaultdict(Bucket)
        for key, record in self._there.items():
            bucket = found[unions.of(("record", key))]
            bucket.keys.add(key)
            if record.paper not in bucket.papers:
                bucket.papers.append(record.paper)
        for key in self._new:
            bucket = found[unions.of(("record", key))]
            bucket.keys.add(key)
            bucket.new.append(key)
        return list(found.values())

    def _join(self, unions: Unions[tuple[str, object]], key: RecordKey, leads: Leads) -> None:
        record = ("record", key)
        unions.join(record, ("id", leads.id))
        if leads.doi is not None:
            unions.join(record, ("doi", leads.doi))
        if leads.title is not None and leads.title not in self.common:
            unions.join(record, ("title", leads.title))
