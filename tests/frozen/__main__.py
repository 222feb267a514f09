"""Show what differs from what is frozen, or freeze it anew.

``python -m tests.frozen``           what differs, by run and part
``python -m tests.frozen --texts D`` also write all texts into the folder D, to be compared
``python -m tests.frozen --write``   freeze what is shown now
``python -m tests.frozen one few``   of these runs only
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.frozen.hashes import differences, frozen, hashed, write
from tests.frozen.runs import RUNS, texts


def main() -> int:
    """Run it; 1 where something differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.frozen", description=__doc__)
    parser.add_argument("runs", nargs="*", choices=[[], *RUNS], default=[], metavar="RUN")
    parser.add_argument("--texts", type=Path, metavar="DIR", help="write all texts here")
    parser.add_argument("--write", action="store_true", help="freeze what is shown now")
    asked = parser.parse_args()
    found = {}
    for run in asked.runs or RUNS:
        with tempfile.TemporaryDirectory() as folder:
            shown = texts(run, Path(folder))
        if asked.texts is not None:
            (asked.texts / run).mkdir(parents=True, exist_ok=True)
            for part, text in shown.items():
                (asked.texts / run / part).write_text(text, encoding="utf-8")
        found[run] = hashed(shown)
    lines = [line for run in found for line in differences(run, found[run])]
    print("\n".join(lines) or "nothing differs")
    if asked.write:
        write({**frozen(), **found})
        return 0
    return int(bool(lines))


sys.exit(main())
