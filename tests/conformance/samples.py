"""Papers made up for the tests, with their extractions, and strategies that make up more."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import strategies as st

from graph.export.jsonl import line
from graph.ledger import decision_id
from graph.model import (
    Decision,
    ExtractedEntity,
    ExtractedRelation,
    ExtractedResult,
    Extraction,
    Extractor,
    Identity,
    Paper,
    Quote,
    ResolvedPaper,
)
from graph.ontology import EntityType, RelationType, ResultKind, Role
from graph.stores.base import GraphStore, PaperOrder, Window

EVERYTHING = Window(10_000)
EXTRACTOR = Extractor("test", "1")


@dataclass(frozen=True)
class Said:
    """What a paper says of one thing; it becomes one sentence of the abstract."""

    surface: str
    key: str
    role: Role = Role.USES
    type: EntityType = EntityType.MODEL
    confidence: float = 0.9
    name: str | None = None
    long_form: str | None = None


def paper(
    id: str,
    said: Sequence[Said] = (),
    *,
    title: str = "A study",
    on: date | None = date(2024, 5, 1),
    sources: tuple[str, ...] = ("test",),
    results: Sequence[tuple[int | None, int | None, int | None, str]] = (),
    relations: Sequence[tuple[int, int]] = (),
    extra: str = "",
    extractor: Extractor = EXTRACTOR,
    run: str = "",
    **fields: object,
) -> ResolvedPaper:
    """A paper whose abstract says this, resolved; results and relations are indexes of ``said``.

    The number of a result is stated in the sentence of its first entity, or in a last one.
    """
    sentences = [f"We {s.role.value} {s.surface} at {i}." for i, s in enumerate(said)]
    numbers = [f"It reaches {value}." for *_, value in results]
    abstract = " ".join([*sentences, *numbers, extra]).strip()
    made = Paper(id, title, abstract, on, sources=sources, **fields)
    text = made.text
    start = len(title) + 1
    quotes = []
    for sentence in [*sentences, *numbers]:
        quotes.append(Quote.of(text, start, start + len(sentence)))
        start += len(sentence) + 1
    entities = []
    for s, quote in zip(said, quotes, strict=False):
        at = quote.start + len(f"We {s.role.value} ")
        mention = Quote.of(text, at, at + len(s.surface))
        entities.append(
            ExtractedEntity(s.surface, s.type, s.role, s.confidence, (mention,), quote, s.long_form)
        )
    extraction = Extraction(
        id,
        title,
        made.text_sha256,
        extractor,
        tuple(entities),
        tuple(
            ExtractedResult(entity, on_, metric, value, ResultKind.ABSOLUTE, 0.5, quote)
            for (entity, on_, metric, value), quote in zip(
                results, quotes[len(said) :], strict=True
            )
        ),
        tuple(
            ExtractedRelation(head, RelationType.BASED_ON, tail, 0.4, quotes[head])
            for head, tail in relations
        ),
    )
    identities = tuple(Identity(s.key, s.name) for s in said)
    return ResolvedPaper(made, extraction, identities, run, "rules-1")


def exported(store: GraphStore) -> bytes:
    """The canonical export."""
    return b"".join(map(line, store.snapshot()))


def ids(store: GraphStore, condition: object, **kwargs: object) -> list[str]:
    """Ids of the papers that satisfy a condition, newest first."""
    page = store.papers(condition, PaperOrder.PUBLISHED_AT, True, EVERYTHING)
    return [item.id for item in page.items]


_THINGS = (
    ("sdturbo", ("SD-Turbo", "SD Turbo", "sd turbo"), EntityType.MODEL, None),
    ("gpt4", ("GPT-4", "GPT4", "Generative Transformer Four"), EntityType.MODEL, "GPT-4"),
    ("gpt4o", ("GPT-4o",), EntityType.MODEL, None),
    ("llama-3", ("Llama 3", "LLaMA-3"), EntityType.MODEL, None),
    ("llama-3.1-8b", ("Llama-3.1-8B", "Llama 3.1 8B"), EntityType.MODEL, "Llama-3.1-8B"),
    ("lora", ("LoRA", "low-rank adaptation"), EntityType.METHOD, "LoRA"),
    ("imagenet", ("ImageNet", "ImageNet-1k"), EntityType.DATASET, None),
    ("tau2", ("τ²-bench", "Tau2 Bench"), EntityType.BENCHMARK, None),
    ("fid", ("FID", "Fréchet inception distance"), EntityType.METRIC, None),
    ("vqa", ("视觉问答", "visual question answering"), EntityType.TASK, None),
    ("quote", ('O\'Reilly "Q"', "}) DETACH DELETE (n //"), EntityType.METHOD, None),
)
KEYS = tuple(key for key, *_ in _THINGS)
SURFACES = tuple(surface for _, surfaces, *_ in _THINGS for surface in surfaces)


@st.composite
def said(draw: st.DrawFn) -> Said:
    key, surfaces, entity_type, name = draw(st.sampled_from(_THINGS))
    return Said(
        draw(st.sampled_from(surfaces)),
        key,
        draw(st.sampled_from(Role)),
        draw(st.one_of(st.just(entity_type), st.sampled_from(EntityType))),
        draw(st.sampled_from((0.0, 0.1, 0.25, 1 / 3, 0.5, 0.9, 1.0))),
        name,
        draw(st.sampled_from((None, None, surfaces[-1]))),
    )


DATES = st.one_of(
    st.none(), st.integers(0, 6).map(lambda days: date(2024, 1, 28) + timedelta(days))
)
TITLES = st.sampled_from(
    (
        "A study",
        "a study",
        "Ünïcode & more",
        "Z",
        "",
        "'; DROP TABLE papers; --",
        "𝔸 study",
        "ſ",
        "ﬁ",
    )
)


@st.composite
def papers(draw: st.DrawFn, ids: st.SearchStrategy[str] | None = None) -> ResolvedPaper:
    things = draw(st.lists(said(), max_size=5))
    index = st.integers(0, len(things) - 1) if things else st.nothing()
    optional = st.one_of(st.none(), index) if things else st.none()
    return paper(
        draw(ids or st.integers(0, 9).map("p{}".format)),
        things,
        title=draw(TITLES),
        on=draw(DATES),
        sources=draw(st.sampled_from((("a",), ("b",), ("a", "b"), ()))),
        results=draw(
            st.lists(
                st.tuples(optional, optional, optional, st.sampled_from(("1", "2.5%"))),
                max_size=2,
            )
        ),
        relations=draw(st.lists(st.tuples(index, index), max_size=2)) if things else (),
        extra=draw(st.sampled_from(("", "Naïve words.", "Words in 2024, naive ones."))),
        extractor=Extractor("test", draw(st.sampled_from("12"))),
        upvotes=draw(st.sampled_from((None, 0, 7))),
    )


def corpora(max_size: int = 6) -> st.SearchStrategy[list[ResolvedPaper]]:
    """Papers with distinct ids."""
    return st.lists(papers(), max_size=max_size, unique_by=lambda resolved: resolved.paper.id)


def renamed(resolved: ResolvedPaper, prefix: str) -> ResolvedPaper:
    """The same paper under an id that begins so."""
    id = prefix + resolved.paper.id
    return replace(
        resolved,
        paper=replace(resolved.paper, id=id),
        extraction=replace(resolved.extraction, paper_id=id),
    )


def retold(resolved: ResolvedPaper, **fields: object) -> ResolvedPaper:
    """The same text as another record has it."""
    told = replace(resolved.paper, **fields)
    return replace(resolved, paper=told, extraction=replace(resolved.extraction, paper_id=told.id))


def decision(action: str, subject: str, object: str = "", **fields: object) -> Decision:
    """A decision with the id of its content."""
    made = Decision(
        "",
        action,
        subject,
        object,
        **({"who": "ada", "at": "2024-06-01"} | fields),
    )
    return replace(made, id=decision_id(made))
