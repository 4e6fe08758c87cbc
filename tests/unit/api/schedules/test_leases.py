import pytest

from api.schedules.lease import Leases, of_schedule
from api.schedules.run import Runner
from graph.errors import LeaseLost
from graph.stores.entries import LEASE
from tests.unit.api.schedules.desk import Desk

LEASE_OF = of_schedule("daily")


def test_one_process_at_a_time(desk: Desk) -> None:
    one, two = Leases(desk.store, "one", desk.clock), Leases(desk.store, "two", desk.clock)
    lease = one.take(LEASE_OF)
    assert lease is not None
    assert two.take(LEASE_OF) is None
    assert two.holder(LEASE_OF) == "one"
    lease.release()
    assert two.holder(LEASE_OF) is None
    assert two.take(LEASE_OF) is not None


def test_a_holder_that_slept_too_long_finds_itself_shut_out(desk: Desk) -> None:
    desk.add()
    slept = Leases(desk.store, "slept", desk.clock).take(LEASE_OF)
    assert slept is not None
    desk.clock.forward(seconds=61)
    taken = Leases(desk.store, "other", desk.clock).take(LEASE_OF)
    assert taken is not None
    runner = Runner(desk.store, desk.pipeline, desk.clock)
    with pytest.raises(LeaseLost):
        runner.run(desk.schedule, slept)
    assert [run.status for run in desk.store.runs()] == ["interrupted"]
    assert desk.store.counts().papers == 0
    slept.release()
    assert Leases(desk.store, "third", desk.clock).holder(LEASE_OF) == "other"
    runner.run(desk.schedule, taken)
    assert desk.store.counts().papers == 1
    taken.release()


def test_a_dead_holders_lease_ends_though_the_clock_was_set_back(desk: Desk) -> None:
    ticks = [0.0]
    dead = Leases(desk.store, "dead", desk.clock).take(LEASE_OF)
    assert dead is not None
    dead._stop.set()  # what kill -9 does to the thread that renews
    dead._thread.join()
    desk.clock.forward(days=-1)
    leases = Leases(desk.store, "living", desk.clock, monotonic=lambda: ticks[0])
    assert leases.take(LEASE_OF) is None
    ticks[0] = 59
    assert leases.take(LEASE_OF) is None
    ticks[0] = 61
    assert leases.take(LEASE_OF) is not None


def test_a_schedule_removed_in_mid_run_loads_nothing_more(desk: Desk) -> None:
    desk.add()
    lease = Leases(desk.store, "one", desk.clock).take(LEASE_OF)
    assert lease is not None
    schedule = desk.schedule
    desk.book.remove("daily")
    assert desk.store.entries(LEASE) == ()
    runner = Runner(desk.store, desk.pipeline, desk.clock)
    with pytest.raises(LeaseLost):
        runner.run(schedule, lease)
    lease.release()
    assert desk.book.every() == ()
    assert desk.store.counts().papers == 0
