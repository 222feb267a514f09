"""The answer in sentences, as pure functions of the document of rows.

The sentences are plain ASCII, so that any terminal shows them and anybody can read them aloud.
Figures are written by `sim.report.numbers`, those of one sentence alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sim.report.numbers import (
    Places,
    difference,
    has_value,
    is_clear,
    minute_scale,
    minutes,
    part_of,
    percent,
    place_of,
    places,
    too_few,
)
from sim.results import (
    CHILDREN,
    Context,
    DifferenceRows,
    Document,
    Part,
    Row,
    Sweep,
    kind_of_work,
)
from sim.statistics import RARE_EVENTS

UNPLANNABLE: Final = "These figures cannot be planned on:"
GROWS: Final = (
    "Where a queue grows without end, a delay says how many days were simulated, not what the "
    "staffing does."
)
TEN_HOURS: Final = 600
"""Minutes: a wait beyond them is told by itself."""
_POINTS: Final = ("percentage points", 100.0)
_CLOCKS: Final = {
    "received": "the call being received",
    "answered": "the call being answered",
    "graded": "grading",
}
_WAITED_FOR: Final = {
    "call": "in the call",
    "decision": "in grading and behind the gate",
    "dispatcher": "for a dispatcher",
    "no_unit": "with no unit free",
    "travel": "on the way",
}
_WANTS: Final = {
    "call": "long calls",
    "decision": "grading and the gate",
    "dispatcher": "want of a dispatcher",
    "no_unit": "want of a free unit",
    "travel": "travel",
}
_GATES: Final = {
    "grading": "a deployment waits for grading alone, so none is held",
    "assessment": "deployment waits for the risk assessment, not for ratification",
    "research": "deployment waits for research, not for ratification",
}


def answer(document: Document) -> list[str]:
    """Share reached in time under each scenario by both clocks, and the difference."""
    context = document.context
    sentences: list[str] = []
    for part in document.scenarios:
        name = part.name
        row = part.row("arrived_within_target", **context.headline("received"))
        if not has_value(row):
            sentences.append(
                f"Under {context.spoken(name)} there are no {context.reports} to speak of."
            )
            continue
        graded = part.row("arrived_within_target", **context.headline("graded"))
        at = places((row, graded))
        first = not sentences
        said = f"Under {context.spoken(name)}, {_reached(row, context, at, first=first)}"
        if has_value(graded):
            said += f"; within {context.target} of grading it is {percent(graded, at=at)}"
        sentences.append(f"{said}.")
        changed = document.difference(name)
        if changed is not None:
            base = document.scenario(changed.baseline)
            sentences.append(_compared(base, part, changed, context))
    return sentences


def ceiling(document: Document) -> list[str]:
    """How much of each scenario's shortfall no staffing could mend, and on what that rests."""
    context = document.context
    sentences: list[str] = []
    for part in document.scenarios:
        name = context.spoken(part.name)
        reached = part.row("arrived_within_target", **context.headline("received"))
        reachable = part.row("reachable_within_target", **context.headline("received"))
        if not has_value(reached) or not has_value(reachable) or too_few(reached):
            continue
        missed = 100 - round(100 * reached.number)
        beyond = min(100 - round(100 * reachable.number), missed)
        if missed == 0:
            sentences.append(f"Under {name}, hardly any miss the {context.target}.")
            continue
        if sentences:
            sentences.append(
                f"Under {name}, {missed} miss them; with unlimited people {beyond} still would. "
                f"{_waits_for_people(missed - beyond)}"
            )
            continue
        sentences.append(
            f"Under {name}, {missed} in 100 miss the {context.target} from the call. "
            f"With unlimited people {beyond} would still miss them: talk, travel and what the rule "
            f"puts before deployment take too long. No staffing mends that; another rule may. "
            f"{_waits_for_people(missed - beyond)}"
        )
    if sentences and context.assumed:
        lengths = [
            f"{one.what} (about {_number(one.minutes)} minutes; {_number(one.minutes * one.low)} "
            f"to {_number(one.minutes * one.high)} may be true)"
            for one in context.assumed
        ]
        sentences.append(
            f"This split rests on lengths that are assumed, not measured: {listed(lengths)}."
        )
    return sentences


