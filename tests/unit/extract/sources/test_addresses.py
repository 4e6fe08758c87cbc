import itertools
from datetime import date
from importlib.metadata import EntryPoint

import pytest

from extract.sources import Window, addresses, is_address, open_source, read
from graph.errors import SourceError, UsageError
from graph.model import Paper


@pytest.mark.parametrize(
    ("address", "name", "window"),
    [
        ("hf-daily:", "hf-daily", None),
        ("hf-daily:2026-11-01", "hf-daily", "2026-11-01"),
        ("hf-daily:2026-10-30..2026-11-01", "hf-daily", "2026-10-30..2026-11-01"),
        ("arxiv:cs.CL+cs.CV", "arxiv", None),
        ("arxiv:cs.CL@2026-10-30..2026-11-01", "arxiv", "2026-10-30..2026-11-01"),
        ("oai:arxiv:physics:hep-th@2026-10-30..", "arxiv", "2026-10-30.."),
        ("oai:https://archive.example/oai#set:a", "archive.example", None),
    ],
)
def test_addresses(address, name, window):
    source = open_source(address)
    assert is_address(address)
    assert source.name == name
    assert (str(source.window) if source.window else None) == window


@pytest.mark.parametrize(
    "address",
    [
        "hf-daily:yesterday",
        "hf-daily:2026-13-01",
        "hf-daily:2026-11-02..2026-11-01",
        "arxiv:",
        "arxiv:cs.CL OR all:x",
        "oai:nowhere:cs",
        "ftp:thing",
    ],
)
def test_what_names_nothing_is_wrong_usage(address):
    with pytest.raises(UsageError):
        open_source(address)


def test_a_file_is_no_address(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "arxiv:cs").write_text('{"id": "1", "title": "Drawing in One Step"}\n')
    assert not is_address("arxiv:cs")
    assert [paper.id for paper in read("arxiv:cs")] == ["1"]
    assert not is_address("papers.jsonl")


def test_windows_are_cut_without_gap_or_overlap():
    window = Window(date(2026, 2, 20), date(2026, 3, 10))
    pieces = list(window.pieces(7))
    assert pieces[0].since == window.since
    assert pieces[-1].until == window.until
    for before, after in itertools.pairwise(pieces):
        assert (after.since - before.until).days == 1
    assert list(Window(None, date(2026, 1, 1)).pieces(7)) == [Window(None, date(2026, 1, 1))]


def test_a_window_may_end_on_the_last_day_of_all():
    window = Window(date(9999, 12, 28), date.max)
    assert list(window.pieces(7)) == [window]
    assert len(list(window.pieces(1))) == 4


class Plugged:
    name, window = "plugged", None

    def __init__(self, what, window, access):
        self.what = what

    def usual(self, today):
        return Window(today, today)

    def windows(self, window):
        return iter([window])

    def fetch(self, window):
        yield Paper(self.what, "Drawing in One Step", "")


def test_a_plug_in_is_a_source_by_its_scheme(monkeypatch):
    points = [
        EntryPoint("mine", f"{__name__}:Plugged", "papergraph.sources"),
        EntryPoint("broken", "no_such_module:x", "papergraph.sources"),
    ]
    monkeypatch.setattr(points[0].__class__, "load", lambda self: _load(self.name))
    monkeypatch.setattr(addresses, "entry_points", lambda group: points)
    monkeypatch.setattr(addresses, "_factories", addresses._factories.__wrapped__)
    assert [paper.id for paper in read("mine:thing")] == ["thing"]
    with pytest.raises(SourceError, match="'broken'"):
        list(read("broken:thing"))


def _load(name):
    if name == "mine":
        return Plugged
    raise ImportError(name)


def test_an_open_window_is_for_those_who_can_give_all():
    (everything,) = open_source("oai:arxiv:cs@..").windows(Window())
    assert everything == Window()
    for address in ("arxiv:cs.CL@..", "hf-daily:2026-11-01.."):
        source = open_source(address)
        with pytest.raises(UsageError, match="name its"):
            list(source.windows(source.window))
