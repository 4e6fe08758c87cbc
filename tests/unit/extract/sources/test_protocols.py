"""Each protocol against a server that speaks it, with the faults that real ones have."""

import json
from datetime import date

import pytest

from extract.sources import Window, open_source
from graph.errors import RecordError, SourceError, SourceUnavailable

DAY = Window(date(2026, 11, 2), date(2026, 11, 2))


def fetched(address, access, window=DAY):
    return list(open_source(address, access).fetch(window))


def ids(records):
    return [record.id for record in records]


# -- Hugging Face daily papers ------------------------------------------------------------------


def entry(number, **more):
    paper = {
        "id": f"2611.{number:05}",
        "title": f"Drawing in {number} Steps",
        "summary": "We draw.",
        "publishedAt": "2026-10-30T00:00:00.000Z",
        "upvotes": number,
        "authors": [{"name": "Ada Lin"}],
        "githubRepo": "https://github.com/lin/draw",
    }
    return {"paper": paper | more, "title": paper["title"]}


def test_days_are_asked_for_one_by_one(server, access, reply):
    server.answers = lambda query, n: reply(json.dumps([entry(n + 1)]).encode()).zipped()
    window = Window(date(2026, 10, 31), date(2026, 11, 2))
    papers = fetched("hf-daily:", access, window)
    assert [query["date"] for query in server.requests] == [
        "2026-10-31",
        "2026-11-01",
        "2026-11-02",
    ]
    paper = papers[0]
    assert paper.id == "2611.00001"
    assert (paper.sources, paper.authors, paper.upvotes) == (("hf-daily",), ("Ada Lin",), 1)
    assert (paper.published_at, paper.code_url) == (
        date(2026, 10, 30),
        "https://github.com/lin/draw",
    )


def test_pages_that_shift_repeat_nothing(server, access, reply):
    pages = [[entry(n) for n in range(100)], [entry(n) for n in range(95, 130)]]
    server.answers = lambda query, n: reply(json.dumps(pages[int(query["p"])]).encode())
    assert ids(fetched("hf-daily:", access)) == [f"2611.{n:05}" for n in range(130)]
    assert len(server.requests) == 2


def test_an_entry_that_is_no_paper_does_not_stop_the_others(server, access, reply):
    body = json.dumps([entry(1), {"paper": {"id": "2611.2"}}, entry(3)]).encode()
    server.answers = lambda query, n: reply(body)
    first, bad, last = fetched("hf-daily:", access)
    assert (first.id, last.id) == ("2611.00001", "2611.00003")
    assert isinstance(bad, RecordError)
    assert "hf-daily:2026-11-02, entry 2: it has no title and no abstract" in str(bad)


def test_json_that_is_cut_off_is_asked_for_again(server, access, reply):
    body = json.dumps([entry(1)]).encode()
    server.answers = lambda query, n: reply(body[:-20] if n == 0 else body)
    assert ids(fetched("hf-daily:", access)) == ["2611.00001"]
    server.answers = lambda query, n: reply(body[:-20])
    with pytest.raises(SourceUnavailable, match="not JSON"):
        fetched("hf-daily:", access)
    server.answers = lambda query, n: reply(b'{"error": "?"}')
    with pytest.raises(SourceError, match="no list"):
        fetched("hf-daily:", access)


def test_what_came_before_a_fault_is_given(server, access, reply):
    server.answers = lambda query, n: (
        reply(json.dumps([entry(1)]).encode()) if n == 0 else reply(status=500)
    )
    stream = open_source("hf-daily:", access).fetch(Window(date(2026, 11, 1), date(2026, 11, 2)))
    assert next(stream).id == "2611.00001"
    with pytest.raises(SourceUnavailable):
        next(stream)


# -- arXiv's API --------------------------------------------------------------------------------


def atom(entries, total):
    def one(number, version=1, comment=""):
        return f"""<entry><id>http://arxiv.org/abs/2611.{number:05}v{version}</id>
        <title>Drawing in {number} Steps</title><summary>We draw — über.</summary>
        <published>2026-10-30T00:00:00Z</published><author><name>Ada Lin</name></author>
        <arxiv:comment xmlns:arxiv="http://arxiv.org/schemas/atom">{comment}</arxiv:comment>
        <category term="cs.CV"/></entry>"""

    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"'
        ' xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
        f"<opensearch:totalResults>{total}</opensearch:totalResults>"
        + "".join(one(*e) for e in entries)
        + "</feed>"
    ).encode()


def test_categories_and_days_make_the_question(server, access, reply):
    server.answers = lambda query, n: reply(atom([(1,), (2, 3)], 2))
    papers = fetched("arxiv:cs.CL+cs.CV", access)
    (query,) = server.requests
    assert query["search_query"] == (
        "(cat:cs.CL OR cat:cs.CV) AND lastUpdatedDate:[202611020000 TO 202611022359]"
    )
    assert [(p.id, p.version, p.sources) for p in papers] == [
        ("2611.00001", "v1", ("arxiv",)),
        ("2611.00002", "v3", ("arxiv",)),
    ]
    assert papers[0].abstract == "We draw — über."


def test_pages_go_on_to_the_end_and_a_changed_paper_comes_again(server, access, reply):
    pages = {0: [(1,), (2,), (3,)], 3: [(3,), (4,), (1, 2)]}
    server.answers = lambda query, n: reply(atom(pages[int(query["start"])], 6))
    papers = fetched("arxiv:cs.CV", access)
    assert [(p.id[-1], p.version) for p in papers] == [
        ("1", "v1"),
        ("2", "v1"),
        ("3", "v1"),
        ("4", "v1"),
        ("1", "v2"),
    ]


