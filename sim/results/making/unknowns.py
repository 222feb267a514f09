"""What is not known, told: ranges by scenario, and what moved the answer most, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sim.results.context import Mover, NotVaried, UnknownRange, Unknowns
from sim.scenario.paths import parsed
from sim.scenario.ranges import Range

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded
    from sim.scenario.models import Scenario
    from sim.statistics import Parted
    from sim.study import Varied

_MOVERS_TOLD: Final = 8
_NAMED: Final = 3
_FEW: Final = 2

_RULES: Final = {
    "policy.gate.share_held": "the share held for ratification",
    "policy.queue.share_with_next_grade": "the share treated as the next grade's work",
    "policy.control_room.dispatch": "a dispatcher's work on a job",
    "policy.reviews.after_minutes": "when waiting jobs are reviewed",
    "policy.reviews.minutes": "the length of such a review",
    "policy.reviews.rethrive_minutes": "the length of a re-THRIVE",
    "policy.borrowing.after_minutes": "the wait before the other area lends a unit",
    "policy.diversion.at_most": "how often a job may lose its unit",
    "policy.travel.grades": "travel on blue lights",
    "policy.travel.other_area": "travel from the other area",
}
_OF_POOLS: Final = {
    "shifts": "people on shifts",
    "abstraction": "abstraction",
    "reserve": "the reserve",
    "last_call_margin_minutes": "the last-call margin",
}
_OF_STREAMS: Final = {
    "volume_per_year": "how many there are a year",
    "month_factors": "the season",
    "bank_holiday_factor": "bank holidays",
    "school_holiday_factor": "school holidays",
    "thrive": "length of the THRIVE",
    "assessment": "length of the risk assessment",
    "wrap": "length of the call's wrap-up",
    "research": "length of research",
    "ratification": "work of ratification",
    "lacking_detail": "assessments that lack detail",
    "regrade": "re-grading",
    "escalation": "escalation",
    "known": "what is known before",
    "last_seen": "time since last seen",
    "natural_return": "when children come home unprompted",
    "scene": "time at the scene",
    "interview": "length of the interview",
    "writing": "length of writing up",
    "custody": "time in custody",
    "custody_share": "share with custody",
    "research_share": "share with research",
    "ends_without_deployment": "share ended without deployment",
    "work": "length of the work",
    "urgency": "its place in the queue",
}
_PLURAL: Final = {"missing_child": "missing children", "missing_adult": "missing adults"}


def unknowns_of(varied: Varied, loaded: Sequence[Loaded]) -> Unknowns:
    """Return what came of settings of what is not known.

    Parameters
    ----------
    varied
        As `sim.study.vary` gives it.
    loaded
        The scenarios, the baseline first.
    """
    names, baseline = [one.name for one in loaded], loaded[0].scenario
    variants = list(enumerate(names))[1:]
    movers = tuple(
        Mover(
            what=things_in_words(varied.ranges.together[one.place], baseline),
            paths=tuple(each.path for each in varied.ranges.together[one.place]),
            share=min(one.share, 1.0),
            rises=one.rises,
            clear=one.clear,
        )
        for one in varied.moved()[:_MOVERS_TOLD]
    )
    return Unknowns(
        settings=varied.settings,
        ranges=_told(names, [varied.in_time(place) for place in range(len(names))]),
        over_an_hour=_told(names, [varied.over_60(place) for place in range(len(names))]),
        better={name: varied.better(place) / varied.settings for place, name in variants},
        same={name: varied.same(place) / varied.settings for place, name in variants},
        varied=tuple(one.what for one in movers if one.clear)[:_NAMED],
        movers=movers,
        things=len(varied.ranges.together),
        redrawn=varied.redrawn,
        without=tuple(NotVaried(path=one.path, why=one.why) for one in varied.ranges.without),
    )


def in_words(path: str, scenario: Scenario) -> str:
    """Return what stands at a path as people say it."""
    match parsed(path):
        case ("pools", str(name), *_, str(last)):
            pool = scenario.pools.get(name)
            title = _plain(name) if pool is None or not pool.title else pool.title
            return f"{_OF_POOLS.get(last, _plain(last))} of {title}"
        case ("streams", str(name), *_, str(last)):
            whose = _PLURAL.get(name, _plain(name))
            return f"{whose}: {_OF_STREAMS.get(last, _plain(last))}"
        case ("areas", str(name), *_, str(last)):
            area = scenario.areas.get(name)
            return f"{_plain(last)} in {name if area is None else area.title}"
        case ("policy", *_):
            return _RULES.get(path, _plain(path.removeprefix("policy.").replace(".", ", ")))
        case ("episode", *rest):
            return f"after arrival: {', '.join(_plain(str(part)) for part in rest)}"
    return _plain(path.replace(".", ", "))


def things_in_words(together: Sequence[Range], scenario: Scenario) -> str:
    """What several ranges that move together are of, as people say it."""
    words = [in_words(one.path, scenario) for one in together]
    if len(words) <= _FEW:
        return " and ".join(words)
    return f"{words[0]} and {len(words) - 1} others alike"


def _told(names: Sequence[str], found: Sequence[Parted | None]) -> dict[str, UnknownRange]:
    return {
        name: UnknownRange(
            low=one.low,
            high=one.high,
            middle=one.middle,
            settings_variance=one.settings,
            luck_variance=one.luck,
        )
        for name, one in zip(names, found, strict=True)
        if one is not None
    }


def _plain(name: str) -> str:
    return name.replace("_", " ")
