"""Answering the common questions by column instead of object by object.

graphql-core calls a resolver, checks a type and starts a coroutine for every field of every
object. Here an operation is compiled once into columns: each field gives its values for all
objects of a page at a time, read from the store as such. What is not known here is left to
graphql-core, as is every request that does not end well, so that all errors are its own.

Reading order: ``selection`` (what is selected), ``rows`` and ``leaves`` (how columns become
objects), ``arguments``, ``compiler`` (from a selection to columns), ``lists`` (the connections),
``entity_papers`` (those of many entities at once), ``roots`` (the top-level fields), ``documents``
(what is kept of a query's text), ``executor`` (runs a question on one state of the store),
``answers`` (what is kept of an answer, and HTTP caching), ``persisted`` (queries by their hash),
``known`` (spares graphql-core what has been done before).
"""
