"""Answers as a person reads them: as wide as the terminal, in colour there, plain in a pipe."""

import os
import shlex
import sys
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.services.identity import OpenCase, Reason
from api.services.papers import Hit, Question
from graph.ledger import Ledger
from graph.model import Decision, Quote, RunSummary
from graph.ontology import Role
from graph.stores.base import ClaimRow, EntityRow, GraphStore, Window
from graph.stores.families import Family, FamilyEdge

VERBS = {
    Role.PROPOSES: ("proposes", "propose"),
    Role.USES: ("uses", "use"),
    Role.TRAINS_ON: ("trains on", "train on"),
    Role.EVALUATES_ON: ("evaluates on", "evaluate on"),
    Role.COMPARES_WITH: ("compares with", "compare with"),
    Role.ADDRESSES: ("addresses", "address"),
    Role.MEASURES: ("measures", "measure"),
    Role.MENTIONS: ("mentions", "mention"),
}
NAME_STYLE = "bold yellow"
INDENT = "  "
WIDEST = 100
UNWRAPPED = 100_000
COUNTS = ("papers", "added", "updated", "unchanged", "failed", "claims")


def console(piped: int = UNWRAPPED) -> Console:
    """A console on stdout.

    Never wider on a terminal than is pleasant to read. In a pipe ``COLUMNS`` counts where it is
    set, else ``piped``: a sentence a line, which is what the next program wants.
    """
    made = Console(file=sys.stdout, highlight=False, emoji=False, markup=False)
    if made.is_terminal:
        made.width = min(made.width, WIDEST)
    elif not os.environ.get("COLUMNS"):
        made.width = piped
    return made


def unknown(name: str, near: Sequence[EntityRow]) -> None:
    """That nothing is known by a name, and what is known by one like it."""
    out = console()
    out.print(Text(f"Nothing is known by the name {name}."))
    if near:
        names = ", ".join(f"{row.name} ({_papers(row.papers)})" for row in near)
        out.print(Text(f"Names like it: {names}"))


def other_roles(question: Question, found: Sequence[tuple[Role, int]]) -> None:
    """That no paper stands in this role, and in which others some do."""
    out = console()
    name = question.entities[0].name
    out.print(Text(f"No paper {VERBS[question.role][0]} {name}."))
    for role, number in found:
        verb = VERBS[role][0 if number == 1 else 1]
        hint = f"papergraph query {role.value.replace('_', '-')} {shlex.quote(name)}"
        out.print(Text(f"{INDENT}{_papers(number)} {verb} it: {hint}"))


def answer(question: Question, asked: str, total: int, hits: Iterable[Hit]) -> None:
    """The papers that answer a question about what was asked for by a name."""
    out = console()
    one, many = VERBS[question.role]
    name = question.entities[0].name if question.entities else asked
    head = Text(f"{_papers(total)} {one if total == 1 else many} ")
    head.append(name, NAME_STYLE)
    others = [a.surface for e in question.entities for a in e.aliases]
    spelt = [s for s in dict.fromkeys(others) if s != name]
    if spelt:
        head.append(f", also written {', '.join(spelt[:6])}", "dim")
    out.print(head)
    if len(question.entities) > 1:
        meant = ", ".join(f"id:{e.id} ({e.type}, {e.papers})" for e in question.entities)
        out.print(Text(f"The name means {len(question.entities)} things: {meant}", "dim"))
    if question.variants:
        names = ", ".join(f"{e.name} ({e.papers})" for e in question.variants)
        out.print(Text(f"Versions and variants count: {names}", "dim"))
    shown = 0
    for hit in hits:
        shown += 1
        out.print()
        paper(out, hit)
    if shown < total:
        out.print(Text(f"\n{shown} of {total} papers; --limit 0 shows all", "dim"))


def table(out: Console, title: str, hits: Iterable[Hit]) -> None:
    """An answer as a small table: paper beside sentence."""
    rows = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=out.is_terminal, header_style="dim")
    rows.add_column("paper", ratio=2)
    rows.add_column("the sentence that says so", ratio=3)
    for hit in hits:
        rows.add_row(hit.paper.title, Text("\n").join(quote(claim) for claim in hit.claims))
    out.print()
    out.print(Text(title, "bold"))
    out.print(rows)


def senses(out: Console, name: str, found: Sequence[tuple[EntityRow, ClaimRow]]) -> None:
    """The things that a name means, each with a sentence that speaks of it."""
    rows = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=out.is_terminal, header_style="dim")
    rows.add_column("entity", ratio=2)
    rows.add_column("a sentence that speaks of it", ratio=3)
    for entity, claim in found:
        spelt = max((alias.surface for alias in entity.aliases), key=len)
        also = f", {spelt}" if spelt != entity.name else ""
        rows.add_row(f"{entity.name}{also} ({entity.type}, id:{entity.id})", quote(claim))
    out.print()
    out.print(Text(f"What does {name} mean here?", "bold"))
    out.print(rows)


