"""A command that ends itself at a drawn step, or has little memory: a process of its own.

    python -m tests.crash.driver --die-at 40 -- run force.toml --output kept

``--die-at`` ends the process, as SIGKILL does, before it opens, makes, renames or removes the so
many-th file below the folder that the command works in. ``--megabytes`` leaves so much memory
beyond what has been taken when everything is imported.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from typing import Final

_STEPS: Final = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.listdir"}
_MEBIBYTE: Final = 1 << 20


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--die-at", type=int)
    parser.add_argument("--megabytes", type=int)
    parser.add_argument("words", nargs="*")
    asked = parser.parse_args()
    from sim import api, cli, study  # noqa: F401 (what a study needs, before memory is short)
    from sim.report import console  # noqa: F401

    if asked.die_at is not None:
        _die_at(asked.die_at)
    if asked.megabytes is not None:
        _write_a_table()
        _leave(asked.megabytes)
    # Results name the command.
    sys.argv[1:] = asked.words
    return cli.main()


def _die_at(step: int) -> None:
    here, steps = str(Path.cwd()), 0

    def count(event: str, words: tuple[object, ...]) -> None:
        nonlocal steps
        if event not in _STEPS or not str(words[0]).startswith(here):
            return
        steps += 1
        if steps == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def _write_a_table() -> None:
    """Have polars begin its threads, which it cannot do without when memory is short."""
    import tempfile

    import polars as pl

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "table"
        pl.DataFrame({"a": [1]}).write_ipc(file, compression="zstd")
        pl.scan_ipc(file).sink_parquet(Path(folder) / "joined")


def _leave(megabytes: int) -> None:
    import resource

    taken = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = taken * resource.getpagesize() + megabytes * _MEBIBYTE
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    sys.exit(main())
