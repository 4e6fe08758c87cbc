"""The GraphQL schema and its HTTP view.

Reading order: ``enums``, ``types`` (what there is), ``filters`` and ``query`` (how to ask),
``connections`` and ``cursors`` (paging), ``context`` (what resolvers share), ``limits`` and
``errors`` (what is refused, and how that is said), ``schema``, ``view``; then
``execution`` (how common questions are answered
without an object for each row).
"""
