"""``python -m benchmarks [NAME …]``: run benchmarks and print their figures.

Each module here with a ``main()`` is one benchmark. Figures are ratios against a peer in the same
run where there is a peer: seconds on a shared machine say little.
"""

import importlib
import pkgutil
import sys
from pathlib import Path


def names() -> list[str]:
    found = (m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)]))
    return sorted(n for n in found if not n.startswith("_"))


def main() -> None:
    wanted = sys.argv[1:] or names()
    for name in wanted:
        if name not in names():
            sys.exit(f"no benchmark named {name}; there are: {', '.join(names())}")
    for name in wanted:
        print(f"== {name}", flush=True)
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
