"""What holds of missing episodes in every world, of every engine."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.tables import (
    ENQUIRIES,
    EPISODES,
    HELD_CASES,
    NEVER,
    NONE,
    OWNERSHIP,
    RESPONSE,
    TEAM,
    WAITS,
    Activity,
    CaseEnd,
    Draws,
    End,
    Table,
    Why,
    empty,
)
from tests.engines.episode_strategies import episode_worlds
from tests.engines.played import Played, Row, play_tables
from tests.engines.strategies import UNIT_POOLS, World
from tests.engines.test_invariants import (
    assert_one_place_at_a_time,
    assert_rows_in_order,
    rows_by_person,
    shift_of,
)

few = settings(max_examples=100)


def fates(table: Table) -> dict[int, dict[str, int]]:
    """The rows of a table that has one for each key."""
    columns = {name: column.tolist() for name, column in table.columns.items()}
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return {row["key"]: row for row in rows}


def lines_of(world: World) -> dict[int, list[dict[str, int]]]:
    """Each case's lines of enquiry as drawn."""
    columns = {name: column.tolist() for name, column in world.draws.enquiries.columns.items()}
    lines: dict[int, list[dict[str, int]]] = defaultdict(list)
    for row in zip(*columns.values(), strict=True):
        lines[row[0]].append(dict(zip(columns, row, strict=True)))
    return lines


def by_case(played: Played, *kinds: Activity) -> dict[int, list[Row]]:
    """Rows of these kinds, by incident, in time."""
    rows: dict[int, list[Row]] = defaultdict(list)
    for row in played.rows(*kinds):
        rows[row.incident].append(row)
    return rows


def owner_at(world: World, area: int, second: int) -> int:
    """Whose the cases of the area are once a second's shifts have begun and ended (11.2)."""
    assert world.policy.episode is not None
    team = world.policy.episode.team[area]
    shifts = shift_of(world.rota).values()
    return (
        TEAM if any(pool in team and on <= second < off for pool, on, off in shifts) else RESPONSE
    )


def nobody_is_in_two_places_or_works_before_their_shift(world: World, played: Played) -> None:
    """After its shift's end a unit only goes on with what it does, the child and the PPN too."""
    assert_one_place_at_a_time(world, played)


def rows_lie_in_the_simulation_and_in_their_order(world: World, played: Played) -> None:
    """Waits and ownership take a second at least; only what the end cuts off is going on."""
    assert_rows_in_order(world, played)
    for row in played.rows():
        assert (row.why == Why.STILL_GOING) == (row.end == world.policy.end)
        assert (row.kind in WAITS | HELD_CASES) == (row.unit == NONE)


def each_case_has_one_end_and_its_times_are_in_order(world: World, played: Played) -> None:
    """From the enquiry to the return home interview, where they happened at all."""
    assert played.cases["key"].tolist() == world.draws.episodes["key"].tolist()
    incidents = fates(world.incidents)
    chains = (
        ("enquiry_at", "first_line_at"),
        ("enquiry_at", "escalated_at"),
        ("safe_at", "interviewed_at", "ppn_at", "shared_at"),
        ("discussed_at", "strategy_at", "minutes_at"),
        ("discussed_at", "offered_at", "completed_at"),
        ("safe_at", "offered_at", "completed_at"),
    )
    for key, case in fates(played.cases).items():
        outcome, incident = played.of(key), incidents[key]
        back = NEVER != incident["return_at"] < world.policy.end
        for chain in chains:
            times = [case[name] for name in chain]
            happened = [time for time in times if time != NEVER]
            assert happened == sorted(happened)
            assert times[: len(happened)] == happened
        assert (case["end"] == CaseEnd.FOUND) == (case["found_at"] != NEVER)
        assert (case["end"] == CaseEnd.PREVENTED) == (outcome["end"] == End.PREVENTED)
        assert (case["end"] == CaseEnd.UNRECORDED) == (outcome["end"] == End.UNRECORDED)
        if case["end"] in (CaseEnd.PREVENTED, CaseEnd.UNRECORDED):
            assert outcome["answered_at"] == case["discussed_at"] == NEVER
            assert not played.rows(incident=key)
        elif case["end"] == CaseEnd.FOUND:
            assert case["safe_at"] == case["found_at"] >= case["enquiry_at"]
            assert not back or case["found_at"] <= incident["return_at"]
        else:
            assert (case["end"] == CaseEnd.RETURNED) == back == (case["safe_at"] != NEVER)
        if case["enquiry_at"] != NEVER:
            assert case["enquiry_at"] == outcome["finished_at"]
            assert not NEVER != case["safe_at"] < case["enquiry_at"]
        assert (
            case["first_line_at"] == NEVER or not NEVER != case["safe_at"] < case["first_line_at"]
        )
        assert (case["interviewed_at"] == NEVER) == (case["interviewed_by"] == NONE)
        if case["interviewed_at"] != NEVER and incident["return_at"] != outcome["arrived_at"]:
            # Where the first attendance was the interview, who came saw the child.
            assert NEVER != outcome["seen_at"] <= case["interviewed_at"]
        assert case["lines_again"] <= min(case["lines"], case["handovers"])
        assert case["moved_on"] <= case["reviews"] + case["taskings"]


