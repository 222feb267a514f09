"""What `replay` and `telephone` found, for a terminal: the answer first, then figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import Group, RenderableType

from sim.force_log.replaying.coupling import Coupling
from sim.force_log.replaying.course import Course
from sim.force_log.replaying.replay import ARRIVAL, Replay
from sim.force_log.replaying.scores import Skill
from sim.force_log.replaying.verdict import (
    MEDIAN_AIM,
    MEDIAN_NEAR,
    NEAR_MINUTES,
    TAIL_AIM,
    TAIL_NEAR,
    WAIT,
)
from sim.force_log.telephone import Telephone
from sim.report.log.diagnosis import PEOPLE
from sim.report.sections.figures import listed
from sim.report.terminal import ASCII, UNICODE, Sheet, spaced

COUNTS: Final = "Counts are to the nearest five; nothing here is an incident's own."
_WORDS: Final = {
    "believed": "met",
    "unsure": "cannot be judged (too far off, but by no more than luck explains)",
    "not": "missed",
}
PLACES: Final = {"p50": "half within", "p75": "three quarters within", "p90": "nine in ten within"}
STAGES: Final = {WAIT: "from grading to allocation", ARRIVAL: "from the call to arrival"}


def replay_sentences(found: Replay) -> list[str]:
    """The verdict in sentences, plain ASCII."""
    sentences = [verdict(found)]
    if found.fitted_days is not None and found.overlaps:
        sentences.append(
            f"The scenario was fitted to {found.fitted_days[0]} to {found.fitted_days[1]}, and "
            "these days are among them: what agrees here shows how well it fits, not that it "
            "predicts. Replay days that it has not seen."
        )
    if found.verdicts:
        sentences += [level_sentence(found), course_sentence(found)]
    sentences += [f"Grade {one.grade}: {one.why}." for one in found.verdicts]
    extra = found.extra
    if extra is None:
        sentences.append("There are too few missing-child jobs to hold their extra wait against.")
    elif extra.predicted is None:
        sentences.append(
            "Other jobs of the grade and hour of missing-child jobs typically wait under a minute, "
            "in the log or as predicted, so no ratio of their waits is given."
        )
    else:
        observed = (
            "the log's own figure rests on fewer than ten and is withheld"
            if extra.observed is None
            else f"the log has {extra.observed:g} ({_end(extra.low, '-')} to "
            f"{_end(extra.high, '-')})"
        )
        inside = {True: "inside its interval", False: "outside its interval", None: ""}
        sentences.append(
            f"Missing-child jobs are predicted to wait {extra.predicted:g} times as long as others "
            f"of their grade and hour; {observed}. The prediction lies {inside[extra.inside]}."
            if extra.inside is not None
            else f"Missing-child jobs are predicted to wait {extra.predicted:g} times as long as "
            f"others; {observed}."
        )
    if found.coverage is not None:
        sentences.append(
            f"By hours, {100 * found.coverage:.0f} % of the observed quantiles lie within the "
            f"predicted {100 * found.level:.0f} % limits."
        )
    return sentences


def verdict(found: Replay) -> str:
    """The plain verdict in one sentence or two, and what may still be asked."""
    if not found.verdicts:
        return "There are too few jobs to say whether the scenario may be believed."
    parts = found.parts
    if parts.level == "missed":
        return (
            "Not to be believed: waits for a crew are off by more than luck explains. Look at the "
            "hours at which they go wrong before anything is planned with this scenario."
        )
    course = found.course
    if parts.course == "missed" and course is not None and course.skill.shown and not course.moves:
        return (
            "Better than the plainest forecast, that waits will be as in the weeks before, but its "
            f"bad hours are {_how_bad(course)}: what one crew more or fewer would do it does not "
            "show."
        )
    if parts.course == "missed":
        return (
            "No better than the plainest forecast, that waits will be as in the weeks before. It "
            f"says how long waits are{'' if parts.level == 'met' else ', if that'}; what one crew "
            "more or fewer would do it does not show."
        )
    if "unsure" in (parts.level, parts.course):
        return "These days cannot tell whether the scenario may be believed; more of them may."
    if parts.missing_children == "missed":
        return (
            "Waits for a crew may be believed, in level and in course, but not how much longer "
            "missing-child jobs wait."
        )
    told = (
        ", and so may the extra wait of missing-child jobs"
        if parts.missing_children == "met"
        else "; of the extra wait of missing-child jobs these days cannot tell"
    )
    return f"Waits for a crew may be believed, in level and in course{told}."


def _how_bad(course: Course) -> str:
    """How the predicted departures from the usual stand to the log's, where they are not alike."""
    if course.slope is None:
        return "no worse than others, as the log's are"
    return "not as bad as the log's" if course.slope.value > 1 else "far worse than the log's"


