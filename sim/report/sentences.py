"""The answer in sentences, as pure functions of the document of rows.

The sentences are plain ASCII, so that any terminal shows them and anybody can read them aloud.
Figures are written by `sim.report.numbers`, those of one sentence alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from sim.report.context import (
    CHILDREN,
    Context,
    FileChange,
    Rule,
    Staffing,
    Sweep,
    illustration,
    kind_of_work,
)
from sim.report.numbers import (
    CUTS,
    Places,
    Row,
    Rows,
    change,
    difference,
    events,
    has_value,
    interval_row,
    is_clear,
    kind_of,
    minute_scale,
    minutes,
    part_of,
    percent,
    place,
    places,
    quantity,
    rounded,
    scale_of,
    signed,
    too_few,
)

__all__ = [
    "CHILDREN",
    "Context",
    "Document",
    "FileChange",
    "Places",
    "Row",
    "Rows",
    "Rule",
    "Staffing",
    "Sweep",
    "answer",
    "beside",
    "ceiling",
    "change",
    "cost_notes",
    "difference",
    "events",
    "footing",
    "gate_of_sweep",
    "illustration",
    "interval_row",
    "kind_of",
    "kind_of_work",
    "long_waits",
    "minute_scale",
    "minutes",
    "other_work",
    "other_work_rows",
    "part_of",
    "percent",
    "places",
    "quantity",
    "rounded",
    "share_held",
    "signed",
    "telling_signs",
    "too_few",
]

Document: TypeAlias = Mapping[str, Any]

OVER_TEN_HOURS: Final = "waited_over_600_minutes"
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
_GATES: Final = {
    "grading": "a deployment waits for grading alone, so none is held",
    "assessment": "deployment waits for the risk assessment, not for ratification",
    "research": "deployment waits for research, not for ratification",
}


def answer(document: Document, context: Context) -> list[str]:
    """Share reached in time under each scenario by both clocks, and the difference."""
    sentences: list[str] = []
    differences = {
        entry["name"]: (entry["baseline"], Rows(entry["rows"])) for entry in document["differences"]
    }
    by_name = {entry["name"]: Rows(entry["rows"]) for entry in document["scenarios"]}
    for entry in document["scenarios"]:
        name, rows = entry["name"], by_name[entry["name"]]
        row = rows.get("arrived_within_target", **context.headline("received"))
        if row is None or row["value"] is None:
            sentences.append(f"Under {name} there are no {context.reports} to speak of.")
            continue
        said = [f"Under {name}, {_reached(row, context, first=not sentences)}"]
        graded = rows.get("arrived_within_target", **context.headline("graded"))
        if graded is not None and graded["value"] is not None:
            said.append(f"; within {context.target} of grading it is {percent(graded)}")
        sentences.append("".join(said) + ".")
        if name in differences:
            baseline, changed = differences[name]
            sentences.append(_compared(baseline, by_name.get(baseline), rows, changed, context))
    return sentences


def ceiling(document: Document, context: Context) -> list[str]:
    """How much of each scenario's shortfall no staffing could mend."""
    sentences: list[str] = []
    for entry in document["scenarios"]:
        rows = Rows(entry["rows"])
        reached = rows.get("arrived_within_target", **context.headline("received"))
        reachable = rows.get("reachable_within_target", **context.headline("received"))
        if not _has_value(reached) or not _has_value(reachable) or too_few(reached):
            continue
        missed = 100 - round(100 * reached["value"])
        beyond = min(100 - round(100 * reachable["value"]), missed)
        if missed == 0:
            sentences.append(f"Under {entry['name']}, hardly any miss the {context.target}.")
            continue
        sentences.append(
            f"Under {entry['name']}, {missed} in 100 miss the {context.target} from the call. "
            f"With unlimited people {beyond} would still miss them: talk, travel and what the rule "
            f"puts before deployment take too long. No staffing mends that; another rule may. "
            f"{_waits_for_people(missed - beyond)}"
        )
    return sentences