def ownership_covers_the_time_under_enquiry(world: World, played: Played) -> None:
    """Spans follow one another without a gap, and each is theirs who were on duty."""
    areas = {key: fate["area"] for key, fate in fates(world.incidents).items()}
    shifts = shift_of(world.rota).values()
    changes = {time for _, on_at, off_at in shifts for time in (on_at, off_at)}
    owned = by_case(played, *OWNERSHIP)
    for key, case in fates(played.cases).items():
        began, safe_at, end = case["enquiry_at"], case["safe_at"], world.policy.end
        if began == NEVER:
            assert key not in owned
            assert case["handovers"] == 0
            continue
        until = end if safe_at == NEVER else safe_at
        spans = owned[key]
        edges = [began, *(row.end for row in spans)] if spans else [began, until]
        assert edges[-1] == until
        assert [row.start for row in spans] == edges[: len(spans)]
        for row in spans:
            owner = TEAM if row.kind == Activity.OWNED_BY_TEAM else RESPONSE
            inside = {row.start, *(time for time in changes if row.start <= time < row.end)}
            assert {owner_at(world, areas[key], second) for second in inside} == {owner}
            last = row is spans[-1]
            assert last or row.why == Why.HANDED_OVER
        for before, after in pairwise(spans):
            assert before.kind != after.kind
        changed = [
            time
            for time in changes
            if owner_at(world, areas[key], time) != owner_at(world, areas[key], time - 1)
        ]
        # In the seconds in which it begins and ends it may come before or after the change.
        between = sum(began < time < until for time in changed)
        assert between <= case["handovers"] <= between + (began in changed) + (until in changed)


def lines_follow_one_another(world: World, played: Played) -> None:
    """One line at a time, none before the case is under enquiry, none begun once it is not."""
    kinds = (Activity.WAIT_ENQUIRY, Activity.ENQUIRY, Activity.DESK_LINE)
    cases = fates(played.cases)
    for key, rows in by_case(played, *kinds).items():
        case = cases[key]
        together: dict[tuple[bool, int], list[Row]] = defaultdict(list)
        for row in rows:
            assert row.start >= case["enquiry_at"] != NEVER
            assert not NEVER != case["safe_at"] < row.start
            together[row.kind == Activity.DESK_LINE, row.attempt].append(row)
        spans = sorted(
            (min(row.start for row in one), max(row.end for row in one))
            for one in together.values()
        )
        assert all(before[1] <= after[0] for before, after in pairwise(spans))


@few
@given(episode_worlds(off=("rhythm", "unnoticed_parts")))
def test_no_case_is_forgotten(world: World) -> None:
    """A child who is back and was attended is interviewed, or that is still to be seen coming."""
    played = play_tables(*world)
    lines, end = lines_of(world), world.policy.end
    going_on: dict[int, set[Activity]] = defaultdict(set)
    for row in played.rows(why=Why.STILL_GOING):
        going_on[row.incident].add(row.kind)
    for key, case in fates(played.cases).items():
        outcome = played.of(key)
        if outcome["arrived_at"] == NEVER:
            continue
        if case["safe_at"] != NEVER and case["interviewed_at"] == NEVER:
            assert going_on[key] & {
                Activity.WAIT_VISIT,
                Activity.WAIT_UNIT,
                Activity.EARMARKED,
                Activity.TRAVEL,
                Activity.SCENE,
                Activity.TRANSPORT,
                Activity.INTERVIEW,
            }
        elif case["safe_at"] == NEVER and case["enquiry_at"] != NEVER:
            # With each hour of the same rhythm some line has gone on, or the last one has been
            # complete for less than the longest gap.
            waits = {Activity.WAIT_ENQUIRY, Activity.EARMARKED, Activity.TRAVEL, Activity.ENQUIRY}
            longest = max(line["gap_seconds"] for line in lines[key])
            worked = by_case(played, Activity.ENQUIRY, Activity.DESK_LINE)[key]
            alone = world.policy.episode is not None and world.policy.episode.enquiry_desk == NONE
            if not going_on[key] & (waits | {Activity.DESK_LINE, Activity.WAIT_DESK}) and not alone:
                last = max([case["enquiry_at"], *(row.end for row in worked)])
                assert end - last <= max(longest, 1)