@pytest.mark.parametrize("fault", ["empty", "cut", "html"])
def test_a_page_that_is_not_whole_is_asked_for_again(server, access, reply, fault):
    whole = atom([(1,), (2,)], 2)
    bad = {"empty": atom([], 2), "cut": whole[:-80], "html": b"<html>busy</html>"}[fault]
    server.answers = lambda query, n: reply(bad if n < 2 else whole)
    assert ids(fetched("arxiv:cs.CV", access)) == ["2611.00001", "2611.00002"]
    assert len(server.requests) == 3


def test_a_wrong_declaration_of_the_encoding_spoils_nothing(server, access, reply):
    body = atom([(1,)], 1).replace(b'encoding="UTF-8"', b'encoding="ISO-8859-1"')
    server.answers = lambda query, n: reply(body)
    assert fetched("arxiv:cs.CV", access)[0].abstract == "We draw — über."


def test_a_withdrawn_paper_is_said_to_be(server, access, reply):
    server.answers = lambda query, n: reply(atom([(1, 2, "This paper has been withdrawn")], 1))
    assert fetched("arxiv:cs.CV", access)[0].withdrawn


# -- OAI-PMH ------------------------------------------------------------------------------------


def record(number, deleted=False):
    if deleted:
        return (
            f'<record><header status="deleted"><identifier>oai:arXiv.org:2611.{number:05}'
            "</identifier></header></record>"
        )
    return f"""<record><header><identifier>oai:arXiv.org:2611.{number:05}</identifier></header>
    <metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><title>Drawing {number}</title>
    <abstract>We draw.</abstract><version version="v1"><date>Fri, 30 Oct 2026 10:00:00 GMT</date>
    </version><version version="v2"><date>Mon, 2 Nov 2026 10:00:00 GMT</date></version>
    <categories>cs.CV cs.LG</categories><authors>Ada Lin</authors></arXivRaw></metadata></record>"""


def oai(content, token=None):
    resumption = "" if token is None else f"<resumptionToken>{token}</resumptionToken>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"<ListRecords>{content}{resumption}</ListRecords></OAI-PMH>"
    ).encode()


def test_lists_are_followed_by_token(server, access, reply):
    lists = {
        None: oai(record(1), "a b"),
        "a b": oai(record(2, deleted=True), "c"),
        "c": oai(record(3), ""),
    }
    server.answers = lambda query, n: reply(lists[query.get("resumptionToken")])
    one, two, three = fetched("oai:arxiv:cs", access)
    first, second, _ = server.requests
    assert first == {
        "verb": "ListRecords",
        "metadataPrefix": "arXivRaw",
        "set": "cs",
        "from": "2026-11-02",
        "until": "2026-11-02",
    }
    assert second == {"verb": "ListRecords", "resumptionToken": "a b"}
    assert (one.id, one.version, one.published_at) == ("2611.00001", "v2", date(2026, 10, 30))
    assert (two.id, two.withdrawn, two.sources) == ("2611.00002", True, ("arxiv",))
    assert three.categories == ("cs.CV", "cs.LG")


def test_a_quiet_day_is_no_fault(server, access, reply):
    error = oai("").replace(b"<ListRecords></ListRecords>", b'<error code="noRecordsMatch"/>')
    server.answers = lambda query, n: reply(error)
    assert fetched("oai:arxiv:cs", access) == []


def test_a_token_that_was_forgotten_begins_the_list_again(server, access, reply):
    gone = oai("").replace(b"<ListRecords></ListRecords>", b'<error code="badResumptionToken"/>')
    answers = [oai(record(1), "a"), gone, oai(record(1), "b"), oai(record(2))]
    server.answers = lambda query, n: reply(answers[n])
    assert ids(fetched("oai:arxiv:cs", access)) == ["2611.00001", "2611.00001", "2611.00002"]


def test_a_list_that_never_ends_is_an_error(server, access, reply):
    server.answers = lambda query, n: reply(oai(record(n), "same"))
    with pytest.raises(SourceError, match="second time"):
        fetched("oai:arxiv:cs", access)


def test_an_answer_cut_within_a_record_is_asked_for_again(server, access, reply):
    whole = oai(record(1) + record(2))
    server.answers = lambda query, n: reply(whole[:-300] if n == 0 else whole)
    assert ids(fetched("oai:arxiv:cs", access)) == ["2611.00001", "2611.00002"]


def test_entities_are_refused(server, access, reply):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + oai(record(1)).partition(b"?>")[2]
    server.answers = lambda query, n: reply(bomb)
    with pytest.raises(SourceError, match="entities"):
        fetched("oai:arxiv:cs", access)


def test_what_an_archive_deletes_is_what_it_said(server, access, reply):
    """The record of another archive names it, and so does its deletion."""
    one = record(1).replace("arXiv.org:2611.00001", "archive.example:1")
    gone = record(2, deleted=True).replace("arXiv.org:2611.00002", "archive.example:2")
    server.answers = lambda query, n: reply(oai(one + gone))
    found = fetched(f"oai:{server.url}", access)
    assert [(p.id, p.sources, p.withdrawn) for p in found] == [
        ("oai:archive.example:1", ("archive.example",), False),
        ("oai:archive.example:2", ("archive.example",), True),
    ]
    server.answers = lambda query, n: reply(oai(one.replace("oai:archive.example:1", "one")))
    (nameless,) = fetched(f"oai:{server.url}", access)
    assert nameless.sources == (server.url.split("/")[2],)
