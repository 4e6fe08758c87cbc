import gzip
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from extract.sources import Access
from extract.sources.http import Client
from graph.errors import SourceError, SourceUnavailable, UsageError


def get(server, access, waits=None):
    with Client("test", access, pause=0, sleep=(waits or []).append) as client:
        return client.get(server.url, {"q": "x y"}, lambda answer: answer.text())


def test_it_names_itself_and_asks_what_it_is_told(server, access, reply):
    server.answers = lambda query, n: reply("Größe".encode())
    assert get(server, access) == "Größe"
    assert server.requests == [{"q": "x y"}]
    assert all(agent.startswith("papergraph/") for agent in server.agents)


def test_a_pause_is_kept_between_clients_of_one_source(server, access, reply):
    server.answers = lambda query, n: reply(b"[]")
    waits = []
    for _ in range(3):
        with Client("paused", replace(access, pause=None), pause=50, sleep=waits.append) as client:
            client.get(server.url, {}, lambda answer: answer.text())
    assert [round(wait, -1) for wait in waits] == [50, 100]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_it_waits_as_long_as_it_is_asked(server, access, reply, status):
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    asked = ["7", date, "soon"]
    server.answers = lambda query, n: (
        reply(status=status, headers={"Retry-After": asked[n]}) if n < 3 else reply(b"done")
    )
    waits: list[float] = []
    with Client("waiting", access, pause=0, sleep=waits.append) as client:
        assert client.get(server.url, {}, lambda answer: answer.text()) == "done"
    assert 7 <= waits[0] < 8
    assert 35 < waits[1] < 41
    assert waits[2] < 1


def test_it_gives_up_where_it_is_asked_to_wait_too_long(server, access, reply):
    server.answers = lambda query, n: reply(status=503, headers={"Retry-After": "86400"})
    with pytest.raises(SourceUnavailable, match="86400"):
        get(server, replace(access, attempts=1))


def test_a_source_that_stays_down_is_unavailable(server, access, reply):
    server.answers = lambda query, n: reply(status=502)
    with pytest.raises(SourceUnavailable, match=r"answered 502 \(4 attempts\)"):
        get(server, access)
    assert len(server.requests) == 4


def test_nobody_there(access):
    with (
        Client("none", replace(access, attempts=2), pause=0, sleep=lambda s: None) as client,
        pytest.raises(SourceUnavailable),
    ):
        client.get("http://127.0.0.1:9/api", {}, lambda answer: answer.text())


def test_what_is_refused_is_not_asked_again(server, access, reply):
    server.answers = lambda query, n: reply(status=403)
    with pytest.raises(SourceError, match="403"):
        get(server, access)
    assert len(server.requests) == 1


def test_an_answer_that_is_cut_off_is_asked_for_again(server, access, reply):
    whole = reply(b"all of it " * 100)
    half = gzip.compress(whole.body)[:-9]
    bad = [
        reply(whole.body, cut=True),
        reply(half, headers={"Content-Encoding": "gzip"}),
        reply(b"no gzip", headers={"Content-Encoding": "gzip"}),
    ]
    server.answers = lambda query, n: bad[n] if n < 3 else whole.zipped()
    assert get(server, access) == whole.body.decode()


def test_a_bomb_is_refused(server, access, reply):
    bomb = reply(b"0" * (16 << 20)).zipped()
    server.answers = lambda query, n: bomb
    with pytest.raises(SourceError, match="unpacks to more than 1048576 bytes"):
        get(server, access)
    assert len(server.requests) == 1


def test_redirects_are_limited(server, access, reply):
    server.answers = lambda query, n: reply(status=302, headers={"Location": server.url})
    with pytest.raises(SourceError, match="more than 5 redirects"):
        get(server, access)


def test_an_answer_that_never_ends_is_given_up(server, access, reply):
    def slow(query, n):
        time.sleep(0.5)
        return reply(b"late")

    server.answers = slow
    with pytest.raises(SourceUnavailable):
        get(server, replace(access, timeout=0.05, attempts=2))


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        ("naïve".encode(), "text/plain; charset=latin-1"),
        ("naïve".encode("latin-1"), "text/plain; charset=latin-1"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>naïve'.encode("latin-1"), "text/xml"),
    ],
)
def test_text_is_decoded_by_what_it_is(server, access, reply, body, declared):
    server.answers = lambda query, n: reply(body, headers={"Content-Type": declared})
    assert get(server, access).endswith("naïve")


def test_what_is_no_text_is_an_error(server, access, reply):
    server.answers = lambda query, n: reply(b"na\xefve")
    with pytest.raises(SourceError, match="is not UTF-8 text"):
        get(server, access)


def test_access_is_read_from_the_environment():
    given = {"PAPERGRAPH_SOURCE_HF_DAILY": "http://here/", "PAPERGRAPH_SOURCE_PAUSE": "0.5"}
    given |= {"PAPERGRAPH_SOURCE_BACKOFF": "7"}
    access = Access.read(given | {"PAPERGRAPH_STORE": "x"})
    assert access.urls == {"hf-daily": "http://here/"}
    assert (access.pause, access.attempts, access.backoff) == (0.5, Access().attempts, 7)
    for wrong in ({"PAPERGRAPH_SOURCE_ARXIV": "here"}, {"PAPERGRAPH_SOURCE_ATTEMPTS": "few"}):
        with pytest.raises(UsageError, match="PAPERGRAPH_SOURCE_"):
            Access.read(wrong)
