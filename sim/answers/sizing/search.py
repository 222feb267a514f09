"""The search on one set of luck: from a first guess by cuts, then until nothing cheaper is open.

1. From the square-root rule by the integer programme with gradient rows to a first design that
   does it. A gradient row is dropped once a design does better than it allows.
2. The largest designs that are cheaper than the cheapest so far are tried. One that misses closes
   all that lie within it; one that does it is the new cheapest. When none is open the cheapest is
   proven, as far as more people on the same hours never do worse. One that misses by a hair closes
   itself alone, for on one set of luck that need not hold to the last report.
3. Whatever is one person away from the cheapest is tried too, dearer or not.

The same is done for what asks for more than the target by one and by two standard errors, so that
there are candidates for luck that the search has not seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sim.answers.sizing.judged import Judge, Judged
from sim.answers.sizing.levers import Design
from sim.answers.sizing.programme import Programme, Row, worths
from sim.errors import Interrupted

MOST_DESIGNS: Final = 500

_STEPS: Final = (0.0, 1.0, 2.0)
"""Standard errors by which the target is to be met."""
_BY_A_HAIR: Final = 0.25
_BATCH: Final = 8
_FIRST_TRIES: Final = 12


@dataclass(frozen=True)
class Searched:
    """What a search came to.

    Attributes
    ----------
    best
        The cheapest design that meets what is asked on the search's luck; None: none was found.
    proven
        Whether no cheaper one is left open. Of the best for the money, never.
    dropped
        Gradient rows that a design did better than: where gains do not fall.
    stopped
        Whether Ctrl-C ended it.
    """

    best: Judged | None
    proven: bool
    dropped: int
    stopped: bool


class Search:
    """Looks for designs, at most so many.

    Parameters
    ----------
    judge
        Plays them.
    most
        How many designs may be played.
    """

    def __init__(self, judge: Judge, most: int = MOST_DESIGNS) -> None:
        self._judge = judge
        self._space = judge.space
        self._most = most
        self._programme = Programme(judge.space)
        self._dropped = 0

    def cheapest(self, start: Design) -> Searched:
        """Look for the cheapest design that meets what is asked."""
        proven = False
        try:
            self._by_gradients(start)
            for step in _STEPS:
                closed = self._close(step)
                proven = closed if step == 0 else proven
            self._around(self._cheapest(0.0))
        except Interrupted:
            return Searched(self._cheapest(0.0), False, self._dropped, True)
        return Searched(self._cheapest(0.0), proven, self._dropped, False)

    def best_for(self, pounds: float, start: Design) -> Searched:
        """Look for the design that comes nearest to the target, or furthest beyond, for the money.

        Parameters
        ----------
        pounds
            A week beyond today's rota, at most so much.
        start
            Where to begin; it may cost more.
        """
        try:
            self._within_budget(pounds, start)
        except Interrupted:
            return Searched(self._best(pounds), False, 0, True)
        return Searched(self._best(pounds), False, 0, False)

    # -- cheapest ------------------------------------------------------------------------------

    def _by_gradients(self, start: Design) -> None:
        """Come to a first design that meets the target, by the programme with gradient rows."""
        judge, programme = self._judge, self._programme
        design: Design | None = start
        for _ in range(_FIRST_TRIES):
            if design is None or self._is_spent():
                break
            one = judge.of([design])[0]
            if judge.slack(one) >= 0:
                break
            ups = [self._up(design, at) for at in range(len(design))]
            known = judge.of([up for up in ups if up is not None])
            found = iter(known)
            short = judge.asked.target.short_of(one.value)
            gains = []
            for up in ups:
                gain = 0.0 if up is None else short - judge.asked.target.short_of(next(found).value)
                gains.append(max(gain, 0.0))
            if short > 0 and any(gains):
                programme.rows.append(programme.gradient(design, short, gains))
            self._drop_refuted()
            programme.rows += self._closing(0.0, programme.rows)
            design = programme.best(programme.pounds)
        programme.rows = [row for row in programme.rows if row.kind != "gradient"]

    def _up(self, design: Design, at: int) -> Design | None:
        up = self._space.shifts[at].next_up(design[at])
        return None if up is None else (*design[:at], up, *design[at + 1 :])

    def _drop_refuted(self) -> None:
        """Drop gradient rows that forbid a design that was seen to meet the target."""
        programme, judge = self._programme, self._judge
        met = [one for one in judge.judged if judge.slack(one) >= 0]
        columns = [programme.columns(one.design) for one in met if one.design is not None]
        kept = [
            row
            for row in programme.rows
            if row.kind != "gradient" or all(row.allows(one) for one in columns)
        ]
        self._dropped += len(programme.rows) - len(kept)
        programme.rows = kept

    def _closing(self, step: float, known: Sequence[Row]) -> list[Row]:
        """Rows for designs that miss, one for each that no other row says already."""
        said = {(row.kind, row.design) for row in known}
        rows = []
        for one in self._judge.judged:
            slack = self._judge.slack(one)
            if one.design is None or slack >= step:
                continue
            clear = slack < step - _BY_A_HAIR
            row = (self._programme.cover if clear else self._programme.apart)(one.design)
            if (row.kind, row.design) not in said:
                rows.append(row)
        return rows

    def _close(self, step: float) -> bool:
        """Try what is open until nothing cheaper is; False where the tries were spent before."""
        programme = self._programme
        while True:
            programme.rows = self._closing(step, ())
            best = self._cheapest(step)
            under = None if best is None or best.design is None else self._space.pounds(best.design)
            batch = self._open(under)
            if not batch:
                return True
            if self._is_spent():
                return False
            self._judge.of(batch)

    def _open(self, under: float | None) -> list[Design]:
        """Return a few large designs that are open, none of them within another."""
        known = [one for one in self._judge.judged if one.design is not None]
        worth = worths(
            self._space,
            [one.design for one in known if one.design is not None],
            [-self._judge.asked.target.short_of(one.value) for one in known],
        )
        besides: list[Row] = []
        found: list[Design] = []
        for _ in range(max(1, min(_BATCH, self._most - len(known)))):
            design = self._programme.best(-worth, under=under, besides=besides)
            if design is None:
                break
            found.append(design)
            besides.append(self._programme.cover(design))
        return found

    def _around(self, best: Judged | None) -> None:
        """Try what is one person away from the best, until none of it is better."""
        while best is not None and best.design is not None and not self._is_spent():
            near = [*self._space.neighbours(best.design), *self._space.other_hours(best.design)]
            self._judge.of(self._affordable(near))
            better = self._cheapest(0.0)
            if better is best:
                return
            best = better

    def _cheapest(self, step: float) -> Judged | None:
        """The cheapest design so far; of two that cost the same the one that does more."""
        met = [one for one in self._judge.judged if self._judge.slack(one) >= step]
        return min(met, key=self._rank, default=None)

    def _rank(self, one: Judged) -> tuple[float, float, Design]:
        assert one.design is not None
        return self._space.pounds(one.design), -self._judge.slack(one), one.design

    # -- the best for the money ----------------------------------------------------------------

    def _within_budget(self, pounds: float, start: Design) -> None:
        space, judge = self._space, self._judge
        first = [start, *([] if space.today is None else [space.today])]
        judge.of([*first, *(up for one in first for up in self._ups(one))])
        best: Judged | None = None
        while not self._is_spent():
            batch = self._promising(pounds)
            if best is not None and best.design is not None:
                near = [*space.neighbours(best.design), *space.other_hours(best.design)]
                batch += [one for one in near if space.pounds(one) <= pounds]
            batch = self._affordable(one for one in batch if not judge.knows(one))
            if not batch:
                return
            judge.of(batch)
            found = self._best(pounds)
            if best is not None and found is best:
                return
            best = found

    def _ups(self, design: Design) -> Iterable[Design]:
        ups = (self._up(design, at) for at in range(len(design)))
        return [one for one in ups if one is not None]

    def _promising(self, pounds: float) -> list[Design]:
        """Designs within the money that would do best if shifts simply added up."""
        judge = self._judge
        known = [one for one in judge.judged if one.design is not None]
        worth = worths(
            self._space,
            [one.design for one in known if one.design is not None],
            [-judge.asked.target.short_of(one.value) for one in known],
        )
        besides = [self._programme.apart(one.design) for one in known if one.design is not None]
        found: list[Design] = []
        for _ in range(_BATCH):
            design = self._programme.best(-worth, most_pounds=pounds, besides=besides)
            if design is None:
                break
            found.append(design)
            besides.append(self._programme.apart(design))
        return found

    def _best(self, pounds: float) -> Judged | None:
        """Of the designs within the money the one that does most and makes nothing worse."""
        within = [
            one
            for one in self._judge.judged
            if one.design is not None and self._space.pounds(one.design) <= pounds
        ]
        kept = [one for one in within if self._judge.keeps(one)]
        short = self._judge.asked.target.short_of
        return min(kept, key=lambda one: (short(one.value), self._rank(one)), default=None)

    # -- both ----------------------------------------------------------------------------------

    def _is_spent(self) -> bool:
        return len(self._judge.judged) >= self._most

    def _affordable(self, designs: Iterable[Design]) -> list[Design]:
        """As many of these designs as may still be played."""
        new = list(dict.fromkeys(one for one in designs if not self._judge.knows(one)))
        return new[: max(self._most - len(self._judge.judged), 0)]
