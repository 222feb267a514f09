"""What a variant does, what it costs and what it does to other calls, as parts of a sentence."""

from __future__ import annotations

from sim.report.answer.model import OtherCalls, Outcome
from sim.report.answer.question import IN_TIME
from sim.report.sections.figures import (
    clear,
    in_100,
    known,
    number,
    spoken_change,
    spoken_range,
)
from sim.report.sections.words import calls as kind_of_call
from sim.results import Row


def said(outcome: Outcome, change: Row | None, over: Row | None, after: Row | None) -> str:
    """What a variant does, to be read after its name.

    Parameters
    ----------
    outcome
        In one word.
    change
        Of the headline measure; None: none to tell.
    over
        Of the share waiting over an hour; None: none to tell.
    after
        The headline measure under the variant.
    """
    if outcome == "unknown":
        return "has too few reports to be compared"
    if outcome == "same":
        return "changes nothing"
    parts = []
    if clear(change) and change is not None:
        parts.append(_reaches(change, after))
    elif change is not None and change.low is not None:
        between = "" if clear(over) else spoken_range(change, *_ways(change))
        unit = " in 100" if change.measure == IN_TIME else ""
        within = f" ({between}{unit})" if between else ""
        parts.append(f"makes no clear difference {_in_what(change)}{within}")
    if clear(over) and over is not None:
        size, least_most = spoken_change(over)
        parts.append(f"leaves {size} in 100 waiting over an hour ({least_most})")
    return _joined(parts, outcome, change) or "makes no clear difference"


def brief(outcome: Outcome, change: Row | None, over: Row | None) -> str:
    """The same without a verb or a range, to be read after a title and a colon."""
    if outcome == "unknown":
        return "too few reports to be compared"
    if outcome == "same":
        return "nothing changes"
    parts = []
    if clear(change) and change is not None:
        size, _ = spoken_change(change, *_ways(change))
        told = f"{size} in 100 reached in time" if change.measure == IN_TIME else f"there {size}"
        parts.append(told)
    if clear(over) and over is not None:
        size, _ = spoken_change(over)
        parts.append(f"{size} in 100 waiting over an hour")
    return _joined(parts, outcome, None) or "no clear difference"


def price(posts: float | None, pounds: float | None) -> str:
    """At what price, as a sentence's end; "" where it takes the same, or nothing is known."""
    told = []
    posts, pounds = round(posts or 0.0, 1), round(pounds or 0.0)
    if posts:
        count = number(abs(posts), 1).removesuffix(".0")
        noun = "post" if count == "1" else "posts"
        told.append(f"{count} {'more' if posts > 0 else 'fewer'} {noun}")
    if pounds:
        told.append(f"£{number(abs(pounds), 0)} a week{'' if pounds > 0 else ' less'}")
    if not told:
        return ""
    return f"{'with' if posts < 0 or pounds < 0 else 'for'} {' and '.join(told)}"


def others(calls: OtherCalls, most: int) -> str:
    """What so many other kinds of call lose and gain; "" where nothing is clear."""
    told = [*calls.lose, *calls.gain]
    parts = [_call(row) for row in told[:most]]
    lose = max(0, len(calls.lose) - most)
    gain = len(told) - len(parts) - lose
    for count, word in ((lose, "lose"), (gain, "gain")):
        if count:
            parts.append(f"one more kind {word}s" if count == 1 else f"{count} more kinds {word}")
    return "; ".join(parts)


def before(change: Row) -> str:
    """Where the baseline stands, after "Under A"."""
    if change.measure == IN_TIME:
        return f"{_of_100(change)} are reached in time"
    return f"nobody is there for {in_100(change)} minutes on average"


def _reaches(change: Row, after: Row | None) -> str:
    size, least_most = spoken_change(change, *_ways(change))
    if change.measure != IN_TIME:
        return f"has somebody there {size} on average ({least_most})"
    if known(after):
        return f"reaches {_of_100(after)}, {size} ({least_most})"
    return f"reaches {size} in 100 in time ({least_most})"


def _of_100(share: Row) -> str:
    """A share as "20 in 100", "none" or "all"."""
    count = in_100(share)
    return count if count in ("none", "all") else f"{count} in 100"


def _joined(parts: list[str], outcome: Outcome, change: Row | None) -> str:
    unclear_first = change is not None and not clear(change)
    return (", but " if outcome == "mixed" or unclear_first else " and ").join(parts)


def _call(row: Row) -> str:
    kind = f"{kind_of_call(str(row.stream), int(row.grade or 0))},"
    size, least_most = spoken_change(row, *_ways(row))
    if row.measure == IN_TIME:
        return f"{kind} {size} in 100 in time ({least_most})"
    return f"{kind} {size} on average ({least_most})"


def _ways(change: Row) -> tuple[str, str, str]:
    return ("more", "fewer", "") if change.measure == IN_TIME else ("later", "sooner", "minutes")


def _in_what(change: Row) -> str:
    return "in time" if change.measure == IN_TIME else "in how long they wait"
