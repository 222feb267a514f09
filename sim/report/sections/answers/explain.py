"""Why targets are missed: the finding, the causes with their shares, and report by report."""

from __future__ import annotations

from typing import Final

from sim.answers.explain.document import CauseOf, Explanation
from sim.report.answer.subject import Subject, target_of, target_words
from sim.report.scale import Scale, scale_of
from sim.report.sections.answers import phrases
from sim.report.sections.answers.registry import declare
from sim.report.sections.answers.sheet import Note, Sheet
from sim.report.sections.figures import listed
from sim.report.sections.section import NOTHING, Cell, Line, Section, Table

_BAR: Final = 14
_NAMED: Final = 2


@declare("explain")
def explain(document: Explanation) -> Sheet:
    """The whole answer."""
    return Sheet(
        question=_question(document),
        statement=phrases.statement(document, document.reports),
        heading=_heading(document),
        finding=(*_finding(document), *_ceiling(document)),
        first=(_shares(document),),
        notes=tuple(note for note in _notes(document) if note is not None),
        following=(
            ("--full", "each cause defined, and report by report"),
            phrases.other_figure(document.measure, long=True),
            ("--cause NAME=FILE", "a cause of your own"),
        ),
        footing=phrases.footing(document),
        further=tuple(one for one in (_definitions(document), _mended(document)) if one),
        warnings=phrases.warnings(document),
    )


def _is_share(document: Explanation) -> bool:
    return document.whole.unit == "share"


def _target(document: Explanation) -> str:
    """The target in words, such as "20 minutes"."""
    whom = document.whom
    found = target_of(document.context, Subject(whom.stream, whom.grade))
    return "their target" if found is None else target_words(found, whom.area)


def _wrong(document: Explanation) -> str:
    """What goes wrong with a report, as a verb: "miss 20 minutes from the call"."""
    return {
        "in-time": f"miss {_target(document)} from the call",
        "in-time-from-grading": f"miss {_target(document)} from grading",
        "over-1h": "wait more than an hour",
        "over-10h": "wait more than ten hours",
    }[document.measure]


def _scale(document: Explanation) -> Scale:
    return scale_of(document.whole)


def _whole(document: Explanation) -> str:
    return phrases.figure(document.whole, _scale(document)).value


def _question(document: Explanation) -> str:
    whom = phrases.whom(document, document.whom)
    if _is_share(document):
        return (
            f"WHY {_whole(document)} {_scale(document).words.upper()} {_shouted(document)}: {whom}"
        )
    what = {
        "unattended": "NOBODY IS THERE",
        "child-seen": "POLICE HAVE NOT SEEN THE CHILD",
    }[document.measure]
    return f"WHY {what} FOR {_whole(document)} MINUTES ON AVERAGE: {whom}"


def _shouted(document: Explanation) -> str:
    """What goes wrong, in capitals: "MISS 20 MINUTES FROM THE CALL"."""
    return _wrong(document).upper()


def _clear(document: Explanation) -> list[CauseOf]:
    """The causes whose share is clear of nought, the largest first."""
    return [one for one in document.causes if phrases.clearly(one.share) and one.share.number > 0]


def _of_what(document: Explanation) -> str:
    """The whole, as a sentence goes on after "of": "80 in 100 that miss 20 minutes"."""
    if _is_share(document):
        return f"{_whole(document)} {_scale(document).words} that {_wrong(document)}"
    return f"{_whole(document)} minutes"


def _heading(document: Explanation) -> str:
    causes = _clear(document)
    scale = _scale(document)
    rest = phrases.figure(document.rest, scale).value
    if not causes:
        return f"No cause tried here clearly explains the {_of_what(document)}"
    first = causes[0]
    return (
        f"{first.title}: {phrases.figure(first.share, scale).value} of the {_of_what(document)}; "
        f"nothing tried here mends {rest}"
    )


def _finding(document: Explanation) -> list[str]:
    causes = _clear(document)
    if not causes:
        return [f"None of the causes tried clearly explains the {_of_what(document)}."]
    scale = _scale(document)
    told = [f"{phrases.said(one.share, scale)} are down to {_due(one.title)}" for one in causes[:1]]
    told += [f"{phrases.said(one.share, scale)} to {_due(one.title)}" for one in causes[1:_NAMED]]
    sentences = [f"Of the {_of_what(document)}, {listed(told)}."]
    none = [_mid_sentence(one.title) for one in document.causes if one not in causes]
    if none:
        sentences.append(f"No clear share: {listed(none)}.")
    return sentences


def _due(title: str) -> str:
    """A cause after "down to": being held, or what it is."""
    title = _mid_sentence(title)
    return f"being {title}" if title.startswith("held ") else title


def _mid_sentence(title: str) -> str:
    return f"{title[:1].lower()}{title[1:]}"


def _ceiling(document: Explanation) -> list[str]:
    scale = _scale(document)
    left = phrases.said(document.rest, scale)
    return [
        (
            f"With every cause gone {left} {scale.words} are left: talk and travel, which nothing "
            "here mends."
        )
    ]


