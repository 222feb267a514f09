"""What an answer hangs on: the tornado of the foremost, and of the difference from others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sim.answers import Estimated
from sim.answers.headlines import headline
from sim.answers.sensitivity.document import Better, Difference, Sensitivity, Thing
from sim.report.rounding import signed
from sim.report.scale import Scale, scale_of
from sim.report.sections.answers import phrases
from sim.report.sections.answers.registry import declare
from sim.report.sections.answers.sheet import Note, Sheet
from sim.report.sections.figures import listed, settled
from sim.report.sections.section import NOTHING, Cell, Line, Section, Table

_ON_SCREEN: Final = 8
_NAMED: Final = 3
_PATHS: Final = 4
_SCREENED: Final = 20


@declare("sensitivity")
def sensitivity(document: Sensitivity) -> Sheet:
    """The whole answer."""
    played = [one for one in document.things if _is_played(one)]
    first = [_tornado(document, played[:_ON_SCREEN])] if played else [_screened(document)]
    more = len(played) > _ON_SCREEN
    further = [_tornado(document, played, name="one-at-a-time")] if more else []
    further += _of_differences(document, played)
    further += [one for one in (_variance(document),) if one is not None]
    further += [_screened(document), *_without(document)]
    return Sheet(
        question=_question(document),
        statement=phrases.statement(document, document.reports or None),
        heading=_heading(document, played),
        finding=(*_finding(document, played), *_better(document)),
        first=tuple(first),
        notes=_notes(document),
        following=(
            ("--full", "every thing, and the differences"),
            phrases.other_figure(document.measure, long=False),
            ("--sobol", "shares of the variance"),
        ),
        footing=phrases.footing(document),
        further=tuple(further),
        warnings=phrases.warnings(document),
    )


def _is_played(one: Thing) -> bool:
    return one.low is not None or one.high is not None


def _label(document: Sensitivity) -> str:
    return headline(document.measure).label


def _is_share(document: Sensitivity) -> bool:
    return document.own.unit == "share"


def _scale(document: Sensitivity) -> Scale:
    return scale_of(document.own)


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _question(document: Sensitivity) -> str:
    whom = phrases.whom(document, document.whom)
    scale = _scale(document)
    own = phrases.figure(document.own, scale).value
    if _is_share(document):
        many = f"{own} {scale.words} are {_label(document)}".upper()
        return f"WHAT IT HANGS ON THAT {many}: {whom}"
    return f"WHAT IT HANGS ON: {own} {_label(document)}, on average; {whom}"


def _heading(document: Sensitivity, played: Sequence[Thing]) -> str:
    clear = [one for one in played if _clear(one)]
    if not clear:
        own = phrases.figure(document.own, _scale(document)).value
        return f"Nothing that is not known clearly moves the {own}"
    first = clear[0]
    low, high = _reach(document, first)
    return f"It hangs most on {first.what}: {low} to {high} {_scale(document).words} over its range"


def _clear(one: Thing) -> bool:
    return any(end is not None and phrases.clearly(end) for end in (one.low, one.high))


def _reach(document: Sensitivity, one: Thing) -> tuple[str, str]:
    """The figure with the thing at its ends, the lower first."""
    own = document.own.number
    ends = [own + end.number for end in (one.low, one.high) if end is not None]
    times = _scale(document).times
    low, high = min([own, *ends]), max([own, *ends])
    return f"{max(0.0, low) * times:.0f}", f"{high * times:.0f}"


def _finding(document: Sensitivity, played: Sequence[Thing]) -> list[str]:
    clear = [one for one in played if _clear(one)]
    scale = _scale(document)
    own, unit = phrases.said(document.own, scale), scale.words
    if not clear:
        return [f"Nothing that is not known clearly moves the {own} {unit}."]
    told = []
    for one in clear[:_NAMED]:
        low, high = _reach(document, one)
        told.append(f"{one.what} ({low} to {high})")
    verb = "moves" if len(told) == 1 else "move"
    each = "over its own range" if len(told) == 1 else "each over its own range and alone"
    most = (
        f"{_capital(_apart(told))} {verb} it most, {each}; as the file has it, it is {own} {unit}."
    )
    return [most, f"{len(document.things)} things that are not known were moved."]


def _apart(things: Sequence[str]) -> str:
    """Things whose own names hold commas, parted by semicolons."""
    return things[0] if len(things) == 1 else f"{'; '.join(things[:-1])}; and {things[-1]}"


def _better(document: Sensitivity) -> list[str]:
    base = document.context.spoken(document.name)
    said, scale = [], _scale(document)
    for one in document.better:
        counts = (one.better, one.same, one.settings - one.better - one.same)
        told = settled(document.context.spoken(one.scenario), base, counts)
        said.append(f"Of {one.settings:,} settings tried {told}.")
        if one.own.value:
            said.append(f"As the files have them the difference is {_own(one.own, scale)}.")
    return said


def _own(difference: Estimated, scale: Scale) -> str:
    """A difference in words, with its sign where it is more than next to nothing."""
    if phrases.clearly(difference) and phrases.figure(difference, scale).is_slight():
        return phrases.said_change(difference, scale)
    value, span = phrases.change(difference, scale)
    return f"{value}{'' if difference.low is None else f' ({span})'} {scale.words}"


def _tornado(document: Sensitivity, things: Sequence[Thing], name: str = "foremost") -> Section:
    scale = _scale(document)
    lines = tuple(
        Line(
            _capital(one.what),
            (
                Cell(_span(one)),
                _change(one.low, scale, impossible=one.impossible),
                _change(one.high, scale, impossible=one.impossible),
            ),
        )
        for one in things
    )
    unit = scale.words if _is_share(document) else "min"
    return Section(
        name,
        "The foremost, one at a time",
        tables=(Table("", ("own; low to high", f"at low, {unit}", f"at high, {unit}"), lines),),
        chart="tornado" if name == "foremost" else "",
        picture="Bars from the change at the low end to that at the high end of each range.",
        note=(
            "Change of the figure with this alone at either end of its range, on the same luck; "
            "the ranges of all bars hold together. x: a factor on what the file says."
        ),
    )


def _span(one: Thing) -> str:
    ends = f"{one.span.low:g} to {one.span.high:g}"
    return f"x {ends}" if one.span.factor else f"{one.span.own:g}; {ends}"


def _change(one: Estimated | None, scale: Scale, *, impossible: bool) -> Cell:
    if one is None:
        return Cell("impossible") if impossible else NOTHING
    if one.value is None:
        return NOTHING
    if one.value == one.low == one.high == 0:
        return Cell("same", one)
    value, span = phrases.change(one, scale)
    if one.low is None or one.high is None:
        return Cell(value, one)
    if not phrases.clearly(one):
        return Cell(f"({span})", one, emphasis="faint")
    return Cell(f"{value} ({span})", one, emphasis="strong")


def _of_differences(document: Sensitivity, played: Sequence[Thing]) -> list[Section]:
    """A table for each other scenario: what moves the difference most comes first."""
    found = []
    for other in document.better:
        pairs = [
            (one, own)
            for one in played
            for own in one.differences
            if own.scenario == other.scenario
        ]
        pairs.sort(key=lambda pair: _moved(pair[1]), reverse=True)
        if pairs:
            found.append(_difference(document, other, pairs))
    return found


def _moved(one: Difference) -> float:
    return max(abs(one.low_change.number), abs(one.high_change.number))


def _difference(
    document: Sensitivity, other: Better, pairs: Sequence[tuple[Thing, Difference]]
) -> Section:
    scale = _scale(document)
    lines = tuple(
        Line(
            _capital(thing.what),
            (
                _change(own.low, scale, impossible=False),
                _change(own.high, scale, impossible=False),
            ),
        )
        for thing, own in pairs
    )
    name = document.context.spoken(other.scenario)
    base = document.context.spoken(document.name)
    holds = all(
        (end.number > 0) == (other.own.number > 0)
        for _, own in pairs
        for end in (own.low, own.high)
        if phrases.clearly(end)
    )
    verdict = "keeps its sign at every end" if holds else "changes its sign"
    return Section(
        f"difference-{other.scenario}",
        f"What {name} makes of it {verdict}",
        (
            (
                f"{_capital(name)} less {base}: {phrases.said(other.own, scale)} {scale.words} as "
                "the files have it."
            ),
        ),
        (Table("", (f"at low, {scale.words}", f"at high, {scale.words}"), lines),),
        chart="tornado-of-difference" if other == document.better[0] else "",
        picture="Bars from the difference at the low end to that at the high end of each range.",
        note="That which moves the difference most comes first.",
    )


def _variance(document: Sensitivity) -> Section | None:
    found = document.variance
    if found is None:
        return None
    lines = tuple(
        Line(_capital(one.what), (phrases.with_range(one.alone), phrases.with_range(one.total)))
        for one in sorted(
            (one for one in document.things if one.alone is not None and one.total is not None),
            key=lambda one: one.total.number if one.total else 0.0,
            reverse=True,
        )
        if one.alone is not None and one.total is not None
    )
    return Section(
        "variance",
        "What part of the variance each of the foremost makes",
        (),
        (Table("", ("by itself, %", "and with others, %"), lines),),
        note=(
            f"Over settings of these things alone, {found.rows} rows, luck taken off; what they "
            "make together counts for each of them, so the last column adds to more than 100."
        ),
    )


def _screened(document: Sensitivity) -> Section:
    times = _scale(document).times
    ranked = sorted(document.things, key=lambda one: one.size, reverse=True)[:_SCREENED]
    lines = tuple(
        Line(
            _capital(one.what),
            (
                Cell(f"{one.size * times:.1f}"),
                Cell(signed(f"{one.mean * times:.1f}")),
                Cell("yes" if one.clear else "no"),
            ),
        )
        for one in ranked
    )
    more = len(document.things) - len(ranked)
    rest = f" {more} more moved it less." if more > 0 else ""
    return Section(
        "screening",
        "All that is not known, moved one after the other from many settings",
        (
            (
                f"{len(document.things)} things were moved {document.trajectories} times, in "
                f"{document.settings:,} settings with two lucks each.{rest}"
            ),
        ),
        (Table("", ("size", "mean", "beyond luck"), lines),),
        note=(
            f"Size: how far the figure moves ({_scale(document).words}) over the whole range, luck "
            "taken off; mean: with its sign, near nought where it acts both ways."
        ),
    )


def _without(document: Sensitivity) -> list[Section]:
    if not document.without:
        return []
    reasons: dict[str, list[str]] = {}
    for one in document.without:
        reasons.setdefault(one.why, []).append(one.path)
    said = []
    for why, paths in reasons.items():
        named, more = paths[:_PATHS], len(paths) - _PATHS
        told = listed([*named, f"{more} more"] if more > 0 else named)
        said.append(f"Not moved, since it {why}: {told}.")
    return [Section("not-moved", "What was left as it is", tuple(said))]


def _notes(document: Sensitivity) -> tuple[Note, ...]:
    quiet = sum(not one.clear for one in document.things)
    said = (
        f"{quiet} of {len(document.things)} do not stand out from luck in the screening; that is "
        "no proof that they do nothing."
    )
    return (Note("The rest", (said,)),)