def long_waits(document: Document) -> list[str]:
    """Waits of over ten hours, which a share in time does not show: how many, and from what."""
    context, baseline = document.context, document.baseline.name
    base = over_ten_hours(document.baseline, context)
    if not has_value(base):
        return []
    compared: list[tuple[str, Row, Row]] = []
    for part in document.differences:
        own = document.scenario(part.name)
        row = None if own is None else over_ten_hours(own, context)
        changed = over_ten_hours(part, context)
        if has_value(row) and has_value(changed):
            compared.append((part.name, row, changed))
    gates = [one for one in compared if context.differs_only_in(one[0], "policy.gate.")]
    ranks = [one for one in compared if context.differs_only_in(one[0], "policy.queue.")]
    others = [one for one in compared if one not in gates and one not in ranks]
    at = places([base])
    sentences = []
    if gates:
        said = [
            f"{_change_of_rare(base, *one[1:])} under {context.spoken(one[0])}" for one in gates
        ]
        clear = any(is_clear(changed) for _, _, changed in gates)
        small = all(_is_within(1 / 3 if clear else 1 / 2, base, one[2]) for one in gates)
        begun = (
            "In this scenario, waits of over ten hours are the same with and without the gate"
            if small and not clear
            else "In this scenario, waits of over ten hours change little with the gate"
            if small
            else "In this scenario, waits of over ten hours change with the gate"
            if clear
            else "Whether waits of over ten hours change with the gate is not clear"
        )
        whom = part_of(base, f"{base.n:,} reports", at)
        sentences.append(f"{begun}: {whom} under {context.spoken(baseline)}; {'; '.join(said)}.")
    else:
        share = percent(base, at=at)
        sentences.append(
            f"Unattended for over ten hours: {share} under {context.spoken(baseline)}."
        )
    sentences += _causes(document.baseline, base, ranks, context)
    for name, row, changed in others:
        sentences.append(
            f"Over ten hours under {context.spoken(name)}: {percent(row, at=at)}, "
            f"{_change_of_rare(base, row, changed)}."
        )
    return sentences


def longest_stage(document: Document) -> str:
    """The stage in which most of the baseline's wait passes; "" where nobody waits."""
    stages = document.along(document.baseline, "stage_mean", "stage")
    waited = [name for name in _WAITED_FOR if name in stages and stages[name].value]
    if not waited:
        return ""
    longest = max(waited, key=lambda name: stages[name].number)
    return (
        f"Under {document.spoken}, the longest part of the wait passes "
        f"{_WAITED_FOR[longest]}: {minutes(stages[longest])} minutes on average."
    )


def beside(document: Document) -> list[str]:
    """Streams shown beside the headline: in time and over ten hours, and why they are shown."""
    context, baseline = document.context, document.baseline
    sentences: list[str] = []
    rule = context.rules.get(baseline.name)
    for stream, reason in context.beside.items():
        over = over_ten_hours(baseline, context, stream)
        if not has_value(over):
            continue
        reached = baseline.row("arrived_within_target", **context.headline("received", stream))
        at = places((reached, over))
        whom = f"{over.n:,} {context.reports_of(stream)}"
        said = f"Under {document.spoken}, "
        if has_value(reached):
            said += (
                f"{part_of(reached, whom, at)} are reached within {context.target} of the call; "
                f"{percent(over, at=at)} wait over ten hours"
            )
        else:
            said += f"{part_of(over, whom, at)} wait over ten hours"
        if rule is not None and rule.streams and stream not in rule.streams:
            said += ". The gate does not cover them"
        sentences.append(f"{said}. {reason}")
        for part in document.differences:
            own = over_ten_hours(part, context, stream)
            if has_value(own) and is_clear(own):
                told = difference(own, *_POINTS, "more", "fewer")
                sentences.append(
                    f"Over ten hours under {context.spoken(part.name)}, of "
                    f"{kind_of_work(stream)}s: {told}."
                )
    return sentences


def other_work(document: Document) -> list[str]:
    """What the rest of the work pays or gains, against the baseline."""
    context = document.context
    sentences: list[str] = []
    for part in document.differences:
        changes = other_work_rows(part, "arrived_within_target", context)
        waits = other_work_rows(part, "delay_mean", context)
        reached = [(name, row) for name, row in changes if is_clear(row)]
        with_target = {name for name, _ in reached}
        longer = [(name, row) for name, row in waits if is_clear(row) and name not in with_target]
        points, lengths = (
            min((place_of(row) for _, row in found), default=1.0) for found in (reached, longer)
        )
        said = [
            f"{name}: {difference(row, *_POINTS, 'more', 'fewer', points)} reached in time"
            for name, row in reached
        ]
        said += [
            f"{name}: "
            f"{difference(row, 'minutes', minute_scale(row), 'longer', 'shorter', lengths)}"
            " unattended on average"
            for name, row in longer
        ]
        under, against = context.spoken(part.name), context.spoken(part.baseline)
        looked_at = len({name for name, _ in changes} | {name for name, _ in waits})
        if not looked_at:
            continue
        if said:
            rest = looked_at - len(said)
            tail = f" Nothing clear for the other {rest} kinds of work." if rest > 1 else ""
            sentences.append(
                f"Other work under {under}, against {against}: {'; '.join(said)}.{tail}"
            )
        else:
            sentences.append(
                f"Under {under} no other kind of work ({looked_at} looked at) is clearly "
                f"better or worse off than under {against}."
            )
    return sentences


