"""Several sources, one paper: it follows from the records present, whatever came when."""

import io
from collections.abc import Callable, Sequence
from random import Random

from hypothesis import strategies as st

from graph.export.jsonl import restore
from graph.model import ResolvedPaper, RunSummary
from graph.stores.base import Fingerprint, GraphStore, PaperCondition
from graph.stores.changes import ChangeKind
from graph.stores.projection import key_of
from graph.verify import verify
from tests.conformance.places import Place
from tests.conformance.samples import EXTRACTOR, Said, exported, ids, paper

TITLE = "Drawing an image in one step"
ABSTRACT = "A small network draws images in a single step as a large one taught it to."
IDS = ("2405.00001", "2405.00002", "10.1000/a", "10.1000/b", "x", "sha256:c")
TURBO, GPT4 = Said("SD-Turbo", "sdturbo"), Said("GPT-4", "gpt4")
Property = Callable[..., Callable[[Callable[..., None]], None]]


def told(id: str, source: str, said: Sequence[Said] = (), **fields: object) -> ResolvedPaper:
    given = {"title": TITLE, "extra": ABSTRACT, "sources": (source,) if source else ()} | fields
    return paper(id, said, **given)


@st.composite
def records(draw: st.DrawFn) -> ResolvedPaper:
    """Records that overlap by id, DOI and title, some of which contradict each other."""
    return told(
        draw(
            st.sampled_from(("2405.00001", "2405.00002", "10.1000/a", "10.1000/b", "x", "sha256:c"))
        ),
        draw(st.sampled_from(("arxiv", "hf-daily", "crossref", ""))),
        draw(st.lists(st.sampled_from((TURBO, GPT4)), max_size=2, unique=True)),
        title=draw(st.sampled_from((TITLE, TITLE.upper(), "Another title of three", "Preface"))),
        doi=draw(st.sampled_from((None, None, "10.1000/a"))),
        authors=draw(st.sampled_from(((), ("Ada Lin",), ("Lin, A.",), ("Max Ohm",)))),
        version=draw(st.sampled_from((None, "v1", "v2"))),
        venue=draw(st.sampled_from((None, "V"))),
    )


def corpora(max_size: int = 5) -> st.SearchStrategy[list[ResolvedPaper]]:
    return st.lists(records(), max_size=max_size, unique_by=lambda r: key_of(r.paper))


def test_order_and_batches_do_not_matter(place: Place, property_test: Property) -> None:
    @property_test(corpora(6), st.integers(0, 6), st.randoms(use_true_random=False))
    def holds(batch: list[ResolvedPaper], cut: int, chance: Random) -> None:
        store = place.fresh()
        outcome = store.load(batch)
        assert len(outcome.added) + len(outcome.updated) == len(batch)
        assert not outcome.unchanged
        assert list(verify(store)) == []
        whole = exported(store)
        again = store.load(batch)
        assert len(again.unchanged) == len(batch)
        chance.shuffle(batch)
        store = place.fresh()
        store.load(batch[:cut])
        for record in batch[cut:]:
            store.load([record])
        assert exported(store) == whole
        restored = place.fresh()
        restore(io.BytesIO(whole), restored, "export")
        assert exported(restored) == whole


def test_removing_what_a_source_says_leaves_what_the_others_give(
    place: Place, property_test: Property
) -> None:
    @property_test(corpora(6), st.sampled_from(("arxiv", "hf-daily", "")))
    def holds(batch: list[ResolvedPaper], source: str) -> None:
        store = place.fresh()
        store.load(batch)
        gone = [r for r in batch if source in (r.paper.sources or ("",))]
        store.remove([r.paper.id for r in gone], source=source)
        assert list(verify(store)) == []
        left = exported(store)
        alone = place.fresh()
        alone.load([r for r in batch if r not in gone])
        assert exported(alone) == left


