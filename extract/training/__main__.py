"""``python -m extract.training``: train a pipeline."""

import argparse
import logging
import sys
from pathlib import Path

from extract.training import train
from graph.errors import PapergraphError


def main(arguments: list[str] | None = None) -> int:
    """Parse arguments and train."""
    parser = argparse.ArgumentParser(prog="python -m extract.training", description=__doc__)
    parser.add_argument("--papers", type=Path, default=Path("../shared/gold/train.papers.jsonl"))
    parser.add_argument("--gold", type=Path, default=Path("../shared/gold/train.gold.jsonl"))
    parser.add_argument("--abstracts", type=Path, default=Path("../shared/data"))
    parser.add_argument("--annotations", type=Path, default=Path(__file__).parent / "annotations")
    parser.add_argument("--excluded", type=Path, default=Path("../shared/gold/dev.papers.jsonl"))
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--name", default="default", choices=("default", "fast"))
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--teacher", default="default", help="pipeline that fast learns from")
    parser.add_argument("--smoke", action="store_true", help="a useless model in seconds")
    options = vars(parser.parse_args(arguments))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    try:
        train(**options)
    except PapergraphError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
