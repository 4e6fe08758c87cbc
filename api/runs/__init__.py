"""Ingests that go on behind the API, and what is told of them while they do.

``jobs`` is what is kept of one until it has ended, ``queue`` takes them in and has them done one
after the other, ``worker`` is the process that does one, by an ``order``; ``watch`` tells
subscribers of runs, ``news`` of claims; ``background`` is all of it.
"""
