"""How sure the figures are, and what they cannot show."""

from __future__ import annotations

from typing import Final

from sim.report.sections.registry import declare
from sim.report.sections.section import Cell, Line, Section, Table
from sim.results import CHILDREN, Document

_CANNOT: Final = (
    (
        "What any force does: whether deployment waits for ratification is put in here, and so is "
        "the share held. Only a force's own timestamps can show its practice."
    ),
    (
        "Which rule made one long wait: a hold and a low place in the queue look alike in response "
        "times."
    ),
    (
        "Harm: no figure measures it, and time unattended is no measure of it. No child is scored, "
        "ranked or predicted."
    ),
    (
        "Streets, breaks at desks, callers who give up, changes of the clock: travel is drawn "
        "from a distribution, and every day has 24 hours."
    ),
)
_FOLLOWED: Final = (
    (
        "Children who are never reported: they are in none of these figures. Of reports that are "
        "not recorded the hours missing are told, and nothing else; fewer recorded reports are no "
        "saving."
    ),
    (
        "What becomes of a child after the return: the partners' first steps have their times "
        "here, and what any of them changes for the child is not simulated."
    ),
)
_NOT_FOLLOWED: Final = (
    (
        "Children who are never reported, or whose report is not recorded: they are in none of "
        "these figures, and fewer recorded reports are no saving."
    ),
    "What follows the first attendance: it takes people's time here only as people left out.",
)


@declare("how-sure", 170, "how sure the figures are, and of what")
def how_sure(document: Document) -> Section:
    """What ranges hold, what they leave out, and the lengths that are assumed."""
    run, level = document.run, round(100 * document.level)
    days = "The same day was" if run.days == 1 else f"The same {run.days} days were"
    times = "once" if run.replications == 1 else f"{run.replications} times"
    said = [
        (
            f"{days} simulated {times}, each time with other luck. A range would hold the long-run "
            f"figure of this model in {level} of 100 such studies."
        )
    ]
    if document.differences:
        said.append(
            "All scenarios met the same reports with the same luck, one by one, so a difference "
            "is their staffing or rules and is known better than either figure alone."
        )
        if any(row.adjusted for part in document.differences for row in part.rows):
            said.append(
                "The ranges of the headline's differences hold together; all others hold one by "
                "one, so that of twenty about one may miss by luck."
            )
    said.append(
        "A share with one limit alone happened, or failed to happen, fewer than 20 times: too few "
        "to compare. The ranges cover luck alone: a wrong assumption moves every figure."
    )
    return Section(
        "how-sure",
        "The ranges cover luck; what is assumed comes on top",
        tuple(said),
        _assumed(document),
        note=CHILDREN,
    )


@declare("limits", 180, "what the figures cannot show")
def limits(document: Document) -> Section:
    """What the model leaves out; of an illustrative scenario, that first."""
    followed = document.baseline.row("case_end", stream=document.context.stream, stage="returned")
    rest = _NOT_FOLLOWED if followed is None else _FOLLOWED
    statement = document.context.statement
    first = () if statement is None else (f"{statement} Numbers without a source are assumptions.",)
    return Section("limits", "What these figures cannot show", (*first, *_CANNOT, *rest))


def _assumed(document: Document) -> tuple[Table, ...]:
    lines = tuple(
        Line(
            f"{one.what[:1].upper()}{one.what[1:]}",
            (
                Cell(_plain(one.minutes)),
                Cell(f"{_plain(one.minutes * one.low)}–{_plain(one.minutes * one.high)}"),
            ),
        )
        for one in document.context.assumed
    )
    if not lines:
        return ()
    caption = "Lengths before deployment that are assumed, not measured: minutes"
    return (Table(caption, ("Assumed", "May be true"), lines),)


def _plain(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")