def entity(
    found: EntityRow, store: GraphStore, family: Family, history: Sequence[Decision]
) -> None:
    """What is known of an entity."""
    out = console()
    out.print(Text(found.name, NAME_STYLE).append(f"  {found.type}, id:{found.id}", "dim"))
    spelt = ", ".join(f"{alias.surface} ({alias.papers})" for alias in found.aliases)
    out.print(Text(f"{INDENT}{_papers(found.papers)}; spelt {spelt}"))
    if len(found.types) > 1:
        votes = ", ".join(f"{kind} ({papers})" for kind, papers in found.types)
        out.print(Text(f"{INDENT}taken for {votes}"))
    if family.wider:
        line = ", that ".join(_kin(edge) for edge in family.wider)
        out.print(Text(f"{INDENT}{line}"))
    if family.narrower:
        members = ", ".join(edge.child for edge in family.narrower)
        out.print(Text(f"{INDENT}versions and variants: {members}"))
    for role, (one, many) in VERBS.items():
        number = store.count_claims_of_entity(found.id, frozenset({role}))
        if number:
            out.print(Text(f"{INDENT}{number} {one if number == 1 else many} it"))
    for decision in history:
        out.print(Text(f"{INDENT}{_told(decision)}", "dim"))


def _kin(edge: FamilyEdge) -> str:
    return f"a {edge.relation.value.partition('_')[0].lower()} of {edge.parent}"


def reasons(found: EntityRow, known: Sequence[Reason], type_decided: Decision | None) -> None:
    """Why each spelling belongs to an entity, and why it has its type."""
    out = console()
    out.print(Text(found.name, NAME_STYLE).append(f"  {found.type}, id:{found.id}", "dim"))
    votes = ", ".join(f"{kind} in {_papers(papers)}" for kind, papers in found.types)
    out.print(Text(f"{INDENT}taken for {votes}"))
    if type_decided:
        out.print(Text(f"{INDENT * 2}{_told(type_decided)}"))
    for reason in known:
        papers = f"in {_papers(reason.papers)}, {reason.example} for one"
        out.print(Text(f"{INDENT}{reason.surface}", "bold").append(f"  {papers}", "dim"))
        for step in reason.steps:
            out.print(Text(f"{INDENT * 2}{step}"))
        for decision in reason.decisions:
            out.print(Text(f"{INDENT * 2}{_told(decision)}"))


def case(found: OpenCase, store: GraphStore, position: str) -> None:
    """An open case: both names, a sentence for each, what makes them alike."""
    out = console()
    out.print(Text(f"\n{position}: {found.why}", "dim"))
    for entity in (found.part, found.whole):
        head = Text(INDENT).append(entity.name, NAME_STYLE)
        out.print(head.append(f"  {entity.type}, {_papers(entity.papers)}, id:{entity.id}", "dim"))
        for claim in store.claims_of_entity(entity.id, frozenset(), Window(1)).items:
            out.print(Text(INDENT * 2).append_text(quote(claim)))


def decisions(taken: Sequence[Decision], ledger: Ledger) -> None:
    """Decisions, oldest first, those no longer in force marked."""
    out = console()
    if not taken:
        out.print("No decisions yet.")
    for decision in taken:
        line = Text(f"{decision.id}  {_told(decision)}")
        if not ledger.in_force(decision.id):
            line.append("  (undone)", "dim")
        out.print(line, soft_wrap=True)


def _papers(number: int) -> str:
    return f"{number} {'paper' if number == 1 else 'papers'}"


def _told(decision: Decision) -> str:
    what = {
        "merge": f"{decision.subject} merged into {decision.object}",
        "split": f"{', '.join(decision.papers)} split off {decision.subject} as {decision.object}",
        "alias": f"{decision.object} spells {decision.subject}",
        "keep-apart": f"{decision.subject} kept apart from {decision.object}",
        "rename": f"{decision.subject} renamed {decision.object}",
        "retype": f"{decision.subject} taken for a {decision.object}",
        "undo": f"{decision.subject} undone",
    }[decision.action]
    return f"{decision.at[:16].replace('T', ' ')} {decision.who}: {what}: {decision.why}"


def runs(latest: Sequence[RunSummary]) -> None:
    """Runs as a table, newest first."""
    out = console()
    if not latest:
        out.print("No runs yet: papergraph ingest FILE")
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("run", "started (UTC)", "status"):
        table.add_column(name, no_wrap=True)
    for name in COUNTS:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("source", overflow="ellipsis")  # whole with --json, in a pipe
    for run in latest:
        counts = [str(getattr(run, name)) for name in COUNTS]
        started = run.started_at[:19].replace("T", " ")
        table.add_row(run.id[:8], started, run.status, *counts, run.source)
    out.print(table)


def paper(out: Console, hit: Hit) -> None:
    """A paper and the sentences its claims rest on."""
    facts = [hit.paper.id]
    facts += [hit.paper.published_at.isoformat()] if hit.paper.published_at else []
    facts += [hit.paper.url] if hit.paper.url else []
    facts += ["withdrawn"] if hit.paper.withdrawn else []
    out.print(Text(" ".join(hit.paper.title.split()), "bold"))
    out.print(Text(INDENT + "  ".join(facts), "dim"), soft_wrap=True)
    for claim in hit.claims:
        quoted = Text("“").append_text(quote(claim)).append("”")
        quoted.append(f"  {claim.confidence:.0%}", "dim")
        for line in quoted.wrap(out, out.width - len(INDENT)):
            line.rstrip()
            out.print(Text(INDENT).append_text(line))


def quote(claim: ClaimRow) -> Text:
    """The claim's sentence with its entity highlighted."""
    return highlighted(claim.evidence, claim.mentions)


def highlighted(evidence: Quote, mentions: Iterable[Quote]) -> Text:
    """A quote on one line, the stretches within it that are mentions highlighted."""
    # One character for one, so that offsets still hold.
    text = Text("".join(" " if c.isspace() else c for c in evidence.text))
    for mention in mentions:
        start, end = mention.start - evidence.start, mention.end - evidence.start
        if end > 0 and start < len(text):
            text.stylize(NAME_STYLE, max(start, 0), end)
    return text
