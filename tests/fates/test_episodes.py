"""Episodes and lines of enquiry: whose luck depends on what, and the rules of each column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.fates.incidents import draw
from sim.streams import Streams
from sim.tables import DAY, MINUTE, NEVER, PARTS, Draws, Risk, Table
from tests.worlds import REMOVED, constant, episode, lognormal, small_scenario

STREAMS = Streams(seed=11, replication=0)
END = 200 * DAY
ALPHA = 1e-4


def drawn(changes: Mapping[str, Any] | None = None, **scenario: Any) -> Draws:
    """Return the draws of the small world of two areas, with an episode changed key by key."""
    document = episode(**(changes or {}))
    return draw(small_scenario(2, episode=document, **scenario), STREAMS, 0, END)


def differing(before: Table, after: Table, *key: str) -> set[str]:
    """Return the columns in which rows of both tables differ; every old row has to be there."""
    keys = [list(zip(*(t[name].tolist() for name in key), strict=True)) for t in (before, after)]
    place = {one: row for row, one in enumerate(keys[1])}
    rows = np.array([place[one] for one in keys[0]])
    return {n for n in before.schema.names if (before[n] != after[n][rows]).any()}


def child_rows(draws: Draws) -> Table:
    """Return the incidents that have an episode, in its order."""
    return draws.incidents.take(np.isin(draws.incidents["key"], draws.episodes["key"]))


def assert_share(chosen: np.ndarray[Any, Any], share: float) -> None:
    """Assert that an exact two-sided binomial test does not reject the share at ALPHA."""
    assert chosen.size > 300
    assert stats.binomtest(int(chosen.sum()), chosen.size, share).pvalue > ALPHA


# What there is.


def test_tables_are_sound() -> None:
    """A row for each missing child in the incidents' order; lines counted from 0 for each."""
    draws = drawn()
    draws.episodes.check()
    draws.enquiries.check()
    children = draws.incidents["stream"] == 0
    assert np.array_equal(draws.episodes["key"], draws.incidents["key"][children])
    keys = np.sort(draws.episodes["key"])
    assert np.array_equal(draws.enquiries["key"], np.repeat(keys, 12))
    assert np.array_equal(draws.enquiries["line"], np.tile(np.arange(12), keys.size))


def test_without_an_episode_nothing_is_followed() -> None:
    """No ``[episode]``: no rows, and the incidents and attempts are those of any other world."""
    plain = draw(small_scenario(2), STREAMS, 0, END)
    followed = drawn()
    assert len(plain.episodes) == len(plain.enquiries) == 0
    assert plain.incidents.differences(followed.incidents) == []
    assert plain.attempts.differences(followed.attempts) == []


def test_streams_that_are_not_followed_have_no_rows() -> None:
    """Of two streams of missing children only the one that is named is followed."""
    other = small_scenario(2).model_dump(mode="json", exclude_none=True)["streams"]["missing_child"]
    both = drawn(streams={"other_children": other})
    assert set(child_rows(both)["stream"].tolist()) == {0}
    assert len(both.episodes) == len(drawn().episodes)


def test_earlier_reports_are_counted() -> None:
    """Reports of the same child in the 90 days before, also those before time 0."""
    draws = drawn()
    early = draw(small_scenario(2, episode=episode()), STREAMS, -100 * DAY, END)
    rows = child_rows(early)
    child, at = rows["child"], rows["reported_at"]
    count = {
        key: int(((child == one) & (at < when) & (at >= when - 90 * DAY)).sum())
        for key, one, when in zip(rows["key"].tolist(), child.tolist(), at.tolist(), strict=True)
        if when >= 0
    }
    assert draws.episodes["previous_90_days"].tolist() == [
        count[key] for key in draws.episodes["key"].tolist()
    ]
    assert draws.episodes["previous_90_days"].max() >= 3


# Whose luck depends on what.


