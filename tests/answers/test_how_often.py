"""How often a wait comes back: counted by hand, its screen, what lies beyond, being stopped."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

import sim
from sim.answers import Estimated
from sim.answers.how_often import asking
from sim.answers.how_often.asking import how_often, minutes_of
from sim.answers.how_often.document import Recurrence
from sim.answers.kinds import KINDS
from sim.errors import InputError, Interrupted
from sim.measures import Cut
from sim.study import AllWaits, Settings, Waits, waits
from sim.tables import DAY, HOUR
from tests.loaded import as_loaded
from tests.worlds import small_scenario

BRIEF = Settings(replications=6, days=10, warm_up_days=1, engine="compiled", workers=2)


@cache
def found() -> Recurrence:
    """Waits of more than an hour in the small world."""
    return how_often(as_loaded(small_scenario()), 60.0, BRIEF)


def made_up(*replications: list[tuple[float, float]]) -> AllWaits:
    """Waits of missing children of grade 2, by replication: (reported in days, hours waited)."""
    made = []
    for rows in replications:
        reported = np.array([int(day * DAY) for day, _ in rows], dtype=np.int64)
        nought = np.zeros(len(rows), dtype=np.int64)
        made.append(
            (
                Waits(
                    streams=("missing_child",),
                    stream=nought,
                    grade=nought + 2,
                    reported_at=reported,
                    seconds=np.array([int(hours * HOUR) for _, hours in rows], dtype=np.int64),
                    risk=nought,
                    in_care=nought,
                    area=nought,
                    parading=nought[:1],
                ),
            )
        )
    return AllWaits(tuple(made), len(made), "reference")


def test_waits_and_nights_are_counted_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of one night are one night; noon parts nights; exactly ten hours is not more."""
    played = made_up(
        # 22:00 and 03:00 of one night; 13:00 of the next; one of exactly ten hours.
        [(0.9, 11.0), (1.125, 12.0), (1.55, 10.5), (4.0, 10.0)],
        [(2.0, 1.0)],
        [(0.4, 30.0), (0.6, 20.0)],
    )
    monkeypatch.setattr(asking, "waits", lambda *_, **__: played)
    answer = how_often(as_loaded(small_scenario()), 600.0, replace(BRIEF, replications=3, days=7))
    single, nights = answer.rates
    assert (single.seen, nights.seen) == (5, 4)
    # Three replications of seven days.
    assert single.a_year.number == pytest.approx(5 * 365 / 21)
    assert nights.a_year.number == pytest.approx(4 * 365 / 21)
    assert answer.every.number == pytest.approx(21 / 4 * 24)
    assert answer.windows == 2
    assert answer.reports == 7
    assert answer.longest.minutes == 1_800
    # Limits of the time between two nights are those of their rate, turned round.
    assert nights.a_year.low is not None
    assert answer.every.high == pytest.approx(365 / nights.a_year.low * 24)


def test_a_study_counts_the_same_waits() -> None:
    """Reports over an hour are as many as a run of the same luck tells."""
    loaded = as_loaded(small_scenario())
    results = sim.run(
        loaded, replications=6, days=10, warm_up_days=1, engine="compiled", surroundings=False
    )
    row = results.document.baseline.row("waited_over", stream="missing_child", grade=2, minutes=60)
    assert row is not None
    assert row.value is not None
    assert found().reports == row.n
    assert found().rates[0].seen == round(row.value * row.n)


def test_a_cut_narrows_it() -> None:
    """Of children in care fewer than of all, and its words say so."""
    cut = Cut(stream="missing_child", grade=2, care=True)
    narrow = how_often(as_loaded(small_scenario()), 60.0, BRIEF, cut=cut)
    assert 0 < narrow.reports < found().reports
    text = sim.Answered(narrow, (as_loaded(small_scenario()),)).summary()
    assert "IN CARE" in text
    assert "--about risk=high (other children)" in text
    whom = narrow.whom.model_copy(update={"risk": "high"})
    told = sim.Answered(narrow.model_copy(update={"whom": whom}), ()).summary()
    assert "--about care=yes (other children)" in told


def test_its_screen_can_be_read_aloud() -> None:
    """At most 30 lines of 80 columns: nights, a month, the longest."""
    text = sim.Answered(found(), (as_loaded(small_scenario()),)).summary()
    lines = text.splitlines()
    # Of waits of an hour, so the longer one is asked for next, and why of this one.
    assert "--over 10h (another wait)   explain SCENARIO --measure over-1h (why)" in text
    assert len(lines) <= 30
    assert max(map(len, lines)) <= 80
    text = " ".join(" ".join(lines).split())
    for words in ("HOW OFTEN GRADE 2 MISSING CHILDREN WAIT MORE THAN", "One night in", "LONGEST"):
        assert words in text


