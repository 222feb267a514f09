"""Many scenarios on the same luck, block by block: Ctrl-C keeps the replications that are done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sim.answers.told import nobody
from sim.errors import Interrupted
from sim.study import Evaluation, Settings, evaluate, joined

if TYPE_CHECKING:
    from sim.answers.told import Told
    from sim.measures import Count, Cut
    from sim.scenario.models import Scenario

_PLAYS_IN_A_BLOCK: Final = 128
"""Few enough that Ctrl-C costs little, many enough that a block's own cost does not count."""


@dataclass(frozen=True, eq=False)
class Played:
    """What came of it.

    Attributes
    ----------
    found
        The replications that are done, in the order of their numbers; None: not even one.
    stopped
        Whether Ctrl-C left some out.
    """

    found: Evaluation | None
    stopped: bool


def in_blocks(
    scenarios: Sequence[Scenario],
    settings: Settings,
    measures: Sequence[Count],
    *,
    step: str,
    cuts: Sequence[Cut] = (),
    each: Cut | None = None,
    told: Told = nobody,
    estimate: Callable[[Evaluation], str] | None = None,
) -> Played:
    """Play scenarios with the same luck, as `sim.study.evaluate` does, block by block.

    Parameters
    ----------
    scenarios, settings, measures, cuts, each
        As for `sim.study.evaluate`.
    step
        What progress calls it.
    told
        Told as it goes on.
    estimate
        Says in a few words what the replications so far show.
    """
    length = max(1, _PLAYS_IN_A_BLOCK // len(scenarios), settings.processes(settings.replications))
    numbers = range(settings.replications)
    planned = len(scenarios) * len(numbers)
    parts: list[Evaluation] = []
    known = ""

    def tell(done: int, _: int) -> None:
        before = len(scenarios) * sum(len(one.replications) for one in parts)
        told(step, before + done, planned, known)

    told(step, 0, 0)
    try:
        for first in range(0, len(numbers), length):
            block = numbers[first : first + length]
            found = evaluate(
                scenarios,
                settings,
                measures,
                cuts=cuts,
                replications=block,
                each=each,
                told=tell,
            )
            parts.append(found)
            if estimate is not None:
                known = estimate(joined(parts))
    except (Interrupted, KeyboardInterrupt):
        return Played(joined(parts) if parts else None, stopped=True)
    return Played(joined(parts), stopped=False)