def long_waits(document: Document, context: Context) -> str | None:
    """Waits of over ten hours, which a share in time does not show; None where there is no row."""
    measure = "waited_over_600_minutes"
    cuts = {"stream": context.stream, "grade": context.grade}
    changes = {
        entry["name"]: Rows(entry["rows"]).get(measure, **cuts) for entry in document["differences"]
    }
    said: list[str] = []
    for entry in document["scenarios"]:
        row = Rows(entry["rows"]).get(measure, **cuts)
        if not _has_value(row):
            return None
        text = f"{percent(row)} under {entry['name']}"
        change = changes.get(entry["name"])
        if change is not None and change["value"] is not None:
            text += f", {_change_of_rare(row, change)}"
        said.append(text)
    return f"Unattended for over ten hours: {'; '.join(said)}."


def _change_of_rare(row: Row, change: Row) -> str:
    if too_few(row) or change["low"] is None:
        return "too few to compare"
    return difference(change, "percentage points", 100, "more", "fewer")


def other_work(document: Document, context: Context) -> list[str]:
    """What the rest of the work pays or gains, against the baseline."""
    sentences: list[str] = []
    for entry in document["differences"]:
        changes = other_work_rows(entry["rows"], "arrived_within_target", context)
        waits = other_work_rows(entry["rows"], "delay_mean", context)
        said = [
            f"{name}: {difference(row, 'percentage points', 100, 'more', 'fewer')} reached in time"
            for name, row in changes
            if _is_clear(row)
        ]
        with_target = {name for name, row in changes if _is_clear(row)}
        said += [
            f"{name}: {difference(row, 'minutes', minute_scale(row), 'longer', 'shorter')}"
            " unattended on average"
            for name, row in waits
            if _is_clear(row) and name not in with_target
        ]
        looked_at = len({name for name, _ in changes} | {name for name, _ in waits})
        if not looked_at:
            continue
        if said:
            rest = looked_at - len(said)
            tail = f" Nothing clear for the other {rest} kinds of work." if rest > 1 else ""
            sentences.append(
                f"Other work under {entry['name']}, against {entry['baseline']}: "
                f"{'; '.join(said)}.{tail}"
            )
        else:
            sentences.append(
                f"Under {entry['name']} no other kind of work ({looked_at} looked at) is clearly "
                f"better or worse off than under {entry['baseline']}."
            )
    return sentences


def other_work_rows(rows: Iterable[Row], measure: str, context: Context) -> list[tuple[str, Row]]:
    """Rows of one measure for other streams and grades than the headline's, with their names."""
    found: list[tuple[str, Row]] = []
    for row in rows:
        plain = all(row.get(cut) is None for cut in _CUTS if cut not in ("stream", "grade"))
        headline = row.get("stream") == context.stream and row.get("grade") == context.grade
        if row["measure"] != measure or not plain or headline or row.get("stream") is None:
            continue
        if row.get("grade") is None or row["value"] is None:
            continue
        name = f"{row['stream'].replace('_', ' ')}, grade {row['grade']}"
        found.append((name, row))
    return found


def telling_signs(document: Document, context: Context) -> list[str]:
    """What tells a gate from low rank, which look alike in the delays themselves."""
    sentences: list[str] = []
    for entry in document["scenarios"]:
        rows = Rows(entry["rows"])
        cuts = {"stream": context.stream, "grade": context.grade}
        idle = rows.get("idle_while_waiting", **cuts)
        just_after = rows.get("allocated_just_after_ratification", **cuts)
        said: list[str] = []
        if _has_value(idle):
            said.append(
                f"in {percent(idle)} of reports a unit that might have gone stood idle for a "
                f"minute or more while the graded job waited"
            )
        if _has_value(just_after):
            said.append(
                f"{percent(just_after)} of those ratified first were allocated within five "
                f"minutes of it"
            )
        if said:
            sentences.append(f"Under {entry['name']}, {'; '.join(said)}.")
    sentences.append(
        "One long wait cannot tell a gate from a low rank: both look alike in a delay. In a "
        "force's own records a gate would show as idle units while a graded job waits and as "
        "allocations just after ratification; low rank alone would show as neither."
    )
    return sentences


