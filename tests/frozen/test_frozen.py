"""What is shown is what was frozen; `python -m tests.frozen --texts DIR` shows how it differs."""

from pathlib import Path

import pytest

from tests.frozen.hashes import differences, frozen, hashed
from tests.frozen.runs import RUNS, texts

_SLOW = {"three", "one", "own"}


@pytest.mark.parametrize(
    "run", [pytest.param(run, marks=[pytest.mark.slow] if run in _SLOW else []) for run in RUNS]
)
def test_what_is_shown_is_what_was_frozen(run: str, tmp_path: Path) -> None:
    """Console, page, files, trace and log pages of a small run are those that were frozen."""
    assert list(differences(run, hashed(texts(run, tmp_path)))) == []


def test_every_run_is_frozen() -> None:
    """No run is without its hashes, and no hash without its run."""
    assert set(frozen()) == set(RUNS)


def test_a_changed_word_is_noticed() -> None:
    """A part that differs, is new or is gone is named."""
    kept = frozen()["few"]
    assert list(differences("few", kept)) == []
    assert list(differences("few", {**kept, "page.html": ""})) == ["few/page.html: differs"]
    assert list(differences("few", {**kept, "other": ""})) == ["few/other: new"]
    less = {part: one for part, one in kept.items() if part != "page.html"}
    assert list(differences("few", less)) == ["few/page.html: not shown any more"]
