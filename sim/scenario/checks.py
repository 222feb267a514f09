"""What must hold between the parts of a scenario: names that refer, and rules that are whole."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final

from sim.scenario.calendar import busiest_hour
from sim.scenario.concern_checks import concerns, revisited_by, revisits_at
from sim.scenario.declared import Found, Names
from sim.scenario.demand import DeskWork, IncidentStream, MissingAdult, MissingChild
from sim.scenario.episode_checks import (
    declared_lines,
    used_areas,
    used_desks,
    used_grades,
    used_lines,
    used_reviewers,
    used_roles,
)
from sim.scenario.findings import Finding, listed, nearest
from sim.scenario.models import Scenario
from sim.scenario.names import name_code
from sim.scenario.paths import KeyPath, dotted
from sim.scenario.policies import Reviews, TelephoneFirst
from sim.scenario.source_checks import sources
from sim.scenario.staffing import coverage, is_staffed, sends_anybody, shifts, unstaffed

MOST_REPORTS_AN_HOUR: Final = 2_000
"""Of one stream; the numbers that the draws give to reports hold few more."""

MOST_MISSING_A_YEAR: Final = 250_000
"""Of one stream of missing people: more than the United Kingdom's reports of children (210,000) or
of adults (120,000), Missing People from the UK Missing Persons Unit, 2023/24."""


def check(scenario: Scenario, names: Names, *, whole: bool) -> list[Finding]:
    """Return what does not hold between the parts of a scenario.

    Parameters
    ----------
    scenario
        Its sound parts.
    names
        All names that it declares.
    whole
        False where parts are left out because of faults of their own; what they might have
        provided is then not missed.
    """
    checks: list[Callable[[Scenario, Names], Found]] = [
        _grades,
        _areas,
        _streams,
        _desks,
        _attendance,
        _episode,
        concerns,
        _gate,
        _dispatch_rate,
        shifts,
        _collisions,
        sources,
    ]
    if whole:
        checks += [_halves, coverage, _staffed_desks]
    return [finding for each in checks for finding in each(scenario, names)]


def _unknown(path: KeyPath, name: object, what: str, known: Collection[str]) -> Finding:
    return Finding(
        path,
        f"there is no {what} of this name",
        found=None if path[-1] == name else name,
        allowed=listed(known) or f"none: the scenario has no {what}",
        suggestion=nearest(name, known),
    )


def _grades(scenario: Scenario, names: Names) -> Found:
    numbers = sorted(int(key) for key in names.grades if key.isdecimal())
    if numbers and numbers != list(range(1, len(numbers) + 1)):
        yield Finding(
            ("grades",),
            f"the grades are {', '.join(map(str, numbers))}",
            allowed="grades numbered from 1 without a gap",
        )
    for path, grade in _used_grades(scenario):
        if str(grade) not in names.grades:
            yield Finding(
                path,
                f"there is no grade {grade}",
                allowed=f"the grades of the scenario: {', '.join(map(str, numbers))}",
            )


def _used_grades(scenario: Scenario) -> Iterator[tuple[KeyPath, int]]:
    tables: list[tuple[KeyPath, Mapping[int, object]]] = []
    for name, stream in scenario.streams.items():
        if isinstance(stream, IncidentStream):
            tables.append((("streams", name, "grades"), stream.grades))
        if isinstance(stream, MissingAdult):
            for level, shares in stream.grades_by_risk.items():
                tables.append((("streams", name, "grades_by_risk", level), shares))
    for name, pool in scenario.pools.items():
        margins = pool.last_call_margin_minutes
        tables.append((("pools", name, "last_call_margin_minutes"), margins))
    policy = scenario.policy
    tables += [
        (("policy", "queue", "step_up_minutes"), policy.queue.step_up_minutes),
        (("policy", "borrowing", "after_minutes"), policy.borrowing.after_minutes),
        (("policy", "travel", "grades"), policy.travel.grades),
        (("policy", "reviews", "after_minutes"), policy.reviews.after_minutes),
        (("policy", "diversion", "travelling"), policy.diversion.travelling),
        (("policy", "diversion", "at_scene"), policy.diversion.at_scene),
    ]
    rate = policy.dispatch_rate
    if rate is not None:
        tables += [
            (("policy", "dispatch_rate", "a_minute"), rate.a_minute),
            (("policy", "dispatch_rate", "all_busy"), rate.all_busy),
            (("policy", "dispatch_rate", "ahead_power"), rate.ahead_power),
            (("policy", "dispatch_rate", "just_freed"), rate.just_freed),
        ]
    lists: list[tuple[KeyPath, list[int]]] = [
        (("policy", "committed", "writing"), policy.committed.writing),
        (("policy", "committed", "on_break"), policy.committed.on_break),
    ]
    for key, matrix in (
        ("travelling", policy.diversion.travelling),
        ("at_scene", policy.diversion.at_scene),
    ):
        lists += [(("policy", "diversion", key, str(g)), left) for g, left in matrix.items()]
    for name, target in scenario.targets.items():
        yield ("targets", name, "grade"), target.grade
    for path, table in tables:
        for grade in table:
            yield (*path, str(grade)), grade
    for path, grades in lists:
        for index, grade in enumerate(grades):
            yield (*path, index), grade
    yield from used_grades(scenario.episode)
    yield from revisits_at(scenario.concern)


def _areas(scenario: Scenario, names: Names) -> Found:
    for path, area in _used_areas(scenario):
        if area not in names.areas:
            yield _unknown(path, area, "area", names.areas)
    for name, target in scenario.targets.items():
        if isinstance(target.minutes, dict):
            for area in names.areas:
                if area not in target.minutes:
                    yield Finding(
                        ("targets", name, "minutes", area),
                        "this area has no target",
                        allowed="a number above 0 for each area, or one number for all",
                    )


def _used_areas(scenario: Scenario) -> Iterator[tuple[KeyPath, str]]:
    for name, target in scenario.targets.items():
        if isinstance(target.minutes, dict):
            yield from ((("targets", name, "minutes", area), area) for area in target.minutes)
    for name, stream in scenario.streams.items():
        if isinstance(stream, IncidentStream):
            yield from ((("streams", name, "areas", area), area) for area in stream.areas)
    for name, pool in scenario.pools.items():
        if pool.area is not None:
            yield ("pools", name, "area"), pool.area
    dispatchers = scenario.policy.control_room.dispatchers
    if isinstance(dispatchers, dict):
        for area in dispatchers:
            yield ("policy", "control_room", "dispatchers", area), area
    yield from used_areas(scenario.episode)
    for one, others in scenario.policy.travel.between.items():
        yield ("policy", "travel", "between", one), one
        yield from ((("policy", "travel", "between", one, area), area) for area in others)


def _streams(scenario: Scenario, names: Names) -> Found:
    for name, stream in scenario.streams.items():
        if stream.profile not in names.profiles:
            path = ("streams", name, "profile")
            yield _unknown(path, stream.profile, "profile", names.profiles)
        if not any(stream.month_factors):
            yield Finding(
                ("streams", name, "month_factors"),
                "every month is 0",
                allowed="at least one number above 0",
            )
        yield from _busiest(name, stream, scenario)
        if isinstance(stream, MissingAdult) and stream.volume_per_year > MOST_MISSING_A_YEAR:
            yield Finding(
                ("streams", name, "volume_per_year"),
                "these are more missing people than a whole country reports",
                found=stream.volume_per_year,
                allowed=f"at most {MOST_MISSING_A_YEAR:,}; the United Kingdom has some 330,000 "
                "reports a year, of which 210,000 are of children",
            )
        if isinstance(stream, MissingChild) and not stream.vulnerable:
            yield Finding(
                ("streams", name, "vulnerable"),
                "a missing child is always graded as vulnerable",
                found=False,
                allowed="true, or leave it out",
            )


def _busiest(name: str, stream: DeskWork | IncidentStream, scenario: Scenario) -> Found:
    """Find a volume that its profile and factors pile up beyond what can be drawn."""
    profile = scenario.profiles.get(stream.profile)
    if profile is None or not any(stream.month_factors):
        return
    calendar = scenario.calendar
    peak = busiest_hour(
        stream, profile, bool(calendar.bank_holidays), bool(calendar.school_holidays)
    )
    if peak > MOST_REPORTS_AN_HOUR:
        yield Finding(
            ("streams", name, "volume_per_year"),
            f"its profile and factors make this {peak:,.0f} in the busiest hour",
            found=stream.volume_per_year,
            allowed=f"at most {MOST_REPORTS_AN_HOUR:,} in any hour",
        )


def _used_desks(scenario: Scenario) -> Iterator[tuple[KeyPath, str]]:
    for name, stream in scenario.streams.items():
        if isinstance(stream, DeskWork):
            yield ("streams", name, "pool"), stream.pool
    policy = scenario.policy
    ratification = policy.ratification
    for level, pools in (
        ("low", ratification.low),
        ("medium", ratification.medium),
        ("high", ratification.high),
    ):
        for index, pool in enumerate(pools):
            yield ("policy", "ratification", level, index), pool
    room = policy.control_room
    for key, desk in (
        ("call_takers", room.call_takers),
        ("switchboard", room.switchboard),
        ("research", room.research),
    ):
        if desk is not None:
            yield ("policy", "control_room", key), desk
    telephone = policy.gate.telephone
    if telephone is not None and telephone.pool is not None:
        yield ("policy", "gate", "telephone", "pool"), telephone.pool
    if isinstance(room.dispatchers, str):
        yield ("policy", "control_room", "dispatchers"), room.dispatchers
    elif room.dispatchers is not None:
        for area, pool in room.dispatchers.items():
            yield ("policy", "control_room", "dispatchers", area), pool
    yield from _reviewers(policy.reviews)
    yield from used_desks(scenario.episode)
    yield from used_reviewers(scenario.episode)


def _reviewers(reviews: Reviews) -> Iterator[tuple[KeyPath, str]]:
    for index, pool in enumerate(reviews.levels):
        yield ("policy", "reviews", "levels", index), pool
    for level, pools in reviews.stand_ins.items():
        for index, pool in enumerate(pools):
            yield ("policy", "reviews", "stand_ins", level, index), pool
    if reviews.rethrive_pool is not None:
        yield ("policy", "reviews", "rethrive_pool"), reviews.rethrive_pool


def _desks(scenario: Scenario, names: Names) -> Found:
    desks, units = names.pools_of("desk"), names.pools_of("units")
    for path, name in _used_desks(scenario):
        if name not in names.pools:
            yield _unknown(path, name, "desk pool", desks)
        elif name in units:
            yield Finding(
                path,
                'this pool is of kind "units"; nobody in it sits at a desk',
                found=name,
                allowed=listed(desks) or 'a pool of kind "desk"',
            )


def _halves(scenario: Scenario, names: Names) -> Found:
    """Find a rule that is switched on by one key and lacks another."""
    desks = names.pools_of("desk")
    room, reviews = scenario.policy.control_room, scenario.policy.reviews
    if room.dispatchers is not None and room.dispatch is None:
        yield Finding(
            ("policy", "control_room", "dispatch"),
            "this key is missing: there are dispatchers, and no length for their work",
            allowed="a duration",
        )
    if room.switchboard is not None and room.switch is None:
        yield Finding(
            ("policy", "control_room", "switch"),
            "this key is missing: there is a switchboard, and no length for its work",
            allowed="a duration",
        )
    for index, name in enumerate(room.passed_at_once):
        path: KeyPath = ("policy", "control_room", "passed_at_once", index)
        if name not in names.streams:
            yield _unknown(path, name, "stream", names.streams)
    if room.switchboard is not None and room.call_takers is None:
        yield Finding(
            ("policy", "control_room", "call_takers"),
            "this key is missing: there is a switchboard, and nobody to whom it passes calls on",
            allowed=f"a desk pool: {listed(desks)}",
        )
    hung_up = [
        name
        for name, stream in scenario.streams.items()
        if isinstance(stream, IncidentStream) and stream.hanging_up is not None
    ]
    if hung_up and room.call_takers is None:
        yield Finding(
            ("streams", hung_up[0], "hanging_up"),
            "without policy.control_room.call_takers nobody waits on the telephone, or hangs up",
            allowed="none, or a desk pool of call takers",
        )
    if reviews.after_minutes and not reviews.levels:
        yield Finding(
            ("policy", "reviews", "levels"),
            "there are reviews and nobody who makes them",
            allowed=f"a list of desk pools: {listed(desks)}",
        )
    for level in reviews.stand_ins:
        if level not in reviews.levels:
            yield Finding(
                ("policy", "reviews", "stand_ins", level),
                "nobody is asked to review in this pool, so nobody can stand in for it",
                allowed=f"a pool of levels: {listed(reviews.levels)}",
                suggestion=nearest(level, reviews.levels),
            )
    last = len(reviews.levels)
    if reviews.restores_rank_from is not None and reviews.restores_rank_from > last:
        yield Finding(
            ("policy", "reviews", "restores_rank_from"),
            "there is no such level",
            found=reviews.restores_rank_from,
            allowed=f"a level from 1 to {last}" if last else "none: levels is empty",
        )


def _dispatch_rate(scenario: Scenario, names: Names) -> Found:
    rate = scenario.policy.dispatch_rate
    if rate is None:
        return
    for grade in sorted(int(key) for key in names.grades if key.isdecimal()):
        if grade not in rate.a_minute:
            yield Finding(
                ("policy", "dispatch_rate", "a_minute", str(grade)),
                "this grade has no rate, so none of its jobs would be let go",
                allowed="a list of rates for each grade of the scenario",
            )
    for name in rate.streams:
        path: KeyPath = ("policy", "dispatch_rate", "streams", name)
        if name not in names.streams:
            yield _unknown(path, name, "stream", names.streams)
        elif isinstance(scenario.streams.get(name), DeskWork):
            yield Finding(
                path,
                "nobody is sent to this stream's work, so no dispatcher lets it go",
                allowed="a stream of incidents",
            )


def _attendance(scenario: Scenario, names: Names) -> Found:
    attendance = scenario.policy.attendance
    if any(name not in scenario.pools for name in names.pools):
        return  # a pool with faults may have any role
    roles = dict.fromkeys(pool.role for pool in scenario.pools.values() if pool.kind == "units")
    lists: list[tuple[KeyPath, list[str]]] = []
    if any(sends_anybody(s) and n not in attendance.streams for n, s in scenario.streams.items()):
        lists.append((("policy", "attendance", "default"), attendance.default))
    for name, listed_roles in attendance.streams.items():
        path = ("policy", "attendance", "streams", name)
        if name not in names.streams:
            yield _unknown(path, name, "stream", names.streams)
        elif isinstance(scenario.streams.get(name), DeskWork):
            yield Finding(path, "this stream is desk work, and nobody is sent to it")
        lists.append((path, listed_roles))
    lists += used_roles(scenario.episode)
    lists += revisited_by(scenario.concern)
    for place, wanted in lists:
        for index, role in enumerate(wanted):
            if role not in roles:
                yield _unknown((*place, index), role, "pool of units with a role", roles)
    every_role = dict.fromkeys(pool.role for pool in scenario.pools.values())
    default = Scenario.model_fields["team_role"].default
    if scenario.team_role not in every_role and scenario.team_role != default:
        yield _unknown(("team_role",), scenario.team_role, "pool with a role", every_role)


def _episode(scenario: Scenario, names: Names) -> Found:
    """Find streams that cannot be followed, and lines of enquiry that are described nowhere."""
    episode = scenario.episode
    if episode is None:
        return
    for index, name in enumerate(episode.streams):
        path: KeyPath = ("episode", "streams", index)
        if name not in names.streams:
            yield _unknown(path, name, "stream", names.streams)
        elif not isinstance(scenario.streams.get(name), MissingChild | None):
            children = [n for n, s in scenario.streams.items() if isinstance(s, MissingChild)]
            yield Finding(
                path,
                "only missing children are followed beyond the first attendance",
                found=name,
                allowed=listed(children) or 'a stream of kind "missing_child"',
            )
    for name in episode.after_return.streams:
        if name not in episode.streams:
            yield _unknown(
                ("episode", "after_return", "streams", name),
                name,
                "stream that is followed",
                episode.streams,
            )
    lines = declared_lines(names.data)
    yield from _cohort(scenario, names)
    for path, name in used_lines(episode):
        if name not in lines:
            yield _unknown(path, name, "line of enquiry", lines)


def _cohort(scenario: Scenario, names: Names) -> Found:
    """No more of the exploitation cohort than there are children in care, or at home."""
    episode = scenario.episode
    if episode is None or episode.cohort is None or episode.cohort.share_in_care is None:
        return
    for name in episode.streams:
        stream = scenario.streams.get(name)
        if not isinstance(stream, MissingChild) or name not in names.streams:
            continue
        in_care = stream.children.in_care
        for chance, who, there in zip(
            episode.cohort.chance(in_care),
            ("at home", "in care"),
            (1.0 - in_care, in_care),
            strict=True,
        ):
            if chance > 1:
                yield Finding(
                    ("episode", "cohort", "share_in_care"),
                    f"more of the cohort would be {who} than there are children {who} in {name}",
                    allowed=f"at most {there * episode.cohort.of_children:.6g} of them {who}",
                )


def _telephoned(telephone: TelephoneFirst, scenario: Scenario, names: Names) -> Found:
    """Find streams in which nobody is missing, or that are not there."""
    for index, name in enumerate(telephone.streams):
        path: KeyPath = ("policy", "gate", "telephone", "streams", index)
        if name not in names.streams:
            yield _unknown(path, name, "stream", names.streams)
        elif not isinstance(scenario.streams.get(name), MissingAdult | None):
            missing = [n for n, s in scenario.streams.items() if isinstance(s, MissingAdult)]
            yield Finding(
                path,
                "nobody is missing in this stream, so nobody can be found by telephone",
                found=name,
                allowed=f"a stream of missing people: {listed(missing)}",
            )


def _gate(scenario: Scenario, names: Names) -> Found:
    gate = scenario.policy.gate
    if gate.deploy_on != "grading" and gate.share_held > 0 and not gate.streams:
        yield Finding(
            ("policy", "gate", "streams"),
            f'deployment waits for "{gate.deploy_on}" in no stream, so the gate holds nothing',
            allowed="a list of streams",
        )
    if gate.telephone is not None:
        yield from _telephoned(gate.telephone, scenario, names)
    for index, name in enumerate(gate.streams):
        path: KeyPath = ("policy", "gate", "streams", index)
        if name not in names.streams:
            yield _unknown(path, name, "stream", names.streams)
            continue
        stream = scenario.streams.get(name)
        if stream is None:
            continue
        # Ratification that waits for research is asked for, and without any is over, when it is.
        by_research = scenario.policy.ratification.waits_for_research
        lacks = isinstance(stream, DeskWork) or (
            (gate.deploy_on == "assessment" and not isinstance(stream, MissingAdult))
            or (gate.deploy_on == "research" and stream.research is None)
            or (
                gate.deploy_on == "ratification"
                and stream.ratification is None
                and not (by_research and stream.research is not None)
            )
        )
        if lacks:
            step = "deployment" if isinstance(stream, DeskWork) else gate.deploy_on
            yield Finding(
                path,
                f"this stream has no {step} that the gate could hold",
                found=name,
                allowed=f"streams with {step}, or another deploy_on",
            )


def _collisions(_: Scenario, names: Names) -> Found:
    for section, declared in (("streams", names.streams), ("pools", names.pools)):
        seen: dict[int, str] = {}
        for name in declared:
            other = seen.setdefault(name_code(name), name)
            if other != name:
                yield Finding(
                    (section, name),
                    f'this name and "{other}" happen to share one lasting number',
                    allowed="any other name",
                )


def _staffed_desks(scenario: Scenario, _: Names) -> Found:
    given: dict[str, str] = {}
    last: dict[KeyPath, tuple[str, str]] = {}
    for path, name in _used_desks(scenario):
        pool = scenario.pools.get(name)
        if pool is None or pool.kind != "desk":
            continue
        if path[:2] == ("policy", "reviews") and _is_stood_in_for(path, name, scenario):
            continue
        if path[:2] in {("policy", "ratification"), ("episode", "reviews")}:
            # Only the last is asked when it is not on duty (rules 3.3 and 11.7).
            last[path[:-1]] = (name, dotted(path))
        else:
            given.setdefault(name, dotted(path))
    for name, text in last.values():
        given.setdefault(name, text)
    for name, text in given.items():
        if not is_staffed(scenario.pools[name], scenario):
            yield unstaffed(name, f"and {text} gives it work")


def _is_stood_in_for(path: KeyPath, pool: str, scenario: Scenario) -> bool:
    """Tell whether reviews find somebody else (rule 7.1), or only fall to this pool in turn."""
    stand_ins = scenario.policy.reviews.stand_ins
    others = (scenario.pools.get(other) for other in stand_ins.get(pool, []))
    return path[2] == "stand_ins" or (
        path[2] == "levels"
        and any(other is not None and is_staffed(other, scenario) for other in others)
    )
