"""Questions that people ask a graph of papers, as Cypher that reads like the question."""

from typing import Final, NamedTuple


class Question(NamedTuple):
    """A question, what to know of its answer (HTML), and the Cypher that answers it."""

    title: str
    note: str
    cypher: str


QUESTIONS: Final = (
    Question(
        "Which papers use SD-Turbo?",
        "In any spelling: <code>folded</code> holds each spelling of an entity in small letters,"
        " without spaces and dashes. Write another name in its place.",
        """\
MATCH use = (:Paper)-[:USES]->(e:Entity)
WHERE 'sdturbo' IN e.folded
RETURN use""",
    ),
    Question(
        "Which sentence says so?",
        "Every relationship carries its evidence: the sentence, where it stands in"
        " the paper's text, how sure the extractor is, and which extractor it was.",
        """\
MATCH (p:Paper)-[claim:USES]->(e:Entity)
WHERE 'sdturbo' IN e.folded
RETURN p.title AS paper, p.published_at AS published,
       claim.evidence AS sentence, claim.confidence AS confidence
ORDER BY published DESC, p.id""",
    ),
    Question(
        "What does the newest paper say?",
        "All that one paper proposes, uses, evaluates on, compares with, addresses and measures.",
        """\
MATCH (p:Paper)
WHERE p.published_at >= '' AND EXISTS { (p)-[:PROPOSES]->(:Entity) }
WITH p ORDER BY p.published_at DESC, p.id LIMIT 1
MATCH said = (p)-[:PROPOSES|USES|TRAINS_ON|EVALUATES_ON|COMPARES_WITH|ADDRESSES|MEASURES]->(:Entity)
RETURN said""",
    ),
    Question(
        "Which models are used most?",
        "Swap <code>Model</code> for <code>Method</code>, <code>Dataset</code>,"
        " <code>Benchmark</code>, <code>Task</code> or <code>Metric</code>,"
        " and <code>USES</code> for another role.",
        """\
MATCH (p:Paper)-[:USES]->(m:Model)
RETURN m.name AS model, count(DISTINCT p) AS papers, m.aliases AS spellings
ORDER BY papers DESC, model LIMIT 20""",
    ),
    Question(
        "On which data are papers that use GPT-4o evaluated?",
        "Two steps through the papers.",
        """\
MATCH way = (e:Entity)<-[:USES]-(:Paper)-[:EVALUATES_ON]->(:Entity)
WHERE 'gpt4o' IN e.folded
RETURN way LIMIT 100""",
    ),
    Question(
        "Which numbers are reported on MS COCO?",
        "A result is a node of its own: <code>OF</code> a system, <code>ON</code> data,"
        " <code>IN</code> a metric.",
        """\
MATCH (data:Entity)<-[:ON]-(r:Result)<-[:REPORTS]-(p:Paper)
WHERE 'mscoco' IN data.folded
OPTIONAL MATCH (r)-[:OF]->(system:Entity)
OPTIONAL MATCH (r)-[:IN]->(metric:Entity)
RETURN metric.name AS metric, system.name AS system, r.value AS value, r.kind AS kind,
       p.title AS paper, r.evidence AS sentence
ORDER BY metric, value, paper""",
    ),
    Question(
        "What is built on what?",
        "Relations between entities, as papers state them; each names its paper"
        " and carries its sentence.",
        """\
MATCH built = (:Entity)-[:BASED_ON|PART_OF]->(:Entity)
RETURN built LIMIT 100""",
    ),
    Question(
        "What belongs to the family of Llama?",
        "Versions and variants, each joined to the next wider one of which papers speak."
        " <code>&lt;-[:USES]-(:Paper)</code> behind it adds who uses them.",
        """\
MATCH family = (:Entity)-[:VERSION_OF|VARIANT_OF*1..]->(e:Entity)
WHERE any(spelling IN e.folded WHERE spelling IN ['llama', 'llama2', 'llama3'])
RETURN family LIMIT 100""",
    ),
    Question(
        "Which rivals is SD-Turbo compared with?",
        "From both sides, with the sentence of the comparison.",
        """\
MATCH (e:Entity)-[c:COMPARED_WITH]-(rival:Entity)
WHERE 'sdturbo' IN e.folded
MATCH (p:Paper {id: c.paper})
RETURN rival.name AS rival, p.title AS paper, c.evidence AS sentence
ORDER BY rival, paper""",
    ),
    Question(
        "How are two names connected?",
        "The shortest ways from FID to MMLU, through papers and relations.",
        """\
MATCH (a:Entity) WHERE 'fid' IN a.folded
MATCH (b:Entity) WHERE 'mmlu' IN b.folded AND b <> a
MATCH way = allShortestPaths((a)-[:PROPOSES|USES|TRAINS_ON|EVALUATES_ON|COMPARES_WITH|ADDRESSES
  |MEASURES|BASED_ON|PART_OF|COMPARED_WITH|FOR_TASK|MEASURED_BY*..8]-(b))
RETURN way LIMIT 20""",
    ),
)
