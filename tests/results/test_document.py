"""The typed document: look-ups, what it refuses, and its way through JSON."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sim.results import Context, Document, Row, Run, ScenarioRows

RUN = Run(seed=1, replications=30, days=28, engine="reference", seconds=1.0)


def row(measure: str = "arrived_within_target", **keys: Any) -> Row:
    """A share of missing children of grade 2."""
    plain: dict[str, Any] = {"stream": "missing_child", "grade": 2, "value": 0.2, "low": 0.1}
    return Row(measure=measure, **plain | {"high": 0.3, "unit": "share", "n": 90} | keys)


def document(*rows: Row, **context: Any) -> Document:
    """A document of one scenario with these rows."""
    part = ScenarioRows(name="base", file="base.toml", rows=rows)
    return Document(scenarios=(part,), context=Context(**context), run=RUN)


def test_a_row_is_found_by_its_measure_and_its_keys() -> None:
    """A key that is not named is over all of it."""
    rows = (row(), row(clock="graded"), row(risk="high"), row("waited_over", minutes=60))
    part = document(*rows).baseline
    assert part.row("arrived_within_target", stream="missing_child", grade=2) is rows[0]
    found = part.row("arrived_within_target", stream="missing_child", grade=2, clock="graded")
    assert found is rows[1]
    assert part.row("waited_over", stream="missing_child", grade=2) is None
    assert part.row("waited_over", stream="missing_child", grade=2, minutes=60) is rows[3]
    assert part.along("arrived_within_target", "risk", stream="missing_child", grade=2) == {
        "high": rows[2]
    }


def test_a_wrong_name_is_not_passed_over_in_silence() -> None:
    """An unknown measure or key is an error, not a figure that happens to be absent."""
    part = document(row()).baseline
    with pytest.raises(KeyError, match="waited_over"):
        part.row("waited_over_60_minutes")
    with pytest.raises(KeyError, match="arrived_by"):
        part.of("arived_by")
    with pytest.raises(TypeError, match="streams"):
        part.row("delay_mean", streams="missing_child")  # type: ignore[call-arg]
    with pytest.raises(KeyError, match="ages"):
        part.along("delay_mean", "ages")


@pytest.mark.parametrize(
    "wrong",
    [{"value": float("nan")}, {"high": float("inf")}, {"measure": "delay"}, {"unit": "days"}],
)
def test_a_row_refuses_what_is_no_figure(wrong: dict[str, Any]) -> None:
    """Neither NaN nor infinity, nor a measure or a unit that nobody has described."""
    with pytest.raises(ValidationError):
        row(**wrong)


def test_the_headline_is_by_the_clock_that_is_asked_for() -> None:
    """The target's own clock is null in the rows; without such a row the null one stands in."""
    rows = row(), row(clock="graded"), row("delay_mean", unit="minutes")
    own = document(*rows)
    assert own.headline(own.baseline, "arrived_within_target") is rows[0]
    assert own.headline(own.baseline, "arrived_within_target", "graded") is rows[1]
    assert own.headline(own.baseline, "delay_mean") is rows[2]
    graded = document(row(), row(clock="received"), starts="graded")
    assert graded.headline(graded.baseline, "arrived_within_target") is graded.baseline.rows[1]


def test_a_document_comes_back_from_json_as_it_went() -> None:
    """Nothing is lost or added on the way, and each row has its pointer."""
    whole = document(row(), row("waited_over", minutes=600), target_minutes={"north": 15.0})
    assert Document.model_validate_json(whole.model_dump_json()) == whole
    assert whole.pointer(whole.baseline.rows[1]) == "/scenarios/0/rows/1"
    assert whole.pointer(row()) == ""


def test_what_a_document_does_not_know_is_refused() -> None:
    """A key too many, or another format number."""
    data = document(row()).model_dump(mode="json")
    for wrong in ({**data, "more": 1}, {**data, "format": 1}):
        with pytest.raises(ValidationError):
            Document.model_validate(wrong)


def test_a_copy_looks_up_its_own_rows() -> None:
    """What was found in the old rows is not taken for the new ones."""
    part = document(row()).baseline
    assert part.row("arrived_within_target", stream="missing_child", grade=2) is not None
    changed = part.model_copy(update={"rows": ()})
    assert changed.row("arrived_within_target", stream="missing_child", grade=2) is None
