"""The cheapest rota that does it: the finding, the finalists, the frontier, and all tried."""

from __future__ import annotations

from typing import Final

from sim.answers import Estimated
from sim.answers.sizing.document import Candidate, Moved, Sizing
from sim.report.sections.answers import phrases
from sim.report.sections.answers.registry import declare
from sim.report.sections.answers.sheet import Note, Sheet
from sim.report.sections.figures import listed
from sim.report.sections.section import NOTHING, Cell, Line, Section, Table
from sim.report.sections.words import calls

_MOST_FRONTIER: Final = 12
_LEAST_MINUTES: Final = 0.1
"""A change of other work that is worth a word."""

_VERDICTS: Final = {
    "met": "yes",
    "missed": "no",
    "not shown": "not shown: too near to tell",
    "makes other work worse": "no: other work gets worse",
}
_BETTER: Final = {
    "met": "yes",
    "missed": "no: worse",
    "not shown": "not shown",
    "makes other work worse": "no: other work gets worse",
}


@declare("size")
def size(document: Sizing) -> Sheet:
    """The whole answer."""
    return Sheet(
        question=_question(document),
        statement=phrases.statement(document, document.today.n),
        heading=_heading(document),
        finding=tuple(_finding(document)),
        first=tuple(one for one in (_finalists(document), _tried_first(document)) if one),
        notes=tuple(one for one in (_ceiling(document), _others(document), _sure(document)) if one),
        following=_following(document),
        footing=phrases.footing(document),
        further=tuple(
            one for one in (_moves(document), _frontier(document), _tried(document)) if one
        ),
        warnings=phrases.warnings(document),
    )


def _following(document: Sizing) -> tuple[tuple[str, str], ...]:
    """What to ask next."""
    if document.answer is not None:
        return (
            ("--full", "every rota that was judged"),
            ("--write answer.toml", "the answer as a scenario"),
            ("compare SCENARIO answer.toml", "what else it changes"),
        )
    if document.outcome == "not possible":
        return (("explain SCENARIO", "what holds it back"), ("--target", "less than that"))
    return (("--full", "every rota that was judged"), ("--vary", "more of the rota"))


def pounds(value: float, *, signed: bool = True) -> str:
    """Pounds a week, such as "+£13,800"."""
    sign = "-" if round(value) < 0 else ("+" if signed and round(value) > 0 else "")
    return f"{sign}£{abs(value):,.0f}"


def _bound(document: Sizing) -> str:
    """What has to be reached, such as "at most 20 in 100"."""
    what = "at least" if document.sense == ">=" else "at most"
    unit = document.today.unit
    amount = f"{100 * document.bound:g} in 100" if unit == "share" else f"{document.bound:g} {unit}"
    return f"{what} {amount}"


def _unit(document: Sizing) -> str:
    return "in 100" if document.today.unit == "share" else document.today.unit


def _whom(document: Sizing) -> str:
    told = phrases.whom(document, document.whom)
    return f"{told[:1].lower()}{told[1:]}"


def _figure(document: Sizing) -> str:
    return f"{document.figure[:1].lower()}{document.figure[1:]}"


def _question(document: Sizing) -> str:
    what = f"{_figure(document)}, {_whom(document)}"
    if document.budget is None:
        return f"THE CHEAPEST ROTA WITH {_bound(document).upper()}: {what}"
    money = "TODAY'S MONEY" if document.budget == 0 else f"{pounds(document.budget)} A WEEK"
    return f"THE BEST ROTA FOR {money}: {what}"


def _heading(document: Sizing) -> str:
    answer = document.answer
    if answer is not None and answer.fresh is not None:
        return (
            f"{_price(answer)}: {phrases.figure(answer.fresh).value} {_unit(document)}, "
            f"{phrases.figure(document.today).value} today"
        )
    return {
        "not possible": f"Not possible by staffing: {_best(document)} {_unit(document)}",
        "beyond the ranges": "No rota in these ranges does it",
        "not shown": "No rota was shown to do it",
    }.get(document.outcome, "Nothing is known yet")


def _best(document: Sizing) -> str:
    """The ceiling, such as "at most 47.5"."""
    word = "at most" if document.sense == ">=" else "at least"
    return f"{word} {phrases.figure(document.ceiling).value}"


def _price(one: Candidate) -> str:
    """Posts and pounds, such as "9.1 more posts, £13,800 a week"."""
    if not one.moved:
        return "Today's rota"
    if abs(one.posts) < 0.05 and abs(one.pounds) < 0.5:
        return "The same posts and pounds"
    more = "more" if one.posts >= 0 else "fewer"
    less = "" if one.pounds >= 0 else " less"
    return (
        f"{abs(one.posts):.1f} {more} posts, {pounds(abs(one.pounds), signed=False)} a week{less}"
    )