@pytest.mark.parametrize(
    ("changes", "episodes", "enquiries"),
    [
        ({"unrecorded_share_in_care": 0.5}, {"recorded"}, set()),
        ({"prevention": {"share": 0.4}}, set(), set()),
        ({"night_rhythm": 0.3, "night_starts": "22:00", "night_ends": "08:00"}, set(), set()),
        ({"handover": {"minutes": 20.0, "share_lost": 0.5}}, set(), set()),
        ({"reviews": {"share_moved_on": 0.5}}, set(), set()),
        ({"cohort": {"children": 500, "of_children": 1000}}, {"cohort"}, set()),
        ({"ppn": {"share_sent": 0.2}}, {"ppn_sent"}, set()),
        ({"ppn": {"writing": constant(9.0)}}, {"ppn_seconds"}, set()),
        (
            {"return_interview": {"share_accepted": 0.9, "work": constant(9.0)}},
            {"rhi_accepted", "rhi_seconds"},
            set(),
        ),
        (
            {"after_return": {"interview": {"officers": {"1": 0.2, "2": 0.8}}}},
            {"interview_officers"},
            set(),
        ),
        ({"after_return": {"relief": {"officers": 1}}}, set(), set()),
        ({"out_of_area": {}}, set(), set()),
        ({"out_of_area": {"history": constant(9.0)}}, {"history_seconds"}, set()),
        ({"out_of_area": {"answer": constant(9.0)}}, {"answer_seconds"}, set()),
        ({"out_of_area": {"sent_on": constant(9.0)}}, {"sent_on_seconds"}, set()),
        ({"out_of_area": {"share_strategy_held": 0.3}}, set(), set()),
        ({"lines": {"visit": {"finds": 0.9}}}, set(), {"finds"}),
        ({"lines": {"visit": {"work": constant(60.0)}}}, set(), {"work_seconds"}),
        ({"packages": {"high": {"gap": constant(20.0)}}}, set(), {"gap_seconds"}),
    ],
)
def test_a_change_moves_its_own_columns(
    changes: dict[str, Any], episodes: set[str], enquiries: set[str]
) -> None:
    """A rule, a share or a length alters the columns that it is about, and nobody's other luck."""
    before, after = drawn(), drawn(changes)
    assert differing(before.episodes, after.episodes, "key") == episodes
    assert differing(before.enquiries, after.enquiries, "key", "line") == enquiries
    assert before.incidents.differences(after.incidents) == []
    assert before.attempts.differences(after.attempts) == []


def test_more_lines_are_added_behind() -> None:
    """Twice as many lines keep all that was drawn of the first ones."""
    before, after = drawn(), drawn({"most_lines": 24})
    assert len(after.enquiries) == 2 * len(before.enquiries)
    assert differing(before.enquiries, after.enquiries, "key", "line") == set()
    assert before.episodes.differences(after.episodes) == []


def test_another_package_moves_only_what_the_line_is() -> None:
    """Lines of another kind keep the luck of gaps, losses, reviews and taskings."""
    package = {"first": ["visit"], "then": ["telephone"]}
    before, after = drawn(), drawn({"packages": {"medium": package}})
    moved = differing(before.enquiries, after.enquiries, "key", "line")
    assert moved == {
        "kind",
        "desk",
        "officers",
        "base_travel_seconds",
        "work_seconds",
        "finds",
    }
    # Nothing of the other risks.
    rows = child_rows(before)
    others = rows["key"][rows["ratified_risk"] != Risk.MEDIUM]
    assert others.size > 100
    kept = [t.enquiries.take(np.isin(t.enquiries["key"], others)) for t in (before, after)]
    assert kept[0].differences(kept[1]) == []


def test_more_volume_alters_nobody() -> None:
    """Half as many reports more add rows, and alter none."""
    before = drawn()
    after = drawn(streams={"missing_child": {"volume_per_year": 3_750.0}})
    assert len(after.episodes) > len(before.episodes) + 100
    assert differing(before.episodes, after.episodes, "key") == set()
    assert differing(before.enquiries, after.enquiries, "key", "line") == set()


def test_a_longer_window_alters_nobody() -> None:
    """Rows of a longer window hold those of a shorter one, as they were."""
    scenario = small_scenario(2, episode=episode())
    short, long = (draw(scenario, STREAMS, 0, days * DAY) for days in (50, 100))
    assert len(long.episodes) > len(short.episodes)
    assert differing(short.episodes, long.episodes, "key") == set()
    assert differing(short.enquiries, long.enquiries, "key", "line") == set()


def test_lines_of_one_episode_differ() -> None:
    """A line's luck is its own: gaps of the same kind are not the same length."""
    gaps = drawn().enquiries
    of_last = gaps["gap_seconds"][gaps["line"] == 11]
    before = gaps["gap_seconds"][gaps["line"] == 10]
    rho, _ = stats.spearmanr(of_last, before)
    # Packages of different gaps correlate; within one they do not.
    rows = child_rows(drawn())
    medium = np.isin(gaps["key"], rows["key"][rows["ratified_risk"] == Risk.MEDIUM])
    of_medium = [gaps["gap_seconds"][medium & (gaps["line"] == line)] for line in (10, 11)]
    within, p_value = stats.spearmanr(*of_medium)
    assert rho > 0.3
    assert p_value > ALPHA, within


