"""The answer in sentences, as pure functions of the document of rows.

Every figure comes with its interval and is never written more finely than the interval bears.
The sentences are plain ASCII, so that any terminal shows them and anybody can read them aloud.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeGuard

from sim.statistics import RARE_EVENTS, Interval
from sim.tables import HOUR, MINUTE

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded

Row: TypeAlias = Mapping[str, Any]
Document: TypeAlias = Mapping[str, Any]

CHILDREN: Final = (
    "Simulated children; not a prediction about any child; not for deciding a live call."
)
ILLUSTRATIVE: Final = "Illustrative, not evidence about Dorset."

UNPLANNABLE: Final = "These figures cannot be planned on:"
GROWS: Final = (
    "Where a queue grows without end, a delay says how many days were simulated, not what the "
    "staffing does."
)

_CUTS: Final = (
    "stream", "grade", "risk", "care", "area", "hours", "pool", "hour", "stage", "clock",
)  # fmt: skip
_NUMBERS: Final = ("nought", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_CLOCKS: Final = {
    "received": "the call being received",
    "answered": "the call being answered",
    "graded": "grading",
}


@dataclass(frozen=True)
class FileChange:
    """One value in which a scenario's file differs from the baseline's."""

    path: str
    baseline: str
    other: str


@dataclass(frozen=True)
class Sweep:
    """The headline share across the share of incidents held for the gate.

    Attributes
    ----------
    title
        Whose it is and what it rests on, such as "dorset-2022, 10 replications".
    points
        Share held (0 to 1) and the share of reports reached in time, from call received.
    own
        The share held of the scenario itself, or None.
    """

    title: str
    points: tuple[tuple[float, Interval], ...]
    own: float | None = None


@dataclass(frozen=True)
class Staffing:
    """What a scenario's rota comes to: full-time posts, and paid hours and pounds a week."""

    scenario: str
    posts: float
    paid_hours: float
    pounds: float


@dataclass(frozen=True)
class Context:
    """What the rows do not say: the headline, and what surrounds it.

    Attributes
    ----------
    stream, grade
        Whose delays the answer is about.
    target_minutes
        The headline's target, or by area where areas differ; None: no target.
    starts
        The target's own start clock: ``received``, ``answered`` or ``graded``.
    illustrative
        False only where the scenario says that it is a force's own.
    changes
        By scenario: how its file differs from the baseline's.
    staffing
        Posts, paid hours and pounds of each scenario, the baseline first.
    sweeps
        The same answer over the share held.
    warnings
        What was said before the run, as sentences.
    unplannable
        Why the figures cannot be planned on, as sentences: queues that grow without end.
    """

    stream: str = "missing_child"
    grade: int = 2
    target_minutes: float | Mapping[str, float] | None = 20.0
    starts: str = "received"
    illustrative: bool = True
    changes: Mapping[str, Sequence[FileChange]] | None = None
    staffing: Sequence[Staffing] = ()
    sweeps: Sequence[Sweep] = ()
    warnings: Sequence[str] = ()
    unplannable: Sequence[str] = ()

    @property
    def target(self) -> str:
        """The target in words, such as "20 minutes"."""
        if self.target_minutes is None:
            return "the target"
        if isinstance(self.target_minutes, Mapping):
            low, high = min(self.target_minutes.values()), max(self.target_minutes.values())
            return f"{low:g} to {high:g} minutes (by area)" if low < high else f"{low:g} minutes"
        return f"{self.target_minutes:g} minutes"

    @property
    def reports(self) -> str:
        """Whose delays the answer is about, in words."""
        return f"grade-{_NUMBERS[self.grade]} {kind_of_work(self.stream)} reports"

    @classmethod
    def of(
        cls,
        loaded: Sequence[Loaded],
        warnings: Sequence[str] = (),
        sweeps: Sequence[Sweep] = (),
        unplannable: Sequence[str] = (),
    ) -> Context:
        """What surrounds the results of these scenarios, the baseline first."""
        from sim.scenario.resolve import difference
        from sim.study import definition_of

        # What the answer is about is the study's to say.
        definition = definition_of(loaded[0].scenario, 0, HOUR)
        target = definition.target_of(definition.headline_grade)
        areas = list(loaded[0].scenario.areas)
        changes = {
            other.name: [
                FileChange(one.path, one.before or "(absent)", one.after or "(absent)")
                for one in difference(loaded[0], other)
            ]
            for other in loaded[1:]
        }
        return cls(
            stream=definition.headline_stream,
            grade=definition.headline_grade,
            target_minutes=None
            if target is None
            else {
                area: seconds / MINUTE for area, seconds in zip(areas, target.seconds, strict=True)
            },
            starts="received" if target is None else target.starts,
            staffing=[_staffing(one) for one in loaded],
            illustrative=any(one.scenario.illustrative for one in loaded),
            changes=changes,
            sweeps=sweeps,
            warnings=warnings,
            unplannable=unplannable,
        )

    def headline(self, clock: str) -> dict[str, Any]:
        """Cuts of the headline's rows by this clock; null is the target's own."""
        own = self.target_minutes is not None and clock == self.starts
        return {
            "stream": self.stream,
            "grade": self.grade,
            "clock": None if own else clock,
        }


