"""The integer programme: which design to try next, after all that is known of others.

One variable for each option of each shift, of which one is taken; pounds are their sum. What is
known becomes rows:

*cover*     a design that misses the target rules out every design within it, which brings nobody
            whom it does not bring;
*gradient*  one that misses it by so much needs steps whose gains, each at most that of the first
            step from it, add up to so much. Right where gains fall as people are added, as those of
            a queue do above the knee; below it they rise, so these rows are dropped as soon as a
            design is seen to do better than they allow (`search`).

Atlason, Epelman and Henderson (2004), "Call center staffing with simulation and cutting plane
methods", *Annals of Operations Research* 127, 333-358, use the second kind alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from sim.answers.sizing.levers import Design, Space

Floats: TypeAlias = npt.NDArray[np.float64]

_PENNY: Final = 0.005
_SECONDS: Final = 20.0


@dataclass(frozen=True, eq=False)
class Row:
    """One row: the sum of the coefficients of the options taken is at least `least`.

    Attributes
    ----------
    kind
        Why it is there.
    design
        From which it follows.
    coefficients
        Shape (options of all shifts,).
    least
        What they have to sum to.
    """

    kind: Literal["cover", "gradient", "apart"]
    design: Design
    coefficients: Floats
    least: float

    def allows(self, columns: npt.NDArray[np.bool_]) -> bool:
        """Whether a design, given as the options that it takes, keeps to it."""
        return float(self.coefficients[columns].sum()) >= self.least - 1e-9


class Programme:
    """All designs that what is known leaves open.

    Parameters
    ----------
    space
        The designs.
    """

    def __init__(self, space: Space) -> None:
        self._space = space
        sizes = [len(one.options) for one in space.shifts]
        self._first = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
        self.pounds: Floats = np.array(
            [option.pounds for shift in space.shifts for option in shift.options]
        )
        self.rows: list[Row] = []

    def columns(self, design: Design) -> npt.NDArray[np.bool_]:
        """Which options a design takes, shape (options of all shifts,)."""
        taken = np.zeros(self.pounds.size, dtype=np.bool_)
        taken[self._first[:-1] + np.array(design, dtype=np.int64)] = True
        return taken

    def cover(self, design: Design) -> Row:
        """Some shift has to bring somebody whom this design does not bring."""
        within = [
            option.is_within(shift.options[place])
            for shift, place in zip(self._space.shifts, design, strict=True)
            for option in shift.options
        ]
        beyond = np.array([not one for one in within], dtype=np.float64)
        return Row("cover", design, beyond, 1.0)

    def apart(self, design: Design) -> Row:
        """Any design but this one."""
        return Row("apart", design, (~self.columns(design)).astype(np.float64), 1.0)

    def gradient(self, design: Design, short: float, gains: Sequence[float]) -> Row:
        """Steps up from a design have to gain what it is short of.

        Parameters
        ----------
        design
            That misses the target.
        short
            By how much.
        gains
            By shift: what one more person gains there.
        """
        coefficients = []
        for shift, place, gain in zip(self._space.shifts, design, gains, strict=True):
            here = shift.options[place]
            for option in shift.options:
                same = (option.start, option.end) == (here.start, here.end)
                # Of other hours nothing is known from this design.
                coefficients.append((option.people - here.people) * gain if same else short)
        return Row("gradient", design, np.array(coefficients), short)

    def best(
        self,
        objective: Floats,
        *,
        most_pounds: float | None = None,
        under: float | None = None,
        besides: Sequence[Row] = (),
    ) -> Design | None:
        """Return the design left open that has the smallest objective; None where none is left.

        Parameters
        ----------
        objective
            By option.
        most_pounds
            A week beyond today's rota, at most so much.
        under
            It has to be cheaper than this, by a penny or more.
        besides
            Rows for this time alone.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        shifts = len(self._space.shifts)
        shift_of = np.repeat(np.arange(shifts), np.diff(self._first))
        one_each = csr_array(
            (np.ones(shift_of.size), (shift_of, np.arange(shift_of.size))),
            shape=(shifts, shift_of.size),
        )
        rules = [LinearConstraint(one_each, 1, 1)]
        rows = [*self.rows, *besides]
        if rows:
            matrix = csr_array(np.array([row.coefficients for row in rows]))
            rules.append(LinearConstraint(matrix, [row.least for row in rows], np.inf))
        limits = [one for one in (most_pounds, None if under is None else under - 2 * _PENNY)
                  if one is not None]  # fmt: skip
        if limits:
            top = min(limits) + _PENNY
            rules.append(LinearConstraint(self.pounds[np.newaxis, :], -np.inf, top))
        found = milp(
            objective,
            integrality=np.ones(objective.size, dtype=np.int64),
            bounds=Bounds(0, 1),
            constraints=rules,
            options={"time_limit": _SECONDS},
        )
        if found.x is None:
            return None
        return tuple(
            int(np.argmax(found.x[first:last]))
            for first, last in zip(self._first[:-1], self._first[1:], strict=True)
        )


def worths(space: Space, designs: Sequence[Design], values: Sequence[float]) -> Floats:
    """Estimate what each option is worth: a sum over shifts that never falls with more people.

    Non-negative least squares of the values on steps of people; a step that nobody tried is worth
    what the others are on average. It only says what to try next, and no answer rests on it.

    Returns
    -------
    ndarray
        Shape (options of all shifts,); higher is better. Each more person is worth something.
    """
    from scipy.optimize import nnls

    shifts = space.shifts
    hours = [sorted({(one.start, one.end) for one in shift.options}) for shift in shifts]
    people = [sorted({one.people for one in shift.options}) for shift in shifts]
    blocks = [len(own) * (len(one)) for own, one in zip(people, hours, strict=True)]
    places = np.concatenate(([0], np.cumsum(blocks))).astype(np.int64)

    def features(shift: int, place: int) -> npt.NDArray[np.int64]:
        option = shifts[shift].options[place]
        which = hours[shift].index((option.start, option.end))
        first = places[shift] + which * len(people[shift])
        # The first step of each is that it has these hours at all.
        return np.arange(first, first + people[shift].index(option.people) + 1, dtype=np.int64)

    matrix = np.zeros((len(designs), places[-1] + 1))
    for row, design in enumerate(designs):
        for shift, place in enumerate(design):
            matrix[row, features(shift, place)] = 1.0
    matrix[:, -1] = 1.0
    target = np.asarray(values, dtype=np.float64)
    lowest, spread = target.min(), max(float(np.ptp(target)), 1e-9)
    # A little of each step, so that one that nobody tried is not taken to be worth nothing.
    steps = max(sum(blocks), 1)
    weight = 0.05
    ridge = weight * np.eye(places[-1] + 1)[:-1]
    wish = np.full(places[-1], weight * spread / steps)
    gains, _ = nnls(np.vstack([matrix, ridge]), np.concatenate([target - lowest, wish]))
    least = spread * 1e-6
    return np.array(
        [
            float(gains[features(shift, place)].sum()) + least * option.people
            for shift, one in enumerate(shifts)
            for place, option in enumerate(one.options)
        ]
    )
