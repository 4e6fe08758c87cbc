"""A benchmark of machine-learning names, with contexts written for it.

``papers.md`` marks mentions in short texts and says what each means; ``pairs.tsv`` lists bare
pairs of names that are the same thing or are not. ``python -m benchmarks names`` scores ours and
the common defaults.
"""

from benchmarks.names.score import main

__all__ = ["main"]
