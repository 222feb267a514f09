"""From a study to its document."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.results.background import Background
from sim.results.context import Context
from sim.results.document import DifferenceRows, Document, Run, ScenarioRows
from sim.results.making.context import overtime_prices
from sim.results.making.rows import difference_rows, scenario_rows

if TYPE_CHECKING:
    from sim.measures import Cut, Replication
    from sim.study import Study

_FEW: Final = 200
"""Replications of all scenarios together, which unpacked are some hundred megabytes."""


class Rows(NamedTuple):
    """The rows of a study: of each scenario, and of each one's differences from the baseline."""

    scenarios: tuple[ScenarioRows, ...]
    differences: tuple[DifferenceRows, ...]


def rows_of(done: Study, also: Collection[Cut] = ()) -> Rows:
    """The rows of a study, which nothing that is told beside it changes.

    Parameters
    ----------
    done
        The study.
    also
        Cuts that are told besides, as fully as the headline's.
    """
    from sim.provenance import portable_path

    level = done.settings.level
    replications = _at_hand(done.replications)
    baseline = replications[0]
    others = len(done.names) - 1
    prices = [overtime_prices(one) for one in done.loaded]
    return Rows(
        tuple(
            ScenarioRows(
                name=one.name,
                file=portable_path(one.path),
                rows=tuple(scenario_rows(own, level, overtime_prices=priced, also=also)),
            )
            for one, own, priced in zip(done.loaded, replications, prices, strict=True)
        ),
        tuple(
            DifferenceRows(
                name=name,
                baseline=done.names[0],
                rows=tuple(
                    difference_rows(
                        baseline,
                        own,
                        level,
                        scenarios=others,
                        overtime_prices=(prices[0], priced),
                        also=also,
                    )
                ),
            )
            for name, own, priced in zip(done.names[1:], replications[1:], prices[1:], strict=True)
        ),
    )


def document_of(done: Study, rows: Rows, context: Context, background: Background) -> Document:
    """The document of a study, with what surrounds its rows.

    Parameters
    ----------
    done
        The study.
    rows
        As `rows_of` makes them.
    context, background
        As `sim.results.making.context` and `sim.results.making.background` make them.
    """
    from sim.provenance import versions

    return Document(
        level=done.settings.level,
        scenarios=rows.scenarios,
        differences=rows.differences,
        context=context,
        background=background,
        run=Run(
            seed=done.settings.seed,
            replications=done.completed,
            days=done.settings.days,
            engine=done.engine,
            seconds=round(done.seconds, 1),
            versions=versions(),
        ),
    )


def _at_hand(replications: Sequence[Sequence[Replication]]) -> Sequence[Sequence[Replication]]:
    """Return replications as they are gone through again and again: few are unpacked for good."""
    if sum(map(len, replications)) > _FEW:
        return replications
    return [tuple(own) for own in replications]
