"""Which sense of an abbreviation a text means that does not define it.

A long form that stands in the text decides. Otherwise words do that go with one sense and not
with its rivals (``cues.tsv``, mined from the papers that do define it): naive Bayes over the cue
words present, with the number of papers as prior.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Final

_WORD = re.compile(r"[a-z]{3,}")
_NOT_LETTER = re.compile(r"[\W_]+")
_CUES_PER_SENSE: Final = 20
_LEAST_WEIGHT: Final = 1.2
_LEAST_PAPERS: Final = 3
_LEAST_LONG: Final = 8
_CERTAIN: Final = 0.95
_LEAST_HITS: Final = 2


@lru_cache(maxsize=256)
def words_of(text: str) -> frozenset[str]:
    """Lower-case words of a text, three letters or more."""
    return frozenset(_WORD.findall(text.casefold()))


@lru_cache(maxsize=256)
def _squeezed(text: str) -> str:
    return _NOT_LETTER.sub("", text.casefold())


def spelled_in(text: str, longs: Mapping[str, Collection[str]]) -> str | None:
    """The one sense a long form of which stands in the text, or None where none or several do.

    A long form that is part of another one present does not count.

    Args:
        text: title and abstract.
        longs: folded long forms per sense.
    """
    squeezed = _squeezed(text)
    present = {
        key: form
        for key, forms in longs.items()
        for form in sorted(forms, key=len)
        if len(form) >= _LEAST_LONG and form in squeezed
    }
    longest = [
        key
        for key, form in present.items()
        if not any(form != other and form in other for other in present.values())
    ]
    return longest[0] if len(longest) == 1 else None


def sense_by_cues(
    text: str, papers: Mapping[str, float], cues: Mapping[str, Mapping[str, float]]
) -> str | None:
    """The sense that the cue words of a text make near certain, or None.

    Args:
        text: title and abstract.
        papers: papers (or weight) per sense: the prior.
        cues: weight of evidence per cue word per sense.
    """
    words = words_of(text)
    scores: dict[str, float] = {}
    hits: dict[str, int] = {}
    for key, count in papers.items():
        if count <= 0:
            continue
        found = [weight for word, weight in cues.get(key, {}).items() if word in words]
        scores[key] = math.log(count) + sum(found)
        hits[key] = len(found)
    if not scores:
        return None
    best = max(scores, key=lambda key: (scores[key], key))
    share = 1 / sum(math.exp(min(score - scores[best], 0)) for score in scores.values())
    return best if share >= _CERTAIN and hits[best] >= _LEAST_HITS else None


def mine_cues(
    rivals: Iterable[Mapping[str, Collection[str]]],
    own_words: Mapping[str, Collection[str]],
    words_in: Mapping[str, frozenset[str]],
) -> dict[str, dict[str, float]]:
    """Cue words per sense.

    Args:
        rivals: per ambiguous abbreviation, the papers that define each of its senses.
        own_words: words of each sense's long forms; they are no cues.
        words_in: words per paper.

    Returns:
        Weight of evidence per word per sense: the logarithm of its share of the sense's papers
        over its share of the rivals' papers, or of all papers where that is larger.
    """
    cues: dict[str, dict[str, float]] = defaultdict(dict)
    everywhere = Counter(word for words in words_in.values() for word in words)
    for senses in rivals:
        counts = {
            key: Counter(word for paper in sorted(papers) for word in words_in[paper])
            for key, papers in senses.items()
        }
        total = sum(counts.values(), Counter())
        everything = sum(len(papers) for papers in senses.values())
        for key, papers in senses.items():
            size, rest = len(papers), everything - len(papers)
            if size < _LEAST_PAPERS or not rest:
                continue
            weighed = []
            for word, count in counts[key].items():
                if count < _LEAST_PAPERS or word in own_words[key]:
                    continue
                elsewhere = total[word] - count
                usual = max((elsewhere + 0.5) / (rest + 1), everywhere[word] / len(words_in))
                weight = math.log((count + 0.5) / (size + 1)) - math.log(usual)
                if weight >= _LEAST_WEIGHT:
                    weighed.append((-weight * count / size, word, weight))
            for _, word, weight in sorted(weighed)[:_CUES_PER_SENSE]:
                cues[key][word] = max(round(weight, 1), cues[key].get(word, 0.0))
    return dict(cues)
