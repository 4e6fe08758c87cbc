"""The Neo4j adapter: the graph as nodes and relationships that people read in Neo4j Browser.

``(:Paper)-[:USES]->(:Entity:Model)`` and its seven sisters are the claims, with their evidence;
``(:Paper)-[:REPORTS]->(:Result)``, joined by ``OF``, ``ON`` and ``IN`` to system, data and metric,
are the numbers; ``(:Entity)-[:BASED_ON]->(:Entity)`` and its sisters the relations. Decisions and
runs are nodes of their own.

Isolation is Neo4j's read committed: every load is one transaction, but an answer that is being
read in the instant of a commit may hold part of it.

Reading order: ``schema``, ``connection``, ``values``, ``writing``, ``conditions``, ``listing``,
``reading``, ``check``, ``store``.
"""
