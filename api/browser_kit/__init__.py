"""The kit for Neo4j Browser: colours, a guide with the questions people ask, favourites.

Served below ``/browser-kit/`` to any site, for Browser loads it from the address of the database.
All of it is generated: the style from the ontology, guide and favourites from ``questions``.

Reading order: ``questions``, ``style``, ``guide``, ``favourites``, ``serving``.
"""
