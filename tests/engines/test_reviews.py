"""Rules 7.1 to 7.4: reviews of what waits, and the re-THRIVE."""

from __future__ import annotations

from sim.tables import NEVER, Activity, Gate, Policy
from tests.engines.hand import GRADE_1_DIVERTS, desk_pool, policy, unit_pool
from tests.engines.played import play, works

POOLS = [unit_pool(), desk_pool("dispatcher"), desk_pool("supervisor")]
DESKS = [works(11, pool=1), works(12, pool=2)]


def rules(**more: object) -> Policy:
    """Reviews of grade 2 after 100 s, of 10 s each, by dispatcher, then supervisor."""
    settings: dict[str, object] = {
        "end": 500,
        "review_levels": (1, 2),
        "review_after_seconds": (50, 100, 200, NEVER, NEVER),
        "review_seconds": 10,
        **more,
    }
    return policy(POOLS, **settings)


def test_reviews_are_passed_up_and_the_last_level_repeats() -> None:
    """Rule 7.1: due 100 s after the grade and after the end of each: 100, 210, 320, 430."""
    world = play([{}], DESKS, rules())
    assert [(row.pool, row.start, row.end, row.attempt) for row in world.rows(Activity.REVIEW)] == [
        (1, 100, 110, 0),
        (2, 210, 220, 1),
        (2, 320, 330, 2),
        (2, 430, 440, 3),
    ]
    assert world.of(1)["reviews"] == 4


def test_a_review_goes_to_a_stand_in_while_the_level_has_nobody() -> None:
    """Rule 7.1: the supervisor is off duty from 300; another desk stands in, or none does."""
    pools = [*POOLS, desk_pool("manager"), desk_pool("inspector")]
    desks = [
        works(11, pool=1),
        works(12, pool=2, off_at=300),
        works(13, pool=3),
        works(14, pool=4, off_at=250),
    ]
    settings: dict[str, object] = {
        "end": 500,
        "review_levels": (1, 2),
        "review_after_seconds": (50, 100, 200, NEVER, NEVER),
        "review_seconds": 10,
    }
    # The inspector comes first and is off duty by then; the manager is not.
    stands_in = policy(pools, **settings, review_stand_ins=((), (4, 3)))
    world = play([{}], desks, stands_in)
    assert [(row.pool, row.start) for row in world.rows(Activity.REVIEW)] == [
        (1, 100),
        (2, 210),
        (3, 320),
        (3, 430),
    ]
    alone = play([{}], desks, policy(pools, **settings))
    assert [(row.pool, row.start) for row in alone.rows(Activity.REVIEW)] == [(1, 100), (2, 210)]
    nobody = policy(pools, **settings, review_stand_ins=((), (4,)))
    assert play([{}], desks, nobody).of(1)["reviews"] == 2


def test_held_jobs_are_reviewed_and_grades_without_an_interval_are_not() -> None:
    """Rule 7.1."""
    held = rules(gate=Gate.ASSESSMENT, held_parts=1_000_000)
    world = play([{"assessment_seconds": 400}, {"grade": 4}], DESKS, held)
    assert world.times("reviews") == [4, 0]


def test_no_review_is_due_for_a_claimed_job_until_it_is_back() -> None:
    """Rule 7.1: claimed at 0, diverted at 150, back in the queue: reviewed at 250."""
    diverts = rules(divert_travelling=GRADE_1_DIVERTS, most_diversions=1)
    reports = [{"base_travel_seconds": 300}, {"grade": 1, "reported_at": 150, "scene_seconds": 999}]
    world = play(reports, [works(1), *DESKS], diverts)
    assert world.spans(Activity.REVIEW) == [(250, 260), (360, 370), (470, 480)]


def test_a_job_claimed_in_the_second_of_its_review_is_reviewed() -> None:
    """Rules 1.3 and 7.1: the review is asked for before the hand-out of that second."""
    world = play([{}], [works(1, on_at=100), *DESKS], rules())
    assert (world.of(1)["claimed_at"], world.of(1)["reviews"]) == (100, 1)
    assert world.spans(Activity.REVIEW) == [(100, 110)]
    world = play([{}], [works(1, on_at=99), *DESKS], rules())
    assert world.of(1)["reviews"] == 0