def _shares(document: Explanation) -> Section:
    most = max(document.rest.number, *(one.share.number for one in document.causes))
    scale = _scale(document)
    lines = [_line(one, most, scale) for one in document.causes]
    lines.append(
        Line(
            "Nothing tried here mends",
            (
                NOTHING,
                NOTHING,
                phrases.with_range(document.rest, scale),
                phrases.bar(document.rest.number, most, _BAR),
            ),
        )
    )
    unit = f"{scale.words} reports" if _is_share(document) else scale.words
    return Section(
        "causes",
        "What each cause makes of it",
        tables=(Table("", ("alone", "last", f"share, {unit}", ""), tuple(lines)),),
        chart="causes-of-misses",
        picture=_picture(document),
        note=(
            "Alone: mended if only this went. Last: if all else had gone before. Share: the mean "
            f"over all orders in which they may go; shares and the last line add to "
            f"{_whole(document)}."
        ),
    )


def _line(one: CauseOf, most: float, scale: Scale) -> Line:
    return Line(
        one.title,
        (
            phrases.gained(one.alone, scale),
            phrases.gained(one.last, scale),
            phrases.with_range(one.share, scale),
            phrases.bar(one.share.number, most, _BAR),
        ),
    )


def _picture(document: Explanation) -> str:
    scale = _scale(document)
    told = [f"{one.title} {phrases.figure(one.share, scale).value}" for one in document.causes]
    rest = f"left with every cause gone {phrases.figure(document.rest, scale).value}"
    return f"Bars: {listed([*told, rest])}."


def _notes(document: Explanation) -> list[Note | None]:
    return [_together(document), _steps(document), _left_out(document)]


def _together(document: Explanation) -> Note | None:
    """What goes only together, and what stands in for one another, in words."""
    said = []
    titles = {one.name: one.title for one in document.causes}
    for one in document.substitutes:
        named = [_mid_sentence(titles[name]) for name in one.causes]
        least, most = round(100 * one.least), round(100 * one.most)
        span = f"{least}" if least == most else f"{least} to {most}"
        said.append(
            f"Any one of {_count(len(named))} by itself takes {span}% of what all together take: "
            f"{listed(named, 'or')}. So the last of them wins little."
        )
    mended = document.mended
    if mended is not None and mended.wrong:
        parts = {
            "one cause alone": mended.by_one,
            "only several together": mended.together,
            "nothing tried here": mended.by_none,
        }
        counted = {what: _in_100(number, mended.wrong) for what, number in parts.items() if number}
        first, *others = counted
        told = [
            f"{first} would mend {counted[first]}",
            *(f"{one} {counted[one]}" for one in others),
        ]
        said.append(f"Of 100 such reports {listed(told)}.")
    return Note("Together", tuple(said)) if said else None


def _in_100(number: int, of: int) -> str:
    part = 100 * number / of
    return f"{part:.0f}" if part >= 0.95 else f"{part:.1f}"


def _steps(document: Explanation) -> Note | None:
    said = []
    scale = _scale(document)
    for one in document.steps:
        cell = phrases.figure(one.alone, scale)
        mends = (
            f"mends {phrases.said_change(one.alone, scale)}"
            if phrases.clearly(one.alone) and one.alone.number > 0
            else f"mends nothing clear ({cell.low} to {cell.high} {scale.words})"
        )
        said.append(f"{one.title}: {mends}. No force has officers without limit; this is a step.")
    return Note("One step", tuple(said)) if said else None


def _left_out(document: Explanation) -> Note | None:
    if not document.without_effect:
        return None
    lower = [_mid_sentence(one) for one in document.without_effect]
    return Note("Not there", (f"Change nothing in this scenario: {listed(lower)}.",))


def _definitions(document: Explanation) -> Section:
    pairs = (
        *((one.title, one.gone) for one in document.causes),
        *((one.title, one.gone) for one in document.steps),
    )
    return Section(
        "definitions",
        "What is meant by each cause's going",
        tuple(f"{title}. {gone}" for title, gone in pairs),
        note=(
            "A cause is a switch on the scenario, played with the same luck; no stage of a wait "
            "is taken for a cause."
        ),
    )


def _mended(document: Explanation) -> Section | None:
    found = document.mended
    if found is None:
        return None
    lines = [
        Line(
            one.title,
            (
                Cell(f"{one.mends:,}" if one.mends is not None else "-"),
                Cell(f"{one.mends_only:,}" if one.mends_only is not None else "-"),
            ),
        )
        for one in document.causes
    ]
    total = (
        f"Of {found.wrong:,} reports that {_wrong(document)}, {found.by_one:,} would not if some "
        f"one cause went, {found.together:,} only if several went together, and {found.by_none:,} "
        f"whatever goes. {found.harmed:,} that go well would not if all went."
    )
    return Section(
        "by-incident",
        "Report by report: what would have mended it",
        (total,),
        (Table("", ("mended by this alone", "and by no other"), tuple(lines)),),
        note="The same report under every set of causes. Counts of simulated reports, not of "
        "children.",
    )


def _count(number: int) -> str:
    words = ("none", "one", "two", "three", "four", "five", "six", "seven")
    return words[number] if number < len(words) else str(number)