# Shares nest, and mean what they say.


@pytest.mark.parametrize(
    ("low", "high", "column", "value"),
    [
        ({"unrecorded_share_in_care": 0.2}, {"unrecorded_share_in_care": 0.6}, "recorded", 0),
        (
            {"cohort": {"children": 100, "of_children": 1000}},
            {"cohort": {"children": 300, "of_children": 1000}},
            "cohort",
            1,
        ),
        ({"ppn": {"share_sent": 0.3}}, {"ppn": {"share_sent": 0.7}}, "ppn_sent", 1),
        (
            {"return_interview": {"share_offered": 0.3}},
            {"return_interview": {"share_offered": 0.8}},
            "rhi_offered",
            1,
        ),
        (
            {"return_interview": {"share_informing_police": 0.3}},
            {"return_interview": {"share_informing_police": 0.8}},
            "informs",
            1,
        ),
    ],
)
def test_shares_nest(low: dict[str, Any], high: dict[str, Any], column: str, value: int) -> None:
    """A larger share takes in all that a smaller one did, and more."""
    smaller = drawn(low).episodes[column] == value
    larger = drawn(high).episodes[column] == value
    assert smaller.any()
    assert not (smaller & ~larger).any()
    assert larger.sum() > smaller.sum()


def test_shares_mean_what_they_say() -> None:
    """Of all: offered 90 %, accepted 40 %, transport 80 %; of visits, finds 20 %."""
    draws = drawn()
    assert_share(draws.episodes["rhi_offered"] == 1, 0.9)
    assert_share(draws.episodes["rhi_accepted"] == 1, 0.4)
    assert_share(draws.episodes["transport_seconds"] > 0, 0.8)
    visits = draws.enquiries["kind"] == 1
    assert_share(draws.enquiries["finds"][visits] == 1, 0.2)
    assert_share(draws.enquiries["lost_parts"] < 0.3 * PARTS, 0.3)


def test_only_reports_from_care_go_unrecorded() -> None:
    """Everybody else is recorded, whatever the share; with all of it no child in care is."""
    draws = drawn({"unrecorded_share_in_care": 1.0})
    in_care = child_rows(draws)["in_care"] == 1
    assert in_care.any()
    assert np.array_equal(draws.episodes["recorded"] == 0, in_care)


# What is a child's.


def test_the_cohort_is_made_of_children() -> None:
    """A child is of the cohort in every episode, or in none."""
    draws = drawn({"cohort": {"children": 300, "of_children": 1000}})
    child = child_rows(draws)["child"]
    by_child: dict[int, set[int]] = {one: set() for one in child.tolist()}
    for one, flag in zip(child.tolist(), draws.episodes["cohort"].tolist(), strict=True):
        by_child[one].add(flag)
    assert all(len(flags) == 1 for flags in by_child.values())
    assert any(np.bincount(np.unique(child, return_inverse=True)[1]) > 2)


def test_only_children_in_care_come_from_outside() -> None:
    """Those placed from outside wait for their own authority, in every episode."""
    draws = drawn()
    rows = child_rows(draws)
    outside = draws.episodes["outside_seconds"] != NEVER
    assert outside.any()
    assert not (outside & (rows["in_care"] == 0)).any()
    children = set(rows["child"][outside].tolist())
    of_these = np.isin(rows["child"], list(children))
    assert outside[of_these].all()


def test_what_another_authority_takes_longer_for_is_drawn_for_its_children_alone() -> None:
    """Nobody else has an answer to wait for, a longer way home, or longer protection."""
    after = {
        "transport_share": 1.0,
        "transport": constant(20.0),
        "protection_share": 0.5,
        "protection": constant(100.0),
    }
    away = {
        "history": constant(60.0),
        "answer": lognormal(600.0, 0.5),
        "sent_on": constant(40.0),
        "transport": constant(120.0),
        "protection_factor": 1.5,
    }
    plain = drawn({"after_return": after})
    draws = drawn({"after_return": after, "out_of_area": away})
    assert plain.incidents.differences(draws.incidents) == []
    outside = draws.episodes["outside_seconds"] != NEVER
    assert 0 < outside.sum() < outside.size
    rows = draws.episodes.take(outside)
    assert set(rows["history_seconds"].tolist()) == {60 * MINUTE}
    assert set(rows["sent_on_seconds"].tolist()) == {40 * MINUTE}
    assert (rows["answer_seconds"] > 0).all()
    assert set(rows["transport_seconds"].tolist()) == {120 * MINUTE}
    assert set(rows["protection_seconds"].tolist()) == {0, 150 * MINUTE}
    kept = (plain.episodes.take(~outside), draws.episodes.take(~outside))
    assert kept[0].differences(kept[1]) == []
    for name in ("history_seconds", "answer_seconds", "sent_on_seconds"):
        assert not kept[1][name].any()


