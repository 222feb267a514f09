"""One night: full and short, or under two scenarios, the bad one in twenty, and what would help."""

from __future__ import annotations

from typing import Final

from sim.answers import Estimated
from sim.answers.night.document import HelpOf, Night
from sim.answers.night.document import Line as NightLine
from sim.report.answer.phrases import price
from sim.report.rounding import NEXT_TO_NOTHING
from sim.report.sections.answers import phrases
from sim.report.sections.answers.registry import declare
from sim.report.sections.answers.sheet import Note, Sheet
from sim.report.sections.figures import counted, listed
from sim.report.sections.section import NOTHING, Cell, Line, Section, Table
from sim.report.sections.words import plural as kinds_of

_WEEKDAYS: Final = (
    "MONDAY",
    "TUESDAY",
    "WEDNESDAY",
    "THURSDAY",
    "FRIDAY",
    "SATURDAY",
    "SUNDAY",
)
_MONTHS: Final = (
    "JANUARY",
    "FEBRUARY",
    "MARCH",
    "APRIL",
    "MAY",
    "JUNE",
    "JULY",
    "AUGUST",
    "SEPTEMBER",
    "OCTOBER",
    "NOVEMBER",
    "DECEMBER",
)
_NEVER: Final = 0.002
_SOME_NAMED: Final = 2


@declare("night")
def night(document: Night) -> Sheet:
    """The whole answer."""
    return Sheet(
        question=_question(document),
        statement=phrases.statement(document),
        heading=_heading(document),
        finding=tuple(_finding(document)),
        first=(_lines(document),),
        notes=tuple(one for one in (_help(document), _money(document)) if one is not None),
        following=_following(document),
        footing=_footing(document),
        further=tuple(one for one in (_by_hour(document), _helps(document)) if one is not None),
        warnings=phrases.warnings(document),
    )


def _pool(document: Night, name: str | None) -> str:
    return document.context.pool(name or "")


def sides_of(document: Night) -> tuple[str, str]:
    """What the two sides of the night are called: full and short, or the scenarios' letters."""
    return ("full", "short") if document.other is None else ("A", "B")


def _following(document: Night) -> tuple[tuple[str, str], ...]:
    if document.other is not None:
        return (
            ("--full", "hour by hour"),
            ("compare A B", "all days, with price and other calls"),
        )
    return (
        ("--full", "hour by hour, and all that was tried"),
        ("OTHER", "a second file: the same night under both"),
        ("size --help", "what mends it for good"),
    )


def _spoken(document: Night) -> tuple[str, str]:
    """The titles of the two scenarios."""
    titles = [one.title.removesuffix(" (illustrative)") for one in document.scenarios]
    return titles[0], titles[-1]


def _question(document: Night) -> str:
    on = document.on
    day = f"{_WEEKDAYS[on.weekday()]} {on.day} {_MONTHS[on.month - 1]} {on.year}"
    short = f"{document.people} short"
    if document.other is not None:
        first, second = _spoken(document)
        both = f"; {_pool(document, document.pool)} {short} under both" if document.people else ""
        return f"{day} {document.hours}: A {first}; B {second}{both}"
    return (
        f"{day} {document.hours}: {_pool(document, document.pool)} {short} "
        f"({document.parades_short:.3g} parade, normally {document.parades:.3g})"
    )


def _line(document: Night, name: str) -> NightLine | None:
    return next((one for one in document.lines if one.name == name), None)


def _heading(document: Night) -> str:
    half = _line(document, "half_within")
    if document.other is not None:
        return " ".join(_finding(document)).removesuffix(".")
    if half is None or half.full.value is None or half.short.value is None:
        return f"{document.people} short on one night"
    return (
        f"With {document.people} short half of missing children are reached within "
        f"{phrases.figure(half.short).value} minutes, {phrases.figure(half.full).value} when all "
        "parade"
    )