def test_a_wait_of_nearly_every_night_is_told_by_nights_of_a_year() -> None:
    """A planner asks how many nights, and what part of the reports, and not when the next is."""
    often = found().model_copy(
        update={
            "every": Estimated(value=26.0, low=24.0, high=28.0, unit="hours", n=60),
            "in_a_month": Estimated(value=0.9999, low=0.999, high=1.0, unit="share", n=60),
            "over_minutes": 60.0,
        }
    )
    text = " ".join(sim.Answered(often, ()).summary().split())
    assert "One night in" not in text
    assert re.search(r"ANSWER On [\d,]+ \([\d,]+ to [\d,]+\) of a year's 365 nights\.", text)
    assert "A month of 30 days all but surely has one." in text
    assert "explain SCENARIO --measure over-1h (why)" in text
    waits = often.rates[0]
    share = f"{100 * waits.seen / often.reports:.0f} in 100 of these reports wait so long."
    assert (share in text) == (waits.seen > 0.01 * often.reports)


def test_its_document_is_as_the_schema_says() -> None:
    """JSON that the published schema takes, and that reads back as itself."""
    schema = json.loads((Path(__file__).parents[2] / "docs/answers.schema.json").read_text())
    data = json.loads(found().model_dump_json())
    Draft202012Validator(schema).validate(data)
    assert KINDS["how-often"].model_validate(data) == found()


def test_beyond_what_was_seen_the_tail_says_it_with_its_stability() -> None:
    """Three hours were hardly seen: a rate by peaks, limits, and several thresholds beside it."""
    answer = how_often(as_loaded(small_scenario()), 180.0, replace(BRIEF, replications=12))
    tail = answer.tail
    assert answer.rates[1].seen < asking.LEAST_NIGHTS
    assert tail is not None
    assert tail.a_year.low is not None
    assert tail.a_year.high is not None
    assert tail.a_year.low <= tail.a_year.number <= tail.a_year.high
    assert len(tail.fits) >= 3
    assert all(one.threshold_minutes < 180 for one in tail.fits)
    full = sim.Answered(answer, (as_loaded(small_scenario()),)).summary(full=True)
    assert "Whether the tail says the same" in full
    # What was seen often enough is counted, and no law is fitted to it.
    assert found().tail is None


@pytest.mark.parametrize(
    ("text", "minutes"), [("10h", 600), ("90m", 90), ("1.5 hours", 90), ("45 min", 45)]
)
def test_a_wait_is_read_in_hours_or_minutes(text: str, minutes: float) -> None:
    """With its unit."""
    assert minutes_of(text) == minutes


@pytest.mark.parametrize("text", ["10", "soon", "-3h", "0m", "900h", ""])
def test_what_is_no_wait_is_refused(text: str) -> None:
    """Without a unit, nothing, below a minute, beyond a week."""
    with pytest.raises(InputError, match="no wait to ask for"):
        minutes_of(text)


def test_no_such_report_is_refused() -> None:
    """A stream of another world: nothing to count."""
    cut = Cut(stream="plain_call", grade=1)
    with pytest.raises(InputError, match="no such report"):
        how_often(as_loaded(small_scenario()), 60.0, replace(BRIEF, replications=2), cut=cut)


def test_what_was_done_before_ctrl_c_is_said_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of six replications: the figures of two, and a sentence that says so."""
    loaded = as_loaded(small_scenario())
    two = how_often(loaded, 60.0, replace(BRIEF, replications=2))

    def stopped(*given: Any, **named: Any) -> AllWaits:
        played = waits(*given, **named)
        return replace(played, waits=played.waits[:2])

    monkeypatch.setattr(asking, "waits", stopped)
    answer = how_often(loaded, 60.0, BRIEF)
    assert answer.stopped == "Stopped on request: this rests on 2 of 6 replications."
    assert answer.rates == two.rates


def test_ctrl_c_keeps_the_replications_that_are_done() -> None:
    """Pressed after two of many: what is told is an unbroken run from the first."""

    def press(done: int, _: int) -> None:
        if done >= 2:
            raise KeyboardInterrupt

    whole = waits([small_scenario()], replace(BRIEF, replications=4))
    broken = waits([small_scenario()], replace(BRIEF, replications=40, workers=1), told=press)
    assert broken.stopped
    assert 1 <= len(broken.waits) < 40
    for one, other in zip(broken.waits, whole.waits, strict=False):
        assert np.array_equal(one[0].seconds, other[0].seconds)

    def at_once(*_: Any, **__: Any) -> None:
        raise Interrupted

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(import_module("sim.study.waits"), "_replication", at_once)
        with pytest.raises(Interrupted):
            waits([small_scenario()], replace(BRIEF, workers=1))


def test_numbers_depend_on_neither_threads_nor_engine() -> None:
    """One thread or two, compiled or reference."""
    brief = replace(BRIEF, replications=2, days=3)
    ways = (brief, replace(brief, workers=1), replace(brief, workers=1, engine="reference"))
    seen = [waits([small_scenario()], way).waits for way in ways]
    for other in seen[1:]:
        for (one,), (two,) in zip(seen[0], other, strict=True):
            assert np.array_equal(one.seconds, two.seconds)
            assert np.array_equal(one.reported_at, two.reported_at)
