"""The benchmark at other sizes than ``make bench`` takes."""

import argparse

from benchmarks.graphql.compare import main

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--entities", type=int, default=60_000)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", default="", help="keeps the stores for the next time")
    parser.add_argument("--npm", default="", help="folder of the peer, installed there once")
    main(**vars(parser.parse_args()))
