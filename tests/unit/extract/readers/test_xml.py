"""arXiv's Atom and OAI-PMH answers."""

import pytest

from extract.readers import arxiv
from graph.errors import SourceError

ENTRY = """  <entry>
    <id>http://arxiv.org/abs/2405.15738v{version}</id>
    <published>2024-05-24T17:34:15Z</published><updated>2024-06-01T00:00:00Z</updated>
    <title>A folded
  title &amp; more</title>
    <summary>  We use $a &lt; b$.
</summary>
    <author><name>Ada B</name><arxiv:affiliation>X</arxiv:affiliation></author>
    <author><name>Carl D</name></author>
    <arxiv:comment>{comment}</arxiv:comment>
    <arxiv:journal_ref>Journal 1</arxiv:journal_ref>
    <link href="http://arxiv.org/abs/2405.15738v1" rel="alternate" type="text/html"/>
    <category term="cs.CV" scheme="http://arxiv.org/schemas/atom"/><category term="cs.CL"/>
  </entry>
"""
FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
  <title>ArXiv Query</title><id>http://arxiv.org/api/x</id>
{}</feed>
"""
OAI = """<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2024-01-01T00:00:00Z</responseDate>
{}</OAI-PMH>
"""


def record(metadata: str, identifier: str = "oai:arXiv.org:2405.15738", status: str = "") -> str:
    body = f"<metadata>{metadata}</metadata>" if metadata else ""
    return (
        f"<record><header{status}><identifier>{identifier}</identifier>"
        f"<datestamp>2024-06-01</datestamp><setSpec>cs</setSpec></header>{body}</record>\n"
    )


ARXIV = """<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2405.15738</id><created>2024-05-24</created>
<authors><author><keyname>B</keyname><forenames>Ada</forenames></author>
<author><keyname>D</keyname><forenames>Carl</forenames><suffix>Jr</suffix></author></authors>
<title>A title</title><categories>cs.CV cs.CL</categories><comments>12 pages</comments>
<abstract>  An abstract.
</abstract></arXiv>"""
RAW = """<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2405.15738</id>
<version version="v1"><date>Fri, 24 May 2024 17:34:15 GMT</date></version>
<version version="v2"><date>Sat, 1 Jun 2024 17:34:15 GMT</date></version>
<title>A title</title><authors>Ada B, Carl D</authors><categories>cs.CV</categories>
<abstract>An abstract.</abstract></arXivRaw>"""
DC = """<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A title</dc:title>
<dc:creator>B, Ada</dc:creator><dc:subject>Computer Vision</dc:subject>
<dc:description>An abstract.</dc:description><dc:description>Comment: 3 pages</dc:description>
<dc:date>2024-06-01</dc:date><dc:date>2024-05-24</dc:date></oai_dc:dc>"""


def test_atom_entry(reading) -> None:
    (paper,), errors = reading(FEED.format(ENTRY.format(version=2, comment="12 pages")))
    assert not errors
    assert paper.to_record() == {
        "id": "2405.15738", "title": "A folded\n  title & more", "abstract": "We use $a < b$.",
        "published_at": "2024-05-24", "url": "https://arxiv.org/abs/2405.15738",
        "sources": ["arxiv"], "authors": ["Ada B", "Carl D"], "categories": ["cs.CV", "cs.CL"],
        "venue": "Journal 1", "version": "v2",
    }  # fmt: skip


def test_atom_withdrawn(reading) -> None:
    comment = "This paper has been withdrawn due to an error"
    (paper,), _ = reading(FEED.format(ENTRY.format(version=1, comment=comment)))
    assert paper.withdrawn


def test_arxivs_own_error_feed_is_an_error(reading) -> None:
    entry = "<entry><id>http://arxiv.org/api/errors#x</id><summary>bad id</summary></entry>"
    papers, errors = reading(FEED.format(entry))
    assert not papers
    assert "bad id" in str(errors[0])


def test_a_feed_that_is_cut_off_keeps_what_came_and_says_so(reading) -> None:
    whole = FEED.format(ENTRY.format(version=1, comment="") * 3)
    papers, errors = reading(whole[: whole.rindex("<summary>")])
    assert len(papers) == 2
    assert [e.position for e in errors] == ["after record 2"]


@pytest.mark.parametrize(("form", "expected"), [
    (ARXIV, {"authors": ["Ada B", "Carl D Jr"], "categories": ["cs.CV", "cs.CL"]}),
    (RAW, {"authors": ["Ada B", "Carl D"], "categories": ["cs.CV"], "version": "v2"}),
    (DC, {"authors": ["B, Ada"], "categories": ["Computer Vision"]}),
])  # fmt: skip
def test_oai_forms(reading, form: str, expected: dict[str, object]) -> None:
    (paper,), errors = reading(OAI.format(f"<ListRecords>{record(form)}</ListRecords>"))
    assert not errors
    assert paper.to_record() == {
        "id": "2405.15738", "title": "A title", "abstract": "An abstract.",
        "published_at": "2024-05-24", "url": "https://arxiv.org/abs/2405.15738",
        "sources": ["arxiv"], **expected,
    }  # fmt: skip


def test_oai_deleted_and_bad_records(reading) -> None:
    deleted = record("", "oai:arXiv.org:2405.00001", ' status="deleted"')
    bad = record("<arXiv><id>2405.00002</id></arXiv>", "oai:arXiv.org:2405.00002")
    papers, errors = reading(
        OAI.format(f"<ListRecords>{deleted}{bad}{record(ARXIV)}</ListRecords>")
    )
    assert [(p.id, p.withdrawn) for p in papers] == [("2405.00001", True), ("2405.15738", False)]
    assert ["2405.00002" in e.position for e in errors] == [True]


def test_oai_errors_of_the_protocol(reading) -> None:
    assert reading(OAI.format('<error code="noRecordsMatch">none</error>')) == ([], [])
    with pytest.raises(SourceError, match="badArgument"):
        reading(OAI.format('<error code="badArgument">bad from</error>'))


def test_entities_are_refused(reading) -> None:
    bomb = '<!DOCTYPE f [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    text = FEED.format("<entry><title>&b;</title></entry>").replace("<feed", f"{bomb}<feed")
    with pytest.raises(SourceError, match="entities"):
        reading(text)


@pytest.mark.parametrize(
    ("text", "identifier", "version"),
    [
        ("http://arxiv.org/abs/2405.15738v2", "2405.15738", "v2"),
        ("https://arxiv.org/pdf/2405.15738.pdf", "2405.15738", None),
        ("arXiv:2405.15738", "2405.15738", None),
        ("https://doi.org/10.48550/arXiv.2405.15738", "2405.15738", None),
        ("oai:arXiv.org:hep-ph/0704001", "hep-ph/0704001", None),
        ("math.GT/0309136v1", "math/0309136", "v1"),
        ("10.1000/182", "10.1000/182", None),
    ],
)
def test_identifiers(text: str, identifier: str, version: str | None) -> None:
    assert arxiv.split_identifier(text) == (identifier, version)


@pytest.mark.parametrize(("comment", "withdrawn"), [
    ("Withdrawn", True), ("This paper has been withdrawn by the author", True),
    ("The paper is withdrawn", True), ("12 pages", False), ("Paper withdrawn: error", True),
    ("We study withdrawn drugs", False), ("Replaces the withdrawn version", False),
])  # fmt: skip
def test_notices_of_withdrawal(comment: str, withdrawn: bool) -> None:
    assert arxiv.says_withdrawn(comment) is withdrawn