def _finding(document: Sizing) -> list[str]:
    answer = document.answer
    today = f"Today {phrases.said(document.today)} {_unit(document)}."
    if answer is None:
        return [*_no_answer(document), today]
    assert answer.fresh is not None
    moves = listed([_move(document, one) for one in answer.moved]) or "nothing changes"
    said = [f"{_price(answer)}: {moves}."]
    said.append(
        f"That gives {phrases.said(answer.fresh)} {_unit(document)}{_limit(document, answer)}."
    )
    if document.budget is None and answer.pounds < 0:
        said.append("Today's rota does it too, and costs more.")
    elif document.budget is None and not answer.moved:
        said.append("Today's rota does it already, and nothing cheaper was shown to.")
    return [*said, today]


def _limit(document: Sizing, one: Candidate) -> str:
    """The limit that decides, as the end of a sentence."""
    sure = f"{100 * document.confidence:g} % sure"
    if one.limit is None:
        return ""
    if document.budget is not None:
        return f", better than today by at least {_amount(document, one.limit)} ({sure})"
    side = "at least" if document.sense == ">=" else "at most"
    return f", {side} {_amount(document, one.limit)} ({sure})"


def _amount(document: Sizing, value: float) -> str:
    unit = document.today.unit
    exact = Estimated(value=value, low=None, high=None, unit=unit, n=0)
    return phrases.figure(exact).value if unit != "share" else f"{100 * value:.1f}"


def _no_answer(document: Sizing) -> list[str]:
    most = _most(document)
    if document.outcome == "not possible":
        return [
            (
                f"Not possible by staffing: {_best(document)} {_unit(document)} with everybody "
                "always free, for talk and travel take the rest. Rules or the target have to "
                "change."
            )
        ]
    if document.outcome == "beyond the ranges":
        reached = (
            ""
            if most is None
            else (
                f": the most that was tried, at {pounds(most.pounds)} a week, comes to "
                f"{phrases.said(most.searched)} {_unit(document)}"
            )
        )
        return [f"No rota in these ranges does it{reached}. Widen --vary."]
    if document.outcome == "not shown":
        if document.budget is not None:
            return ["No rota for this money was shown to be better than today's."]
        return [
            (
                "No rota was shown to do it with the confidence asked for. Widen --vary, or ask "
                "for a little less."
            )
        ]
    met = [one for one in document.candidates if one.slack >= 0]
    if met:
        least = met[0]
        moves = listed([_move(document, one) for one in least.moved]) or "today's rota"
        return [(f"Stopped before it was checked. The cheapest so far: {_price(least)}: {moves}.")]
    return ["Stopped before any rota was found that does it."]


def _most(document: Sizing) -> Candidate | None:
    """Of all that was judged, the one that comes nearest."""
    return max(document.candidates, key=lambda one: one.slack, default=None)


def _move(document: Sizing, one: Moved) -> str:
    name = f"{document.context.pool(one.pool)} {one.shift.replace('_', ' ')}"
    people = "" if one.people == one.people_before else f" {one.people} (now {one.people_before})"
    hours = f" {one.hours} (now {one.hours_before})" if one.is_moved else ""
    return f"{name}{people}{hours}"


def _finalists(document: Sizing) -> Section | None:
    if not document.finalists:
        return None
    better = document.budget is not None
    today = Line("Today", (Cell("0"), phrases.with_range(document.today), Cell("")))
    lines = [today]
    for one in document.finalists:
        assert one.fresh is not None
        verdict = (_BETTER if better else _VERDICTS)[one.verdict or "not shown"]
        if one.is_answer:
            verdict = f"{verdict.upper()}, {'the best' if better else 'the cheapest'}"
        lines.append(
            Line(
                f"{one.posts:+.1f} posts",
                (
                    Cell(pounds(one.pounds)),
                    phrases.with_range(one.fresh),
                    Cell(verdict, emphasis="strong" if one.is_answer else None),
                ),
            )
        )
    asked = "better than today" if better else "met"
    sure = f"{100 * document.confidence:g} %"
    return Section(
        "finalists",
        "The finalists, on luck that the search had not seen",
        tables=(
            Table(
                "",
                ("£ a week", f"{_unit(document)}", f"{asked} with {sure} confidence?"),
                tuple(lines),
            ),
        ),
        note=(
            f"Of {len(document.candidates):,} rotas judged of {document.designs:,}; each finalist "
            f"played {document.fresh_replications} more times on fresh luck, and all verdicts "
            f"together are {sure} sure."
        ),
    )


def _tried_first(document: Sizing) -> Section | None:
    """What the search knows, where it was not checked on fresh luck."""
    if document.finalists or not document.candidates:
        return None
    return _frontier(document)


