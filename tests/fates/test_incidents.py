"""Incidents: whose luck depends on what, the rules of each column, and the scenario's figures."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.fates.incidents import draw
from sim.scenario.models import Scenario
from sim.streams import Streams
from sim.tables import DAY, NEVER, NONE, PARTS, SUM_PARTS, Origin, Risk, Table
from tests.worlds import (
    REMOVED,
    constant,
    desk,
    exponential,
    lognormal,
    small_document,
    small_scenario,
)

STREAMS = Streams(seed=2022, replication=0)
START, END = -7 * DAY, 30 * DAY
ALPHA = 1e-4
STREAM_NAMES = ("missing_child", "immediate", "welfare", "plain_call", "supervisor_review")
# Places in the scenario's lists; a list that grows at its front renumbers them all.
PLACES = {"stream", "desk_pool"}


def incidents(scenario: Scenario, start: int = START, end: int = END, seed: int = 2022) -> Table:
    """Return the incidents of one replication."""
    return draw(scenario, Streams(seed=seed, replication=0), start, end).incidents


def of_stream(scenario: Scenario, name: str, table: Table | None = None) -> Table:
    """Return the rows of one stream."""
    table = incidents(scenario) if table is None else table
    return table.take(table["stream"] == list(scenario.streams).index(name))


def one_stream(name: str, **changes: Any) -> Scenario:
    """Return a scenario of one area with one stream, changed."""
    others: dict[str, Any] = {other: REMOVED for other in STREAM_NAMES if other != name}
    policy: dict[str, Any] = {} if name == "missing_child" else {"gate": {"streams": []}}
    if name != "missing_child":
        policy["attendance"] = {"streams": REMOVED}
    return small_scenario(streams={**others, name: changes}, policy=policy)


def assert_rows_kept(fewer: Table, more: Table, ignored: set[str] | None = None) -> None:
    """Assert that every row of one table stands in another, column for column."""
    kept = more.take(np.isin(more["key"], fewer["key"])).sorted_by("key")
    assert kept["key"].tolist() == np.sort(fewer["key"]).tolist()
    fewer = fewer.sorted_by("key")
    for name in set(fewer.schema.names) - (ignored or set()):
        assert (kept[name] == fewer[name]).all(), name


def assert_share(count: int, total: int, share: float) -> None:
    """Assert that an exact two-sided binomial test does not reject the share at ALPHA."""
    assert total > 500
    assert stats.binomtest(count, total, share).pvalue > ALPHA, (count / total, share)


# Whose luck depends on what.


def test_table_is_sound() -> None:
    """Keys are unique, rows in order and in the window, and NEVER stands only where it may."""
    table, attempts, *_ = draw(small_scenario(2), STREAMS, START, END)
    table.check()
    attempts.check()
    order = np.lexsort((table["key"], table["reported_at"]))
    assert (order == np.arange(len(table))).all()
    assert table["reported_at"].min() >= START
    assert table["reported_at"].max() < END
    assert (table["key"] >= 0).all()
    assert set(table["stream"].tolist()) == set(range(5))


@pytest.mark.parametrize("name", STREAM_NAMES)
def test_more_volume_only_adds(name: str) -> None:
    """Two per cent more of a stream, or twice as much, adds rows and alters none."""
    base = small_scenario(2)
    volume = base.streams[name].volume_per_year
    before = incidents(base)
    for factor in (1.02, 2.0):
        more = small_scenario(2, streams={name: {"volume_per_year": factor * volume}})
        after = incidents(more)
        assert_rows_kept(before, after)
    assert len(after) > len(before) + 20


def test_a_new_stream_changes_nobody() -> None:
    """A stream put before all others adds its own rows and moves only the streams' places."""
    base = small_scenario(2)
    document = small_document(2)
    document["streams"] = {
        "scheduled": {**document["streams"]["immediate"], "volume_per_year": 4_000.0},
        **document["streams"],
    }
    before, after = incidents(base), incidents(Scenario.model_validate(document))
    assert_rows_kept(before, after, PLACES)
    assert (after["stream"] == 0).sum() > 100
    assert len(after) == len(before) + int((after["stream"] == 0).sum())


