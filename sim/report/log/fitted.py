"""What `fit` found, for a terminal: what to know before all else, the answer, then figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Group, RenderableType

from sim.force_log.fitting import Fit
from sim.force_log.fitting.bounds import Free
from sim.force_log.fitting.children import Children
from sim.force_log.fitting.rate_told import Lull, RateTold
from sim.force_log.replaying.verdict import MEDIAN_AIM, NEAR_MINUTES, TAIL_AIM
from sim.report.log.diagnosis import PEOPLE
from sim.report.log.summaries import COUNTS
from sim.report.rounding import rounded
from sim.report.sections.figures import listed
from sim.report.terminal import ASCII, UNICODE, Sheet, spaced

_PARTS: Final = {
    0.0: "none", 0.25: "a quarter", 0.5: "half", 0.75: "three quarters", 1.0: "all",
}  # fmt: skip
_LENGTHS: Final = {"thrive": "call", "scene": "on scene", "natural_return": "return"}
_SHORTEST: Final = 0.1
_HIGH_FROM: Final = {"log": "", "rota": ", all of the rota", "assumed": ", the most assumed"}


def fit_sentences(found: Fit) -> list[str]:
    """The answer in sentences, plain ASCII."""
    return [
        *_first(found),
        _crews_sentence(found),
        *([] if found.rate is None else _rate_sentences(found.rate)),
        *([] if found.children is None else _child_sentences(found, found.children)),
    ]


def _first(found: Fit) -> Iterator[str]:
    """What speaks against the scenario, which is said before anything else."""
    far = "; ".join(
        f"grade {one.grade} {one.run[0]:g} in place of {one.observed[0]:g}"
        for one in found.matched
        if one.far
    )
    if far:
        yield (
            f"The finished scenario does not have the log's median wait (minutes): {far}. Do not "
            "plan with such a grade before you have found out why."
        )
    biased = [
        f"by {one.off[0]:+.0%} and {one.off[1]:+.0%} for grade {one.grade}"
        for one in found.matched
        if one.biased
    ]
    if biased:
        yield (
            "In the fitted weeks themselves half and nine in ten of the waits are off "
            f"{listed(biased)}, more than the 5% or 10% that are aimed at: what is predicted of "
            "other weeks has that error besides its own."
        )
    if found.children is not None and not found.children.can_be_made:
        yield (
            "The model cannot make missing-child jobs wait as they do in the log: no share held "
            "and no rank comes as near to it as luck allows. Something else delays them, and this "
            "scenario is not to be asked about them before it is known what."
        )


def _crews_sentence(found: Fit) -> str:
    what = "these shares of the rota" if found.with_rota else "so many crews"
    free = found.crews.free
    answer = (
        f"From {found.first_day} to {found.last_day} the waits are nearest to those of a force "
        f"with, on average, {what} free for calls: "
        f"{listed([_crews_of(one, found.with_rota) for one in free])}."
    )
    if any(one.high_from == "assumed" for one in free):
        answer += (
            " What is called assumed the log does not tell: jobs hardly ever stood still while so "
            "many were in hand, so it may have been many more."
        )
    if not found.with_rota:
        own = found.crews.candidate
        answer += f" Shifts: {own.pattern}, the first at {own.first_hour:02d}:00."
        if own.weekend_factor != 1:
            answer += (
                f" On {own.weekend} there are {own.weekend_factor:.2g} times as many; the numbers "
                "are those of the other days."
            )
    return answer


def _crews_of(one: Free, share: bool) -> str:
    """One shift's crews with how few and how many there can have been."""
    scale, unit = (100, "%") if share else (1, "")
    value, low, high = (
        None if end is None else scale * end for end in (one.value, one.low, one.high)
    )
    told = rounded(value or 0.0, low, high, 1.0 if share else 0.1)
    number = f"{one.shift} {told.value}{unit}"
    if told.low is None or told.high is None:
        return number
    return f"{number} ({told.low} to {told.high}{unit}{_HIGH_FROM[one.high_from]})"


