"""What is read for training: annotated papers, unlabelled abstracts, and what must not be read."""

import json
import random
from dataclasses import dataclass
from pathlib import Path

from extract.training.data import Annotated, read_gold, read_standoff

HELD_OUT = 100


@dataclass(frozen=True)
class Inputs:
    """Where the data lie; see ``extract.training.train``."""

    papers: Path
    gold: Path
    abstracts: Path
    annotations: Path | None
    excluded: Path | None

    def files(self) -> list[Path]:
        """Every file that is read."""
        named = [self.papers, self.gold, *([self.excluded] if self.excluded else [])]
        return [*named, *self.standoff(), *sorted(self.abstracts.glob("abstracts_*.jsonl.xz"))]

    def standoff(self) -> list[Path]:
        """Files of stand-off annotations."""
        return sorted(self.annotations.glob("*.jsonl")) if self.annotations else []


def split_papers(
    inputs: Inputs, seed: int, limit: int | None
) -> tuple[list[Annotated], list[Annotated]]:
    """Papers to train on, of at most ``limit``, and papers held out for thresholds."""
    annotated = read_gold(inputs.papers, inputs.gold)[:limit]
    banned = excluded_titles(inputs)
    ids = sorted(p.id for p in annotated)
    held = set(random.Random(seed).sample(ids, min(HELD_OUT, len(ids) // 4)))
    seen = banned | {key_of(p) for p in annotated}
    extra = [] if limit else read_standoff(inputs.standoff(), inputs.abstracts)
    training = [p for p in annotated if p.id not in held and key_of(p) not in banned]
    training += [p for p in extra if key_of(p) not in seen]
    return training, [p for p in annotated if p.id in held]


def key_of(paper: Annotated) -> str:
    """Key of a paper's title."""
    from extract.training.pretrain import title_key

    return title_key(paper.text[: paper.title_end])


def excluded_titles(inputs: Inputs) -> set[str]:
    """Keys of the titles that must not be read."""
    from extract.training.pretrain import title_key

    if inputs.excluded is None:
        return set()
    with inputs.excluded.open(encoding="utf8") as lines:
        return {title_key(json.loads(line)["title"]) for line in lines if line.strip()}