@few
@given(episode_worlds(off=("lost_parts", "handover_seconds")))
def test_work_is_conserved_over_all_attempts(world: World) -> None:
    """Seconds worked on lines, and with the child, are those of the fates."""
    played = play_tables(*world)
    incidents, episodes, lines = (
        fates(world.incidents),
        fates(world.draws.episodes),
        lines_of(world),
    )
    for key, case in fates(played.cases).items():
        together: dict[tuple[Activity, int], list[Row]] = defaultdict(list)
        for row in played.rows(incident=key):
            together[row.kind, row.attempt].append(row)
        worked = told = 0
        for (kind, attempt), rows in together.items():
            if kind != Activity.ENQUIRY or len(rows) < len(together[Activity.TRAVEL, attempt]):
                continue
            worked += rows[0].end - max(row.start for row in rows)
            told += rows[0].why == Why.HANDED_OVER
        worked += sum(
            row.end - row.start
            for (kind, _), rows in together.items()
            for row in rows
            if kind == Activity.DESK_LINE
        )
        drawn = [
            lines[key][min(number, len(lines[key]) - 1)] for number in range(case["lines"] + 1)
        ]
        assert world.policy.episode is not None
        alone = world.policy.episode.enquiry_desk == NONE
        seconds = [0 if line["desk"] and alone else line["work_seconds"] for line in drawn]
        told *= world.policy.handover_seconds
        assert sum(seconds[:-1]) <= worked <= sum(seconds) + told
        fate, incident = episodes[key], incidents[key]
        each = {
            Activity.INTERVIEW: incident["interview_seconds"],
            Activity.TRANSPORT: fate["transport_seconds"],
        }
        stays = [
            row for (of, _), rows in together.items() if of == Activity.PROTECTION for row in rows
        ]
        if stays:
            # Somebody is there throughout, whoever relieves whom (12.4d).
            begun, over = min(row.start for row in stays), max(row.end for row in stays)
            assert not {*range(begun, over)} - {
                second for row in stays for second in range(row.start, row.end)
            }
            last = max(stays, key=lambda row: row.attempt)
            if world.policy.episode.placement_from != NEVER:
                # By the hour (12.4), and no longer than it may.
                assert over - begun <= world.policy.episode.protection_most_seconds
            elif last.why == Why.DONE:
                assert over - begun == fate["protection_seconds"]
            if world.policy.episode.relief_officers == 0:
                assert {row.attempt for row in stays} == {last.attempt}
        for kind, length in each.items():
            for (of, _), rows in together.items():
                if of == kind and rows[0].why == Why.DONE:
                    assert rows[0].end - max(row.start for row in rows) == length
        protected = any(kind == Activity.PROTECTION for kind, _ in together)
        may_be = case["interviewed_at"] != NEVER and fate["protection_seconds"] > 0
        assert protected <= may_be
        if world.policy.episode.placement_from == NEVER:
            assert protected == may_be


def ppns_are_written_in_full_and_sent_once_they_are(world: World, played: Played) -> None:
    """Units owe each finished job's writing, and the PPN of an interview that is not its job."""
    incidents, episodes = fates(world.incidents), fates(world.draws.episodes)
    owed = written = custody = custody_owed = 0
    done = True
    for rows in rows_by_person(played).values():
        for row in rows:
            written += (row.end - row.start) * (row.kind == Activity.WRITING)
            custody += (row.end - row.start) * (row.kind == Activity.CUSTODY)
            if (row.kind, row.why) == (Activity.SCENE, Why.DONE):
                owed += incidents[row.incident]["writing_seconds"]
                custody_owed += incidents[row.incident]["custody_seconds"]
        done &= rows[-1].why not in (Why.STILL_GOING, Why.INTERRUPTED)
    for key, case in fates(played.cases).items():
        first = NEVER != incidents[key]["return_at"] < played.of(key)["arrived_at"]
        if case["interviewed_at"] != NEVER and episodes[key]["ppn_sent"]:
            owed += 0 if first else episodes[key]["ppn_seconds"]
            assert not done or case["ppn_at"] != NEVER
    assert written <= owed
    assert custody <= custody_owed
    if done:
        assert (written, custody) == (owed, custody_owed)


RULES = (
    nobody_is_in_two_places_or_works_before_their_shift,
    rows_lie_in_the_simulation_and_in_their_order,
    each_case_has_one_end_and_its_times_are_in_order,
    ownership_covers_the_time_under_enquiry,
    lines_follow_one_another,
    ppns_are_written_in_full_and_sent_once_they_are,
)