def footing(document: Document, context: Context) -> list[str]:
    """What the figures rest on, and what they are not."""
    run = document["run"]
    level = round(100 * document["level"])
    size = (
        f"{_counted(run['replications'], 'replication')} of {_counted(run['days'], 'day')}, "
        f"seed {run['seed']}"
    )
    sentences = [f"{size}; ranges hold with {level}% confidence."]
    if document["differences"]:
        adjusted = any(
            row.get("adjusted") for entry in document["differences"] for row in entry["rows"]
        )
        sentences.append(
            "The headline differences hold together at that level; all other ranges hold one "
            "by one."
            if adjusted
            else "Ranges hold one by one; they are unadjusted for being several."
        )
    if context.illustrative:
        sentences.append(ILLUSTRATIVE)
    sentences.append(CHILDREN)
    return sentences


def share_held(sweep: Sweep, context: Context) -> str:
    """The answer at both ends of the share held."""
    points = [(share, interval) for share, interval in sweep.points if interval.value is not None]
    if len(points) < 2:
        return "The share held was not moved."
    (first, at_first), (last, at_last) = points[0], points[-1]
    return (
        f"With {first:.0%} held, {_interval_percent(at_first)} are reached within "
        f"{context.target} of the call; with {last:.0%} held, {_interval_percent(at_last)}. "
        "No force's own share is known; read the whole range."
    )


def kind_of_work(stream: str) -> str:
    """A stream's name as people say it."""
    return stream.replace("_", "-" if stream.startswith("missing_") else " ")


def interval_row(interval: Interval) -> Row:
    """An interval as a row of a share, so that it is written like one."""
    return {
        "value": interval.value,
        "low": interval.low,
        "high": interval.high,
        "n": interval.n,
        "unit": "share",
    }


def _staffing(loaded: Loaded) -> Staffing:
    from sim.rota import posts, rostered_hours

    hours = rostered_hours(loaded.scenario)
    pools = loaded.scenario.pools
    return Staffing(
        loaded.name,
        sum(posts(loaded.scenario).values()),
        sum(hours.values()),
        sum(paid * pools[name].pounds_per_hour for name, paid in hours.items()),
    )


def _interval_percent(interval: Interval) -> str:
    return percent(interval_row(interval))


def _waits_for_people(number: int) -> str:
    if number == 0:
        return "More people would bring hardly any more inside that time."
    return f"More people could bring at most {number} more in 100 inside that time."


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _from_nought(row: Row) -> Row:
    """The row with its lower limit at nought or above: times and counts are never less."""
    return row if row["low"] is None else {**row, "low": max(0.0, row["low"])}


def _scaled(row: Row, scale: float, coarsest: float = 1.0, finest: float = 0.1) -> Figure:
    low, high = row["low"], row["high"]
    return rounded(
        row["value"] * scale,
        None if low is None else low * scale,
        None if high is None else high * scale,
        finest=finest,
        coarsest=coarsest,
    )


def _coarsest(unit: str) -> float:
    return 1.0 if unit == "percentage points" else 10.0


def _is_nought(text: str) -> bool:
    return float(text.replace(",", "")) == 0


def _between(low: str, high: str, unit: str) -> str:
    if low == high:
        return f"about {low} {unit}"
    return f"up to {high} {unit}" if _is_nought(low) else f"between {low} and {high} {unit}"


def _has_value(row: Row | None) -> TypeGuard[Row]:
    return row is not None and row["value"] is not None


def _is_clear(row: Row) -> bool:
    if row["low"] is None or row["high"] is None:
        return False
    return bool(row["low"] > 0 or row["high"] < 0)


def _reached(row: Row, context: Context, first: bool) -> str:
    whom = f"{row['n']:,} simulated {context.reports}" if first else f"{row['n']:,}"
    within = f"within {context.target} of {_CLOCKS['received']}" if first else "in time"
    return f"{percent(row)} of {whom} are reached {within}"


def _compared(
    baseline: str, base: Rows | None, other: Rows, changed: Rows, context: Context
) -> str:
    cuts = context.headline("received")
    measure = "arrived_within_target"
    # Where one share is rare and the other common, the common one carries the difference.
    if too_few(base.get(measure, **cuts) if base else None) and too_few(other.get(measure, **cuts)):
        return f"Against {baseline}: too few to compare."
    words = ("percentage points", 100, "higher", "lower")
    text = f"Against {baseline} that is {difference(changed.get(measure, **cuts), *words)}"
    graded = changed.get(measure, **context.headline("graded"))
    if graded is not None:
        text += f"; counted from grading, {difference(graded, *words)}"
    return text + "."