def test_a_cohort_may_leave_out_children_of_another_authority() -> None:
    """None of them is of it, and of other children in care so many more."""
    cohort = {"cohort": {"children": 200, "of_children": 1000}}
    draws = drawn({**cohort, "out_of_area": {"in_cohort": False}})
    outside = draws.episodes["outside_seconds"] != NEVER
    assert not draws.episodes["cohort"][outside].any()
    children = child_rows(draws)
    _, first = np.unique(children["child"], return_index=True)
    of_it, in_care = draws.episodes["cohort"][first] == 1, children["in_care"][first] == 1
    # 0.3 of children in care are placed from outside: 0.2 / 0.7 of the others.
    chosen = of_it[in_care & ~outside[first]]
    assert stats.binomtest(int(chosen.sum()), chosen.size, 0.2 / 0.7).pvalue > ALPHA
    chosen = of_it[~in_care]
    assert stats.binomtest(int(chosen.sum()), chosen.size, 0.2).pvalue > ALPHA
    assert drawn(cohort).episodes["cohort"][outside].any()


def test_hours_of_placement_draw_a_second_length_for_those_in_protection() -> None:
    """Nothing else moves, and whoever is in protection has both lengths."""
    protected = {"protection_share": 0.5, "protection": constant(180.0)}
    placement = {
        "opens": "08:30",
        "closes": "17:30",
        "out_of_hours": constant(600.0),
        "share_not_found": 0.5,
    }
    before = drawn({"after_return": protected})
    after = drawn({"after_return": {**protected, "placement": placement}})
    moved = differing(before.episodes, after.episodes, "key")
    assert moved == {"protection_night_seconds", "no_placement"}
    by_day = after.episodes["protection_seconds"]
    assert set(by_day.tolist()) == {0, 180 * 60}
    night = np.where(by_day > 0, 600 * 60, 0)
    assert np.array_equal(after.episodes["protection_night_seconds"], night)
    assert set(after.episodes["no_placement"].tolist()) == {0, 1}
    assert not before.episodes["no_placement"].any()


def test_shares_of_protection_may_be_those_of_a_stream() -> None:
    """A scripted case is held for want of a placement; the other stream is as it was."""
    other = small_scenario(2).model_dump(mode="json", exclude_none=True)["streams"]["missing_child"]
    place = {"opens": "08:30", "closes": "17:30", "out_of_hours": constant(600.0)}
    shares = {"protection_share": 0.2, "protection": constant(180.0), "placement": place}
    own = {"case": {"protection_share": 1.0, "share_not_found": 1.0}}
    plain, scripted = (
        drawn(
            {"streams": ["missing_child", "case"], "after_return": {**shares, **more}},
            streams={"case": other},
        )
        for more in ({}, {"streams": own})
    )
    case = np.isin(
        scripted.episodes["key"], scripted.incidents["key"][child_streams(scripted) == 1]
    )
    assert (scripted.episodes["protection_seconds"][case] == 180 * 60).all()
    assert (scripted.episodes["no_placement"][case] == 1).all()
    kept = (plain.episodes.take(~case), scripted.episodes.take(~case))
    assert kept[0].differences(kept[1]) == []
    assert 0 < (kept[0]["protection_seconds"] > 0).mean() < 0.4


def child_streams(draws: Draws) -> np.ndarray[Any, Any]:
    """Return 0 for the first stream of missing children, 1 for the last stream, else 2."""
    streams = draws.incidents["stream"]
    last = int(streams.max())
    numbers: np.ndarray[Any, Any] = np.select([streams == 0, streams == last], [0, 1], 2)
    return numbers


