"""The page's own sentences: what the rows' sentences do not say, and the text of each picture.

Every figure in them is written by `sim.report.sentences` from a row.
"""

from __future__ import annotations

from typing import Final, TypeGuard

from sim.report import numbers
from sim.report import sentences as say
from sim.report.after_arrival import gains, is_told
from sim.report.charts.attendance import clock_words
from sim.report.charts.waits import STAGES
from sim.results import Document, Row

CANNOT_SHOW: Final = (
    (
        "What any force does.",
        (
            "Whether deployment waits for ratification is an input here, and so is the share "
            "held. The simulator says what a rule would produce. Only a force's own timestamps "
            "can show its practice."
        ),
    ),
    (
        "Which rule made a long wait.",
        (
            "A wait that ratification explains and a wait that a low place in the queue explains "
            "look alike in response times. The section on what would tell them apart names the "
            "records that differ."
        ),
    ),
    (
        "Harm.",
        (
            "No figure here measures it, and time unattended is no measure of it. No child is "
            "scored, ranked or predicted."
        ),
    ),
    (
        "Children who are never reported, or whose report is not recorded.",
        "They are in none of these figures, and fewer recorded reports are not a saving.",
    ),
    (
        "What follows the first attendance.",
        (
            "Enquiries, handovers, prevention interviews and return interviews take people's time"
            " here only as people left out of the pools. A child who comes home first still has "
            "to be seen."
        ),
    ),
    (
        "How wrong the assumptions are.",
        (
            "The ranges show luck alone: the same model run with other luck. They do not show "
            "what a wrong volume, duration or rule would do. The assumptions are listed below, "
            "each with its own range."
        ),
    ),
    (
        "Streets, breaks at desks, callers who give up, changes of the clock.",
        "Travel is drawn from a distribution, not routed, and every day has 24 hours.",
    ),
)
"""What the model cannot show: what it is about, and why."""

FOLLOWED: Final = {
    "Children who are never reported, or whose report is not recorded.": (
        "Children who are never reported.",
        (
            "They are in none of these figures. Of reports that are not recorded the hours missing "
            "are told, and nothing else; fewer recorded reports are not a saving."
        ),
    ),
    "What follows the first attendance.": (
        "What becomes of a child after the return.",
        (
            "Enquiries, interviews and the partners' first steps have their times and hours here. "
            "What any of them changes for the child is not simulated."
        ),
    ),
}
"""What stands in their place where cases are followed beyond arrival."""


def title(document: Document) -> str:
    """The page's name."""
    others = len(document.differences)
    first = document.context.scenario(document.baseline.name).removesuffix(" (illustrative)")
    beside = "" if not others else " and another" if others == 1 else f" and {others} others"
    return f"How often {document.context.reports} are reached in time: {first}{beside}"


def lead(document: Document) -> list[str]:
    """The baseline's problem: how many are in time, the longest waits, and what people could mend.

    Each is a paragraph.
    """
    name = document.spoken
    own = (f"Under {name},", f"Under {name} ")
    reached = [said for said in say.answer(document) if said.startswith(own)]
    beyond = say.ceiling(document)
    rests = beyond[-1:] if document.context.assumed else []
    beyond = [said for said in beyond if said.startswith(own)][:1]
    long_waits = say.long_waits(document)
    paragraphs = (
        [*reached[:1], *long_waits],
        say.beside(document)[:1],
        [*beyond, *rests] if beyond else [],
    )
    return [" ".join(said) for said in paragraphs if said]


def remedies(document: Document) -> list[tuple[str, str]]:
    """What each other scenario would change, by its title."""
    found = []
    for part in document.differences:
        row = document.headline(part, "arrived_within_target")
        base = document.headline(document.baseline, "arrived_within_target")
        own = next(one for one in document.scenarios if one.name == part.name)
        reached = document.headline(own, "arrived_within_target")
        title = document.context.scenario(part.name)
        if numbers.too_few(base) and numbers.too_few(reached):
            found.append((title, "too few to compare."))
            continue
        said = numbers.difference(row, "percentage points", 100, "more", "fewer")
        if row is not None and numbers.is_clear(row):
            said += " reached in time"
        if reached is not None and reached.value is not None:
            said += f"; {numbers.percent(reached)} are reached in time then"
        gained = gains(part, document.context)
        found.append((title, f"{said}. {gained[:1].upper()}{gained[1:]}".strip()))
    return found


def is_followed(document: Document) -> bool:
    """Whether cases are followed beyond the first attendance."""
    return any(is_told(part, document.context) for part in document.scenarios)


def bounds(document: Document) -> list[tuple[str, str]]:
    """What the model cannot show; of an illustrative scenario, that first."""
    followed = is_followed(document)
    cannot = [FOLLOWED.get(one[0], one) if followed else one for one in CANNOT_SHOW]
    statement = document.context.statement
    if statement is None:
        return cannot
    first = (
        statement,
        (
            "Volumes come from public figures; staffing and the rules inside the control room are"
            " mostly assumptions."
            if document.context.forces
            else "Numbers without a source are assumptions, those of a template too."
        ),
    )
    return [first, *cannot]