def test_a_new_pool_or_rule_changes_nobody() -> None:
    """Neither a pool put before all others nor another rule at the gate moves an incident."""
    base = small_scenario(2)
    document = small_document(2)
    document["pools"] = {"research": desk("fib24", 1), **document["pools"]}
    document["policy"]["gate"]["share_held"] = 0.9
    before, after = incidents(base), incidents(Scenario.model_validate(document))
    assert len(before) == len(after)
    assert_rows_kept(before, after, {"desk_pool"})


def test_a_switchboard_s_work_is_drawn_where_there_is_one() -> None:
    """Half a minute for every report, passed at once in the streams named; nobody else changes."""
    room = {
        "switchboard": "call_takers",
        "call_takers": "call_takers",
        "switch": {"family": "constant", "minutes": 0.5},
        "passed_at_once": ["missing_child"],
    }
    without, table = (
        incidents(small_scenario()),
        incidents(small_scenario(policy={"control_room": room})),
    )
    calls = table["desk_pool"] == NONE
    assert np.unique(table["switch_seconds"][calls]).tolist() == [30]
    children = of_stream(small_scenario(), "missing_child", table)
    assert 0 < table["passed_at_once"].sum() == children["passed_at_once"].sum() == len(children)
    assert not without["switch_seconds"].any()
    assert_rows_kept(without, table, {"switch_seconds", "passed_at_once"})


def test_patience_is_drawn_of_those_who_call_by_101() -> None:
    """Three ways to go on, as often as told; nobody else changes."""
    shares = {"calls_again": 0.5, "goes_online": 0.2}
    ways = {"patience": lognormal(12.0, 0.9), **shares, "again_after": constant(15.0)}
    calls = {"origins": {"999": 0.5, "101": 0.5}, "ends_without_deployment": 1.0}
    without, table = (
        incidents(small_scenario(20, streams={"plain_call": {**calls, **more}}))
        for more in ({}, {"hanging_up": ways})
    )
    assert_rows_kept(without, table, {"patience_seconds", "after_hang_up", "again_seconds"})
    assert (without["patience_seconds"] == NEVER).all()
    mine = of_stream(small_scenario(), "plain_call", table)
    by_101 = mine["origin"] == Origin.NON_EMERGENCY
    assert ((mine["patience_seconds"] != NEVER) == by_101).all()
    assert np.unique(mine["again_seconds"][by_101]).tolist() == [900]
    then, count = np.unique(mine["after_hang_up"][by_101], return_counts=True)
    assert then.tolist() == [0, 1, 2]
    assert stats.chisquare(count, [share * count.sum() for share in (0.3, 0.5, 0.2)]).pvalue > ALPHA
    patience = np.log(mine["patience_seconds"][by_101] / 60)
    assert abs(patience.mean() - np.log(12)) < 4 * 0.9 / np.sqrt(by_101.sum())