def _rate_sentences(rate: RateTold) -> Iterator[str]:
    """When dispatchers let few jobs go, and how much busy crews slow them."""
    yield (
        "What else delays a job is told as a dispatcher's rate, the share of the waiting jobs that "
        f"is let go in a minute. {_clock(rate)}"
    )
    slower = [one for one in rate.grades if one.all_busy < 1]
    if slower:
        left = listed([f"{_left(one.all_busy)} for grade {one.grade}" for one in slower])
        yield f"When all of the area's crews are busy, so much of the usual rate is left: {left}."
    same = [str(one.grade) for one in rate.grades if one.all_busy >= 1]
    if same:
        whose = f"grade{'s' if len(same) > 1 else ''} {listed(same)}"
        yield f"It does not fall while crews are busy for {whose}."
    clear = [one for one in rate.just_freed if one.clear]
    if clear:
        times = listed(
            [
                f"{one.times:.2g} times for grade {one.grade} ({one.low:.2g} to {one.high:.2g}; "
                f"about {one.jobs} such jobs)"
                for one in clear
            ]
        )
        yield (
            "Within a minute after a crew has cleared, the next is let go so many times as often "
            f"as at other moments: {times}."
        )
    if rate.child is not None:
        how = "the same rate as others" if round(rate.child, 2) == 1 else (
            f"{rate.child:.2g} times the rate of others"
        )  # fmt: skip
        yield f"Missing-child jobs are let go at {how} of their grade."


def _clock(rate: RateTold) -> str:
    if not rate.lulls:
        at = rate.slowest
        return (
            f"By the clock there is no lull: at its slowest, from {_at(at.begins)}, "
            f"{_left(at.share)} of the day's usual rate is left."
        )
    return f"By the clock it is slowest {listed([_lull(one) for one in rate.lulls])}."


def _lull(one: Lull) -> str:
    return (
        f"from {_at(one.begins)} to {_at(one.ends)} (down to {_left(one.share)} of the day's usual "
        f"rate at {_at(one.slowest)})"
    )


def _left(share: float) -> str:
    return "under 1%" if share < 0.01 else f"{share:.0%}"


