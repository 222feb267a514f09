"""Minutes that jobs waited, cut where a crew has just cleared, held against hand arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from sim.force_log.fitting.job_minutes import JobMinutes, minutes_of
from sim.force_log.fitting.just_freed import Parts, parts_of
from sim.force_log.replaying.work import Work
from tests.force_log.test_rate import work_from

CREWS = {"": np.full(24, 5.0)}
LONG = 90_000


def cut(work: Work) -> tuple[JobMinutes, Parts]:
    """The minutes of a work, and their parts."""
    rows = minutes_of(work, CREWS)
    return rows, parts_of(rows, work, [""])


def of(rows: JobMinutes, parts: Parts, grade: int) -> list[tuple[int, int, float, int]]:
    """Of a grade's only job: minute, whether just freed, seconds, and whether gone, in order."""
    own = rows.grade[parts.row] == grade
    columns = (rows.waited[parts.row], parts.freed, parts.length * 60, parts.gone)
    told = np.stack([one[own] for one in columns], axis=1).tolist()
    return sorted(
        (int(minute), int(freed), round(seconds, 6), int(gone))
        for minute, freed, seconds, gone in told
    )


def test_a_minute_is_cut_at_the_clearing_and_a_minute_after_it() -> None:
    """One job clears at 1,000 s; another waits from 901 s, and is let go at 1,075 s.

    Its moments are 902 to 1,075. Just after a clearing are those from 1,000 to 1,060: of its second
    minute (962 to 1,021) 22, and of its third (1,022 to 1,081) 39. The one at which it goes, 1,075,
    is of the stretch from 1,061 to 1,081, that is 21 long.
    """
    work = work_from([(2, 0, 100, 900), (3, 901, 1_075, LONG)], days=1)
    assert of(*cut(work), grade=3) == [
        (0, 0, 60.0, 0),
        (1, 0, 38.0, 0),
        (1, 1, 22.0, 0),
        (2, 0, 21.0, 1),
        (2, 1, 39.0, 0),
    ]


@pytest.mark.parametrize(
    ("assigned", "freed", "seconds"), [(1_000, 1, 22), (1_060, 1, 39), (999, 0, 38), (1_061, 0, 21)]
)
def test_both_ends_of_the_minute_after_a_clearing_are_of_it(
    assigned: int, freed: int, seconds: int
) -> None:
    """As the coupling counts: from no second apart to sixty."""
    work = work_from([(2, 0, 100, 900), (3, 901, assigned, LONG)], days=1)
    (gone,) = (one for one in of(*cut(work), grade=3) if one[3])
    assert gone[1:3] == (freed, seconds)


def test_clearings_that_follow_each_other_are_one_stretch() -> None:
    """At 1,000 and 1,030 s: just freed are 1,000 to 1,090, and nothing is counted twice."""
    rows = [(2, 0, 100, 900), (2, 0, 100, 930), (3, 990, 1_110, LONG)]
    assert of(*cut(work_from(rows, days=1)), grade=3) == [
        (0, 0, 9.0, 0),
        (0, 1, 51.0, 0),
        (1, 0, 20.0, 1),
        (1, 1, 40.0, 0),
    ]


def test_a_log_of_whole_minutes_has_moments_of_a_minute() -> None:
    """What is stamped the minute of a clearing, or the next, is just after it; no other minute."""
    # A clearing at minute 17; who waits from minute 15 may go at 16, 17, 18 and 19, and does then.
    work = work_from([(2, 0, 120, 900), (3, 900, 1_140, LONG)], days=1)
    assert of(*cut(work), grade=3) == [
        (0, 0, 60.0, 0),
        (1, 1, 60.0, 0),
        (2, 1, 60.0, 0),
        (3, 0, 60.0, 1),
    ]


def test_a_job_let_go_as_it_is_graded_is_so_at_its_first_moment() -> None:
    """It has one row, which ends with it; without a clearing that is a whole minute."""
    work = work_from([(2, 0, 100, 900), (3, 500, 500, LONG)], days=1)
    assert of(*cut(work), grade=3) == [(0, 0, 60.0, 1)]


@pytest.mark.parametrize("tick", [1, 60])
def test_where_clearings_change_nothing_nothing_is_found(tick: int) -> None:
    """Of jobs let go at a steady rate as many go just after a clearing as that is of their time.

    With seconds, and with whole minutes, in which a clearing and what follows it share a stamp.
    Both shares are of some 3,000 jobs: within 4.5 standard errors, a false alarm in 150,000 runs.
    """
    rng = np.random.Generator(np.random.Philox(11))
    graded = np.cumsum(rng.exponential(300.0, 3_000))
    assigned = graded + rng.exponential(900.0, 3_000)
    ended = assigned + rng.exponential(2_000.0, 3_000)
    stamps = [np.floor(one / tick).astype(int) * tick for one in (graded, assigned, ended)]
    rows = [(2, g, a, e - a) for g, a, e in zip(*(one.tolist() for one in stamps), strict=True)]
    _, parts = cut(work_from(rows, days=12))
    gone = parts.gone > 0
    # At this steady rate a stretch that a job ended was waited for half of it, or nearly.
    length = np.where(gone, parts.length * (0.5 if tick == 1 else 1.0), parts.length)
    share = (length * parts.freed).sum() / length.sum()
    error = np.sqrt(share * (1 - share) / gone.sum())
    assert 0.1 < share < 0.6
    assert parts.freed[gone].mean() == pytest.approx(share, abs=4.5 * error)
