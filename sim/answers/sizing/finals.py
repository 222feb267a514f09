"""The cheapest few on luck that the search has not seen, until each is decided or time is up.

Whoever searches among hundreds finds designs that were lucky. So what is said of a design rests on
other luck alone: the finalists, a few of them fixed beforehand, are played on it, and a design does
it where a one-sided limit says so. The chance that any of the statements is wrong is shared out
(Bonferroni) over finalists, what is asked of each, and looks: how long is simulated depends on what
is seen, which is paid for by a limit for each look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

import numpy as np

from sim.answers.sizing.aim import Figure, Floats, Kept
from sim.answers.sizing.judged import Asked, Judge, Judged
from sim.answers.sizing.levers import Design, Space
from sim.errors import Interrupted
from sim.statistics import Interval, paired_ratio_difference
from sim.study import Settings, evaluate

Tally: TypeAlias = tuple[Floats, Floats]
"""What is above and below the line of one figure, by replication."""

Verdict: TypeAlias = Literal["met", "missed", "not shown", "makes other work worse"]

FINALISTS: Final = 8
LOOKS: Final = (2, 4, 8, 16)
"""When the finalists are looked at: after so many times the replications of the search."""
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
    interval
        The target's figure on fresh luck, at the study's level.
    limit
        The one-sided limit that decides, for all finalists together at the confidence asked for:
        of the figure, or of how much it is better than today. None where too little was seen.
    verdict
        Whether it meets what is asked, or is better than today.
    change
        Of the figure against today's rota, paired.
    """

    design: Design
    interval: Interval
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
    near = [one for one in rising if judge.slack(one) >= _LOWEST]
    enough = [at for at, one in enumerate(near) if judge.slack(one) >= _HIGHEST]
    near = near[: enough[0] + 1] if enough else near
    if len(near) > most:
        # The dearest stays: most likely it is one that does it.
        places = np.unique(np.linspace(0, len(near) - 1, most).round().astype(int))
        near = [near[at] for at in places.tolist()]
    return [one.design for one in near if one.design is not None]


def play_off(
    space: Space,
    asked: Asked,
    settings: Settings,
    designs: Sequence[Design],
    *,
    confidence: float,
    looks: Sequence[int],
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

    Raises
    ------
    Interrupted
        On Ctrl-C before the first look; after it, what was seen is returned.

    Notes
    -----
    It is enough that the cheapest one is known to do it and each cheaper one is decided, too; one
    that lies on the very edge stays undecided however long is simulated, and counts as not shown.
    """
    judge = _better if against_today else _judged
    chance = (1 - confidence) / (max(len(designs), 1) * len(asked.figures) * len(looks))
    standings = [_Standing(design) for design in designs]
    today: list[Tally] = []
    done, stopped = 0, False
    for look in looks:
        try:
            new = _played(space, asked, settings, designs, range(done, look))
        except Interrupted:
            if not done:
                raise
            stopped = True
            break
        done = look
        today = _joined(today, new[0])
        for one, played in zip(standings, new[1:], strict=True):
            one.tallies = _joined(one.tallies, played)
            verdict, one.limit = judge(asked, today, one.tallies, chance)
            # What was once decided stays so: each look has its own share of the chance to be wrong.
            one.verdict = verdict if one.verdict == "not shown" else one.verdict
        if told is not None:
            told(done, looks[-1])
        if against_today:
            standings.sort(key=lambda one: asked.target.short_of(one.value))
        if _is_decided([one.verdict for one in standings]):
            break
    figure, level = asked.target.figure, settings.level
    return Finals(
        tuple(one.finalist(figure, today, level, len(designs)) for one in standings),
        figure.interval(*today[0], level),
        done,
        stopped,
    )


@dataclass
class _Standing:
    """One finalist while it is played."""

    design: Design
    tallies: list[Tally] = field(default_factory=list)
    verdict: Verdict = "not shown"
    limit: float | None = None

    @property
    def value(self) -> float:
        tops, bottoms = self.tallies[0]
        return float(tops.sum() / max(bottoms.sum(), 1.0))

    def finalist(
        self, figure: Figure, today: Sequence[Tally], level: float, comparisons: int
    ) -> Finalist:
        change = paired_ratio_difference(
            *today[0], *self.tallies[0], level, comparisons, share=figure.is_share
        )
        interval = figure.interval(*self.tallies[0], level)
        return Finalist(self.design, interval, self.limit, self.verdict, change)


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
    today: Sequence[Tally],
    own: Sequence[Tally],
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
    today: Sequence[Tally],
    own: Sequence[Tally],
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


def _played(
    space: Space, asked: Asked, settings: Settings, designs: Sequence[Design], numbers: range
) -> list[list[Tally]]:
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
    return [[one.tallies(found, place) for one in figures] for place in range(len(designs) + 1)]


def _joined(before: Sequence[Tally], new: Sequence[Tally]) -> list[Tally]:
    """Tallies of some replications and of further ones."""
    if not before:
        return list(new)
    return [
        (np.concatenate([tops, more]), np.concatenate([bottoms, others]))
        for (tops, bottoms), (more, others) in zip(before, new, strict=True)
    ]
