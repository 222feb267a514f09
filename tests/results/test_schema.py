"""The published schema of results is that of the typed document."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim import cli
from sim.results.schema import schema_text

PUBLISHED = Path(__file__).parents[2] / "docs" / "output.schema.json"


def test_the_published_schema_is_that_of_the_document() -> None:
    """`run_sim.py schema --results > docs/output.schema.json` writes it anew."""
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text()


def test_a_command_writes_it(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """With an option; without it, that of scenario files."""
    assert cli.main(["schema", "--results"]) == 0
    assert capsysbinary.readouterr().out.decode() == schema_text()
    assert cli.main(["schema"]) == 0
    assert capsysbinary.readouterr().out.decode() != schema_text()
