"""The embedded store: one SQLite file, no server.

One process may write while others read (write-ahead log); the file must lie on a local disk.
Reading order: ``schema``, ``store``, ``writing``, ``tallies``, ``conditions``, ``listing``,
``entity_listing``, ``reading``, ``check``.
"""
