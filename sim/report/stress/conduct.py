"""Sections 4 to 6 of the sheet: how the study is run, with which software, and run again."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sim.provenance import portable_path, versions
from sim.report.stress.markdown import by_analyst, table

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded
    from sim.scenario.models import Scenario
    from sim.study import Settings

_ESTIMATES: Final = """\
- The unit of inference is the replication; limits are at {level:g}% confidence.
- Shares and means are ratio estimators over replications; limits of a share are taken on the logit
  scale. Quantiles are pooled, with the limits of the share under them read off the delays
  (Woodruff); where there are more than 30 replications they are taken in 30 groups.
- Under 20 events a share has one exact limit, and is not compared. A quantile with under 10 cases
  beyond it is withheld; so is the 99th centile with under two cases a replication (or group)
  beyond it, and the mean of the worst twentieth with under three in it.
- Differences are paired by replication. Those of the headline measures hold together by
  Bonferroni's adjustment over scenarios and measures; others hold one by one."""


@dataclass(frozen=True)
class Made:
    """How a study was made, where the sheet stands beside its results.

    Parameters
    ----------
    replications
        That were made.
    engine
        That was used.
    seconds
        Wall-clock time.
    precise
        Whether the precision was reached; None: none was asked for.
    """

    replications: int
    engine: str
    seconds: float
    precise: bool | None = None


def experimentation(scenario: Scenario, settings: Settings, made: Made | None) -> Iterator[str]:
    """Warm-up, run length and estimation."""
    yield "## 4. Experimentation"
    yield "### 4.1 Initialisation"
    yield (
        f"The simulation begins {settings.warm_up_days} days before the first measured day "
        f"({scenario.calendar.first_day.isoformat()}), with nothing queued. On duty then is who "
        "began a shift before; who is missing then has been drawn with the year before. The "
        "command `warm-up` shows whether the warm-up is long enough: the same days with the same "
        "luck after a longer one, and by what the headline measures then differ."
    )
    yield by_analyst("what `warm-up` says of this scenario.")
    yield "### 4.2 Run length"
    yield (
        f"{settings.days} measured days; reports and rota go on for {scenario.follow_up_hours:g} "
        "hours after them, so that the last incidents meet as busy a force as the first. Time is "
        "in whole seconds."
    )
    yield "### 4.3 Estimation approach"
    if made is None:
        yield f"{settings.replications} replications."
    else:
        yield f"{made.replications} replications were made."
    if settings.precision is not None:
        yield (
            f"Replications go on in fixed batches until the headline is known to a half-width of "
            f"{settings.precision:g}, after at least 30."
            + ("" if made is None else f" It was {'' if made.precise else 'not '}reached.")
        )
    yield _ESTIMATES.format(level=100 * settings.level)
    yield by_analyst("why so many replications are enough for the decision.")


def implementation(settings: Settings, made: Made | None) -> Iterator[str]:
    """Software, random sampling, execution and machine."""
    yield "## 5. Implementation"
    yield "### 5.1 Software or programming language"
    yield table(("software", "version"), list(versions().items()))
    yield "### 5.2 Random sampling"
    yield (
        f"Seed {settings.seed}. All that chance decides is drawn before the simulation starts. "
        "Each value is one uniform of a counter-based generator (Philox), named by seed, "
        "replication, stream, column and the incident's lasting number, and turned into a variate "
        "by inverse transform. So the scenarios of a comparison meet the same incidents with the "
        "same fates (common random numbers), whatever else differs. Policy shares are thresholds "
        "on a drawn uniform, so that a smaller set lies inside a larger one."
    )
    yield "### 5.3 Model execution"
    engine = settings.engine if made is None else made.engine
    yield (
        f"Engine: {engine}. A discrete-event simulation by processes. Events of one second are "
        "taken in rounds, in the order of kind, key and allocation number (rules 1.2 and 1.3); the "
        "number of processes that replications are shared among changes no number."
    )
    yield "### 5.4 System specification"
    processors = os.cpu_count() or 1
    yield (
        f"{platform.system()} on {platform.machine()} with {processors} processors, "
        f"{platform.python_implementation()} {platform.python_version()}."
        + ("" if made is None else f" The study took {made.seconds:.0f} seconds.")
    )


def access(subject: Loaded, settings: Settings, others: Sequence[Loaded]) -> Iterator[str]:
    """The command that runs it again."""
    yield "## 6. Code access"
    yield "### 6.1 Computer model sharing statement"
    files = " ".join(portable_path(one.path) for one in (subject, *others))
    command = "compare" if others else "run"
    words = f"python run_sim.py {command} {files} --seed {settings.seed}"
    words += f" --replications {settings.replications} --days {settings.days}"
    words += f" --warm-up-days {settings.warm_up_days}"
    if settings.precision is not None:
        words += f" --precision {settings.precision:g}"
    yield "The model is under the MIT licence. To run it again:"
    yield f"    {words}"
    yield by_analyst("where this version of the code and these scenario files can be had.")
