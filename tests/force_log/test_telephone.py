"""The call takers' queue fitted to hourly counts that the queue itself made."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sim.errors import InputError, ScenarioErrors
from sim.force_log.telephone import TelephoneMapping, load_telephone_mapping, telephone

ROOT = Path(__file__).parents[2]
MAPPING = TelephoneMapping.model_validate(
    {
        "format": 1,
        "title": "made up",
        "time": {"column": "hour", "format": "%Y-%m-%d %H:%M"},
        "lines": {
            "emergency": {
                "origin": "999",
                "answered_within_seconds": {"10": "w10", "20": "w20", "60": "w60"},
                "later": "later",
                "abandoned": "lost",
                "handling_minutes": 6.0,
            }
        },
    }
)
STAFF = 4


def counts(folder: Path, days: int) -> Path:
    """Hourly counts of `STAFF` call takers, worked out call by call, with a ring of 5 seconds.

    First come, first served: a call is answered when the earliest of the lines falls free.
    """
    draw = np.random.Generator(np.random.Philox(5))
    free = np.zeros(STAFF)
    rows = []
    for hour in range(24 * days):
        calls = np.sort(draw.uniform(0, 3600, draw.poisson(26))) + 3600 * hour
        bins = [0, 0, 0, 0]
        for call in calls:
            first = int(free.argmin())
            begun = max(call, free[first])
            free[first] = begun + draw.exponential(360)
            wait = begun - call + 5 * np.exp(0.5 * draw.normal())
            bins[int(np.searchsorted([10, 20, 60], wait))] += 1
        rows.append((f"2025-01-{1 + hour // 24:02d} {hour % 24:02d}:00", *bins, 1))
    path = folder / "hourly.csv"
    pl.DataFrame(rows, ["hour", "w10", "w20", "w60", "later", "lost"], orient="row").write_csv(path)
    return path


def test_staff_is_recovered_and_the_rest_predicted(tmp_path: Path) -> None:
    """Staff is found on every shift, and shares of the later days are predicted."""
    found = telephone(counts(tmp_path, 21), MAPPING, 14)
    assert all(abs(people - STAFF) <= 1 for people in found.staff.values())
    whole = [one for one in found.within if one.load == "all"]
    assert [one.seconds for one in whole] == [10, 20, 60]
    # About 4,400 calls in busy spells that cluster: an error of three points is six of theirs.
    assert all(abs(one.predicted - one.observed) < 0.06 for one in whole)


def test_no_share_stands_on_fewer_than_five_calls(tmp_path: Path) -> None:
    """Shares with fewer than five calls on either side are not told."""
    found = telephone(counts(tmp_path, 6), MAPPING, 3)
    assert found.within
    for one in found.within:
        assert one.n >= 50
        assert 0 < one.observed < 1


def test_no_day_to_predict_is_refused(tmp_path: Path) -> None:
    """All days fitted leaves nothing to hold the fit against."""
    with pytest.raises(InputError):
        telephone(counts(tmp_path, 3), MAPPING, 3)


def test_the_shipped_mapping_is_sound() -> None:
    """It loads, and names two lines."""
    mapping = load_telephone_mapping(ROOT / "scenarios/mappings/telephone/us-city.toml")
    assert list(mapping.lines) == ["emergency", "administrative"]


def test_a_bad_mapping_is_refused_with_every_fault(tmp_path: Path) -> None:
    """Unknown keys and missing ones are told at once."""
    path = tmp_path / "bad.toml"
    path.write_text('format = 1\ntitel = "x"\n', encoding="utf-8")
    with pytest.raises(ScenarioErrors) as caught:
        load_telephone_mapping(path)
    assert len(caught.value.errors) >= 3
