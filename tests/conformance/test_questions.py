"""The questions of the guide for Neo4j Browser, asked of a real server."""

import pytest

from api.browser_kit.questions import QUESTIONS
from tests.conformance.places import Server
from tests.golden.annotated import annotated_papers


@pytest.mark.neo4j
def test_every_question_of_the_guide_has_an_answer(neo4j_url: str) -> None:
    assert len(QUESTIONS) == 10
    place = Server(neo4j_url)
    papers = annotated_papers()
    place.fresh().load(papers)
    with place.driver() as driver:
        answers = {q.title: driver.execute_query(q.cypher).records for q in QUESTIONS}
    place.close()
    assert [title for title, rows in answers.items() if not rows] == []
    sentences = [row["sentence"] for row in answers["Which sentence says so?"]]
    assert sentences
    assert all(any(sentence in p.paper.text for p in papers) for sentence in sentences)