def _finding(document: Night) -> list[str]:
    told = []
    for one in document.lines:
        change = one.change
        if change is None or change.value is None or not phrases.clearly(change):
            continue
        more = "more" if change.number > 0 else "fewer"
        size, between = phrases.figure(change).sized()
        if one.name == "half_within":
            said = f"half are reached {counted(size, 'minutes')} {_later(change)}"
        elif one.name == "any_over_120":
            said = f"{size} {more} in 100 such nights have a wait over two hours"
        elif one.name == "over_60":
            said = f"{size} {more} in 100 of grade {one.grade} wait over an hour"
        else:
            said = f"grade {one.grade} waits {counted(size, 'minutes')} {_longer(change)}"
        told.append(f"{said} ({between})" if between == NEXT_TO_NOTHING else said)
    if document.other is not None:
        return [_of_two(document, told)]
    if not told:
        nights = f"Over {document.nights:,} such nights"
        return [f"{nights} nothing clearly gets worse with {document.people} short."]
    first = listed(told)
    return [f"With {document.people} short {first}, on average over {document.nights:,} nights."]


def _of_two(document: Night, told: list[str]) -> str:
    _, second = _spoken(document)
    over = f"over {document.nights:,} nights"
    if not told:
        return f"Under B ({second}) nothing clearly differs from A, {over}."
    return f"Under B ({second}), against A, {listed(told)}, on average {over}."


def _later(change: Estimated) -> str:
    return "later" if change.number > 0 else "sooner"


def _longer(change: Estimated) -> str:
    return "longer" if change.number > 0 else "less"


def _lines(document: Night) -> Section:
    return Section(
        "night",
        "A typical such night, and the bad one in twenty",
        tables=(
            Table(
                "",
                (*sides_of(document), "change", "bad night"),
                tuple(_shown(document, one) for one in document.lines),
            ),
        ),
        note=_note(document),
    )


def _note(document: Night) -> str:
    hours = f"Reports from {' to '.join(document.hours.split('-'))} count, however long they wait."
    if document.other is not None:
        return (
            f"{hours} A and B: the same nights and reports. Change: B less A. Bad night: on the "
            "worst one in twenty under B."
        )
    return (
        f"{hours} Full and short: the same nights, with all who parade as a rule and with so many "
        "fewer. Bad night: on the worst one in twenty of the short ones."
    )


def _label(document: Night, one: NightLine) -> str:
    who = kinds_of(one.stream or document.context.stream)
    who = f"{who[:1].upper()}{who[1:]}"
    return {
        "reports": f"{who}: reports",
        "half_within": "  half within, minutes",
        "any_over_120": "  any over 2 hours, nights in 100",
        "over_60": f"Grade {one.grade}, all calls: over 1 hour, in 100",
        "immediate_mean": f"Grade {one.grade}, all calls: mean minutes",
    }[one.name].strip()


def _shown(document: Night, one: NightLine) -> Line:
    change = NOTHING if one.change is None else phrases.gained(one.change)
    times = 100.0 if one.full.unit == "share" else 1.0
    bad = NOTHING
    if one.bad is not None:
        bad = Cell(f"{one.bad * times:.0f}")
    return Line(
        _label(document, one),
        (phrases.with_range(one.full), phrases.with_range(one.short), change, bad),
        inset=one.name in {"half_within", "any_over_120"},
    )


def _said(document: Night, one: HelpOf) -> str:
    hours = f"{one.since} to {one.until}"
    if one.way == "lend":
        return f"lend {one.people} from {_pool(document, one.from_pool)}, {hours}"
    if one.way == "hold on":
        shift = (one.from_shift or "").replace("_", " ")
        return f"hold {one.people} of the {shift} shift on, {hours}"
    return f"call {one.people} in, {hours}"


def _help(document: Night) -> Note | None:
    best = next((one for one in document.helps if one.is_best), None)
    if best is None:
        return None
    if not phrases.clearly(best.saves) or best.saves.number <= 0:
        return Note("Helps", ("Nothing that was tried clearly makes up for it.",))
    others = [one for one in document.helps if one.as_good and one.saves.number > 0]
    saved = f"It saves {phrases.said(best.saves)} minutes unattended in a night"
    said = [f"Most: {_said(document, best)}.", f"{saved}, over grade 1 and 2 calls of every kind."]
    if others:
        named = listed([_said(document, one) for one in others[:_SOME_NAMED]], "or")
        more = len(others) - _SOME_NAMED
        rest = f", or {more} more that were tried" if more > 0 else ""
        said.append(f"Not clearly less: {named}{rest}.")
    return Note("Helps", tuple(said))


