"""A column of fates is told once, in its table's schema."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from sim.engines.compiled import fields
from sim.engines.compiled.fields import columns
from sim.tables import (
    CASES,
    CONCERNS,
    ENQUIRIES,
    EPISODES,
    INCIDENTS,
    NEVER,
    NONE,
    OUTCOMES,
    blank,
)
from tests.engines.hand import incidents

ROOT = Path(__file__).parents[2]
COMPILED = ROOT / "sim" / "engines" / "compiled"
REFERENCE = ROOT / "sim" / "engines" / "reference"
KINDS = (
    *("allocation", "area", "case", "class_", "job"),
    *("concern", "level", "line", "pool", "task", "unit", "visit"),
)


def test_a_made_up_column_arrives_without_being_named_anywhere_else() -> None:
    """In the draws, in the engine's jobs, cases, lines and errands, and out of it again."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.engines.made_up_columns"],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_that_is_read_is_there(kind: str) -> None:
    """The type checker knows no field by its name, so a misspelt one is found here."""
    module = import_module(f"{fields.__name__}.{kind}")
    by_place, by_name = set(), set()
    for file in COMPILED.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                whose = ast.unparse(node.value)
                if whose == kind:
                    by_place.add(node.attr)
                elif whose == f"the_{kind.rstrip('_')}" or whose.startswith(f"{kind}.at("):
                    by_name.add(node.attr)
    assert by_place
    assert by_name
    assert [name for name in sorted(by_place) if not hasattr(module, name)] == []
    assert [name for name in sorted(by_name) if not hasattr(module, name.upper())] == []


def test_every_column_that_the_reference_names_is_there() -> None:
    """Nor does the type checker know the rows that were drawn, or those that will be written."""
    drawn = {name for table in (INCIDENTS, EPISODES, ENQUIRIES, CONCERNS) for name in table.names}
    written = {*OUTCOMES.names, *CASES.names}
    named: dict[str, set[str]] = {"fate": set(), "outcome": set()}
    for file in REFERENCE.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                whose = ast.unparse(node.value).rpartition(".")[2]
                if whose in named:
                    named[whose].add(node.attr)
    assert len(named["fate"]) > 40
    assert len(named["outcome"]) > 30
    assert named["fate"] - drawn == set()
    assert named["outcome"] - written == set()


def test_no_column_takes_another_field_s_name() -> None:
    """Two fields of one name would be one place for two things."""
    with pytest.raises(ValueError, match="RISK"):
        columns.named({"RISK": 3}, INCIDENTS, ("area", "risk"), 0)


def test_columns_stand_in_groups_by_what_is_in_them_where_nothing_applies() -> None:
    """NEVER first, then NONE, then 0, so that each group is filled in one go."""
    module: dict[str, object] = {}
    found = columns.named(module, INCIDENTS, ("area", "return_at", "child", "risk"), 10)
    assert module == {"RETURN_AT": 10, "CHILD": 11, "AREA": 12, "RISK": 13}
    assert found == columns.Columns(never=10, none=11, zero=12, end=14)


def test_what_says_nothing_of_a_row_is_told_by_the_schema() -> None:
    """NEVER in an optional column, the code for nobody where there is one, else 0."""
    empty = blank(INCIDENTS, 2)
    assert tuple(empty) == INCIDENTS.names
    assert empty["return_at"].tolist() == [NEVER, NEVER]
    assert empty["child"].tolist() == [NONE, NONE]
    assert empty["officers"].tolist() == [0, 0]


def test_rows_are_read_by_the_names_of_their_columns() -> None:
    """A row is a tuple of whole numbers with the schema's names."""
    first, second = incidents({"grade": 1}, {"grade": 4, "return_at": 7}).rows()
    assert (first.key, first.grade, first.return_at) == (1, 1, NEVER)
    assert (second.key, second.grade, second.return_at) == (2, 4, 7)
    assert type(second.grade) is int
    assert first._fields == INCIDENTS.names