def over_ten_hours(part: Part, context: Context, stream: str | None = None) -> Row | None:
    """The share that waits over ten hours, of the headline or of another stream at its grade."""
    return part.row(
        "waited_over", stream=stream or context.stream, grade=context.grade, minutes=TEN_HOURS
    )


def other_work_rows(part: Part, measure: str, context: Context) -> list[tuple[str, Row]]:
    """Rows of one measure for other streams and grades than the headline's, with their names."""
    found: list[tuple[str, Row]] = []
    for row in part.of(measure):
        headline = (row.stream, row.grade) == (context.stream, context.grade)
        if headline or row.stream is None or row.grade is None or row.value is None:
            continue
        if not row.is_only("stream", "grade"):
            continue
        name = f"{row.stream.replace('_', ' ')}, grade {row.grade}"
        found.append((name, row))
    return found


def telling_signs(document: Document) -> list[str]:
    """What tells a gate from low rank, which look alike in the delays themselves."""
    context = document.context
    sentences: list[str] = []
    for part in document.scenarios:
        idle = part.row("idle_while_waiting", **context.subject)
        just_after = part.row("allocated_just_after_ratification", **context.subject)
        at = places((idle, just_after))
        said: list[str] = []
        if has_value(idle):
            whom = f"{idle.n:,} reports"
            said.append(
                f"{part_of(idle, whom, at)} had a unit that might have gone stand idle for a "
                "minute or more while the graded job waited"
            )
        if has_value(just_after):
            whom = f"the {just_after.n:,} ratified first"
            said.append(f"{part_of(just_after, whom, at)} were allocated within five minutes of it")
        if said:
            sentences.append(f"Under {context.spoken(part.name)}, {'; '.join(said)}.")
    sentences.append(
        "One long wait cannot tell a gate from a low rank: both look alike in a delay. In a "
        "force's own records a gate would show as idle units while a graded job waits and as "
        "allocations just after ratification; low rank alone would show as neither. Both signs "
        "have other causes too (another rule, a habit of one desk), so they are evidence and no "
        "proof."
    )
    return sentences


def footing(document: Document) -> list[str]:
    """What the figures rest on, and what they are not."""
    context, run = document.context, document.run
    level = round(100 * document.level)
    size = (
        f"{_counted(run.replications, 'replication')} of {_counted(run.days, 'day')}, "
        f"seed {run.seed}"
    )
    sentences = [f"{size}; ranges hold with {level}% confidence."]
    if document.differences:
        adjusted = any(row.adjusted for part in document.differences for row in part.rows)
        sentences.append(
            "The headline differences hold together at that level; all other ranges hold one "
            "by one."
            if adjusted
            else "Ranges hold one by one; they are unadjusted for being several."
        )
    if context.statement is not None:
        sentences.append(context.statement)
    sentences.append(CHILDREN)
    return sentences


def share_held(sweep: Sweep, context: Context) -> str:
    """The answer at both ends of the share held."""
    points = [point for point in sweep.points if point.value is not None]
    if len(points) < 2:
        return "The share held was not moved."
    first, last = points[0], points[-1]
    at = places((first, last))
    return (
        f"With {first.share:.0%} held, {percent(first, at=at)} are reached within "
        f"{context.target} of the call; with {last.share:.0%} held, {percent(last, at=at)}. "
        "No force's own share is known; read the whole range."
    )


def gate_of_sweep(document: Document) -> tuple[str, Row | None]:
    """What the baseline's own mark on the sweep means, and its row where it is on none of it.

    A gate at another step than ratification lies on no share held, so its own headline is told.
    """
    context, said = document.context, document.spoken
    rule = context.rules.get(document.baseline.name)
    if rule is None or rule.deploy_on not in _GATES:
        return f"the share held in {said} itself.", None
    words = f"{said} itself: {_GATES[rule.deploy_on]}."
    if rule.deploy_on == "grading":
        return words, None
    row = document.baseline.row("arrived_within_target", **context.headline("received"))
    return words, row


