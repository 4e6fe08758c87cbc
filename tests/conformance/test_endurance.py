"""Time-outs, readers beside a writer, kills in mid-load, closing."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from graph.errors import StoreBusy, StoreUnavailable
from graph.model import ResolvedPaper, RunSummary
from graph.ontology import Role
from graph.stores import open_store
from graph.stores.base import (
    EntityCondition,
    GraphStore,
    PaperCondition,
    PaperOrder,
    Window,
)
from graph.verify import verify
from tests.conformance.places import Place
from tests.conformance.samples import Said, exported, paper

TURBO = Said("SD-Turbo", "sdturbo")
USES = PaperCondition((EntityCondition(Role.USES, frozenset({"sdturbo"})),))


def batch(number: int, size: int = 20) -> list[ResolvedPaper]:
    """Papers that all use SD-Turbo, and one thing that no other batch speaks of."""
    return [
        paper(f"b{number:03}-{i:02}", [TURBO, Said(f"Thing {number}", f"thing{number}")])
        for i in range(size)
    ]


def test_a_query_past_its_time_out_is_cancelled(place: Place) -> None:
    store = place.fresh(timeout=0.0005)
    for number in range(10):
        store.load(batch(number, 100))
    everything = PaperCondition(
        none_of=tuple(PaperCondition(text=f"{i} absent", all_of=(USES,)) for i in range(60))
    )
    with pytest.raises(StoreBusy, match="cancelled"):
        store.papers(everything, PaperOrder.TITLE, True, Window(50))
    if place.lasting:
        assert place.open().count_papers(USES) == 1000


def test_readers_see_whole_batches_while_another_process_writes(lasting: Place) -> None:
    lasting.fresh()
    reader = lasting.open()
    seen = set()
    with start_writer(lasting.url, batches=25) as writer:
        while writer.poll() is None:
            page = reader.papers(USES, PaperOrder.ID, False, Window(1000))
            assert len(page.items) % 20 == 0
            seen.add(len(page.items))
    assert writer.returncode == 0
    assert reader.count_papers(USES) == 500
    assert len(seen) > 1, "the reader never ran beside the writer"


def test_threads_share_a_store(store: GraphStore) -> None:
    failures: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                page = store.papers(USES, PaperOrder.PUBLISHED_AT, True, Window(1000))
                assert len(page.items) % 20 == 0
                store.claims_of_papers([p.id for p in page.items[:5]])
        except BaseException as e:
            failures.append(e)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(8):
        store.load(batch(number))
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert store.count_papers(USES) == 160


def test_a_snapshot_is_one_state(store: GraphStore) -> None:
    store.load(batch(0))
    whole = exported(store)
    records = store.snapshot()
    first = next(records)
    store.load(batch(1))
    from graph.export.jsonl import line

    assert b"".join(map(line, [first, *records])) == whole


@pytest.mark.parametrize("attempt", range(3))
def test_a_kill_in_mid_load_loses_no_acknowledged_batch_and_leaves_none_in_part(
    lasting: Place, attempt: int
) -> None:
    lasting.fresh()
    with start_writer(lasting.url, batches=200) as writer:
        assert writer.stdout
        acknowledged = [int(writer.stdout.readline()) for _ in range(2 + 3 * attempt)]
        time.sleep(0.004 * attempt)
        writer.send_signal(signal.SIGKILL)
        acknowledged += [int(number) for number in writer.stdout.read().split()]
    store = lasting.open()
    store.ready()
    assert list(verify(store)) == []
    found = [p.id for p in store.papers(USES, PaperOrder.ID, False, Window(9999)).items]
    whole = {id[:4] for id in found}
    assert len(found) == 20 * len(whole)
    assert {f"b{number:03}" for number in acknowledged} <= whole
    for number in range(12):
        store.load(batch(number))
    store.remove([id for id in found if int(id[1:4]) >= 12])
    rerun = exported(store)
    undisturbed = lasting.fresh()
    for number in range(12):
        undisturbed.load(batch(number))
    assert exported(undisturbed) == rerun


def test_a_closed_store_says_so(store: GraphStore) -> None:
    store.close()
    store.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        store.counts()
    with pytest.raises(StoreUnavailable, match="closed"):
        store.load(batch(0))


def test_what_was_written_is_there_when_opened_again(lasting: Place) -> None:
    with lasting.fresh() as store:
        store.load(batch(0))
        whole, version = exported(store), store.data_version()
    with lasting.open() as store:
        assert exported(store) == whole
        assert store.data_version() == version


def test_runs_are_kept_latest_first(store: GraphStore) -> None:
    runs = [
        RunSummary(f"r{i}", f"2024-06-0{i}", source="page", papers=i, failures=("why",))
        for i in (1, 3, 2)
    ]
    for run in runs:
        store.record_run(run)
    finished = RunSummary("r3", "2024-06-03", "2024-06-04", papers=4, added=4, status="finished")
    store.record_run(finished)
    assert store.runs(2) == (finished, runs[2])
    assert len(store.runs()) == 3
    assert store.run("r3") == finished
    assert store.run("r4") is None
    assert exported(store) == b""


def start_writer(url: str, batches: int) -> subprocess.Popen[str]:
    """A process that loads batches into a store and acknowledges each on its standard output."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.conformance.test_endurance", url, str(batches)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )


if __name__ == "__main__":
    with open_store(sys.argv[1]) as writing:
        for number in range(int(sys.argv[2])):
            writing.load(batch(number))
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()
