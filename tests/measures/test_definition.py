"""What is measured: targets, team hours, first grades."""

import numpy as np
import pytest

from sim.measures import Definition, FirstGrades, Target, team_hours
from sim.measures.definition import in_team_hours
from sim.tables import Pool
from tests.engines.hand import incidents, policy, rota, unit
from tests.measures.tables import DAY, HOUR


def test_attendance_comes_before_other_targets_of_a_grade() -> None:
    """Of two targets of one grade, that of attendance is used."""
    enquiry = Target(2, (600,), stops="first_enquiry")
    attendance = Target(2, (1200,))
    what = Definition(0, DAY, 0, (enquiry, attendance))
    assert what.target_of(2) is attendance
    assert what.target_of(1) is None
    assert Definition(0, DAY, 0, (enquiry,)).target_of(2) is enquiry


@pytest.mark.parametrize(("since", "until"), [(0, 0), (1800, DAY), (0, DAY + 1)])
def test_the_window_runs_between_whole_hours(since: int, until: int) -> None:
    """A window that hours of the day cannot be read from is refused."""
    with pytest.raises(ValueError, match="whole hour"):
        Definition(since, until, 0, ())


def test_team_hours_are_the_union_of_an_areas_shifts() -> None:
    """Shifts that overlap or touch are one interval; other roles and areas do not count."""
    team = [Pool(f"team_{area}", "missing_person", area, False) for area in (0, 1)]
    response = Pool("response", "response", 0, False)
    rules = policy([*team, response], areas=("north", "south"))
    duty = rota(
        unit(0, 8 * HOUR, 16 * HOUR, 1),
        unit(0, 12 * HOUR, 22 * HOUR, 2),
        unit(0, 22 * HOUR, 23 * HOUR, 3),
        unit(1, 9 * HOUR, 17 * HOUR, 4),
        unit(2, 0, DAY, 5),
        unit(0, DAY + 8 * HOUR, DAY + 9 * HOUR, 6),
    )
    hours = team_hours(duty, rules, "missing_person")
    assert hours == (
        ((8 * HOUR, 23 * HOUR), (DAY + 8 * HOUR, DAY + 9 * HOUR)),
        ((9 * HOUR, 17 * HOUR),),
    )
    times = np.array([8 * HOUR - 1, 8 * HOUR, 8 * HOUR, 9 * HOUR, 23 * HOUR - 1, 23 * HOUR])
    areas = np.array([0, 0, 1, 1, 0, 0])
    assert in_team_hours(times, areas, hours).tolist() == [False, True, False, True, True, False]


def test_each_key_has_its_own_first_grade() -> None:
    """In the order of the table, which is that of the reports."""
    table = incidents({"key": 9, "grade": 1}, {"key": 4, "grade": 3, "reported_at": 5})
    first = FirstGrades.of(table)
    assert first.keys.tolist() == [9, 4]
    assert first.grades.tolist() == [1, 3]