def _at(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _child_sentences(found: Fit, own: Children) -> Iterator[str]:
    step = "for ratification" if found.ratified else "before release"
    told = []
    for name, words in (
        ("held", f"held {step}"), ("next_grade", "ranked with the next grade's work"),
    ):  # fmt: skip
        low, high = own.range_of(name)
        if low == high:
            told.append(f"{_part(low)} {'were' if low else 'was'} {words}, it seems")
        elif (low, high) == (0.0, 1.0):
            told.append(f"how many were {words} the log cannot tell")
        else:
            some = f"up to {_part(high)}" if low == 0 else f"between {_part(low)} and {_part(high)}"
            told.append(f"{some} may have been {words}")
    yield f"Of about {own.jobs} missing-child jobs {told[0]}; {told[1]}."


def _part(share: float) -> str:
    return _PARTS.get(share, f"{share:.0%}")


def origin_sentences(found: Fit) -> list[str]:
    """Which values the log holds, which were fitted, and which are none of the log's."""
    told = {
        "log": f"From the log of {found.first_day} to {found.last_day}",
        "fitted": f"Fitted by simulation to {found.simulated_from} to {found.last_day}",
        "mapping": "From the mapping file",
        "assumed": "Assumed, since no such log holds it",
    }
    sentences = []
    for origin, words in told.items():
        keys: dict[str, list[str]] = {}
        for path, own in found.origins.items():
            if own == origin:
                head, _, rest = path.partition(".")
                name, _, key = rest.partition(".")
                # One line for what all streams, areas or pools have.
                several = head in {"streams", "areas", "pools", "profiles", "targets"}
                whole = f"{head}.*.{key}" if several else "episode" if head == "episode" else path
                keys.setdefault(whole, []).append(name)
        if keys:
            sentences.append(f"{words}: {', '.join(sorted(keys))}.")
    sentences.append(
        "Everything else is the program's default: `validate --resolve` on the file shows each "
        "value, and [sources] in it the range of each assumption."
    )
    return sentences


def fit_summary(found: Fit, *, width: int, ascii_only: bool = False) -> RenderableType:
    """The whole fit for a terminal of this width; under 60 columns are taken as 60."""
    page = Sheet(max(60, width), ASCII if ascii_only else UNICODE)
    parts: list[list[RenderableType]] = [
        [page.heading("What the log was fitted with"), *map(page.line, fit_sentences(found))],
        list(_waits(found, page)),
    ]
    if found.rate is not None:
        parts.append(list(_rates(found.rate, page)))
    if found.children is not None:
        parts.append(list(_profile(found.children, page)))
    parts += [
        [
            page.heading("Reports a year"),
            page.table(
                ["", "reports", "a year", "low", "high", "smoothed over"],
                [
                    [_spelt(one.name), f"{one.reports:,}", f"{one.volume:,.0f}", f"{one.low:,.0f}",
                     f"{one.high:,.0f}", f"{one.bandwidth:g} h"]
                    for one in found.arrivals.values()
                ],
            ),
        ],
        [
            page.heading("Lengths of time, minutes: in the log, and as fitted"),
            page.table(
                ["", "family", "jobs", "half", "fitted", "9 in 10", "fitted"],
                [
                    [_length_of(path), one.family, f"{one.n:,}",
                     *(_minutes(value) for pair in zip(one.observed, one.fitted, strict=True)
                       for value in pair)]
                    for path, one in found.lengths.items()
                ],
            ),
        ],
        [page.heading("Where the scenario's values come from"),
         *(page.line(one, indent="  ") for one in origin_sentences(found))],
        [page.heading("What the log can tell"),
         *(page.line(one, indent="  ") for one in found.identifiable)],
        [page.heading("What it cannot tell"),
         *(page.line(one, indent="  ") for one in found.not_identifiable)],
        [page.line(COUNTS, "dim"), page.line(PEOPLE, "dim")],
    ]  # fmt: skip
    return Group(*spaced(parts))


def _waits(found: Fit, page: Sheet) -> Iterator[RenderableType]:
    """The waits of log and scenario side by side, and whether they agree."""
    if not found.matched:
        return
    yield page.heading("Waits from grading to allocation, minutes")
    lines = []
    for one in found.matched:
        for place, name, aim in ((0, "half", MEDIAN_AIM), (1, "9 in 10", TAIL_AIM)):
            log, own = one.observed[place], one.run[place]
            far = one.far and place == 0
            lines.append(
                [f"grade {one.grade}, {name} within", f"{log:g}", f"{own:g}",
                 _agrees(log, own, aim, far=far)]
            )  # fmt: skip
    yield page.table(["", "in the log", "in the scenario", "verdict"], lines)
    yield page.line(
        f"As in the log: within {MEDIAN_AIM:.0%} (half) or {TAIL_AIM:.0%} (9 in 10) of it, or "
        f"within {NEAR_MINUTES:g} minute. The scenario is played with weeks of its own, so luck is "
        "in it; replay holds it to later weeks.",
        "dim",
    )


def _agrees(log: float, own: float, aim: float, *, far: bool) -> str:
    off = abs(own - log)
    if off <= NEAR_MINUTES or off <= aim * log:
        return "as in the log"
    way = "too long" if own > log else "too short"
    by = f"{off / log:.0%}" if log >= 1 and own < 3 * log else f"{off:.3g} min"
    return f"{by} {way}{' (far)' if far else ''}"


def _rates(rate: RateTold, page: Sheet) -> Iterator[RenderableType]:
    """A dispatcher's rate by grade: how soon half are let go, and what slows it."""
    yield page.heading("A dispatcher's rate: half let go within (minutes), and what slows it")
    yield page.table(
        ["", "crews free", "all busy", "rate left, all busy", "with one job ahead"],
        [
            [f"grade {one.grade}", _soon(one.half_free), _soon(one.half_busy),
             _left(one.all_busy), _left(one.one_ahead)]
            for one in rate.grades
        ],
    )  # fmt: skip
    yield page.line("Minutes are those of a usual hour of the day with no other job ahead.", "dim")


def _soon(minutes: float | None) -> str:
    if minutes is None:
        return "over 2 days"
    return f"under {_SHORTEST:g}" if minutes < _SHORTEST else _minutes(minutes)


def _profile(own: Children, page: Sheet) -> Iterator[RenderableType]:
    """How far each share held and each rank is from the log; one column where rank is alike."""
    ranks = sorted({point.next_grade for point in own.points})
    shares = sorted({point.held for point in own.points})
    by = {(point.held, point.next_grade): point for point in own.points}

    def cell(held: float, rank: float) -> str:
        point = by[held, rank]
        return f"{point.distance:.0f}{'*' if point.possible else ' '}"

    alike = len(ranks) > 1 and all(len({cell(held, r) for r in ranks}) == 1 for held in shares)
    columns: Sequence[float] = ranks[:1] if alike else ranks
    yield page.heading("Missing-child jobs: which shares go with the log")
    yield page.table(
        ["held", *(["distance"] if alike else [f"{_part(r)} ranked lower" for r in columns])],
        [[_part(held), *(cell(held, r) for r in columns)] for held in shares],
    )
    rank = " How many were ranked with the next grade's work makes no difference." if alike else ""
    yield page.line(
        "How far the waits of a force with such shares are from the log's: the smaller, the "
        f"nearer. * as near as the nearest, so far as the log can tell.{rank}",
        "dim",
    )


def _spelt(name: str) -> str:
    return name.replace("_", " ")


def _length_of(path: str) -> str:
    *whose, what = path.removeprefix("streams.").split(".")
    return _spelt(" ".join([*whose, _LENGTHS.get(what, what)]))


def _minutes(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
