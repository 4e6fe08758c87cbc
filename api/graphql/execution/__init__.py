"""Answering the common questions by column instead of object by object.

graphql-core calls a resolver, checks a type and starts a coroutine for every field of every
object. Here an operation is compiled once into columns: each field gives its values for all
objects of a page at a time, read from the store as such. What is not known here is left to
graphql-core, as is every request that does not end well, so that all errors are its own.

Reading order: ``selection`` (what is selected), ``rows`` (how columns become objects),
``arguments``, ``compiler`` (from a selection to columns), ``lists`` (the connections), ``roots``
(the top-level fields), ``executor`` (runs them on one state of the store), ``documents`` (what is
kept of a query's text), ``caching`` and ``http`` (what is kept of an answer).
"""