def cost_notes(context: Context) -> list[str]:
    """What posts and cost hold, and what they leave out."""
    posts = (
        "Posts: hours worked over the hours that a post works once leave, sickness and training "
        "are off. Paid hours hold those away too."
    )
    notes = [posts]
    factors = {one.overtime_factor for one in context.staffing if one.pounds}
    if factors == {None}:
        notes.append("Overtime is not in the cost: no scenario here sets costs.overtime_factor.")
    elif None in factors:
        notes.append("Overtime has no price where a scenario sets no costs.overtime_factor.")
    told = sorted(factor for factor in factors if factor is not None)
    if told:
        each = listed([f"{factor:g}" for factor in told])
        notes.append(f"Overtime comes on top of the cost, at {each} times a paid hour.")
    return notes


def _causes(
    baseline: Part, base: Row, ranks: Sequence[tuple[str, Row, Row]], context: Context
) -> Iterator[str]:
    """Where waits of over ten hours come from: the stage that fills them, and rank."""
    under = context.spoken(baseline.name)
    found = baseline.along(
        "stage_mean_over",
        "stage",
        stream=context.stream,
        grade=context.grade,
        minutes=TEN_HOURS,
    )
    stages = {stage: row for stage in _WAITED_FOR if has_value(row := found.get(stage))}
    whole = sum(row.number for row in stages.values())
    cases = max((row.n for row in stages.values()), default=0)
    if 0 < cases < RARE_EVENTS:
        yield f"They are too few ({cases} under {under}) to say where they come from."
    elif whole > 0:
        first = max(stages, key=lambda stage: stages[stage].number)
        gate = stages.get("decision")
        at = {"time": 1.0}
        text = (
            f"They come from {_WANTS[first]}: on average {minutes(stages[first], at=at)} minutes "
            f"of such a wait pass {_WAITED_FOR[first]}"
        )
        if gate is not None and first != "decision":
            text += f", and {minutes(gate, at=at)} {_WAITED_FOR['decision']}"
        yield f"{text} ({stages[first].n:,} reports under {under})."
    for name, row, changed in ranks:
        fewer = is_clear(changed) and changed.number < 0
        other = context.rules.get(name)
        level = other is not None and not other.ranks_low
        where = "rank level with other work of their grade" if level else "rank otherwise"
        yield (
            f"{'They come from low rank too: under' if fewer and level else 'Under'} "
            f"{context.spoken(name)}, where missing children {where}, they are {percent(row)}, "
            f"{_change_of_rare(base, row, changed)}."
        )
    rule = context.rules.get(baseline.name)
    if not ranks and rule is not None and rule.ranks_low:
        yield (
            f"Missing children rank low under {under}, which can add to it: a scenario that "
            "ranks them level (policy.queue) shows how much."
        )


def _is_within(part: float, base: Row, changed: Row) -> bool:
    """Whether the range of a change lies within a part of the share."""
    if changed.low is None or changed.high is None:
        return False
    most = max(abs(changed.low), abs(changed.high))
    return bool(most <= part * base.number)


def _change_of_rare(base: Row, row: Row, change: Row) -> str:
    # Where one share is rare and the other common, the common one carries the difference.
    if (too_few(base) and too_few(row)) or change.low is None:
        return "too few to compare"
    return difference(change, *_POINTS, "more", "fewer")


def _waits_for_people(number: int) -> str:
    if number == 0:
        return "More people would bring hardly any more inside that time."
    return f"More people could bring at most {number} more in 100 inside that time."


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")


def listed(parts: Sequence[str]) -> str:
    """Parts with commas, and "and" before the last."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _reached(row: Row, context: Context, at: Places, first: bool) -> str:
    whom = f"{row.n:,} simulated {context.reports}" if first else f"{row.n:,}"
    within = f"within {context.target} of {_CLOCKS['received']}" if first else "in time"
    return f"{part_of(row, whom, at)} are reached {within}"


def _compared(base: Part | None, other: Part, changed: DifferenceRows, context: Context) -> str:
    cuts = context.headline("received")
    measure = "arrived_within_target"
    against = context.spoken(changed.baseline)
    # Where one share is rare and the other common, the common one carries the difference.
    if too_few(base.row(measure, **cuts) if base else None) and too_few(other.row(measure, **cuts)):
        return f"Against {against}: too few to compare."
    row = changed.row(measure, **cuts)
    graded = changed.row(measure, **context.headline("graded"))
    at = places((row, graded)).get("share")
    text = f"Against {against}: {difference(row, *_POINTS, 'higher', 'lower', at)}"
    if graded is not None:
        text += f"; counted from grading, {difference(graded, *_POINTS, 'higher', 'lower', at)}"
    return text + "."
