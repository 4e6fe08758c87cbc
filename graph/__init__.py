"""The graph: what is known, from which sentence, and which names mean one thing.

Read in this order: ``ontology`` (the vocabulary), ``model`` (papers, extractions, decisions),
``resolution`` (names to identities, pure), ``stores.base`` (the port), ``stores`` (its adapters),
``ingest`` (papers in), ``export`` and ``verify`` (papers out, and proof).

Nothing is re-exported here, so that ``import graph.model`` loads no database driver.
"""
