"""What a load or a removal does to the papers that are there, where several records are of one.

A *record* is what a source says of a paper. Most papers have one and are stored as it is. Of a
paper with several all are kept whole, and the paper follows from them (``projection``), so that
taking out one leaves what the others alone give. Which records are of one paper follows from the
records there are (``sameness``); a change can therefore join papers or part them, but only those
that share an id, a DOI or a title with what changed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from graph.model import ResolvedPaper
from graph.stores.assembly import assemble
from graph.stores.base import LoadOutcome
from graph.stores.content import PaperContent
from graph.stores.projection import RecordKey, key_of, project
from graph.stores.sameness import groups
from graph.stores.surroundings import Bucket, Leads, Shelf, Stored, Surroundings

Given = Mapping[RecordKey, tuple[PaperContent, str]]
"""Records to load, each with its run."""


@dataclass
class Plan:
    """What is to be done.

    Attributes:
        papers: papers to store, each with its run.
        gone: papers to take out before.
        removed: of a removal, the ids asked for that were there.
        alone: ids of ``papers`` that are those of given records with nothing like them.
        added, updated, unchanged: ids of the other given records.
    """

    papers: dict[str, tuple[PaperContent, str]] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    alone: set[str] = field(default_factory=set)
    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)

    @property
    def hashes(self) -> dict[str, str]:
        """Content hash of each paper to store."""
        return {paper: content.sha256 for paper, (content, _) in self.papers.items()}

    @property
    def run(self) -> str:
        """A run that is the cause of it."""
        return next((run for _, run in self.papers.values() if run), "")

    def outcome(self, stored: LoadOutcome) -> LoadOutcome:
        """The outcome of a load by the ids of the given records, from that by papers."""

        def both(papers: Iterable[str], records: Sequence[str]) -> tuple[str, ...]:
            return (*(paper for paper in papers if paper in self.alone), *records)

        return LoadOutcome(
            both(stored.added, self.added),
            both(stored.updated, self.updated),
            both(stored.unchanged, self.unchanged),
            stored.claims,
        )


def given(batch: Iterable[ResolvedPaper]) -> dict[RecordKey, tuple[PaperContent, str]]:
    """Records to load; the same record twice: the last one counts.

    Raises:
        ExtractionError: an extraction does not fit its paper.
    """
    records = {}
    for resolved in batch:
        content = assemble(resolved)
        _ = content.sha256  # computed here, not while others wait for the store
        records[key_of(content.paper)] = content, resolved.run
    return records


def load(shelf: Shelf, records: Given) -> Plan:
    """What loading records does."""
    plan = Plan()
    new = {key: Leads.of(content.paper) for key, (content, _) in records.items()}
    around = Surroundings(shelf, new, ())
    if around.is_empty and _share_nothing(new.values()):  # most loads: quickly
        plan.papers = {content.paper.id: (content, run) for content, run in records.values()}
        plan.alone = set(plan.papers)
        return plan
    for bucket in around.buckets():
        if len(bucket.keys) > 1:
            _load_among(plan, shelf, bucket, records, around.common)
        elif bucket.new:  # nothing like it is there, or only itself
            content, run = records[bucket.new[0]]
            plan.papers[content.paper.id] = content, run
            plan.alone.add(content.paper.id)
    return plan


def remove(shelf: Shelf, ids: Sequence[str], source: str | None, run: str) -> Plan:
    """What removing papers, or what one source says of them, does.

    Args:
        shelf: the store.
        ids: of papers, or of records of a paper that has another id.
        source: the source whose records go; empty: those that name none; None: all.
        run: the run that is the cause.
    """
    plan = Plan()
    asked, _ = shelf.near(ids, (), (), 0)
    dropped: dict[RecordKey, Stored] = {}
    for record in asked:
        by = record.paper if record.paper in ids else record.leads.id
        if by in ids and (source is None or source in (record.sources or ("",))):
            dropped[record.key] = record
            plan.removed.append(by)
    plan.removed = list(dict.fromkeys(plan.removed))
    around = Surroundings(shelf, {}, dropped.values())
    for bucket in around.buckets():
        if len(bucket.keys) == 1:
            plan.gone += bucket.papers if bucket.keys & dropped.keys() else ()
            continue
        before = shelf.contents(bucket.papers)
        left = [r for key, r in _records(before).items() if key not in dropped]
        after = _papers(left, around.common)
        plan.gone += [id for id, (c, _) in before.items() if not _is_in(after, c)]
        there = {id: content for id, (content, _) in before.items()}
        plan.papers |= {id: (c, run) for id, c in after.items() if not _is_in(there, c)}
    return plan


def _share_nothing(leads: Collection[Leads]) -> bool:
    """Whether no two records have an id, a DOI or a title in common."""
    dois = [lead.doi for lead in leads if lead.doi is not None]
    titles = [lead.title for lead in leads if lead.title is not None]
    return all(
        len(set(given)) == len(given) for given in ([lead.id for lead in leads], dois, titles)
    )


def _load_among(plan: Plan, shelf: Shelf, bucket: Bucket, records: Given, common: Set[int]) -> None:
    """Plan a load of records beside others that may be of the same papers."""
    before = shelf.contents(bucket.papers)
    state, run = _records(before), ""
    for key in bucket.new:
        content, run = records[key]
        was = state.get(key)
        state[key] = content
        if was and was.sha256 == content.sha256:
            plan.unchanged.append(content.paper.id)
            continue
        joined = any(
            len(group) > 1
            for group in groups(list(state.values()), common)
            if any(record is content for record in group)
        )
        (plan.updated if was or joined else plan.added).append(content.paper.id)
    after = _papers(state.values(), common)
    there = {id: content for id, (content, _) in before.items()}
    plan.gone += [paper for paper in before if paper not in after]
    plan.papers |= {id: (c, run) for id, c in after.items() if not _is_in(there, c)}


def _papers(records: Iterable[PaperContent], common: Set[int]) -> dict[str, PaperContent]:
    """The papers that records tell of."""
    made = map(project, groups(list(records), common))
    return {content.paper.id: content for content in made}


def _is_in(papers: Mapping[str, PaperContent], content: PaperContent) -> bool:
    """Whether a paper is among others as it is."""
    same = papers.get(content.paper.id)
    return same is not None and same.sha256 == content.sha256


def _records(papers: Mapping[str, tuple[PaperContent, str]]) -> dict[RecordKey, PaperContent]:
    """The records of papers."""
    return {
        key_of(record.paper): record
        for content, _ in papers.values()
        for record in content.records or (content,)
    }
