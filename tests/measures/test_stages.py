"""Where the time unattended goes."""

import pytest

from sim.errors import InternalError
from sim.measures import STAGES, Count, Target
from sim.tables import Activity, End
from tests.measures.tables import activity, arrived, definition, tally

TIMES = {"answered_at": 60, "graded_at": 300, "ready_at": 900, "claimed_at": 1500}
ROWS = [
    # To 300 the call; to 900 held; to 1500 in the queue; to 1560 the dispatcher; to 1800 travel;
    # diverted to another job; to 2400 in the queue again; to 2430 the dispatcher; then travel.
    activity(Activity.WAIT_CALL_TAKER, 0, 60, 1),
    activity(Activity.HELD, 300, 900, 1),
    activity(Activity.WAIT_UNIT, 900, 1500, 1),
    activity(Activity.EARMARKED, 1500, 1560, 1, 900, 0),
    activity(Activity.EARMARKED, 1500, 1560, 1, 901, 0),
    activity(Activity.TRAVEL, 1560, 1800, 1, 900, 0),
    activity(Activity.TRAVEL, 1560, 1800, 1, 901, 0),
    activity(Activity.WAIT_UNIT, 1800, 2400, 1, attempt=1),
    activity(Activity.EARMARKED, 2400, 2430, 1, 902, 0, 1),
    activity(Activity.EARMARKED, 2400, 2430, 1, 903, 0, 1),
    activity(Activity.TRAVEL, 2430, 3000, 1, 902, 0, 1),
    activity(Activity.TRAVEL, 2430, 3300, 1, 903, 0, 1),
    activity(Activity.RATIFICATION, 1000, 1300, 1),
]


def stages(report: dict[str, int], end: dict[str, int], **more: Target) -> list[int]:
    """The stages of the first incident, which add up to its delay."""
    what = definition(targets=tuple(more.values())) if more else definition()
    result = tally([report], [end], ROWS, what=what)
    found = [result.total(Count[f"{stage.upper()}_SECONDS"]) for stage in STAGES]
    assert sum(found) == result.total(Count.DELAY_SECONDS)
    return found


def test_each_second_belongs_to_what_alone_blocks_arrival() -> None:
    """Two allocations, units of one counted once; ratification beside them counts nothing."""
    # dispatcher 60 + 30; no unit 600 + 600; travel 240 + 570 (the first of two to arrive).
    assert stages({}, arrived(3000, **TIMES)) == [300, 600, 90, 1200, 810]


def test_the_stages_of_the_longest_waits_are_kept_apart() -> None:
    """Eleven hours for a unit count; nine hours do not, and ten hours to the second do not."""
    waits = [9 * 3600, 10 * 3600, 11 * 3600]
    rows = [activity(Activity.WAIT_UNIT, 0, wait, key) for key, wait in enumerate(waits, start=1)]
    result = tally([{}] * 3, [arrived(wait) for wait in waits], rows)
    assert result.total(Count.OVER_600) == 1
    assert result.total(Count.NO_UNIT_SECONDS_OVER_600) == 11 * 3600
    assert result.total(Count.NO_UNIT_SECONDS) == 30 * 3600
    assert result.total(Count.TRAVEL_SECONDS_OVER_600) == 0


def test_a_return_ends_the_stages() -> None:
    """Back at 1600: 40 s of travel have passed."""
    end = {**TIMES, "arrived_at": 3000, "end": End.RETURNED_FIRST}
    assert stages({"return_at": 1600}, end) == [300, 600, 60, 600, 40]


def test_the_clock_of_the_target_begins_the_stages() -> None:
    """From answered at 60: 240 s of the call are left; from the grade none."""
    answered = Target(2, (1200,), starts="answered")
    graded = Target(2, (1200,), starts="graded")
    assert stages({}, arrived(3000, **TIMES), target=answered) == [240, 600, 90, 1200, 810]
    assert stages({}, arrived(3000, **TIMES), target=graded) == [0, 600, 90, 1200, 810]


def test_a_gap_in_the_activities_is_a_fault() -> None:
    """Without its second wait the stages fall 600 s short of the delay."""
    rows = [row for row in ROWS if row[5] != 1800]
    with pytest.raises(InternalError, match=r"add up to 2400 s, and its delay is 3000 s"):
        tally([{}], [arrived(3000, **TIMES)], rows)


def test_an_allocation_of_no_length_hides_no_other() -> None:
    """Units lost in the second in which they were earmarked, others earmarked in the same."""
    rows = [
        activity(Activity.EARMARKED, 0, 0, 1, 900, 0, 0),
        activity(Activity.EARMARKED, 0, 30, 1, 901, 0, 1),
        activity(Activity.TRAVEL, 30, 90, 1, 901, 0, 1),
    ]
    result = tally([{}], [arrived(90)], rows)
    assert result.total(Count.DISPATCHER_SECONDS) == 30
    assert result.total(Count.TRAVEL_SECONDS) == 60
