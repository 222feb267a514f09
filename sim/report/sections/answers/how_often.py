"""How often such a wait comes back: waits, nights, a month, and what lies beyond what was seen."""

from __future__ import annotations

from sim.answers import Estimated
from sim.answers.how_often.document import Rate, Recurrence
from sim.report.answer.sure import other_children
from sim.report.sections.answers import phrases
from sim.report.sections.answers.registry import declare
from sim.report.sections.answers.sheet import Note, Sheet
from sim.report.sections.figures import length
from sim.report.sections.section import NOTHING, Cell, Line, Section, Table

_DAY = 24.0
_YEAR = 365.0
_RARE = 0.01
_LONG = 120.0
_HOURS = 300.0
"""Under so many minutes the causes of waits over an hour are nearer to the question."""
_OFTEN = 3 * _DAY
"""Hours between such nights under which nobody asks when the next one is."""
_SURE = 99.95
_PERCENT = 0.01


@declare("how-often")
def how_often(document: Recurrence) -> Sheet:
    """The whole answer."""
    short = document.over_minutes < _HOURS
    return Sheet(
        question=f"HOW OFTEN {_whom(document).upper()} WAIT MORE THAN {_over(document).upper()}",
        statement=phrases.statement(document, document.reports),
        heading=_heading(document),
        finding=tuple(_finding(document)),
        first=(_rates(document),),
        notes=tuple(one for one in (_tail(document), _longest(document)) if one is not None),
        following=(
            (f"--over {'10h' if short else '2h'}", "another wait"),
            (f"explain SCENARIO --measure {'over-1h' if short else 'over-10h'}", "why"),
            other_children(high=document.whom.risk == "high"),
        ),
        footing=phrases.footing(document),
        further=tuple(one for one in (_fits(document),) if one is not None),
        warnings=phrases.warnings(document),
    )


def _over(document: Recurrence) -> str:
    return length(document.over_minutes)


def _whom(document: Recurrence) -> str:
    told = phrases.whom(document, document.whom)
    return f"{told[:1].lower()}{told[1:]}"


def _nights(document: Recurrence) -> Rate:
    return document.rates[1]


def _days(one: Estimated) -> str:
    """Hours in days, such as "35 days (28 to 44)"."""

    def days(value: float | None) -> str | None:
        return (
            None
            if value is None
            else f"{value / _DAY:,.2g}"
            if value < 10 * _DAY
            else (f"{value / _DAY:,.0f}")
        )

    value, low, high = days(one.value), days(one.low), days(one.high)
    if value is None:
        return "never seen"
    if low is None or high is None:
        return f"{value} days"
    return f"{value} days ({low} to {high})"


def _heading(document: Recurrence) -> str:
    night = _nights(document)
    if _is_often(document):
        return (
            f"A wait of more than {_over(document)} on {phrases.figure(night.a_year).value} nights "
            "of a year"
        )
    if night.seen == 0:
        return f"A wait of more than {_over(document)} was not seen in {_simulated(document)}"
    return (
        f"A night with a wait of more than {_over(document)} every {_days(document.every)}, on "
        "average"
    )


def _simulated(document: Recurrence) -> str:
    days = document.longest.days
    years = days / _YEAR
    return f"{years:.1f} simulated years" if years >= 1 else f"{days:,.0f} simulated days"


def _finding(document: Recurrence) -> list[str]:
    night = _nights(document)
    month = phrases.said(document.in_a_month)
    if night.seen == 0:
        top = night.a_year.high
        most = "" if top is None else f", so fewer than {top:.2g} nights a year"
        return [f"None was seen in {_simulated(document)}{most}."]
    sure = document.in_a_month.value is not None and 100 * document.in_a_month.number >= _SURE
    chance = f"A month of 30 days has at least one with a chance of {month} in 100."
    return [
        f"On {phrases.said(night.a_year)} of a year's 365 nights."
        if _is_often(document)
        else f"One night in {_days(document.every)}.",
        *_share(document),
        "A month of 30 days all but surely has one." if sure else chance,
        f"Seen on {night.seen:,} night{phrases.plural(night.seen)} of {_simulated(document)}.",
    ]


def _is_often(document: Recurrence) -> bool:
    """Whether such nights are so many that how many a year says more than how far apart."""
    return document.every.value is not None and document.every.number < _OFTEN


def _share(document: Recurrence) -> list[str]:
    """What part of the reports wait so long, where it is one in a hundred or more."""
    waits = document.rates[0]
    share = waits.seen / document.reports if document.reports else 0.0
    return [f"{100 * share:.0f} in 100 of these reports wait so long."] if share > _PERCENT else []


def _rates(document: Recurrence) -> Section:
    names = {
        "waits": "Single waits",
        "nights": "Nights with at least one (noon to noon)",
    }
    lines = [
        Line(
            names[one.what],
            (
                phrases.with_range(one.a_year),
                Cell(f"{one.seen:,}"),
                NOTHING if one.dispersion is None else Cell(f"{one.dispersion:.1f}"),
            ),
        )
        for one in document.rates
    ]
    lines.append(
        Line(
            "Chance of such a night in 30 days, in 100",
            (
                phrases.with_range(document.in_a_month),
                Cell(f"{document.windows} of {document.run.replications}"),
                NOTHING,
            ),
        )
    )
    return Section(
        "rates",
        "How often it comes",
        tables=(Table("", ("a year", "seen", "in runs"), tuple(lines)),),
        note=(
            "In runs: variance over mean of the replications' counts, 1 where they come singly; "
            "the ranges allow for it. Seen in the last line: replications with at least one."
        ),
    )


def _tail(document: Recurrence) -> Note | None:
    tail = document.tail
    if tail is None:
        return Note("Beyond", (document.tail_missing,)) if document.tail_missing else None
    seen = f"By the tail of the waits that were seen (over {length(tail.threshold_minutes)})"
    rare = tail.a_year.high is not None and tail.a_year.high < _RARE
    often = "less than once in a hundred years"
    if not rare:
        often = f"{phrases.said(tail.a_year)} times a year"
    said = [
        f"{seen}: {often}.",
        "Other thresholds say about the same."
        if tail.stable
        else "Other thresholds say something else, so do not plan on it.",
    ]
    return Note("Beyond", tuple(said))


def _longest(document: Recurrence) -> Note:
    longest = document.longest
    told = f"{longest.minutes:.0f} minutes"
    if longest.minutes > _LONG:
        told = f"{longest.minutes / 60:.1f} hours"
    said = [f"The longest wait seen: {told}."]
    if longest.cut_off:
        said.append(f"{longest.cut_off} had not ended when their follow-up did.")
    return Note("Longest", tuple(said))


def _fits(document: Recurrence) -> Section | None:
    tail = document.tail
    if tail is None:
        return None
    lines = [
        Line(
            f"over {one.threshold_minutes:,.0f} minutes",
            (
                Cell(f"{one.exceedances:,}"),
                Cell(f"{one.clusters:,}"),
                Cell(f"{one.extremal_index:.2f}"),
                Cell(f"{one.shape:+.2f}"),
                Cell(f"{one.a_year:.2g}"),
            ),
        )
        for one in tail.fits
    ]
    return Section(
        "thresholds",
        "Whether the tail says the same whatever it begins at",
        tables=(
            Table(
                "",
                ("waits", "runs", "runs a wait", "shape", "a year"),
                tuple(lines),
            ),
        ),
        note=(
            "Runs: waits above the threshold close together, put into one (Ferro and Segers "
            "2003). Shape of the generalised Pareto law: above 0 the tail has no end."
        ),
    )
