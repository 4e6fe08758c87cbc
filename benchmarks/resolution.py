"""Speed and memory of resolution: a million mentions, six to an abstract, no two abstracts alike.

python -m benchmarks resolution
"""

import random
import resource
import time
from collections.abc import Iterator
from itertools import islice

from graph.naming import fold
from graph.resolution import resolve_records
from graph.resolution.lexicon import words
from graph.resolution.tables import aliases

MENTIONS = 1_000_000
MENTIONS_PER_PAPER = 6
WORDS_PER_ABSTRACT = 130
INVENTED = 200_000
"""Names that no alias data know; most of them are used by few papers."""


def records() -> Iterator[dict[str, str]]:
    """Mentions made up, the same in every run: half of them known names, half invented."""
    random.seed(11)
    data = aliases()
    known = sorted({*data.senses, *data.names})
    vocabulary = sorted(words())
    invented = [f"{random.choice(vocabulary).title()}Net-{n}" for n in range(INVENTED)]
    long_forms = [" ".join(data.words[key]).title() for key in sorted(data.words)]
    number = 0
    while True:
        own = random.choice(long_forms)
        short = "".join(word[0] for word in own.split())
        text = " ".join(random.choices(vocabulary, k=WORDS_PER_ABSTRACT))
        abstract = f"We study {own} ({short}). {text}."
        for surface in random.choices(known, k=3):
            yield {"mention_id": str(number), "surface": surface, "abstract": abstract}
            number += 1
        for _ in range(MENTIONS_PER_PAPER - 3):
            name = invented[int(INVENTED * random.random() ** 3)]
            yield {"mention_id": str(number), "surface": name, "abstract": abstract}
            number += 1


def main() -> None:
    total = 0.0
    folding = 0.0
    done = 0
    stream = islice(records(), MENTIONS)
    while batch := list(islice(stream, 20_000)):
        start = time.process_time()
        done += sum(1 for _ in resolve_records(batch))
        middle = time.process_time()
        for record in batch:
            fold(record["surface"])
        total += middle - start
        folding += time.process_time() - middle
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{done:,} mentions in {total:.0f} s of one CPU, peak memory {peak:.0f} MiB")
    print(f"{total / folding:.0f} times the time of folding case and punctuation alone")


if __name__ == "__main__":
    main()