def certainty(document: Document) -> list[str]:
    """How sure the figures are, and of what."""
    run = document.run
    level = round(100 * document.level)
    said = [
        (
            f"The same {run.days} days were simulated {run.replications} times, each time "
            "with other luck. A range such as (19 to 21%) would hold the long-run figure of this "
            f"model in {level} of 100 such studies."
        )
    ]
    row = document.headline(document.baseline, "arrived_within_target")
    if row is not None and row.value is not None:
        said.append(
            f"The share reached in time under {document.spoken} is {numbers.percent(row)}, from "
            f"{row.n:,} simulated reports."
        )
    if document.differences:
        said.append(
            "All scenarios met the same reports with the same luck, one by one, so a difference "
            "between two of them is their staffing or rules and is known better than either "
            "figure alone."
        )
        adjusted = any(row.adjusted for part in document.differences for row in part.rows)
        if adjusted:
            said.append(
                "The ranges of the headline differences hold together; all others hold one by "
                "one, so that of twenty about one may miss by luck."
            )
    said.append(
        "A share with one limit alone (at most, at least) happened, or failed to happen, fewer "
        "than 20 times: too few to compare. Hours of the week with under 30 reports are not "
        "shaded."
    )
    said.append(
        "The ranges show luck alone. A wrong assumption moves every figure, and no number of "
        "replications shows that."
    )
    return said


def chart_text(name: str, document: Document) -> str:
    """A picture in words, for whoever does not see it."""
    makers = {
        "attendance": _attendance,
        "competing-risks": _risks,
        "stages": _stages,
        "share-held": _held,
        "hour-of-week": _week,
        "who-is-busy": _busy,
        "other-work": _other_work,
    }
    return makers[name](document)


def _attendance(document: Document) -> str:
    context = document.context
    said = [
        (
            f"Lines of the share of {context.reports} with an officer there, by minutes since "
            f"{clock_words(document)}; a vertical line marks the target of {context.target}, and "
            "short bars on it the ceiling with unlimited people."
        )
    ]
    for part in document.scenarios:
        points = document.curve(part)
        hour = next((point for point in points if point.minute == 60), None)
        reached = document.headline(part, "arrived_within_target", document.context.starts)
        ceiling = document.headline(part, "reachable_within_target", document.context.starts)
        words = []
        if _has(reached):
            words.append(f"{numbers.percent(reached)} by the target")
        if hour is not None:
            words.append(f"{numbers.percent(hour.arrived)} by 60 minutes")
        if _has(ceiling):
            words.append(f"ceiling {numbers.percent(ceiling)}")
        said.append(f"{document.context.spoken(part.name)}: {', '.join(words)}.")
    return " ".join(said)


def _risks(document: Document) -> str:
    said = [
        (
            "Areas over the minutes: officers arrived, the child returned first, still waiting; "
            "the three add up to all reports."
        )
    ]
    for part in document.scenarios:
        points = {point.minute: point for point in document.curve(part)}
        for minute in (60, 240):
            point = points.get(minute)
            if point is None or point.returned is None:
                continue
            said.append(
                f"{document.context.spoken(part.name)} by {minute} minutes: "
                f"{numbers.percent(point.arrived)} arrived, "
                f"{numbers.percent(point.returned)} returned first."
            )
    return " ".join(said)


def _stages(document: Document) -> str:
    said = ["A bar for each scenario, divided into what alone blocks arrival."]
    for part in document.scenarios:
        found = document.along(part, "stage_mean", "stage")
        words = [
            f"{words} {numbers.minutes(found[stage])}"
            for stage, words in STAGES.items()
            if stage in found and _has(found[stage])
        ]
        if words:
            said.append(f"{document.context.spoken(part.name)}, mean minutes: {', '.join(words)}.")
    return " ".join(said)


def _held(document: Document) -> str:
    if not document.context.sweeps:
        return ""
    return say.share_held(document.context.sweeps[0], document.context)


def _week(document: Document) -> str:
    hours = document.along(document.baseline, "arrived_within_target", "hour")
    enough = {int(h): row for h, row in hours.items() if _has(row) and row.n >= 30}
    said = (
        f"A map of the days of the week by the hours of the day under {document.spoken}: the share "
        "that misses the target. Below it, who is on duty in those hours."
    )
    if not enough:
        return f"{said} Every hour has under 30 reports: too few to shade."
    worst = min(enough, key=lambda hour: enough[hour].number)
    best = max(enough, key=lambda hour: enough[hour].number)
    return (
        f"{said} Of {len(enough)} hours with 30 reports or more the worst is {_hour(worst)}, with "
        f"{numbers.percent(enough[worst])} in time; the best is {_hour(best)}, with "
        f"{numbers.percent(enough[best])}."
    )


def _busy(document: Document) -> str:
    pools = document.pools(document.baseline)
    at = numbers.places(pools.values())
    words = [
        f"{document.context.pool(pool)} {numbers.percent(row, at=at)}"
        for pool, row in pools.items()
        if _has(row)
    ]
    return (
        f"A map of pools by hours of the day under {document.spoken}: the share of time on duty "
        f"spent on work. Over all hours: {', '.join(words)}."
    )


def _other_work(document: Document) -> str:
    return " ".join(
        [
            "Points with lines for their ranges: changes against the baseline for all other work.",
            *say.other_work(document),
        ]
    )


def _hour(hour: int) -> str:
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    day, of_day = divmod(hour, 24)
    return f"{days[day]} {of_day:02d}:00"


def _has(row: Row | None) -> TypeGuard[Row]:
    return row is not None and row.value is not None
