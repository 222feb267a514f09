"""How sure the answer is, what it rests on, and what to ask next."""

from __future__ import annotations

from typing import Final

from sim.report.answer import additions
from sim.report.answer.model import Paragraph
from sim.report.answer.question import Question
from sim.report.sections.cautions import GROWS
from sim.report.sections.certainty import too_few
from sim.report.sections.figures import in_100, in_100_of, known, listed, settled
from sim.results import CHILDREN, Unknowns

_FOLLOWING: Final = (
    ("--full", "every table"),
    ("--about", "other children"),
    ("--html FILE", "a page"),
    ("explain SCENARIO", "why"),
    ("size --help", "how few"),
    ("trace SCENARIO", "one report"),
)
"""What to ask next: an option or a command, and what it gives."""


def other_children(*, high: bool) -> tuple[str, str]:
    """The cut to ask for next, by whether those at high risk are told of already."""
    return (f"--about {'care=yes' if high else 'risk=high'}", "other children")


def following(question: Question) -> tuple[tuple[str, str], ...]:
    """What to ask next: an option or a command, and what it gives; what a variant adds first."""
    shown = additions.following(question)
    # One screen has room for so many.
    told = _FOLLOWING[: len(_FOLLOWING) - len(shown)]
    high = question.subject.risk == "high"
    return (*shown, *(other_children(high=high) if one[0] == "--about" else one for one in told))


def how_sure(question: Question) -> Paragraph:
    """What the ranges hold, and what is not known beside them."""
    sentences = ["The ranges cover luck alone."]
    sentences += [one for one in (too_few(question.document),) if one and question.columns[1:]]
    unknowns = question.context.unknowns
    if unknowns is not None:
        sentences += _not_known(question, unknowns)
    else:
        sentences += _assumed(question)
        sentences += _held(question)
        if question.context.unknowns_missing is not None:
            sentences.append(question.context.unknowns_missing)
    sentences.append("Test it with your own log.")
    return Paragraph("sure", "How sure", tuple(sentences))


def footing(question: Question) -> tuple[str, ...]:
    """What all of it rests on, and what it is not."""
    run = question.document.run
    level = round(100 * question.document.level)
    size = f"{_counted(run.replications, 'replication')} of {_counted(run.days, 'day')}"
    return (f"{size}, seed {run.seed}, {level}% ranges.", CHILDREN)


def statement(question: Question) -> str:
    """That it is illustrative, and how many reports it rests on."""
    reports = question.reports()
    each = " in each" if len(question.columns) > 1 else ""
    counted = f"{reports:,} simulated report{'' if reports == 1 else 's'}{each}."
    own = question.context.statement
    return f"{own} {counted}" if own is not None else counted


def cautions(question: Question) -> tuple[str, ...]:
    """What forbids planning on it: queues that grow without end."""
    reasons = question.context.unplannable
    if not reasons:
        return ()
    return (f"These figures cannot be planned on: {' '.join(reasons)}", GROWS)


def _assumed(question: Question) -> list[str]:
    """Lengths that are assumptions, and how wide they are."""
    told = [
        f"{one.what} ({_plain(one.minutes * one.low)} to {_plain(one.minutes * one.high)} min)"
        for one in question.context.assumed
    ]
    if not told:
        return []
    return [f"What is assumed and not known comes on top: {listed(told)}."]


def _held(question: Question) -> list[str]:
    """The answer at both ends of the share held."""
    if not question.subject.is_headline(question.context):
        return []
    for sweep in question.context.sweeps:
        points = [one for one in sweep.points if known(one)]
        if len(points) > 1:
            first, last = points[0], points[-1]
            held = {0.0: "none", 1.0: "all"}
            few, most = (held.get(one.share, f"{one.share:.0%}") for one in (first, last))
            said = f"Of 100 reports {in_100(first)} are in time with {few} held for ratification"
            return [f"{said}, and {in_100(last)} with {most} held."]
    return []


def _not_known(question: Question, unknowns: Unknowns) -> list[str]:
    """The second range: what the assumed numbers could make of the answer."""
    if not question.subject.is_headline(question.context):
        return []
    letters = {one.name: one.letter for one in question.columns}
    base = question.columns[0]
    own = unknowns.ranges.get(base.name)
    tried = f"{_counted(unknowns.settings, 'setting')} tried"
    names = [name for name in unknowns.better if name in letters]
    told = "; ".join(
        settled(letters[name], "" if place else base.letter, unknowns.counted(name))
        for place, name in enumerate(names)
    )
    if own is None:
        return [f"Of {tried} {told}."] if told else []
    most = f", {listed(unknowns.varied)} most of all," if unknowns.varied else ""
    whom = base.letter if len(question.columns) > 1 else "it"
    span = f"{in_100_of(own.low)} to {in_100_of(own.high)} in 100 over {tried}"
    said = f"What is assumed and not known{most} could make {whom} anything from {span}"
    return [f"{said}: {told}." if told else f"{said}."]


def _plain(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")


def _counted(value: int, what: str) -> str:
    return f"{value} {what}" if value == 1 else f"{value} {what}s"
