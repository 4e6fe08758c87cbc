"""Use cases. The command line and the GraphQL resolvers are thin callers of these modules.

``names`` (what a name means), ``papers`` (who uses what), ``ingest`` (papers in and out),
``identity`` (decisions). ``names``, ``papers`` and ``identity`` never load a language model.
"""