@settings(max_examples=200)
@given(episode_worlds())
def test_every_rule_holds_in_every_world(world: World) -> None:
    """Each of them is asked of each world, which is played once."""
    played = play_tables(*world)
    for rule in RULES:
        rule(world, played)


@few
@given(episode_worlds("reserve", "margins", "attends", "borrows", off=("enquirers",)))
def test_no_unit_is_idle_while_a_line_waits_that_it_may_take(world: World) -> None:
    """One pool for each area, and one officer for each line: nobody there has nothing to do."""
    enquiries = dict(world.draws.enquiries.columns)
    enquiries["officers"] = np.ones_like(enquiries["officers"])
    draws = world.draws._replace(enquiries=Table(ENQUIRIES, enquiries))
    played = play_tables(draws, world.rota, world.policy)
    people, shifts = rows_by_person(played), shift_of(world.rota)
    area = {key: fate["area"] for key, fate in fates(world.incidents).items()}
    moments = {time for row in played.rows() for time in (row.start, row.end)}
    moments |= {time for _, on_at, off_at in shifts.values() for time in (on_at, off_at)}
    for wait in played.rows(Activity.WAIT_ENQUIRY):
        for key, (pool, on_at, off_at) in shifts.items():
            if pool != UNIT_POOLS[area[wait.incident]]:
                continue
            for second in (time for time in moments if wait.start <= time < wait.end):
                if on_at <= second < off_at:
                    assert any(row.start <= second < row.end for row in people.get(key, ()))


@few
@given(episode_worlds())
def test_without_episodes_everything_is_as_without_their_rules(world: World) -> None:
    """Sections 11 to 13 concern incidents with a row in the episodes table alone."""
    plain = Draws(world.incidents, world.attempts)
    with_rules = play_tables(plain, world.rota, world.policy)
    without = play_tables(plain, world.rota, replace(world.policy, episode=None))
    assert with_rules.outcomes.differences(without.outcomes) == []
    assert with_rules.activities.differences(without.activities) == []
    assert len(with_rules.cases) == len(without.cases) == 0
    assert empty(EPISODES).differences(plain.episodes) == []


@few
@given(episode_worlds())
def test_the_same_input_gives_the_same_output(world: World) -> None:
    """An engine keeps nothing from one run to the next."""
    alike(play_tables(*world), play_tables(*world))


@few
@given(episode_worlds(), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_that_of_their_keys(world: World, random: object) -> None:
    """Shuffled rows, put back into the tables' fixed order, give the same output."""

    def shuffled(table: Table) -> Table:
        rows = list(range(len(table)))
        random.shuffle(rows)  # type: ignore[attr-defined]
        return table.take(np.array(rows, dtype=np.int64))

    incidents = shuffled(world.incidents).sorted_by("reported_at", "key")
    episodes = shuffled(world.draws.episodes).sorted_by("key")
    keys = episodes["key"].tolist()
    in_order = [keys.index(key) for key in incidents["key"].tolist() if key in keys]
    again = Draws(
        incidents,
        shuffled(world.attempts).sorted_by("key", "attempt"),
        episodes.take(np.array(in_order, dtype=np.int64)),
        shuffled(world.draws.enquiries).sorted_by("key", "line"),
    )
    rota = shuffled(world.rota).sorted_by("on_at", "key")
    alike(play_tables(*world), play_tables(again, rota, world.policy))


@few
@given(episode_worlds())
def test_keys_count_only_by_their_order(world: World) -> None:
    """Rule 1.3: events of a case and of a unit that fall together do not touch one another."""

    def moved(table: Table, by: int, *names: str) -> Table:
        columns = dict(table.columns)
        for name in names:
            columns[name] = np.where(columns[name] == NONE, NONE, columns[name] + by)
        return Table(table.schema, columns)

    draws = world.draws
    first = play_tables(*world)
    second = play_tables(
        Draws(
            moved(moved(draws.incidents, 1000, "key"), 7, "child"),
            moved(draws.attempts, 1000, "key"),
            moved(draws.episodes, 1000, "key"),
            moved(draws.enquiries, 1000, "key"),
        ),
        moved(world.rota, 500, "key"),
        world.policy,
    )
    expected = Played(
        moved(first.outcomes, 1000, "key"),
        moved(moved(first.activities, 1000, "incident"), 500, "unit"),
        moved(first.cases, 1000, "key"),
    )
    alike(expected, second)


def alike(first: Played, second: Played) -> None:
    """Assert that two engines' tables are equal."""
    assert first.outcomes.differences(second.outcomes) == []
    assert first.activities.differences(second.activities) == []
    assert first.cases.differences(second.cases) == []