def test_forms_shorten_call_and_research_of_children_in_care() -> None:
    """Where there is a form, the assessment takes half and the research a quarter of its time."""
    forms = {"share": 0.5, "assessment_factor": 0.5, "research_factor": 0.25}
    before, after = drawn(), drawn({"care_forms": forms})
    moved = differing(before.incidents, after.incidents, "key")
    assert moved == {"assessment_seconds", "research_seconds"}
    rows, with_form = child_rows(before), child_rows(after)
    shorter = with_form["research_seconds"] != rows["research_seconds"]
    assert shorter.any()
    assert not (shorter & (rows["in_care"] == 0)).any()
    assert np.abs(4 * with_form["research_seconds"] - rows["research_seconds"])[shorter].max() <= 4
    halves = 2 * with_form["assessment_seconds"] - rows["assessment_seconds"]
    assert np.abs(halves[shorter]).max() <= 2
    children = np.isin(rows["child"], rows["child"][shorter])
    assert np.array_equal(children, shorter)


def test_homes_with_a_form_no_longer_make_some_reports() -> None:
    """Four in ten of those with a form are gone; the rest is as it was but for what came before."""
    forms = {"share": 0.5, "research_factor": 0.25}
    fewer = {**forms, "share_not_reported": 0.4}
    before, after = (drawn({"care_forms": one}) for one in (forms, fewer))
    rows, told = child_rows(before), child_rows(after)
    kept = np.isin(rows["key"], told["key"])
    assert rows.take(kept).differences(told) == []
    assert np.array_equal(
        before.incidents["key"][~np.isin(before.incidents["stream"], rows["stream"])],
        after.incidents["key"][~np.isin(after.incidents["stream"], rows["stream"])],
    )
    shorter = rows["research_seconds"] != child_rows(drawn())["research_seconds"]
    assert not (~kept & ~shorter).any()
    gone = int((~kept).sum())
    assert stats.binomtest(gone, int(shorter.sum()), 0.4).pvalue > 1e-4
    # A larger share takes in the whole of a smaller one.
    least = child_rows(drawn({"care_forms": {**forms, "share_not_reported": 0.1}}))
    assert np.isin(told["key"], least["key"]).all()


def test_reports_that_are_not_made_are_none_of_the_earlier_ones() -> None:
    """Counted in the 90 days before, also before time 0, as in the reports that were made."""
    episodes = {"care_forms": {"share": 0.8, "share_not_reported": 0.5}}
    early = draw(small_scenario(2, episode=episode(**episodes)), STREAMS, -100 * DAY, END)
    rows = child_rows(early)
    child, at = rows["child"], rows["reported_at"]
    found = dict(
        zip(
            early.episodes["key"].tolist(), early.episodes["previous_90_days"].tolist(), strict=True
        )
    )
    for key, one, when in zip(rows["key"].tolist(), child.tolist(), at.tolist(), strict=True):
        if when >= 0:
            mine = (child == one) & (at < when) & (at >= when - 90 * DAY)
            assert found[key] == int(mine.sum())


# Lines.


def test_lines_follow_the_package_of_the_ratified_risk() -> None:
    """Each risk has its own lines and gaps; the first gap and those of `then` are their own."""
    draws = drawn()
    rows = child_rows(draws)
    lines = draws.enquiries
    for risk, kinds in ((Risk.LOW, [0] * 12), (Risk.MEDIUM, [0] + [1] * 11), (Risk.HIGH, None)):
        keys = rows["key"][rows["ratified_risk"] == risk]
        assert keys.size > 20
        wanted = kinds or [1, 0] + [1] * 10
        of_risk = lines.take(np.isin(lines["key"], keys))
        assert np.array_equal(of_risk["kind"].reshape(-1, 12), np.tile(wanted, (keys.size, 1)))
    medium = np.isin(lines["key"], rows["key"][rows["ratified_risk"] == Risk.MEDIUM])
    assert (lines["gap_seconds"][medium & (lines["line"] == 0)] == 45 * MINUTE).all()
    high = np.isin(lines["key"], rows["key"][rows["ratified_risk"] == Risk.HIGH])
    assert (lines["gap_seconds"][high & (lines["line"] >= 2)] == 600 * MINUTE).all()
    assert not (lines["gap_seconds"][high & (lines["line"] < 2)] == 600 * MINUTE).any()


def test_a_desk_takes_nobody_along() -> None:
    """Lines at a desk have no travel and count one officer; visits have both."""
    lines = drawn().enquiries
    desk = lines["desk"] == 1
    assert np.array_equal(desk, lines["kind"] == 0)
    assert (lines["base_travel_seconds"][desk] == 0).all()
    assert (lines["officers"][desk] == 1).all()
    assert (lines["base_travel_seconds"][~desk] > 0).all()
    assert set(lines["officers"][~desk].tolist()) == {1, 2}