def _money_of_two(document: Night) -> Note:
    """What the second rota takes beyond the first, on all nights."""
    staffing = document.context.staffing
    told = ""
    if len(staffing) > 1:
        before, after = staffing[0], staffing[-1]
        priced = bool(before.pounds or after.pounds)
        pounds = after.pounds - before.pounds if priced else None
        told = price(after.posts - before.posts, pounds)
    said = f"B's rota, {told}, all weeks and not this night alone." if told else ""
    return Note("Money", (said or "B's rota takes no more posts or pounds.",))


def _money(document: Night) -> Note:
    if document.other is not None:
        return _money_of_two(document)
    prices = [one.pounds for one in document.helps if one.pounds]
    said = ["Those who are away are paid: being short saves no pound and no post."]
    if prices:
        said.append(
            f"Overtime for holding on or calling in: £{min(prices):,.0f} to £{max(prices):,.0f}."
            if min(prices) < max(prices)
            else f"Overtime for holding on or calling in: £{max(prices):,.0f}."
        )
    elif document.helps:
        said.append("Overtime has no price in this scenario.")
    return Note("Money", tuple(said))


def _footing(document: Night) -> tuple[str, ...]:
    run, level = document.run, round(100 * document.level)
    size = (
        f"{document.nights:,} nights, seed {run.seed}, {level}% ranges, each after an average "
        "evening. By hour and over the night only, never about a job."
    )
    return (size, *phrases.footing(document)[1:])


def _by_hour(document: Night) -> Section:
    lines = [
        Line(
            f"{one.hour:02d}:00",
            (
                Cell(f"{one.reports:.1f}"),
                phrases.with_range(one.full),
                phrases.with_range(one.short),
            ),
        )
        for one in document.by_hour
    ]
    return Section(
        "hours",
        _worst(document),
        tables=(Table("", ("calls a night", *sides_of(document)), tuple(lines)),),
        chart="night-by-hour",
        picture=f"Two lines over the hours of the night: {' and '.join(sides_of(document))}.",
        note="Mean minutes unattended of grade 1 and 2 calls, by the hour of the report.",
    )


def _worst(document: Night) -> str:
    """The hour in which being short costs most, in a sentence."""
    known = [
        one
        for one in document.by_hour
        if one.full.value is not None and one.short.value is not None
    ]
    if not known:
        return "Hour by hour: mean minutes unattended of grade 1 and 2 calls"
    if document.other is not None:
        most = max(known, key=lambda one: abs(one.short.number - one.full.number))
        return (
            f"They differ most from {most.hour:02d}:00: {phrases.figure(most.short).value} minutes "
            f"unattended under B, {phrases.figure(most.full).value} under A"
        )
    worst = max(known, key=lambda one: one.short.number - one.full.number)
    return (
        f"Being short costs most from {worst.hour:02d}:00: {phrases.figure(worst.short).value} "
        f"minutes unattended, {phrases.figure(worst.full).value} when all parade"
    )


def _helps(document: Night) -> Section | None:
    if not document.helps:
        return None
    lines = [
        Line(
            f"{_said(document, one)[:1].upper()}{_said(document, one)[1:]}",
            (
                phrases.with_range(one.saves),
                Cell("-" if one.pounds is None else f"£{one.pounds:,.0f}"),
                Cell("best" if one.is_best else ("as good" if one.as_good else "")),
            ),
        )
        for one in document.helps
    ]
    return Section(
        "helps",
        "What would help, each by a run of its own",
        tables=(Table("", ("minutes saved a night", "overtime", ""), tuple(lines)),),
        note=(
            "Minutes unattended, over grade 1 and 2 calls of every kind in all areas: what a "
            "lender loses is in it. Ranges hold for all together. As good: not clearly less than "
            "the best."
        ),
    )
