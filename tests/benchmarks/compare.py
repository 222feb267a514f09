"""Our engines, a textbook SimPy model and Ciw side by side on one network.

``python -m tests.benchmarks.compare`` plays them in turn, round after round, so that whatever
else the machine is doing meets all of them, and quotes medians of the ratios within rounds. It
ends with status 1 where their mean waits differ by more than chance: the speed of a wrong model
says nothing.
"""

import argparse
import gc
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import numpy.typing as npt

from tests.benchmarks.ciw_model import run_ciw
from tests.benchmarks.engine_model import ENGINES, drawn, run_engine
from tests.benchmarks.textbook import IncidentWaits, ThreeStageNetwork, run_textbook
from tests.theory.agreement import Estimate, estimate

FloatArray = npt.NDArray[np.float64]

WHOLE = {f"{name} engine, draws included": name for name in ENGINES}
PLAYED = {f"{name} engine, draws excluded": name for name in ENGINES}
TEXTBOOK = "textbook SimPy"
CIW = "Ciw"
MODELS = (*WHOLE, *PLAYED, TEXTBOOK, CIW)
INDEPENDENT = (next(iter(PLAYED)), TEXTBOOK, CIW)
"""Those whose runs have luck of their own; our engines play the same tables."""


@dataclass(frozen=True)
class Comparison:
    """What several rounds gave.

    Attributes
    ----------
    seconds : ndarray of float64, shape (rounds, models)
        By round and model, in the order of `MODELS`.
    incidents : ndarray of int64, shape (rounds, models)
        Incidents finished.
    waits : ndarray of float64, shape (rounds, models, priorities, 3)
        Minutes waited, added up by priority and stage.
    counts : ndarray of int64, shape (rounds, models, priorities)
        Incidents of each priority.
    """

    seconds: FloatArray
    incidents: npt.NDArray[np.int64]
    waits: FloatArray
    counts: npt.NDArray[np.int64]

    def speed(self, model: str) -> float:
        """Median of incidents a second."""
        place = MODELS.index(model)
        return float(np.median(self.incidents[:, place] / self.seconds[:, place]))

    def ratio(self, model: str, other: str) -> float:
        """Median over rounds of the speed of one over the speed of the other."""
        speeds = self.incidents / self.seconds
        return float(np.median(speeds[:, MODELS.index(model)] / speeds[:, MODELS.index(other)]))

    def mean_wait(self, model: str, priority: int, stage: int) -> Estimate:
        """Mean minutes waited in a model, with its standard error over rounds."""
        place = MODELS.index(model)
        return estimate(self.waits[:, place, priority, stage], self.counts[:, place, priority])

    def disagreements(self) -> list[str]:
        """Mean waits of two models that differ by more than chance, in words."""
        pairs = [(a, b) for n, a in enumerate(INDEPENDENT) for b in INDEPENDENT[n + 1 :]]
        cells = [
            (priority, stage)
            for priority in range(self.waits.shape[2])
            for stage in range(self.waits.shape[3])
        ]
        found = []
        for one, other in pairs:
            for priority, stage in cells:
                means = [self.mean_wait(model, priority, stage) for model in (one, other)]
                if not means[0].minus(means[1]).agrees(0.0, len(pairs) * len(cells)):
                    found.append(
                        f"priority {priority}, stage {stage + 1}: mean wait "
                        f"{means[0].mean:.2f} min in {one}, {means[1].mean:.2f} min in {other}"
                    )
        return found


def compare(
    network: ThreeStageNetwork, rounds: int, clock: Callable[[], float] = perf_counter
) -> Comparison:
    """Run every model once a round, each round beginning with another of them.

    Parameters
    ----------
    network : ThreeStageNetwork
        Parameters.
    rounds : int
        Two or more, or there is no standard error.
    clock : callable
        Tells the time in seconds.

    Returns
    -------
    Comparison
        Times and waits.
    """
    priorities = len(network.priority_shares)
    shape = (rounds, len(MODELS))
    seconds, incidents = np.zeros(shape), np.zeros(shape, dtype=np.int64)
    waits = np.zeros((*shape, priorities, len(network.servers)))
    counts = np.zeros((*shape, priorities), dtype=np.int64)
    for number in range(rounds):
        for turn in range(len(MODELS)):
            place = (number + turn) % len(MODELS)
            model = _prepared(MODELS[place], network, number)
            gc.collect()
            began = clock()
            result = model()
            seconds[number, place] = clock() - began
            incidents[number, place] = result.priority.size
            for priority in range(priorities):
                own = result.priority == priority
                waits[number, place, priority] = result.wait_minutes[own].sum(axis=0)
                counts[number, place, priority] = own.sum()
    return Comparison(seconds, incidents, waits, counts)


def _prepared(model: str, network: ThreeStageNetwork, seed: int) -> Callable[[], IncidentWaits]:
    if model in PLAYED:
        return drawn(network, seed, PLAYED[model])
    if model in WHOLE:
        return lambda: run_engine(network, seed, WHOLE[model])
    function = {TEXTBOOK: run_textbook, CIW: run_ciw}[model]
    return lambda: function(network, seed)


def table_of(comparison: Comparison) -> str:
    """Speeds, and how they stand to the textbook model's and Ciw's, as text."""
    width = max(map(len, MODELS))
    lines = [f"{'':{width}}  incidents/s  × textbook  × Ciw"]
    for model in MODELS:
        lines.append(
            f"{model:{width}}  {comparison.speed(model):11,.0f}"
            f"  {comparison.ratio(model, TEXTBOOK):10.2f}  {comparison.ratio(model, CIW):5.1f}"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 where the models' mean waits disagree."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.compare", description="Compare speeds in one run."
    )
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--days", type=float, default=28.0)
    chosen = parser.parse_args(arguments)
    if chosen.rounds < 2:
        parser.error("--rounds must be 2 or more")
    # What is done only once, such as loading code, is nobody's speed.
    compare(ThreeStageNetwork(days=1), 2)
    comparison = compare(ThreeStageNetwork(days=chosen.days), chosen.rounds)
    print(table_of(comparison))
    print(f"Medians over {chosen.rounds} rounds of {chosen.days:g} days, run in turn.")
    disagreements = comparison.disagreements()
    for line in disagreements or ["Mean waits by priority and stage agree within chance."]:
        print(line)
    return 1 if disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