def test_a_paper_of_two_sources_has_the_best_of_both(store: GraphStore) -> None:
    store.load([told("10.1145/3", "crossref", [GPT4], authors=("Lin, A.",), venue="CHI")])
    arxiv = told("2405.00001", "arxiv", [TURBO], authors=("Ada Lin",), version="v2")
    listed = told("sha256:0123456789abcdef", "hf-daily", upvotes=7)
    outcome = store.load([arxiv, listed])
    assert (outcome.added, outcome.updated) == ((), ("2405.00001", "sha256:0123456789abcdef"))
    assert store.papers_by_id(["10.1145/3"]) == {}
    (joined,) = store.papers_by_id(["2405.00001"]).values()
    assert joined.sources == ("arxiv", "crossref", "hf-daily")
    assert (joined.venue, joined.doi, joined.upvotes, joined.version) == (
        "CHI",
        "10.1145/3",
        7,
        "v2",
    )
    assert joined.authors == ("Ada Lin",)
    assert [c.key for c in store.claims_of_papers(["2405.00001"])["2405.00001"]] == ["sdturbo"]
    for source in joined.sources:
        assert ids(store, PaperCondition(source=source)) == ["2405.00001"]
    assert store.record_fingerprints(["10.1145/3", "2405.00001", "y"]).keys() == {
        ("10.1145/3", ("crossref",)),
        ("2405.00001", ("arxiv",)),
    }
    assert store.record_fingerprints(["2405.00001"]).popitem()[1] == Fingerprint.of(
        arxiv.paper, EXTRACTOR, "rules-1"
    )


def test_a_record_in_the_place_of_itself_changes_its_paper(store: GraphStore) -> None:
    store.load([told("2405.00001", "arxiv", [TURBO]), told("2405.00001", "hf-daily", [GPT4])])
    outcome = store.load([told("2405.00001", "arxiv", [GPT4], version="v2")])
    assert outcome.updated == ("2405.00001",)
    assert [c.key for c in store.claims_of_papers(["2405.00001"])["2405.00001"]] == ["gpt4"]
    assert store.papers_by_id(["2405.00001"])["2405.00001"].version == "v2"


def test_an_id_of_a_paper_removes_all_and_that_of_a_record_itself(store: GraphStore) -> None:
    both = [told("2405.00001", "arxiv"), told("10.1145/3", "crossref", doi="10.1145/3")]
    store.load(both)
    assert store.remove(["10.1145/3", "absent"]) == ("10.1145/3",)
    assert store.papers_by_id(["2405.00001"])["2405.00001"].sources == ("arxiv",)
    store.load(both)
    assert store.remove(["2405.00001"], source="nobody") == ()
    assert store.remove(["2405.00001"]) == ("2405.00001",)
    assert exported(store) == b""


def test_papers_that_are_parted_again_are_news(store: GraphStore) -> None:
    """What joined two papers goes: the history tells of both, and of neither what it said."""
    for run in ("1", "2"):
        store.record_run(RunSummary(run, "2024-06-01"))
    store.load([told("10.1000/a", "crossref", [TURBO], title="Another title of three")])
    store.load([told("2405.00001", "arxiv", [TURBO])])
    store.load([told("2405.00001", "hf-daily", [GPT4], doi="10.1000/a", version="v9", run="1")])
    assert list(store.papers_by_id(["2405.00001", "10.1000/a"])) == ["2405.00001"]
    store.remove(["2405.00001"], "2", source="hf-daily")
    assert set(store.papers_by_id(["2405.00001", "10.1000/a"])) == {"2405.00001", "10.1000/a"}
    history = [(c.paper, c.kind) for c in store.changes() if c.run == "2"]
    assert history[0] == ("2405.00001", ChangeKind.RETRACTED)
    assert set(history[1:]) == {
        ("10.1000/a", ChangeKind.ADDED),
        ("2405.00001", ChangeKind.ADDED),
    }
    assert all(not c.gone.claims and not c.new.claims for c in store.changes())


def test_a_title_that_many_have_joins_none(store: GraphStore) -> None:
    many = [told(f"2405.{n:05}", "arxiv") for n in range(20)]
    listed = told("sha256:0123456789abcdef", "hf-daily")
    store.load([many[0], listed])
    assert store.counts().papers == 1
    store.load(many[1:])
    assert store.counts().papers == 21
    store.remove([r.paper.id for r in many[1:]])
    assert store.counts().papers == 1
    store.load([told(f"p{n}", "") for n in range(60)])
    assert store.counts().papers == 62