class Rows:
    """Rows looked up by measure and cuts; a cut that is not named is over all of it."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.all = tuple(rows)
        self._places = {(row["measure"], *(row.get(cut) for cut in _CUTS)): row for row in self.all}

    def get(self, measure: str, **cuts: object) -> Row | None:
        """The one row of a measure and these cuts, or None."""
        return self._places.get((measure, *(cuts.get(cut) for cut in _CUTS)))

    def along(self, measure: str, axis: str, **cuts: object) -> dict[Any, Row]:
        """Rows of a measure that differ in one cut only, by its value, in their order."""
        fixed = {cut: cuts.get(cut) for cut in _CUTS if cut != axis}
        return {
            row[axis]: row
            for row in self.all
            if row["measure"] == measure
            and row.get(axis) is not None
            and all(row.get(cut) == value for cut, value in fixed.items())
        }


@dataclass(frozen=True)
class Figure:
    """A number and its limits, rounded alike; limits are None where there are none."""

    value: str
    low: str | None = None
    high: str | None = None

    def text(self, unit: str = "", to: str = " to ") -> str:
        """Such as "23% (21 to 25%)"; with one limit, "0.1% (at most 0.3%)"."""
        words = to == " to "
        if self.low is not None and self.high is not None:
            return f"{self.value}{unit} ({self.low}{to}{self.high}{unit})"
        if self.high is not None:
            return f"{self.value}{unit} ({'at most ' if words else '<'}{self.high}{unit})"
        if self.low is not None:
            return f"{self.value}{unit} ({'at least ' if words else '>'}{self.low}{unit})"
        return f"{self.value}{unit}"


def rounded(
    value: float,
    low: float | None,
    high: float | None,
    finest: float = 0.1,
    coarsest: float = 1.0,
) -> Figure:
    """Round a figure to the place that its interval bears.

    The unit of the last place is the power of ten next under the half-width (of one limit
    alone, its distance), within [`finest`, `coarsest`]; without any limit it is `coarsest`.
    """
    unit = coarsest
    if low is not None or high is not None:
        ends = [end for end in (low, high) if end is not None]
        half_width = max(abs(end - value) for end in ends)
        if len(ends) == 2:
            half_width = (ends[1] - ends[0]) / 2
        unit = 10.0 ** math.floor(math.log10(half_width)) if half_width > 0 else finest
        unit = min(max(unit, finest), coarsest)
    places = max(0, -round(math.log10(unit)))

    def written(number: float) -> str:
        near = round(number / unit) * unit
        return f"{near:,.{places}f}" if near else f"{0:.{places}f}"

    text = written(value)
    if value > 0 and _is_nought(text):
        text = f"<{unit:.{places}f}"
    top = None if high is None else written(high)
    if low is None and high is not None and high > 0 and top is not None and _is_nought(top):
        # At most nought would be certainty.
        top = f"{unit:.{places}f}"
    return Figure(text, None if low is None else written(low), top)


def percent(row: Row, to: str = " to ", finest: float = 0.1) -> str:
    """A share as "23% (21 to 25%)", or "-" where it cannot be estimated."""
    if row["value"] is None:
        return "-"
    return _scaled(row, 100, finest=finest).text("%", to)


def minutes(row: Row, to: str = " to ") -> str:
    """A time in minutes without its unit, "52 (49 to 56)"; "-" where it cannot be estimated."""
    if row["value"] is None:
        return "-"
    coarsest = 1.0 if row["low"] is None else 10.0
    return _scaled(_from_nought(row), minute_scale(row), coarsest).text("", to)


def quantity(row: Row, to: str = " to ") -> str:
    """Any figure of a scenario (not a difference) in its own unit."""
    unit = row.get("unit")
    if row["value"] is None:
        return "-"
    if unit == "share":
        return percent(row, to)
    if unit in ("seconds", "s", "minutes", "min"):
        return minutes(row, to)
    return _scaled(_from_nought(row), 1, 10.0 if row["value"] >= 100 else 1.0).text("", to)


def minute_scale(row: Row) -> float:
    """What a time row is multiplied by to give minutes."""
    return {"seconds": 1 / 60, "s": 1 / 60, "hours": 60.0}.get(str(row.get("unit")), 1.0)


def events(row: Row) -> float:
    """How many of a share's cases it happened to, or did not, whichever are fewer."""
    if row["value"] is None or not row["n"]:
        return 0.0
    happened = round(row["value"] * row["n"])
    return float(min(happened, row["n"] - happened))


