"""The cheapest few on luck that the search has not seen, until each is decided or time is up.

Whoever searches among hundreds finds designs that were lucky. So what is said of a design rests on
other luck alone: the finalists, a few of them fixed beforehand, are played on it, and a design does
it where a one-sided limit says so. The chance that any of the statements is wrong is shared out
(Bonferroni) over finalists, what is asked of each, and looks: how long is simulated depends on what
is seen, which is paid for by a limit for each look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

import numpy as np

from sim.answers.sizing.aim import Floats, Kept
from sim.answers.sizing.judged import Asked, Judge, Judged
from sim.answers.sizing.levers import Design, Space
from sim.errors import Interrupted
from sim.statistics import Interval, paired_ratio_difference
from sim.study import Settings, evaluate

Verdict: TypeAlias = Literal["met", "missed", "not shown", "makes other work worse"]

FINALISTS: Final = 8
LOOKS: Final = (60, 120, 240, 480)
"""Replications at which the finalists are looked at."""
FIRST_FRESH: Final = 100_000
"""Number of the first replication that no search plays."""

_LOWEST: Final = -1.0
_HIGHEST: Final = 3.5
"""Standard errors of the search from which and to which candidates are taken."""


@dataclass(frozen=True)
class Finalist:
    """What came of one finalist.

    Attributes
    ----------
    design
        Which.
    value, low, high
        The target's figure on fresh luck, with its interval at the level asked for.
    limit
        The one-sided limit that decides, for all finalists together at the confidence asked for:
        of the figure, or of how much it is better than today. None where too little was seen.
    verdict
        Whether it meets what is asked, or is better than today.
    change
        Of the figure against today's rota, paired.
    """

    design: Design
    value: float
    low: float | None
    high: float | None
    limit: float | None
    verdict: Verdict
    change: Interval


@dataclass(frozen=True)
class Finals:
    """What came of all finalists.

    Attributes
    ----------
    finalists
        The cheapest first; of the best for the money the one that does most first.
    today
        Today's figure on the same luck, with its interval.
    replications
        How many were played.
    stopped
        Whether Ctrl-C ended them.
    """

    finalists: tuple[Finalist, ...]
    today: Interval
    replications: int
    stopped: bool = False

    @property
    def answer(self) -> Finalist | None:
        """The first that meets what is asked."""
        return next((one for one in self.finalists if one.verdict == "met"), None)


def candidates(judge: Judge, most: int = FINALISTS) -> list[Design]:
    """Return the designs that may be the cheapest that does it, the cheapest first.

    From those that just miss on the search's luck to those that meet it with room to spare; each
    does better than every cheaper one.
    """
    ranked = sorted(
        (one for one in judge.judged if one.design is not None),
        key=lambda one: (judge.space.pounds(one.design or ()), -judge.slack(one)),
    )
    rising: list[Judged] = []
    for one in ranked:
        if not rising or judge.slack(one) > judge.slack(rising[-1]):
            rising.append(one)
    near = [one for one in rising if _LOWEST <= judge.slack(one)]
    enough = [at for at, one in enumerate(near) if judge.slack(one) >= _HIGHEST]
    near = near[: enough[0] + 1] if enough else near
    if len(near) > most:
        # The dearest stays: most likely it is one that does it.
        places = np.unique(np.linspace(0, len(near) - 1, most).round().astype(int))
        near = [near[at] for at in places.tolist()]
    return [one.design for one in near if one.design is not None]


def play_off(  # noqa: PLR0913 (what is asked, of whom, and how sure)
    space: Space,
    asked: Asked,
    settings: Settings,
    designs: Sequence[Design],
    *,
    confidence: float,
    looks: Sequence[int] = LOOKS,
    against_today: bool = False,
    told: Callable[[int, int], None] | None = None,
) -> Finals:
    """Play finalists on fresh luck until each is decided.

    Parameters
    ----------
    space, asked, settings
        As the search had them.
    designs
        The finalists, the cheapest first.
    confidence
        With which all that is said of them holds together.
    looks
        Replications at which it is looked whether more are needed, rising.
    against_today
        Not the target's number is to be reached, but to be better than today.
    told
        Told the replications done and those planned at most.

    Notes
    -----
    It is enough that the cheapest one is known to do it and each cheaper one is decided, too; one
    that lies on the very edge stays undecided however long is simulated, and counts as not shown.
    """
    tallies: list[list[tuple[Floats, Floats]]] = []
    done = 0
    stopped = False
    verdicts: list[Verdict] = []
    limits: list[float | None] = []
    conditions = 1 + len(asked.kept)
    chance = (1 - confidence) / (max(len(designs), 1) * conditions * len(looks))
    for look in looks:
        try:
            new = _played(space, asked, settings, designs, range(done, look))
        except Interrupted:
            if not done:
                raise
            stopped = True
            break
        tallies = _joined(tallies, new)
        done = look
        if told is not None:
            told(done, looks[-1])
        judge = _better if against_today else _judged
        found = [judge(asked, tallies[0], one, chance) for one in tallies[1:]]
        # What was once decided stays so: each look has its own share of the chance to be wrong.
        verdicts = [
            before if before != "not shown" else verdict
            for before, (verdict, _) in zip(
                verdicts or ["not shown"] * len(found), found, strict=True
            )
        ]
        limits = [limit for _, limit in found]
        order = range(len(designs))
        if against_today:
            order = sorted(order, key=lambda at: _short(asked, tallies[1 + at]))  # noqa: B023
        if _is_decided([verdicts[at] for at in order]):
            break
    if against_today:
        best = sorted(range(len(designs)), key=lambda at: _short(asked, tallies[1 + at]))
        designs = [designs[at] for at in best]
        verdicts, limits = ([own[at] for at in best] for own in (verdicts, limits))
        tallies = [tallies[0], *(tallies[1 + at] for at in best)]
    level = settings.level
    figure = asked.target.figure
    finalists = []
    for design, own, verdict, limit in zip(designs, tallies[1:], verdicts, limits, strict=True):
        interval = figure.interval(*own[0], level)
        change = paired_ratio_difference(
            *tallies[0][0], *own[0], level, max(len(designs), 1), share=figure.is_share
        )
        finalists.append(
            Finalist(
                design=design,
                value=0.0 if interval.value is None else interval.value,
                low=interval.low,
                high=interval.high,
                limit=limit,
                verdict=verdict,
                change=change,
            )
        )
    return Finals(tuple(finalists), figure.interval(*tallies[0][0], level), done, stopped)


def _is_decided(verdicts: Sequence[Verdict]) -> bool:
    """Whether one is known to do it, and of each before it whether it does."""
    for verdict in verdicts:
        if verdict == "met":
            return True
        if verdict == "not shown":
            return False
    return True


def _judged(
    asked: Asked,
    today: Sequence[tuple[Floats, Floats]],
    own: Sequence[tuple[Floats, Floats]],
    chance: float,
) -> tuple[Verdict, float | None]:
    low, high = asked.target.limits(*own[0], chance)
    limit = low if asked.target.sense == ">=" else high
    told = float(limit) if np.isfinite(limit) else None
    shown = asked.target.is_shown(low, high)
    for place, kept in enumerate(asked.kept, start=1):
        least, most = kept.limits(today[place], own[place], chance)
        if least > kept.by:
            return "makes other work worse", told
        shown = shown and most <= kept.by
    if shown:
        return "met", told
    return ("missed" if asked.target.is_refuted(low, high) else "not shown"), told


def _better(
    asked: Asked,
    today: Sequence[tuple[Floats, Floats]],
    own: Sequence[tuple[Floats, Floats]],
    chance: float,
) -> tuple[Verdict, float | None]:
    """Judge as `_judged` does, whether it is better than today."""
    worse = Kept(asked.target.figure, 0.0, "")
    low, high = worse.limits(today[0], own[0], chance)
    told = float(-high) if np.isfinite(high) else None
    shown = high < 0
    for place, kept in enumerate(asked.kept, start=1):
        least, most = kept.limits(today[place], own[place], chance)
        if least > kept.by:
            return "makes other work worse", told
        shown = shown and most <= kept.by
    if shown:
        return "met", told
    return ("missed" if low > 0 else "not shown"), told


def _short(asked: Asked, own: Sequence[tuple[Floats, Floats]]) -> float:
    tops, bottoms = own[0]
    return asked.target.short_of(float(tops.sum() / max(bottoms.sum(), 1.0)))


def _played(
    space: Space, asked: Asked, settings: Settings, designs: Sequence[Design], numbers: range
) -> list[list[tuple[Floats, Floats]]]:
    """Play today's rota and the designs; of each, the tallies of all figures."""
    figures = asked.figures
    counts = tuple(dict.fromkeys(count for one in figures for count in one.counts))
    found = evaluate(
        [space.scenario, *(space.made(one) for one in designs)],
        replace(settings, replications=len(numbers)),
        counts,
        cuts=[one.cut for one in figures],
        replications=[FIRST_FRESH + number for number in numbers],
    )
    return [
        [one.tallies(found, place) for one in figures] for place in range(len(designs) + 1)
    ]


def _joined(
    before: list[list[tuple[Floats, Floats]]], new: list[list[tuple[Floats, Floats]]]
) -> list[list[tuple[Floats, Floats]]]:
    if not before:
        return new
    return [
        [
            (np.concatenate([a[0], b[0]]), np.concatenate([a[1], b[1]]))
            for a, b in zip(one, other, strict=True)
        ]
        for one, other in zip(before, new, strict=True)
    ]