def test_the_interval_is_that_of_the_grade_when_it_begins() -> None:
    """Rule 7.1: regraded to 1 at 30: first at 100 all the same, then 50 s after its end."""
    report = {"ratification_seconds": 30, "ratified_grade": 1}
    world = play([report], DESKS, rules(end=165))
    assert [row.start for row in world.rows(Activity.REVIEW)] == [100, 160]


def test_re_thrive_goes_on_until_officers_have_arrived() -> None:
    """Rule 7.2: due at 100; then 100 s after its end, 210; arrived at 305, before the third."""
    rethrive = rules(
        review_levels=(), rethrive_after_seconds=100, rethrive_seconds=10, rethrive_pool=2
    )
    report = {"base_travel_seconds": 5, "scene_seconds": 1}
    world = play([report], [works(1, on_at=300), *DESKS], rethrive)
    assert [(row.start, row.attempt) for row in world.rows(Activity.RETHRIVE)] == [
        (100, 0),
        (210, 1),
    ]


def test_a_review_discovers_an_escalation_once() -> None:
    """Rule 7.3: it ends at 110; escalated at 110 it is found, at 111 by the next, at 220."""
    reports = [{"grade": 3, "escalates_at": 110}, {"grade": 3, "escalates_at": 111}]
    desks = [*DESKS, works(21, pool=1), works(22, pool=2)]
    quick = rules(review_after_seconds=(100,) * 5)
    world = play(reports, desks, quick)
    assert world.times("upgraded_at") == [110, 220]
    assert world.times("final_grade") == [2, 2]
    assert world.of(1)["reviews"] == 4


def test_an_escalation_is_not_discovered_after_an_arrival_or_a_return() -> None:
    """Rule 7.3: the review asked for at 100 ends at 110; arrived at 105, returned at 105."""
    report = {"escalates_at": 0, "base_travel_seconds": 5}
    world = play([report], [works(1, on_at=100), *DESKS], rules())
    assert (world.of(1)["reviews"], world.of(1)["upgraded_at"]) == (1, NEVER)
    world = play([{"escalates_at": 0, "return_at": 105}], DESKS, rules())
    assert world.of(1)["upgraded_at"] == NEVER


def test_grade_1_cannot_rise() -> None:
    """Rule 7.3."""
    world = play([{"grade": 1, "escalates_at": 0}], DESKS, rules())
    assert (world.of(1)["final_grade"], world.of(1)["upgraded_at"]) == (1, NEVER)


def test_re_thrive_discovers_only_by_calling_back() -> None:
    """Rule 7.3."""
    for calls_back, upgraded_at in ((True, 110), (False, NEVER)):
        rethrive = rules(
            review_levels=(),
            rethrive_after_seconds=100,
            rethrive_seconds=10,
            rethrive_pool=2,
            rethrive_calls_back=calls_back,
        )
        world = play([{"escalates_at": 20}], DESKS, rethrive)
        assert world.of(1)["upgraded_at"] == upgraded_at
        assert world.of(1)["reviews"] == 0


def test_a_review_high_enough_restores_a_lowered_rank() -> None:
    """Rule 7.4: the first review ends at 110, the second, of level 1, at 220."""
    lowered = {"missing": (True,), "next_grade_parts": 1}
    reports = [
        {"rank_parts": 0, "scene_seconds": 9},
        {"rank_parts": 5, "reported_at": 50, "scene_seconds": 9},
    ]
    cases = (
        (1, 219, [228, 219]),
        (1, 220, [220, 229]),
        (0, 110, [110, 119]),
        (-1, 220, [229, 220]),
    )
    for level, on_at, claimed in cases:
        restores = rules(review_restores_rank=level, **lowered)
        world = play(reports, [works(1, on_at=on_at), *DESKS], restores)
        assert world.times("claimed_at") == claimed