def _ceiling(document: Sizing) -> Note | None:
    if document.outcome == "not possible":
        return None  # the finding says it
    side = "more" if document.sense == ">=" else "less"
    return Note(
        "Ceiling",
        (
            (
                f"No staffing gives {side} than {phrases.said(document.ceiling)} "
                f"{_unit(document)}: that is with everybody always free."
            ),
        ),
    )


def _others(document: Sizing) -> Note | None:
    if document.answer is None or not document.others:
        return None
    said = []
    for word, sign in (("longer", 1), ("sooner", -1)):
        clear = [
            f"{calls(one.stream, one.grade)} ({_size(one.change)} minutes)"
            for one in document.others
            if phrases.clearly(one.change) and one.change.number * sign >= _LEAST_MINUTES
        ]
        if clear:
            said.append(f"Unattended {word}: {listed(clear)}.")
    return Note("Others", tuple(said) or ("No other kind of call clearly gains or loses.",))


def _size(change: Estimated) -> str:
    """A change without its sign, such as "0.7 (0.3 to 1.0)"."""
    if change.number >= 0 or change.low is None or change.high is None:
        return phrases.said(change)
    turned = change.model_copy(
        update={"value": -change.number, "low": -change.high, "high": -change.low}
    )
    return phrases.said(turned)


def _sure(document: Sizing) -> Note | None:
    if document.answer is None:
        return None
    said = []
    if document.budget is None:
        said.append(
            "On the search's luck no cheaper rota in these ranges does it."
            if document.proven
            else "A cheaper one may have been missed: the search ended before all were ruled out."
        )
    if document.written:
        said.append(f"Written: {document.written}.")
    said.append("Luck alone is in the ranges; what is assumed and not known is not.")
    return Note("How sure", tuple(said))


def _moves(document: Sizing) -> Section | None:
    answer = document.answer
    if answer is None or not answer.moved:
        return None
    lines = [
        Line(
            f"{document.context.pool(one.pool)} {one.shift.replace('_', ' ')}",
            (
                Cell(str(one.people_before)),
                Cell(str(one.people), emphasis="strong"),
                Cell(one.hours_before),
                Cell(one.hours, emphasis="strong" if one.is_moved else None),
            ),
        )
        for one in answer.moved
    ]
    return Section(
        "moves",
        "What changes in the rota",
        tables=(Table("", ("people now", "then", "hours now", "then"), tuple(lines)),),
    )


def _frontier(document: Sizing) -> Section | None:
    front = [one for one in document.candidates if one.on_frontier]
    if not front:
        return None
    shown = front
    if len(front) > _MOST_FRONTIER:
        last = len(front) - 1
        places = sorted({round(at * last / (_MOST_FRONTIER - 1)) for at in range(_MOST_FRONTIER)})
        shown = [front[at] for at in places]
    lines = [
        Line(
            pounds(one.pounds),
            (
                Cell(f"{one.posts:+.1f}"),
                phrases.with_range(one.searched),
                phrases.with_range(one.fresh) if one.fresh is not None else NOTHING,
            ),
        )
        for one in shown
    ]
    first, last_one = front[0], front[-1]
    picture = (
        f"A line from {pounds(first.pounds)} ({phrases.figure(first.searched).value} "
        f"{_unit(document)}) to {pounds(last_one.pounds)} "
        f"({phrases.figure(last_one.searched).value})."
    )
    return Section(
        "frontier",
        _bought(document),
        tables=(
            Table(
                "",
                ("posts", f"{_unit(document)}, search", f"{_unit(document)}, fresh luck"),
                tuple(lines),
            ),
        ),
        chart="pounds-against-attendance",
        picture=picture,
        note="A week, beyond today's. The search's own luck favours rotas that were lucky on it.",
    )


def _bought(document: Sizing) -> str:
    """What money buys, in a sentence where there is an answer."""
    answer = document.answer
    if answer is None or answer.fresh is None or answer.pounds <= 0:
        return "What money buys: the best rota at each price"
    before, after = phrases.figure(document.today).value, phrases.figure(answer.fresh).value
    return f"{pounds(answer.pounds)} a week takes it from {before} to {after} {_unit(document)}"


def _tried(document: Sizing) -> Section | None:
    if not document.candidates:
        return None
    lines = [
        Line(
            "; ".join(_short(moved) for moved in one.moved) or "as today",
            (Cell(pounds(one.pounds)), phrases.with_range(one.searched), Cell(f"{one.slack:+.1f}")),
        )
        for one in document.candidates
    ]
    return Section(
        "tried",
        f"All {len(document.candidates):,} rotas that were judged, the cheapest first",
        tables=(Table("", ("£ a week", _unit(document), "room"), tuple(lines)),),
        note="Room: standard errors by which what is asked is met on the search's luck.",
    )


def _short(one: Moved) -> str:
    hours = f" {one.hours}" if one.is_moved else ""
    return f"{one.pool} {one.shift} {one.people}{hours}"