def level_sentence(found: Replay) -> str:
    """Which grades' levels are met, and what they are held to."""
    told = []
    for word, words in _WORDS.items():
        own = [str(one.grade) for one in found.verdicts if one.word == word]
        if own:
            told.append(f"{'grade' if len(own) == 1 else 'grades'} {listed(own)} {words}")
    return (
        f"Level: {', '.join(told)}. To be met, median and nine waits in ten lie within what luck "
        f"explains, the luck of the fitted days in it, and within {MEDIAN_AIM:.0%} and "
        f"{TAIL_AIM:.0%}; or within {MEDIAN_NEAR:.0%} and {TAIL_NEAR:.0%}, or {NEAR_MINUTES:g} min."
    )


def course_sentence(found: Replay) -> str:
    """Whether the scenario is better than the plainest forecasts, and tells bad days from good."""
    course = found.course
    if course is None:
        return (
            "Course: not told. It takes a week of days to replay and a week of others, those that "
            "the scenario was fitted to or some before, to make the plainest forecast from."
        )
    slant = (
        "its waits do not move"
        if course.slope is None
        else f"where its waits depart by one from the usual for the hour, the log's depart by "
        f"{course.slope.value:g} ({course.slope.low:g} to {course.slope.high:g})"
    )
    return (
        f"Course: its forecasts score {_skill(course.skill)} than that waits will be as on "
        f"{course.past_days} other days, by grade, and {_skill(course.skill_by_hour)} than that by "
        f"grade and hour of the week; {slant}. Of any two days the one that it has as the worse "
        f"was so in {100 * course.days_told:.0f} of 100 (50 is guessing)."
        f"{_coupling(course.coupling)}"
    )


def _coupling(one: Coupling | None) -> str:
    if one is None:
        return ""
    told = (
        f" Allocations after five minutes follow a crew's clearing within a minute in "
        f"{100 * one.predicted:.0f} of 100 more than by chance, for the log's "
        f"{100 * one.observed:.0f} ({100 * one.low:.0f} to {100 * one.high:.0f})"
    )
    if one.near:
        return f"{told}."
    hangs = "less" if one.predicted < one.observed else "more"
    return f"{told}: waits hang {hangs} on crews than they should."


def _skill(one: Skill) -> str:
    word = "better" if one.value >= 0 else "worse"
    return f"{abs(one.value):.1%} {word} ({one.low:+.1%} to {one.high:+.1%})"


