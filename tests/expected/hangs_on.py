"""What the baseline's answer hangs on: all ranges of its ``[sources]``, as `sensitivity` asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from sim.answers.headlines import headline
from sim.answers.sensitivity.asking import TRAJECTORIES
from sim.answers.sensitivity.ends import change, play_ends
from sim.answers.sensitivity.screening import screen
from sim.answers.told import nobody
from sim.results.making.unknowns import things_in_words
from sim.scenario.loading import load
from sim.scenario.ranges import Range, Ranges, ranges_of
from sim.study.settings import Settings
from tests.expected.figures import LEVEL, Figure
from tests.expected.variations import BASELINE

TABLE: Final = "assumptions"
MEASURES: Final = {"in 20 minutes": "in-time", "over 60 minutes": "over-1h"}
"""As the table calls them, and as ``--measure`` does."""

_FOREMOST: Final = 15


def hangs_on(settings: Settings) -> Iterator[Figure]:
    """Screen all ranges for each measure, and move what is foremost in any of them alone."""
    loaded = load(BASELINE)
    ranges = ranges_of(loaded.scenario)
    one_thread = replace(settings, workers=1)
    threads = settings.processes(settings.replications)
    places: dict[int, None] = {}
    for name in MEASURES.values():
        asked = headline(name)
        scenarios = [loaded.scenario]
        found = screen(scenarios, ranges, one_thread, asked, TRAJECTORIES, threads, nobody)
        foremost = [one for one in found.ranked(asked)[:_FOREMOST] if one.clear or one.size > 0]
        places |= dict.fromkeys(one.place for one in foremost)
    yield from moved_alone(settings, ranges, list(places))


def moved_alone(settings: Settings, ranges: Ranges, places: Sequence[int]) -> Iterator[Figure]:
    """Yield what each end of some things, by itself, changes of each measure."""
    loaded = load(BASELINE)
    one_thread = replace(settings, workers=1)
    threads = settings.processes(settings.replications)
    for measure, name in MEASURES.items():
        asked = headline(name)
        ends = play_ends([loaded.scenario], ranges, one_thread, asked, places, threads, nobody)
        for place in places:
            together = ranges.together[place]
            what = things_in_words(together, loaded.scenario)
            for label, own in zip(labels(together), ends.sums[place], strict=True):
                found = change(ends, own, asked, LEVEL, 1)
                if found is not None:
                    case = f"{what[:1].upper()}{what[1:]}: {label}"
                    figures = found.value, found.low, found.high
                    yield Figure(TABLE, case, measure, "share", *figures, found.n)


def labels(together: Sequence[Range]) -> tuple[str, str]:
    """What a thing is at both ends of its range."""
    first = together[0]
    sign = "× " if first.acts == "factor" else ""
    return f"{sign}{first.at(0.0):g}", f"{sign}{first.at(1.0):g}"
