"""A limit on memory under which a library would abort, or wait for ever, is refused at once."""

from __future__ import annotations

import sys

import pytest

from tests.loopback import ROOT

resource = pytest.importorskip("resource", reason="Windows has no such limit")


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not keep to it")
def test_a_command_says_so_before_it_begins() -> None:
    """With the limit, what is needed, and how to lift it; and nothing is simulated."""
    import subprocess

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (1_000 * 2**20, resource.RLIM_INFINITY))

    words = ("run_sim.py", "run", "scenarios/dorset-2022.toml")
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        preexec_fn=limited,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "allows 1,000 MiB" in done.stderr
    assert "ulimit -v unlimited" in done.stderr
    assert "Traceback" not in done.stderr
