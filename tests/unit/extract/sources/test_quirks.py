"""The same faults of the network for every protocol, and what it means for the graph."""

import gzip
import json
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from extract.sources import Window, open_source
from graph.errors import SourceError, SourceUnavailable
from graph.ingest import Ingest
from graph.model import Extraction, Extractor
from graph.resolution import RULESET, Resolver
from graph.stores import open_store
from graph.verify import verify

DAY = Window(date(2026, 11, 2), date(2026, 11, 2))
TITLE = "Drawing ünder pressure in one step"
READER = Extractor("nothing", "1")


def daily(ids, declared=""):
    return json.dumps(
        [{"paper": {"id": i, "title": TITLE, "summary": "We draw."}} for i in ids],
        ensure_ascii=False,
    )


def atom(ids, declared="UTF-8"):
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{i}v1</id><title>{TITLE}</title>"
        "<summary>We draw.</summary></entry>"
        for i in ids
    )
    return (
        f'<?xml version="1.0" encoding="{declared}"?><feed xmlns="http://www.w3.org/2005/Atom"'
        f' xmlns:o="http://a9.com/-/spec/opensearch/1.1/"><o:totalResults>{len(ids)}'
        f"</o:totalResults>{entries}</feed>"
    )


def oai(ids, declared="UTF-8", deleted=()):
    records = "".join(
        f"<record><header><identifier>oai:arXiv.org:{i}</identifier></header><metadata>"
        f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><title>{TITLE}</title>'
        "<abstract>We draw.</abstract></arXivRaw></metadata></record>"
        for i in ids
    ) + "".join(
        '<record><header status="deleted"><identifier>oai:arXiv.org:'
        f"{i}</identifier></header></record>"
        for i in deleted
    )
    return (
        f'<?xml version="1.0" encoding="{declared}"?><OAI-PMH'
        f' xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>{records}</ListRecords></OAI-PMH>'
    )


PROTOCOLS = {"hf-daily:": daily, "arxiv:cs.CV": atom, "oai:arxiv:cs": oai}
IDS = ["2611.00001", "2611.00002", "2611.00003"]


@pytest.fixture(params=PROTOCOLS)
def address(request):
    return request.param


def fetched(address, access):
    return [paper.id for paper in open_source(address, access).fetch(DAY)]


@pytest.mark.parametrize("seed", range(4))
def test_the_answer_comes_whole_in_the_end(address, server, access, reply, seed):
    """Faults in any order; the answer is whole, each paper is given once, and no more is asked."""
    body = PROTOCOLS[address](IDS).encode()
    chance = Random(seed)
    faults = [
        reply(status=503, headers={"Retry-After": "0"}),
        reply(status=429),
        reply(body, cut=True),
        reply(body[: len(body) // 2]),
        reply(body, stall=5),
        reply(gzip.compress(body)[:-9], headers={"Content-Encoding": "gzip"}),
        reply(body, headers={"Content-Encoding": "gzip"}),
    ]
    chosen = chance.sample(faults, 3)
    server.answers = lambda query, n: chosen[n] if n < 3 else reply(body).zipped()
    assert fetched(address, replace(access, timeout=0.3)) == IDS
    assert len(server.requests) == 4
    assert all(request == server.requests[0] for request in server.requests)


def test_what_comes_slowly_comes(address, server, access, reply):
    body = PROTOCOLS[address](IDS).encode()
    server.answers = lambda query, n: reply(body, stall=0.01, pieces=20)
    assert fetched(address, access) == IDS
    server.answers = lambda query, n: reply(body, stall=0.05, pieces=1000)
    with pytest.raises(SourceUnavailable, match="no whole answer"):
        fetched(address, replace(access, deadline=0.2, attempts=1))


def test_bombs_are_refused_at_once(address, server, access, reply):
    bomb = reply(b" " * (8 << 20)).zipped()
    server.answers = lambda query, n: bomb
    with pytest.raises(SourceError, match="unpacks to more than 1048576 bytes"):
        fetched(address, access)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", "UTF-8"), ("utf-8", "ISO-8859-1"), ("latin-1", "ISO-8859-1")],
)
def test_encodings_are_what_they_are(address, server, access, reply, encoding, declared):
    body = PROTOCOLS[address](IDS, declared).encode(encoding)
    kind = {"Content-Type": f"text/plain; charset={declared}"}
    server.answers = lambda query, n: reply(body, headers=kind)
    assert {p.title for p in open_source(address, access).fetch(DAY)} == {TITLE}


def test_a_source_that_refuses_says_so_by_code(server, access, reply):
    error = atom([]).replace(
        "</feed>",
        "<entry><id>http://arxiv.org/api/errors#x</id><summary>bad</summary></entry></feed>",
    )
    server.answers = lambda query, n: reply(error.encode())
    with pytest.raises(SourceError) as refused:
        fetched("arxiv:cs.CV", access)
    assert refused.value.code == SourceError.REFUSED
    error = oai([]).replace("<ListRecords></ListRecords>", '<error code="badArgument">x</error>')
    server.answers = lambda query, n: reply(error.encode())
    with pytest.raises(SourceError) as refused:
        fetched("oai:arxiv:cs", access)
    assert refused.value.code == "badArgument"
    assert len(server.requests) == 2


def test_a_deleted_record_takes_the_paper_out(server, access, reply):
    def reads(papers):
        for paper in papers:
            yield Extraction(paper.id, paper.title, paper.text_sha256, READER)

    with open_store("sqlite:///:memory:") as store:
        ingest = Ingest(store, reads, READER, Resolver(), RULESET)

        def run(address, body):
            server.answers = lambda query, n: reply(body.encode())
            return ingest(open_source(address, access).fetch(DAY))

        assert run("oai:arxiv:cs", oai(IDS)).added == 3
        assert run("hf-daily:", daily(IDS[2:])).updated == 1
        deleting = run("oai:arxiv:cs", oai(IDS[:1], deleted=IDS[1:]))
        assert (deleting.unchanged, deleting.withdrawn) == (1, 2)
        assert {i: p.sources for i, p in store.papers_by_id(IDS).items()} == {
            IDS[0]: ("arxiv",),
            IDS[2]: ("hf-daily",),
        }
        assert list(verify(store)) == []
