"""Where the time unattended goes."""

import pytest

from sim.errors import InternalError
from sim.measures import PARTS_OF_STAGES, STAGE_PARTS, STAGES, Count, Target
from sim.tables import NEVER, Activity, End, Gate
from tests.measures.tables import activity, arrived, definition, tally, world

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
    # queue 600 + 600; dispatcher 60 + 30; travel 240 + 570 (the first of two to arrive).
    assert stages({}, arrived(3000, **TIMES)) == [300, 600, 1200, 90, 810]


def test_the_stages_of_the_longest_waits_are_kept_apart() -> None:
    """Eleven hours for a unit count; nine hours do not, and ten hours to the second do not."""
    waits = [9 * 3600, 10 * 3600, 11 * 3600]
    rows = [activity(Activity.WAIT_UNIT, 0, wait, key) for key, wait in enumerate(waits, start=1)]
    result = tally([{}] * 3, [arrived(wait) for wait in waits], rows)
    assert result.total(Count.OVER_600) == 1
    assert result.total(Count.QUEUE_SECONDS_OVER_600) == 11 * 3600
    assert result.total(Count.QUEUE_SECONDS) == 30 * 3600
    assert result.total(Count.TRAVEL_SECONDS_OVER_600) == 0


def test_a_return_ends_the_stages() -> None:
    """Back at 1600: 40 s of travel have passed."""
    end = {**TIMES, "arrived_at": 3000, "end": End.RETURNED_FIRST}
    assert stages({"return_at": 1600}, end) == [300, 600, 600, 60, 40]


def test_the_clock_of_the_target_begins_the_stages() -> None:
    """From answered at 60: 240 s of the call are left; from the grade none."""
    answered = Target(2, (1200,), starts="answered")
    graded = Target(2, (1200,), starts="graded")
    assert stages({}, arrived(3000, **TIMES), target=answered) == [240, 600, 1200, 90, 810]
    assert stages({}, arrived(3000, **TIMES), target=graded) == [0, 600, 1200, 90, 810]


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


def parts(end: dict[str, int], *rows: tuple[int, ...], **rules: object) -> dict[str, int]:
    """Parts of the first incident's stages, as far as there are any; each stage is their sum."""
    found = tally([{}], [end], rows, rules=world(**rules))
    for stage, names in PARTS_OF_STAGES.items():
        whole = found.total(Count[f"{stage.upper()}_SECONDS"])
        assert sum(found.total(Count[f"{name.upper()}_SECONDS"]) for name in names) == whole
    told = {part: found.total(Count[f"{part.upper()}_SECONDS"]) for part in STAGE_PARTS}
    return {part: seconds for part, seconds in told.items() if seconds}


GATED = arrived(
    3000,
    graded_at=300,
    assessed_at=700,
    researched_at=1000,
    ratified_at=1800,
    ready_at=1800,
    claimed_at=1800,
)
HELD_ROWS = (
    activity(Activity.HELD, 300, 1800, 1),
    activity(Activity.TRAVEL, 1800, 3000, 1, 900, 0),
)


def test_a_held_job_waits_for_one_thing_after_another() -> None:
    """Assessed at 700, researched at 1000, ratified from 1500 to 1800."""
    wait = activity(Activity.WAIT_RATIFICATION, 1000, 1500, 1)
    found = parts(
        GATED, *HELD_ROWS, wait, gate=Gate.RATIFICATION, ratification_waits_for_research=True
    )
    assert found == {
        "assessment": 400,
        "research": 300,
        "waiting_for_ratifier": 500,
        "ratifying": 300,
    }


def test_research_beside_ratification_holds_nothing() -> None:
    """Ratification is asked for at 700; a ratifier is there from 1500 on."""
    wait = activity(Activity.WAIT_RATIFICATION, 700, 1500, 1)
    found = parts(GATED, *HELD_ROWS, wait, gate=Gate.RATIFICATION)
    assert found == {"assessment": 400, "waiting_for_ratifier": 800, "ratifying": 300}


def test_the_gate_of_research_waits_for_it() -> None:
    """Assessed at 700, and on the log at 1000."""
    end = {**GATED, "ready_at": 1000, "claimed_at": 1000}
    rows = (
        activity(Activity.HELD, 300, 1000, 1),
        activity(Activity.TRAVEL, 1000, 3000, 1, 900, 0),
    )
    assert parts(end, *rows, gate=Gate.RESEARCH) == {"assessment": 400, "research": 300}


def test_a_telephone_enquiry_is_a_part_of_the_decision() -> None:
    """Past the gate from 1800 to 2100; one of a job that is not held, from its grade."""
    end = {**GATED, "ready_at": 2100, "claimed_at": 2100}
    rows = (
        HELD_ROWS[0],
        activity(Activity.HELD_FOR_TELEPHONE, 1800, 2100, 1),
        activity(Activity.WAIT_RATIFICATION, 1000, 1500, 1),
        activity(Activity.TRAVEL, 2100, 3000, 1, 900, 0),
    )
    rules = {"gate": Gate.RATIFICATION, "ratification_waits_for_research": True}
    assert parts(end, *rows, **rules) == {
        "assessment": 400,
        "research": 300,
        "waiting_for_ratifier": 500,
        "ratifying": 300,
        "telephoning": 300,
    }
    alone = activity(Activity.HELD_FOR_TELEPHONE, 300, 2100, 1)
    assert parts(end, alone, rows[-1], **rules) == {"telephoning": 1800}


def test_a_wait_to_be_let_go_is_one_for_a_dispatcher() -> None:
    """The gate opens at 1000; let go at 1800, a dispatcher has been waited for 800 s."""
    end = {**GATED, "ready_at": 1800, "claimed_at": 1800}
    rows = (
        activity(Activity.HELD, 300, 1000, 1),
        activity(Activity.WAIT_DECISION, 1000, 1800, 1),
        activity(Activity.TRAVEL, 1800, 3000, 1, 900, 0),
    )
    found = parts(end, *rows, gate=Gate.RESEARCH)
    assert found == {"assessment": 400, "research": 300, "no_dispatcher": 800}


def test_whoever_is_never_let_go_waits_for_a_dispatcher_to_the_end() -> None:
    """Graded at 300, and open to the end of follow-up."""
    never = {"graded_at": 300, "assessed_at": 300, "ready_at": NEVER, "end": End.OPEN}
    until = world().end
    rows = (activity(Activity.WAIT_DECISION, 300, until, 1),)
    assert parts(never, *rows) == {"no_dispatcher": until - 300}


def test_a_dispatcher_at_work_is_no_wait_for_one() -> None:
    """Earmarked for 100 s, of which 70 pass before a dispatcher begins."""
    rows = (
        activity(Activity.WAIT_DISPATCHER, 0, 70, 1),
        activity(Activity.EARMARKED, 0, 100, 1, 900, 0),
        activity(Activity.TRAVEL, 100, 500, 1, 900, 0),
    )
    assert parts(arrived(500), *rows) == {"no_dispatcher": 70, "dispatching": 30}