def replay_summary(found: Replay, *, width: int, ascii_only: bool = False) -> RenderableType:
    """The whole replay for a terminal of this width; under 60 columns are taken as 60."""
    page = Sheet(max(60, width), ASCII if ascii_only else UNICODE)
    parts: list[list[RenderableType]] = [
        [page.heading("How far the scenario may be believed"),
         *map(page.line, replay_sentences(found))],
    ]  # fmt: skip
    for stage, words in STAGES.items():
        lines = [
            [f"grade {row.grade}, {PLACES[row.place]}", f"{row.n:,}", f"{row.observed:g}",
             f"{row.predicted:g}", f"{row.low:g}{page.glyphs.dash}{row.high:g}",
             "" if row.error is None else f"{100 * row.error:+.0f} %"]
            for row in found.rows
            if row.stage == stage and row.first_hour is None
        ]  # fmt: skip
        if lines:
            headings = ["", "jobs", "observed", "predicted", "limits", "error"]
            parts.append([page.heading(f"Minutes {words}"), page.table(headings, lines)])
    hours = list(_by_hours(found))
    if hours:
        parts.append([
            page.heading("By hour of the call, from grading to allocation: half within, minutes"),
            page.table(["", "jobs", "observed", "predicted", "limits"], hours),
        ])  # fmt: skip
    parts.append([
        page.heading("Distance of the distributions (Kolmogorov-Smirnov)"),
        page.table(
            ["", "jobs", "distance", "by luck under"],
            [[f"grade {one.grade}, {STAGES[one.stage]}", f"{one.n:,}", f"{one.value:.3f}",
              f"{one.expected:.3f}"] for one in found.distances],
        ),
    ])  # fmt: skip
    parts.append([
        *(page.line(note, indent="  ") for note in found.notes),
        page.line(f"{found.title}, {found.first_day} to {found.last_day}, under "
                  f'"{found.scenario}"; who paraded drawn {found.replications} times. {COUNTS}',
                  "dim"),
        page.line(PEOPLE, "dim"),
    ])  # fmt: skip
    return Group(*spaced(parts))


def telephone_summary(found: Telephone, *, width: int, ascii_only: bool = False) -> RenderableType:
    """Answer times predicted beside those counted, for a terminal of this width."""
    page = Sheet(max(60, width), ASCII if ascii_only else UNICODE)
    whole = [one for one in found.within if one.load == "all"]
    staff = ", ".join(f"{name} {people}" for name, people in found.staff.items())
    worst = max(whole, key=lambda one: abs(one.predicted - one.observed))
    answer = (
        f"With call takers at work as fitted to the first {found.fitted_days} days ({staff}), the "
        f"share answered in time on the other {found.predicted_days} is predicted to within "
        f"{100 * abs(worst.predicted - worst.observed):.1f} percentage points "
        f"(worst: {worst.line}, {worst.seconds} seconds)."
    )
    lines = [
        [f"{one.line}, {one.load}, {one.seconds} s", f"{one.n:,}", f"{100 * one.observed:.1f} %",
         f"{100 * one.predicted:.1f} %",
         f"{100 * one.low:.1f}{page.glyphs.dash}{100 * one.high:.1f}"]
        for one in found.within
        if one.seconds <= 40
    ]  # fmt: skip
    note = (
        "Staff is known only together with the length of calls, which the mapping assumes. "
        f"Abandoned calls ({100 * found.abandoned:.1f} %) are left out: nobody in the model hangs "
        "up. A load is a third of the fitted hours, by calls."
    )
    return Group(*spaced([
        [page.heading("How far the call takers' queue may be believed"), page.line(answer)],
        [page.heading("Answered within"),
         page.table(["", "calls", "observed", "predicted", "limits"], lines)],
        [page.line(note, "dim"), page.line(f"{found.title}. {COUNTS}", "dim")],
    ]))  # fmt: skip


def _by_hours(found: Replay) -> Iterator[list[str]]:
    for row in found.rows:
        if row.stage == WAIT and row.place == "p50" and row.first_hour is not None:
            hours = f"{row.first_hour:02d}:00 to {row.first_hour + 4:02d}:00"
            yield [f"grade {row.grade}, {hours}", f"{row.n:,}", f"{row.observed:g}",
                   f"{row.predicted:g}", f"{row.low:g} to {row.high:g}"]  # fmt: skip


def _end(value: float | None, none: str) -> str:
    return none if value is None else f"{value:.3g}"
