"""What each option takes, and what one more child reached in time costs under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.report.answer.question import IN_TIME
from sim.report.sections.figures import clear, known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.report.answer import Column
    from sim.report.answer.question import Question
    from sim.results import Row, Staffing


@dataclass(frozen=True, slots=True)
class Option:
    """One scenario, as whoever pays for it sees it.

    Attributes
    ----------
    column
        Which scenario.
    staffing
        Posts, paid hours and pounds a week; None: the scenario sets no rota.
    overtime
        Pounds a week; None: overtime has no price.
    base, base_overtime
        The baseline's own; None of the baseline.
    change
        Of the share in time against the baseline, in reports; None of the baseline, and where
        nothing is compared.
    reports_a_week
        Of the subject, under the baseline.
    """

    column: Column
    staffing: Staffing | None
    overtime: Row | None
    base: Staffing | None
    base_overtime: Row | None
    change: Row | None
    reports_a_week: float

    @property
    def net(self) -> float | None:
        """Pounds a week beyond the baseline, with overtime where it has a price."""
        if self.staffing is None or self.base is None:
            return None
        if not self.staffing.pounds and not self.base.pounds:
            return None
        more = self.staffing.pounds - self.base.pounds
        if known(self.overtime) and known(self.base_overtime):
            more += self.overtime.number - self.base_overtime.number
        return more

    @property
    def extra_children(self) -> float | None:
        """More children a week reached in time than under the baseline."""
        return self.change.number * self.reports_a_week if known(self.change) else None

    @property
    def pounds_each(self) -> tuple[float, float, float] | None:
        """Net pounds for each child more in time: at the estimate, and at its range's two ends.

        None where the rota costs no more, or no more children are clearly reached.
        """
        net, change = self.net, self.change
        if net is None or net <= 0 or change is None or not clear(change):
            return None
        if self.staffing is None or self.base is None or self.staffing.pounds <= self.base.pounds:
            return None
        if change.low is None or change.high is None or change.low <= 0:
            return None
        each = net / self.reports_a_week
        return each / change.number, each / change.high, each / change.low


def options(question: Question) -> Iterator[Option]:
    """Yield every scenario with what it takes, the baseline first."""
    document = question.document
    base, base_part = question.columns[0], question.baseline
    counted = question.row(base_part, IN_TIME)
    weeks = document.run.replications * document.run.days / 7
    a_week = 0.0 if counted is None else counted.n / weeks
    for column in question.columns:
        part = question.part(column)
        variant = column.name != base.name
        yield Option(
            column,
            question.staffing(column),
            None if part is None else part.row("overtime_pounds"),
            question.staffing(base) if variant else None,
            base_part.row("overtime_pounds") if variant else None,
            question.change(column, IN_TIME),
            a_week,
        )


def in_two_figures(pounds: float) -> float:
    """Pounds that a ratio of estimates comes to: it bears no more than two figures."""
    return float(f"{pounds:.2g}")