def test_a_package_without_repeats_ends_with_its_last_line() -> None:
    """Where nothing is repeated there are as many rows as lines, though more were asked for."""
    package = {"first": ["telephone", "visit"], "then": REMOVED, "gap": constant(60.0)}
    draws = drawn({"packages": {"medium": package}})
    rows = child_rows(draws)
    medium = rows["key"][rows["ratified_risk"] == Risk.MEDIUM]
    lines = draws.enquiries.take(np.isin(draws.enquiries["key"], medium))
    assert len(lines) == 2 * medium.size


def test_fewer_lines_than_the_package_has_cut_it() -> None:
    """One line at most leaves the first of each package."""
    lines = drawn({"most_lines": 1}).enquiries
    assert (lines["line"] == 0).all()
    assert len(lines) == len(drawn().episodes)


def test_travel_is_that_of_the_area() -> None:
    """A visit in the south travels as the south does, to an enquiry and to an interview alike."""
    far = {"south": {"travel": constant(40.0)}, "north": {"travel": lognormal(8.0, 0.4)}}
    draws = drawn(areas=far)
    rows = child_rows(draws)
    south = rows["area"] == 1
    assert (draws.episodes["interview_travel_seconds"][south] == 40 * MINUTE).all()
    assert not (draws.episodes["interview_travel_seconds"][~south] == 40 * MINUTE).any()
    visits = (draws.enquiries["desk"] == 0) & np.isin(draws.enquiries["key"], rows["key"][south])
    assert (draws.enquiries["base_travel_seconds"][visits] == 40 * MINUTE).all()


def test_two_lengths_are_independent() -> None:
    """The PPN's length says nothing of MASH's, nor the work of line 0 of that of line 1."""
    draws = drawn({"packages": {"medium": {"first": ["visit"]}}})
    of_episode = stats.spearmanr(draws.episodes["ppn_seconds"], draws.episodes["mash_seconds"])
    assert of_episode.pvalue > ALPHA
    rows = child_rows(draws)
    medium = np.isin(draws.enquiries["key"], rows["key"][rows["ratified_risk"] == Risk.MEDIUM])
    work = [
        draws.enquiries["work_seconds"][medium & (draws.enquiries["line"] == line)]
        for line in (0, 1)
    ]
    assert stats.spearmanr(*work).pvalue > ALPHA


def test_a_cohort_may_be_mostly_in_care() -> None:
    """So many of them are, as many children as before are of it, and others keep their luck."""
    plain = drawn({"cohort": {"children": 100, "of_children": 1000}})
    cared = drawn({"cohort": {"children": 100, "of_children": 1000, "share_in_care": 0.7}})
    assert differing(plain.incidents, cared.incidents, "key") == set()
    assert differing(plain.episodes, cared.episodes, "key") <= {"cohort"}
    children = child_rows(cared)
    _, first = np.unique(children["child"], return_index=True)
    of_it = cared.episodes["cohort"][first] == 1
    in_care = children["in_care"][first] == 1
    # A fifth of the children of the small world are in care: 0.1 x 0.7 / 0.2 of these are of it,
    # and 0.1 x 0.3 / 0.8 of the others. Of a tenth in both groups either test would notice.
    for group, share in ((in_care, 0.35), (~in_care, 0.0375)):
        chosen = of_it[group]
        assert stats.binomtest(int(chosen.sum()), chosen.size, share).pvalue > ALPHA
        assert stats.binomtest(int(chosen.sum()), chosen.size, 0.1).pvalue < ALPHA


def test_a_cohort_may_be_of_higher_risk_and_known() -> None:
    """Its reports are of the risk that is said, its research is shorter, and nobody else's is."""
    cohort = {"children": 300, "of_children": 1000}
    plain, weighted = (
        drawn({"cohort": {**cohort, **more}})
        for more in ({}, {"risk": {"high": 1.0}, "trigger_plans": True})
    )
    before, after = child_rows(plain), child_rows(weighted)
    of_it = weighted.episodes["cohort"] == 1
    assert (after["risk"][of_it] == Risk.HIGH).all()
    assert not (before["risk"][of_it] == Risk.HIGH).all()
    for column in ("risk", "research_seconds", "grade"):
        assert np.array_equal(before[column][~of_it], after[column][~of_it])
    researched = of_it & (before["research_seconds"] != NEVER)
    took, takes = (table["research_seconds"][researched].sum() for table in (before, after))
    assert takes < took