def test_an_enquiry_by_telephone_is_drawn_where_there_is_one() -> None:
    """Of the streams that are named; nobody else changes, and of the rest none is uncertain."""
    work, share = constant(20.0), {"share_uncertain": 0.25, "finds": 0.1}
    first = {"telephone": {"streams": ["missing_child"], "work": work, **share}}
    without, table = (incidents(small_scenario(20, policy={"gate": gate})) for gate in ({}, first))
    assert_rows_kept(without, table, {"uncertain_parts", "telephone_seconds", "telephone_finds"})
    assert (without["uncertain_parts"] == PARTS).all()
    children = of_stream(small_scenario(), "missing_child", table)
    assert (table["uncertain_parts"] < PARTS).sum() == len(children)
    assert np.unique(children["telephone_seconds"]).tolist() == [1200]
    for column in (children["telephone_finds"] == 1, children["uncertain_parts"] < PARTS // 10):
        assert stats.binomtest(int(column.sum()), len(children), 0.1).pvalue > ALPHA


def test_how_far_a_dispatcher_s_rate_adds_up_is_drawn_where_there_is_one() -> None:
    """Exponential of mean one for whom somebody is sent to; a changed rate, or another, moves none.

    A false alarm in 10,000 of the distribution's test.
    """
    rate = {"waited_minutes": [0.0], "a_minute": {str(grade): [0.5] for grade in range(1, 6)}}
    faster = {**rate, "a_minute": {str(grade): [0.9] for grade in range(1, 6)}}
    without, table, other = (
        incidents(small_scenario(policy=policy))
        for policy in ({}, {"dispatch_rate": rate}, {"dispatch_rate": faster})
    )
    sent = (table["desk_pool"] == NONE) & (table["deploys"] == 1)
    assert (table["decision_sum"][~sent] == NEVER).all()
    assert stats.kstest(table["decision_sum"][sent] / SUM_PARTS, "expon").pvalue > 1e-4
    assert (without["decision_sum"] == NEVER).all()
    assert_rows_kept(without, table, {"decision_sum"})
    assert_rows_kept(table, other, set())


def test_another_length_of_work_changes_no_other_column() -> None:
    """Longer scenes alter the length of scenes and nothing else."""
    after = incidents(small_scenario(2, streams={"immediate": {"scene": constant(500.0)}}))
    before = incidents(small_scenario(2))
    assert_rows_kept(before, after, {"scene_seconds"})
    assert (before["scene_seconds"] != after["scene_seconds"]).any()


def test_window_only_picks_rows() -> None:
    """A shorter window, of odd seconds, holds exactly the long one's rows between its ends."""
    scenario = small_scenario(2)
    start, end = 12_345, 9 * DAY + 54_321
    long, short = incidents(scenario), incidents(scenario, start, end)
    inside = (long["reported_at"] >= start) & (long["reported_at"] < end)
    assert long.take(inside).differences(short) == []
    assert len(short) > 300


def test_a_world_of_no_reports() -> None:
    """Streams of no volume, or a window of no length, give empty tables."""
    silent: dict[str, Any] = {name: {"volume_per_year": 0.0} for name in STREAM_NAMES}
    for scenario, end in ((small_scenario(streams=silent), END), (small_scenario(), START)):
        table, attempts, *_ = draw(scenario, STREAMS, START, end)
        assert len(table) == len(attempts) == 0


def test_replications_differ() -> None:
    """Another seed or another replication is another world."""
    scenario = small_scenario()
    first = draw(scenario, Streams(1, 0), 0, END).incidents
    for other in (Streams(2, 0), Streams(1, 1)):
        second = draw(scenario, other, 0, END).incidents
        assert not np.array_equal(first["reported_at"], second["reported_at"])


# Shares nest.


def test_held_at_30_percent_lies_inside_held_at_50() -> None:
    """One uniform is held against the share, so the smaller set is part of the larger."""
    table = of_stream(one_stream("missing_child", volume_per_year=30_000.0), "missing_child")
    at_30 = table["held_parts"] < 0.3 * PARTS
    at_50 = table["held_parts"] < 0.5 * PARTS
    assert not (at_30 & ~at_50).any()
    assert_share(int(at_30.sum()), len(table), 0.3)


@pytest.mark.parametrize(
    ("name", "low", "high", "column", "present"),
    [
        (
            "missing_child",
            {"research_share": 0.3},
            {"research_share": 0.7},
            "research_seconds",
            lambda values: values != NEVER,
        ),
        (
            "immediate",
            {"custody_share": 0.1},
            {"custody_share": 0.6},
            "custody_seconds",
            lambda values: values > 0,
        ),
        (
            "welfare",
            {"ends_without_deployment": 0.1},
            {"ends_without_deployment": 0.4},
            "deploys",
            lambda values: values == 0,
        ),
        (
            "missing_child",
            {"escalation": {"share": 0.1, "after": exponential(60.0)}},
            {"escalation": {"share": 0.6, "after": exponential(60.0)}},
            "escalates_at",
            lambda values: values != NEVER,
        ),
    ],
)
def test_shares_nest(name: str, low: Any, high: Any, column: str, present: Any) -> None:
    """A larger share takes in all that a smaller one did, and more."""
    smaller = present(of_stream(one_stream(name, **low), name)[column])
    larger = present(of_stream(one_stream(name, **high), name)[column])
    assert smaller.any()
    assert not (smaller & ~larger).any()
    assert larger.sum() > smaller.sum()


# The call.


def test_without_thrive_the_call_is_as_long() -> None:
    """Without a THRIVE the grade comes when the call ends, and the call lasts as it would have."""
    done = of_stream(one_stream("missing_child", thrive_done=1.0), "missing_child")
    none = of_stream(one_stream("missing_child", thrive_done=0.0), "missing_child")
    steps = ("thrive_seconds", "assessment_seconds", "wrap_seconds")
    assert (none["thrive_seconds"] == sum(done[step] for step in steps)).all()
    assert (none["assessment_seconds"] == 0).all()
    assert (none["wrap_seconds"] == 0).all()


def test_thrive_share() -> None:
    """97 % of welfare calls have a THRIVE, and so the wrap-up that follows a grade."""
    scenario = one_stream("welfare", volume_per_year=100_000.0)
    table = of_stream(scenario, "welfare")
    assert_share(int((table["wrap_seconds"] > 0).sum()), len(table), 0.97)


def test_only_those_assessed_have_an_assessment() -> None:
    """Assessment, last sighting and return belong to missing people; others have none."""
    scenario = small_scenario()
    table = incidents(scenario)
    missing = table["stream"] == 0
    for column in ("assessment_seconds", "last_seen_at", "return_at"):
        assert (table[column][missing] != NEVER).all()
        assert (table[column][~missing] == NEVER).all()
    assert (table["risk"][missing] > 0).all()
    assert (table["risk"][~missing] == Risk.NOT_ASSESSED).all()


def test_calls_that_end_without_deployment_need_nothing_more() -> None:
    """What ends with the call has no attendance drawn, and no allocation."""
    scenario = small_scenario()
    table, attempts, *_ = draw(scenario, STREAMS, START, END)
    calls = of_stream(scenario, "plain_call", table)
    assert (calls["deploys"] == 0).all()
    for column in ("officers", "scene_seconds", "base_travel_seconds", "held_parts"):
        assert (calls[column] == 0).all()
    assert (calls["thrive_seconds"] > 0).all()
    assert not np.isin(attempts["key"], calls["key"]).any()


# Grades, risk and ratification.


def test_risk_decides_the_grade_where_it_is_said_to() -> None:
    """Children at high risk are all grade 1; the others' grades are as without that rule."""
    with_rule = of_stream(one_stream("missing_child"), "missing_child")
    no_rule = one_stream("missing_child", grades_by_risk={"high": REMOVED})
    without = of_stream(no_rule, "missing_child")
    high = with_rule["risk"] == Risk.HIGH
    assert high.any()
    assert (with_rule["grade"][high] == 1).all()
    assert (with_rule["grade"][~high] == without["grade"][~high]).all()
    assert (without["grade"][high] == 2).any()


def test_regrade_of_the_vulnerable_stops_at_2() -> None:
    """With every child downgraded, grade 1 becomes 2 and 2 stays, while the risk falls by one."""
    table = of_stream(
        one_stream("missing_child", regrade={"upgraded": 0.0, "downgraded": 1.0}), "missing_child"
    )
    assert set(table["grade"].tolist()) == {1, 2}
    assert (table["ratified_grade"] == 2).all()
    assert (table["ratified_risk"] == np.maximum(table["risk"] - 1, Risk.LOW)).all()


@pytest.mark.parametrize(("share", "step"), [("upgraded", -1), ("downgraded", 1)])
def test_regrade_stays_among_the_grades(share: str, step: int) -> None:
    """A regrade is one step, and none beyond the first or the last of five grades."""
    scenario = one_stream(
        "immediate",
        grades={str(grade): 0.2 for grade in range(1, 6)},
        ratification=constant(5.0),
        regrade={"upgraded": 0.0, "downgraded": 0.0, share: 1.0},
    )
    table = of_stream(scenario, "immediate")
    assert (table["ratified_grade"] == np.clip(table["grade"] + step, 1, 5)).all()
    assert (table["ratified_risk"] == Risk.NOT_ASSESSED).all()


def test_regrade_needs_a_ratification() -> None:
    """Where nothing is ratified, no grade is changed by it."""
    scenario = one_stream(
        "missing_child", ratification=REMOVED, regrade={"upgraded": 0.5, "downgraded": 0.5}
    )
    table = of_stream(scenario, "missing_child")
    assert (table["ratified_grade"] == table["grade"]).all()
    assert (table["ratified_risk"] == table["risk"]).all()
    assert (table["ratification_seconds"] == NEVER).all()


def test_lacking_detail_is_slower_and_oftener_changed() -> None:
    """All lacking detail at factor 2 is ratification of twice the length and twice the regrades."""
    usual = {"share": 0.0, "ratification_factor": 2.0, "regrade_factor": 2.0}
    plain = of_stream(one_stream("missing_child", lacking_detail=usual), "missing_child")
    lacking = {**usual, "share": 1.0}
    poor = of_stream(one_stream("missing_child", lacking_detail=lacking), "missing_child")
    twice = of_stream(
        one_stream(
            "missing_child",
            lacking_detail=usual,
            regrade={"upgraded": 0.1, "downgraded": 0.2},
        ),
        "missing_child",
    )
    # Both are rounded once, so the double may differ by a second.
    assert (abs(poor["ratification_seconds"] - 2 * plain["ratification_seconds"]) <= 1).all()
    assert (poor["ratified_risk"] == twice["ratified_risk"]).all()
    assert (poor["ratified_risk"] != plain["ratified_risk"]).any()


def test_what_is_known_belongs_to_the_child() -> None:
    """Flags shorten research in every episode of a child or in none; here to no time at all."""
    known = {"flagged": 0.3, "trigger_plan": 0.2, "research_factor": 0.0}
    scenario = one_stream("missing_child", volume_per_year=30_000.0, known=known)
    table = of_stream(scenario, "missing_child")
    short: dict[int, set[bool]] = {child: set() for child in table["child"].tolist()}
    for child, seconds in zip(table["child"].tolist(), table["research_seconds"], strict=True):
        short[child].add(bool(seconds == 0))
    assert all(len(kinds) == 1 for kinds in short.values())
    assert len(short) < len(table)
    # Either of two independent flags: 1 - 0.7 · 0.8 = 0.44.
    assert_share(sum(kinds == {True} for kinds in short.values()), len(short), 0.44)


def test_escalation_is_after_the_report_and_before_the_return() -> None:
    """The risk rises while the child is away, or not at all."""
    escalation = {"share": 1.0, "after": exponential(240.0)}
    table = of_stream(one_stream("missing_child", escalation=escalation), "missing_child")
    rises = table["escalates_at"] != NEVER
    assert 0 < rises.sum() < len(table)
    rising = table.take(rises)
    assert (rising["escalates_at"] >= rising["reported_at"]).all()
    assert (rising["escalates_at"] < rising["return_at"]).all()


# Children.


def test_a_child_is_not_missing_twice_at_once() -> None:
    """Each episode of a child begins, and the child is last seen, after the return before."""
    scenario = one_stream("missing_child", volume_per_year=20_000.0)
    table = of_stream(scenario, "missing_child").sorted_by("child", "episode")
    assert (table["last_seen_at"] <= table["reported_at"]).all()
    same = (table["child"][1:] == table["child"][:-1]) & (
        table["episode"][1:] == table["episode"][:-1] + 1
    )
    assert same.sum() > 200
    assert (table["reported_at"][1:] > table["return_at"][:-1])[same].all()
    assert (table["last_seen_at"][1:] >= table["return_at"][:-1])[same].all()


def test_a_child_stays_who_it_is() -> None:
    """Care and age band are the child's, whichever the episode."""
    table = of_stream(one_stream("missing_child", volume_per_year=20_000.0), "missing_child")
    people = set(
        zip(table["child"].tolist(), table["in_care"].tolist(), table["age_band"], strict=True)
    )
    assert len(people) == len(set(table["child"].tolist())) < len(table)
    assert set(table["age_band"].tolist()) == {0, 1, 2}
    assert table["episode"].min() == 0


def test_share_in_care_is_of_the_children() -> None:
    """15 % of the children whose first episode falls in four years are in care."""
    scenario = one_stream("missing_child", volume_per_year=10_000.0)
    table = of_stream(scenario, "missing_child", incidents(scenario, 0, 1460 * DAY))
    first = table.take(table["episode"] == 0)
    assert_share(int(first["in_care"].sum()), len(first), 0.15)
    # Children in care are missing oftener, so their share of the incidents is the larger.
    assert table["in_care"].mean() > 0.25


def test_a_missing_adult_may_never_return() -> None:
    """Adults are single reports with no child; without a natural return there is none."""
    document = small_document()
    child = document["streams"]["missing_child"]
    adult = {key: value for key, value in child.items() if key != "children"}
    adult |= {"kind": "missing_adult", "grades_by_risk": {}, "vulnerable": False}
    adult["grades"] = {"2": 0.5, "3": 0.5}
    for natural in (True, False):
        if not natural:
            del adult["natural_return"]
        scenario = small_scenario(streams={"missing_adult": adult})
        table = of_stream(scenario, "missing_adult")
        assert (table["child"] == NONE).all()
        assert (table["last_seen_at"] <= table["reported_at"]).all()
        assert (table["return_at"] != NEVER).all() == natural
        assert set(table["grade"].tolist()) == {2, 3}


# Desk work and allocations.


def test_desk_work_asks_for_its_pool_and_nobody_else() -> None:
    """A desk task is direct, of its urgency, at no place, and sends nobody."""
    scenario = small_scenario()
    table = of_stream(scenario, "supervisor_review")
    assert (table["desk_pool"] == list(scenario.pools).index("supervisors")).all()
    assert (table["origin"] == Origin.DIRECT).all()
    assert (table["grade"] == 3).all()
    assert (table["deploys"] == 0).all()
    assert (table["area"] == NONE).all()
    assert table["desk_seconds"].max() > 0


def test_allocations_have_lasting_fates() -> None:
    """Each deployment has attempts 0 to at_most + 1; a higher bound adds some and moves none."""
    room = {"dispatchers": "supervisors", "dispatch": lognormal(2.0, 0.5)}
    tables = []
    for most in (1, 3):
        policy = {"control_room": room, "diversion": {"at_most": most}}
        table, attempts, *_ = draw(small_scenario(policy=policy), STREAMS, START, END)
        sent = table["key"][table["deploys"] == 1]
        assert len(attempts) == sent.size * (most + 2)
        assert set(attempts["key"].tolist()) == set(sent.tolist())
        tables.append(attempts)
    fewer, more = tables
    assert more.take(more["attempt"] < 3).differences(fewer) == []
    first, second = (fewer["dispatch_seconds"][fewer["attempt"] == k] for k in (0, 1))
    assert (first > 0).all()
    assert abs(np.corrcoef(first, second)[0, 1]) < 3.9 / math.sqrt(first.size)


def test_without_dispatchers_an_allocation_takes_no_time() -> None:
    """Where nobody dispatches, the work is 0 for every attempt."""
    attempts = draw(small_scenario(), STREAMS, START, END).attempts
    assert len(attempts) > 0
    assert (attempts["dispatch_seconds"] == 0).all()


# The scenario's figures.


@pytest.mark.parametrize("name", ["immediate", "plain_call", "supervisor_review"])
def test_volume_is_poisson_with_the_yearly_mean(name: str) -> None:
    """A year's reports, of a Poisson number with the stream's mean, are not rejected."""
    scenario = one_stream(name)
    mean = scenario.streams[name].volume_per_year
    for seed in range(5):
        count = len(incidents(scenario, 0, 365 * DAY, seed))
        lower = stats.poisson.ppf(ALPHA / 10, mean)
        upper = stats.poisson.ppf(1 - ALPHA / 10, mean)
        assert lower <= count <= upper


def test_volume_of_missing_children() -> None:
    """The mean year of 100 seeds lies within a t interval of the yearly volume."""
    scenario = one_stream("missing_child")
    counts = np.array([len(incidents(scenario, 0, 364 * DAY, seed)) for seed in range(100)])
    expected = 2_500.0 * 364 / 365
    half_width = stats.t.ppf(1 - ALPHA / 2, 99) * counts.std(ddof=1) / 10
    assert abs(counts.mean() - expected) < half_width
    # The interval is narrow enough to be a check: 3 % at most on either side.
    assert half_width < 0.03 * expected


def test_shares_of_a_stream() -> None:
    """Areas, grades, origins and officers come in the shares that the scenario gives."""
    welfare = {
        "volume_per_year": 200_000.0,
        "areas": {"north": 0.3, "south": 0.7},
        "officers": {"1": 0.6, "2": 0.3, "3": 0.1},
    }
    scenario = small_scenario(2, streams={"welfare": welfare})
    table = of_stream(scenario, "welfare")
    sent = table.take(table["deploys"] == 1)
    assert_share(len(sent), len(table), 0.8)
    for column, shares in {
        "area": {0: 0.3, 1: 0.7},
        "grade": {2: 0.8, 3: 0.2},
        "origin": {0: 0.4, 1: 0.5, 2: 0.1},
    }.items():
        for value, share in shares.items():
            assert_share(int((table[column] == value).sum()), len(table), share)
    for value, share in {1: 0.6, 2: 0.3, 3: 0.1}.items():
        assert_share(int((sent["officers"] == value).sum()), len(sent), share)


def test_columns_are_independent() -> None:
    """No two columns with a spread of their own are correlated, the reports' times included."""
    table = of_stream(one_stream("immediate", volume_per_year=200_000.0), "immediate")
    columns = ["reported_at", "thrive_seconds", "base_travel_seconds", "scene_seconds"]
    columns += ["held_parts", "officers"]
    ranks = np.array([stats.rankdata(table[column]) for column in columns])
    correlation = np.abs(np.corrcoef(ranks) - np.eye(len(columns)))
    # 15 pairs share the false-alarm rate.
    assert correlation.max() < stats.norm.ppf(1 - ALPHA / 30) / math.sqrt(len(table))


def test_mean_lengths() -> None:
    """Travel and scenes of 20,000 jobs have the means of their lognormals."""
    table = of_stream(one_stream("immediate", volume_per_year=200_000.0), "immediate")
    for column, median, sigma in (
        ("base_travel_seconds", 12.0, 0.5),
        ("scene_seconds", 45.0, 0.7),
    ):
        mean = 60 * median * math.exp(sigma**2 / 2)
        deviation = mean * math.sqrt(math.exp(sigma**2) - 1)
        bound = stats.norm.ppf(1 - ALPHA / 2) * deviation / math.sqrt(len(table))
        assert abs(table[column].mean() - mean) < bound


def test_travel_is_the_incidents_area() -> None:
    """Base travel follows the area in which the incident is, whatever else is there."""
    areas = {"north": {"travel": constant(5.0)}, "south": {"travel": constant(9.0)}}
    scenario = small_scenario(2, areas=areas)
    table = incidents(scenario)
    sent = table.take(table["deploys"] == 1)
    assert (sent["base_travel_seconds"] == np.where(sent["area"] == 0, 300, 540)).all()
    assert set(sent["area"].tolist()) == {0, 1}


def test_profile_shapes_the_day() -> None:
    """A profile of weight 3 from 16:00 to 22:00 and 1 elsewhere puts half of the reports there."""
    scenario = one_stream("plain_call", profile="evening", volume_per_year=100_000.0)
    table = incidents(scenario, 0, 70 * DAY)
    hour = table["reported_at"] % DAY // 3600
    # 6 · 3 = 18 of 6 · 3 + 18 · 1 = 36.
    assert_share(int(((hour >= 16) & (hour < 22)).sum()), len(table), 0.5)