def too_few(row: Row | None) -> bool:
    """Whether a share rests on too few events to be compared: it then has one limit alone."""
    if row is None or row["value"] is None:
        return True
    return (row["low"] is None) != (row["high"] is None) or events(row) < RARE_EVENTS


def difference(row: Row | None, unit: str, scale: float, more: str, less: str) -> str:
    """A paired difference in plain words.

    Parameters
    ----------
    row
        The difference, other less baseline.
    unit
        What is counted, in the plural: "percentage points", "minutes".
    scale
        What a row's number is multiplied by to be in that unit.
    more, less
        The words for a rise and for a fall: "higher" and "lower".
    """
    if row is None or row["value"] is None:
        return "a difference that cannot be estimated"
    if row["low"] is None or row["high"] is None:
        value = rounded(abs(row["value"]) * scale, None, None).value
        way = more if row["value"] > 0 else less
        return f"{value} {unit} {way}, with too few replications to say how sure that is"
    if row["low"] == row["high"] == 0:
        return "exactly the same"
    figure = rounded(
        row["value"] * scale, row["low"] * scale, row["high"] * scale, coarsest=_coarsest(unit)
    )
    low, high = str(figure.low), str(figure.high)
    if row["low"] > 0:
        return f"{_between(low, high, unit)} {more}"
    if row["high"] < 0:
        return f"{_between(high.lstrip('-'), low.lstrip('-'), unit)} {less}"
    if _is_nought(low) and _is_nought(high):
        return "no difference that shows"
    below = "no change" if _is_nought(low) else f"{low.lstrip('-')} {less}"
    above = "no change" if _is_nought(high) else f"{high} {unit} {more}"
    if above == "no change":
        below = f"{low.lstrip('-')} {unit} {less}"
    return f"no clear difference (between {below} and {above})"


def change(row: Row, scale: float | None = None) -> str:
    """A difference as "+3 (+1 to +5)", starred where its range leaves out no change.

    Parameters
    ----------
    row
        The difference, other less baseline.
    scale
        What a row's number is multiplied by; None: 100 for shares, minutes for times.
    """
    if row["value"] is None:
        return "-"
    share = row.get("unit") == "share"
    factor = scale or (100.0 if share else minute_scale(row))
    low, high = row["low"], row["high"]
    figure = rounded(
        row["value"] * factor,
        None if low is None else low * factor,
        None if high is None else high * factor,
        coarsest=1.0 if share else 10.0,
    )
    if figure.low is None or figure.high is None:
        return f"{signed(figure.value)} (too few)"
    star = "*" if low > 0 or high < 0 else ""
    return f"{signed(figure.value)} ({signed(figure.low)} to {signed(figure.high)}){star}"


def signed(number: str) -> str:
    """A number with its sign; what rounds to nought has none."""
    if number.startswith("<"):
        return re.sub("[1-9]", "0", number[1:])
    nought = not re.search("[1-9]", number)
    return number if nought or number.startswith("-") else f"+{number}"


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
