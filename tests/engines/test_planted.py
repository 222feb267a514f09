"""Generated worlds of ties show faults: what they agree on means something."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_each_planted_fault_is_shown_by_some_generated_world() -> None:
    """Of either engine, one at a time, in eight thousand worlds; the other makes other tables."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.engines.planted", "4000"],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == []
