"""Speed and memory of resolution: a million mentions, ten to an abstract, no two abstracts alike.

Names come as often as they do in what the extractor reads: in 37,000 mentions of 3,800 papers,
three in four names were seen for the first time, and a quarter stood in the alias data. New names
go on coming (Heaps' law with exponent 0.93, hence some 600,000 in a million mentions); the others
are used in proportion to how often they were used before, which gives Zipf's law.

python -m benchmarks resolution
"""

import random
import resource
import time
from collections.abc import Iterator
from itertools import islice
from typing import Final

from graph.naming import fold
from graph.resolution import resolve_records
from graph.resolution.lexicon import words
from graph.resolution.tables import aliases

MENTIONS: Final = 1_000_000
MENTIONS_PER_PAPER: Final = 10
WORDS_PER_ABSTRACT: Final = 170
HEAPS: Final = (1.48, 0.934)
"""Names after n mentions: factor times n to the power of the exponent."""


def new_names(chance: random.Random, vocabulary: list[str]) -> Iterator[str]:
    """Names made up in the shapes of real ones: half of them phrases, half of them coined."""
    shapes = (
        lambda a, b, c, n: f"{a} {b} {c}",
        lambda a, b, c, n: f"{a}-aware {b} {c}",
        lambda a, b, c, n: f"{a} {b}",
        lambda a, b, c, n: f"{a.title()}{b.title()}",
        lambda a, b, c, n: f"{a[0]}{b[0]}{c[:3]}-{b.title()}".upper()[:9] + f"-{n % 97}",
        lambda a, b, c, n: f"{a.title()}-{n % 9}.{n % 3}-{n % 80}B",
    )
    number = 0
    while True:
        number += 1
        yield chance.choice(shapes)(*chance.choices(vocabulary, k=3), number)


def mentions(count: int) -> Iterator[dict[str, str]]:
    """Mentions made up, the same in every run."""
    chance = random.Random(11)
    data = aliases()
    vocabulary = sorted(words())
    used = sorted({*data.senses, *data.names})
    chance.shuffle(used)
    invented = new_names(chance, vocabulary)
    long_forms = [" ".join(data.words[key]).title() for key in sorted(data.words)]
    factor, exponent = HEAPS
    abstract = title = ""
    for number in range(count):
        if number % MENTIONS_PER_PAPER == 0:
            own = chance.choice(long_forms)
            short = "".join(word[0] for word in own.split())
            title = " ".join(chance.choices(vocabulary, k=9)).title()
            text = " ".join(chance.choices(vocabulary, k=WORDS_PER_ABSTRACT))
            abstract = f"We study {own} ({short}). {text}."
        new = factor * exponent * (number + 1) ** (exponent - 1)  # share of new names by now
        surface = next(invented) if chance.random() < new else chance.choice(used)
        used.append(surface)
        yield {
            "mention_id": str(number),
            "surface": surface,
            "type": chance.choice(("Model", "Method", "Dataset", "Task")),
            "title": title,
            "abstract": abstract,
        }


def main() -> None:
    total = folding = 0.0
    done, surfaces, entities = 0, set[int](), set[int]()
    stream = mentions(MENTIONS)
    while batch := list(islice(stream, 20_000)):
        start = time.process_time()
        resolved = list(resolve_records(batch))
        middle = time.process_time()
        for record in batch:
            fold(record["surface"])
        total += middle - start
        folding += time.process_time() - middle
        done += len(batch)
        surfaces.update(hash(record["surface"]) for record in batch)
        entities.update(hash(row["entity"]) for row in resolved)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{done:,} mentions of {len(surfaces):,} spellings: {len(entities):,} entities")
    print(f"{total:.0f} s of one CPU, {1e6 * total / done:.0f} µs a mention")
    print(f"peak memory {peak:.0f} MiB, the benchmark's own names and mentions included")
    print(f"{total / folding:.0f} times the time of folding case and punctuation alone")


if __name__ == "__main__":
    main()
