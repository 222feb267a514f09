"""The first screen: a finding that follows from the rows, in few lines, without own figures."""

from __future__ import annotations

import re
from dataclasses import replace
from io import StringIO
from typing import Any, Final

import pytest
from rich.console import Console
from rich.text import Text

from sim.errors import InputError
from sim.report.answer import Answer, about, answer, headline_of
from sim.report.answer.causes import causes
from sim.report.answer.question import Question
from sim.report.console import Wanted
from sim.report.console import shown as drawn
from sim.report.console.lines import Terminal
from sim.report.console.screen import screen
from sim.report.terminal import ASCII, UNICODE
from sim.results import (
    Assumed,
    Document,
    FileChange,
    Row,
    Rule,
    Staffing,
    Sweep,
    SweepPoint,
    UnknownRange,
    Unknowns,
)
from tests.report.planted import Plant, filled, planted, row

TODAY = Plant("today", "Dorset, spring 2022 (illustrative)")
BETTER = Plant("better", "Teams until 02:00", 0.223, (0.023, 0.006), 0.21, (-0.053, 0.012))
WORSE = Plant("worse", "One fewer", 0.18, (-0.02, 0.006), 0.28, (0.02, 0.008))
UNCLEAR = Plant("unclear", "Another order", 0.205, (0.005, 0.012), 0.26, (0.001, 0.01))
SAME = Plant("same", "Another name", 0.2, (0.0, 0.0), 0.26, (0.0, 0.0))


def told(document: Document) -> str:
    """The finding in one string."""
    return " ".join(answer(document).finding)


def lines(document: Document, width: int = 80, *, ascii_only: bool = False) -> list[str]:
    """The lines of the first screen."""
    terminal = Terminal(width, ASCII if ascii_only else UNICODE)
    return [line.plain for line in screen(answer(document), terminal)]


def test_a_better_variant_is_told_with_its_range() -> None:
    """What is clearly better says by how much, from where to where."""
    made = answer(planted(TODAY, BETTER))
    assert made.verdicts[0].outcome == "better"
    assert made.heading.startswith("Teams until 02:00: 2.3 more in 100 reached in time")
    assert "Under A 20 in 100 are reached in time." in made.finding
    assert "B (Teams until 02:00) reaches 22 in 100, 2.3 more (1.7 to 2.9)" in told(
        planted(TODAY, BETTER)
    )


SLIGHT = Plant("slight", "A hair's breadth", 0.2003, (0.0003, 0.0001), 0.26, (-0.0002, 0.0001))


def test_a_clear_change_that_is_next_to_nothing_says_so() -> None:
    """In the finding; a child's safety, told in hours, is compared in minutes where it is small."""
    found = told(planted(TODAY, SLIGHT))
    assert "reaches 20 in 100, less than 0.1 more (a change, but next to nothing)" in found
    assert (
        "leaves less than 0.1 fewer in 100 waiting over an hour (a change, but next to nothing)"
    ) in found
    stage = {"stream": "missing_child", "stage": "child_safe", "unit": "hours"}
    for hours, half, words in (
        (-0.7, 0.2, "clearly 0.7 hours sooner under B."),
        (-0.04, 0.01, "clearly 2.4 minutes sooner under B."),
        (
            -0.0005,
            0.0003,
            "clearly less than 0.1 minutes sooner under B (a change, but next to nothing).",
        ),
    ):
        document = with_rows(planted(TODAY, SLIGHT), row("clock_mean", 19.2, 0.4, **stage))
        (part,) = document.differences
        part = part.model_copy(
            update={"rows": (*part.rows, row("clock_mean", hours, half, **stage))}
        )
        document = document.model_copy(update={"differences": (part,)})
        assert f"on average; {words}" in " ".join(" ".join(lines(document)).split())


def test_a_worse_variant_is_called_fewer() -> None:
    """What is clearly worse is never told as a gain."""
    made = answer(planted(TODAY, WORSE))
    assert made.verdicts[0].outcome == "worse"
    assert "2.0 fewer (1.4 to 2.6)" in " ".join(made.finding)
    assert not re.search(r"reaches [^.]* more", " ".join(made.finding))


def test_what_is_not_clear_is_said_so() -> None:
    """A range that holds no change makes no clear difference, and gives the range."""
    made = answer(planted(TODAY, UNCLEAR))
    assert made.verdicts[0].outcome == "unclear"
    assert made.heading == "Another order: no clear difference"
    assert "makes no clear difference in time (1 fewer to 2 more in 100)" in " ".join(made.finding)


def test_the_same_luck_and_the_same_rules_change_nothing() -> None:
    """A difference of exactly nought is not called unclear."""
    made = answer(planted(TODAY, SAME))
    assert made.verdicts[0].outcome == "same"
    assert "B (Another name) changes nothing." in made.finding


def test_two_measures_that_part_are_both_told() -> None:
    """Fewer in time but fewer waiting over an hour is neither better nor worse."""
    parted = Plant("parted", "Parted", 0.18, (-0.02, 0.006), 0.22, (-0.04, 0.01))
    made = answer(planted(TODAY, parted, BETTER))
    assert made.verdicts[0].outcome == "mixed"
    assert "2.0 fewer (1.4 to 2.6), but leaves 4 fewer in 100 waiting over an hour" in " ".join(
        made.finding
    )


def test_a_second_measure_speaks_where_the_first_is_not_clear() -> None:
    """Fewer waiting over an hour is told although the share in time is not clearly another."""
    late = Plant("late", "Late", 0.2, (0.001, 0.01), 0.2, (-0.06, 0.01))
    made = answer(planted(TODAY, late))
    assert made.verdicts[0].outcome == "better"
    assert "no clear difference in time, but leaves 6 fewer in 100" in " ".join(made.finding)


@pytest.mark.parametrize(
    ("posts", "pounds", "words"),
    [
        (367.9, 510_978.0, ", for 8.4 more posts and £12,768 a week."),
        (360.5, 500_000.0, ", for 1 more post and £1,790 a week."),
        (340.0, 470_000.0, ", with 19.5 fewer posts and £28,210 a week less."),
        (359.5, 498_210.0, "It takes no more posts or pounds."),
        (359.52, 498_210.2, "It takes no more posts or pounds."),
    ],
)
def test_the_price_stands_in_the_finding(posts: float, pounds: float, words: str) -> None:
    """Posts and pounds beyond the baseline, once, and what takes the same is said to."""
    variant = Plant("v", "V", 0.223, (0.023, 0.006), posts=posts, pounds=pounds)
    assert words in told(planted(TODAY, variant))


def test_other_calls_that_lose_are_named_first() -> None:
    """Who pays stands before who gains; what is not clear is not named."""
    variant = Plant(
        "v", "V", 0.223, (0.023, 0.006),
        others={
            ("missing_adult", 2): (0.07, 0.02),
            ("welfare_concern", 2): (-0.012, 0.003),
            ("immediate", 1): (-0.001, 0.01),
        },
    )  # fmt: skip
    said = told(planted(TODAY, variant))
    assert said.index("welfare concerns, grade 2, 1.2 fewer in 100 in time (0.9 to 1.5)") < (
        said.index("missing adults, grade 2, 7 more in 100 in time (5 to 9)")
    )
    assert "immediate" not in said
    calls = answer(planted(TODAY, variant)).verdicts[0].calls
    assert (len(calls.gain), len(calls.lose), calls.looked_at) == (1, 1, 3)


def test_no_other_call_that_clearly_changes_is_said_once() -> None:
    """Of several variants without any clear change elsewhere there is one sentence."""
    quiet = {("immediate", 1): (0.0, 0.01), ("priority", 2): (0.001, 0.004)}
    document = planted(
        TODAY,
        Plant("b", "B", 0.22, (0.02, 0.006), others=quiet),
        Plant("c", "C", 0.18, (-0.02, 0.006), others=quiet),
    )
    assert told(document).count("None of 2 other kinds of call clearly gains or loses.") == 1


def test_too_few_events_are_not_compared() -> None:
    """Of two rare shares nothing is said but that they are too few."""
    rare = [
        Plant(name, name, 0.0005, change, None, None, few=True)
        for name, change in (("a", None), ("b", (0.0004, 0.0001)))
    ]
    made = answer(planted(*rare))
    assert made.verdicts[0].outcome == "unknown"
    assert "has too few reports to be compared" in " ".join(made.finding)
    assert made.table is not None
    assert "too few" in {cell.text for line in made.table.lines for cell in line.cells}


def test_a_grade_without_a_target_is_told_by_its_delays() -> None:
    """Nothing is said to be in time where nothing promises a time."""
    document = planted(
        Plant("a", "A", None),
        Plant("b", "B", None, (-5.0, 2.0)),
        grade=3,
        target_minutes=None,
    )
    made = answer(document)
    assert "no target" in made.what
    assert "B (B) has somebody there 5 minutes sooner on average (3 to 7)" in told(document)
    assert not any("in time" in line for line in lines(document) if not line.startswith("NEXT"))


def test_a_window_without_reports_says_so_and_gives_the_rest() -> None:
    """Without a report there is no table, but posts and what the run was."""
    document = planted(Plant("a", "A", reports=0), Plant("b", "B", reports=0))
    made = answer(document)
    assert made.finding == ("No report of grade 2 missing children fell in the measured days.",)
    assert made.table is None or all(
        isinstance(cell.source, Staffing | None) for line in made.table.lines for cell in line.cells
    )
    assert any("359.5 posts" in line for line in lines(document))
    assert any("0 simulated reports" in line for line in lines(document))


def test_one_scenario_alone_is_not_compared() -> None:
    """A single run has no letters, no changes and no price beside another."""
    shown = lines(planted(TODAY))
    assert any("20 in 100 (19 to 21) are reached within 20 minutes" in line for line in shown)
    assert not any("change from" in line or " A " in line for line in shown)


def hold(share: float) -> Rule:
    """A rule that holds this share for ratification."""
    return Rule(deploy_on="ratification", share_held=share, streams=("missing_child",))


FREE = Rule(deploy_on="grading", share_held=0.0, streams=("missing_child",))
OFF = (FileChange(path="policy.gate.deploy_on", baseline='"ratification"', other='"grading"'),)


def test_causes_come_from_a_run_without_them() -> None:
    """With a run without the hold the misses part into four, which add up to all of them."""
    held = Plant("today", "Today", 0.2, ceiling=0.36, rule=hold(0.5))
    free = Plant("free", "Free", 0.4, (0.2, 0.02), ceiling=0.72, rule=FREE, changes=OFF)
    made = answer(planted(held, free))
    # 28 cannot be reached without the hold; 40 - 20 by the rule; 36 - 20 by people; 16 by both.
    assert {one.name: one.in_100 for one in made.causes} == {
        "work": 28, "rule": 20, "people": 16, "both": 16,
    }  # fmt: skip


def test_parts_that_either_change_mends_are_counted_once() -> None:
    """Where hold and people stand in for each other, what either mends is a part of its own."""
    held = Plant("today", "Today", 0.2, ceiling=0.5, rule=hold(0.5))
    free = Plant("free", "Free", 0.5, (0.3, 0.02), ceiling=0.6, rule=FREE, changes=OFF)
    made = answer(planted(held, free))
    # Rule alone 30, people alone 30, together 40: 10 by each only, 20 by either.
    assert {one.name: one.in_100 for one in made.causes} == {
        "work": 40, "rule": 10, "people": 10, "either": 20,
    }  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        (),
        (*OFF, FileChange(path="pools.x.shifts", baseline="1", other="2")),
    ],
)
def test_without_such_a_run_the_hold_is_not_called_a_cause(changes: tuple[FileChange, ...]) -> None:
    """A variant that changes more than the hold, or nothing, tells nothing about the hold."""
    held = Plant("today", "Today", 0.2, ceiling=0.36, rule=hold(0.5))
    free = Plant("free", "Free", 0.4, (0.2, 0.02), ceiling=0.72, rule=FREE, changes=changes)
    made = answer(planted(held, free))
    assert {one.name: one.in_100 for one in made.causes} == {"work": 64, "people": 16}


@pytest.mark.parametrize("in_time", [0.01, 0.2034, 0.5, 0.984])
@pytest.mark.parametrize("ceiling", [0.0, 0.335, 0.5, 0.999, 1.0])
@pytest.mark.parametrize("free", [0.1, 0.5051, 1.0])
def test_causes_add_up_whatever_the_shares(in_time: float, ceiling: float, free: float) -> None:
    """Rounded parts add up to the rounded misses, and none is negative."""
    held = Plant("today", "Today", in_time, ceiling=max(ceiling, in_time), rule=hold(0.5))
    other = Plant(
        "free", "Free", free, (free - in_time, 0.02),
        ceiling=max(ceiling, free), rule=FREE, changes=OFF,
    )  # fmt: skip
    parts = [one.in_100 for one in answer(planted(held, other)).causes]
    assert parts
    assert sum(parts) == round(100 * (1 - in_time))
    assert min(parts) >= 0


def test_many_variants_are_sorted_best_first() -> None:
    """Beyond three variants one table holds their changes, the best on top, under the baseline."""
    variants = [
        Plant(f"v{place}", f"Variant {place}", 0.2 + change, (change, 0.01))
        for place, change in enumerate((-0.04, 0.03, 0.0, 0.06, 0.001))
    ]
    made = answer(planted(TODAY, *variants))
    assert made.table is not None
    labels = [line.label for line in made.table.lines]
    assert labels[0].startswith("A ")
    assert [label.partition(" ")[2] for label in labels[1:]] == [
        "Variant 3", "Variant 1", "Variant 4", "Variant 2", "Variant 0",
    ]  # fmt: skip
    assert (
        "two are clearly better than A, one clearly worse and two not clearly either"
        in (made.finding[0])
    )
    assert made.finding[1].startswith("Best: E (Variant 3)")


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_no_line_is_wider_than_the_terminal_or_ends_in_a_blank(
    width: int, ascii_only: bool
) -> None:
    """Whatever the width and the alphabet, lines fit and a pipe gets no trailing blank."""
    for shown in (
        lines(planted(TODAY, BETTER, WORSE), width, ascii_only=ascii_only),
        lines(planted(TODAY), width, ascii_only=ascii_only),
        lines(planted(TODAY, BETTER, WORSE, UNCLEAR, SAME), width, ascii_only=ascii_only),
    ):
        assert all(len(line) <= width and line == line.rstrip() for line in shown)
        assert not ascii_only or all(line.isascii() for line in shown)


@pytest.mark.parametrize(
    ("plants", "most"),
    [
        ((TODAY,), 40),
        ((TODAY, BETTER), 45),
        ((TODAY, BETTER, WORSE), 45),
        ((TODAY, BETTER, WORSE, UNCLEAR, SAME), 57),
    ],
)
def test_the_screen_is_one_screen(plants: tuple[Plant, ...], most: int) -> None:
    """At 80 columns a comparison of three takes at most 45 lines, a run at most 40."""
    assumed = (Assumed(what="the work of ratification", minutes=6, low=0.5, high=3),)
    assert len(lines(planted(*plants, assumed=assumed))) <= most


LONG_WORDS: Final = (
    "the share held for ratification",
    "missing children: length of the risk assessment",
    "people on shifts of Response, BCP and people on shifts of Response, county",
)


@pytest.mark.parametrize(
    "unknowns",
    [
        None,
        Unknowns(
            settings=60,
            ranges={"today": UnknownRange(low=0.1, high=0.36)},
            better={"better": 1.0, "worse": 0.0},
            varied=LONG_WORDS,
        ),
    ],
)
def test_a_full_screen_of_three_is_one_screen(unknowns: Unknowns | None) -> None:
    """With every paragraph, what is not known and losing calls it is still 45 lines."""
    points = tuple(SweepPoint(share=one, value=0.4, low=0.3, high=0.5, n=99) for one in (0.0, 1.0))
    quiet = {("priority", 2): (-0.02, 0.01), ("immediate", 1): (-0.02, 0.01)}
    document = filled(
        planted(
            replace(TODAY, rule=hold(0.5)),
            replace(BETTER, title="Deploy at grading as today", others=quiet),
            replace(WORSE, title="Hold every deployment for ratification", others=quiet),
            beside={"missing_child": "One of these was attended after ten hours."},
            assumed=tuple(
                Assumed(what=f"the {what}", minutes=6, low=0.5, high=3)
                for what in ("THRIVE", "risk assessment", "work of ratification")
            ),
            sweeps=(Sweep(title="Dorset", points=points, own=0.5),),
            unknowns=unknowns,
        )
    )
    assert len(lines(document)) <= 45
    assert (
        len(
            lines(
                document.model_copy(update={"differences": (), "scenarios": document.scenarios[:1]})
            )
        )
        <= 40
    )


def test_children_who_are_never_looked_for_are_on_the_first_screen() -> None:
    """Fewer reports would pass for a gain; so what is never recorded is told, and of whom."""
    document = with_rows(
        planted(TODAY, BETTER),
        row("case_end", 0.05, stream="missing_child", stage="unrecorded"),
        row("unrecorded_hours_a_week", 31.0, 2.0, stream="missing_child", unit="hours"),
    )
    shown = " ".join(" ".join(lines(document)).split())
    assert "NOT RECORDED Under A 5 in 100 (4 to 6) episodes, 31 (29 to 33) hours missing" in shown
    assert "Fewer reports are no saving." in shown
    assert "NOT RECORDED" not in " ".join(lines(planted(TODAY, BETTER)))


def test_several_variants_without_a_clear_difference_share_a_sentence() -> None:
    """Where no variant does anything clear it is said once."""
    said = told(planted(TODAY, UNCLEAR, SAME))
    assert (
        "Neither B (Another order) nor C (Another name) makes a clear difference in time." in said
    )


def test_every_figure_of_the_table_is_a_row() -> None:
    """A cell with a number has the typed record that it is written from."""
    for document in (
        planted(TODAY, BETTER, WORSE),
        planted(TODAY, *[BETTER, WORSE, UNCLEAR, SAME]),
    ):
        made = answer(document)
        assert made.table is not None
        for line in made.table.lines:
            for cell in line.cells:
                if re.search(r"\d", cell.text) and cell.text not in _counts(made):
                    assert isinstance(cell.source, Row | Staffing | SweepPoint), (line, cell)


def _counts(made: Answer) -> set[str]:
    """Cells that count rows of other calls."""
    return {
        cell.text
        for line in (made.table.lines if made.table else ())
        for cell in line.cells
        if re.fullmatch(r"(\d+ (gain|lose)(, )?)+", cell.text)
    }


def test_every_figure_of_the_finding_is_in_the_table() -> None:
    """A number of the finding is one that the table writes, or the price."""
    document = planted(TODAY, BETTER, WORSE)
    made = answer(document)
    assert made.table is not None
    written = {
        number
        for line in made.table.lines
        for cell in line.cells
        for number in re.findall(r"\d+(?:[.,]\d+)*", cell.text)
    }
    titled = re.sub(r"\([^)]*(?:02:00|spring)[^)]*\)", "", " ".join(made.finding))
    said = set(re.findall(r"\d+(?:[.,]\d+)*", titled)) - {"100"}
    assert said <= written, said - written


def test_the_second_range_is_told_where_it_was_worked_out() -> None:
    """What is not known is a range beside luck, with how often the variant is better."""
    unknowns = Unknowns(
        settings=60,
        ranges={"today": UnknownRange(low=0.1, high=0.36)},
        better={"better": 1.0, "worse": 0.0},
        varied=("share held", "call length"),
    )
    shown = said(planted(TODAY, BETTER, WORSE, unknowns=unknowns))
    assert (
        "What is assumed and not known, share held and call length most of all, could make A "
        "anything from 10 to 36 in 100 over 60 settings tried: B is better than A in all; C is "
        "worse in all."
    ) in shown
    assert "settings" not in said(planted(TODAY, BETTER))


def test_settings_in_which_nothing_differs_are_told() -> None:
    """Better in two of fifteen is read otherwise where the rest are the same than where worse."""
    unknowns = Unknowns(
        settings=15,
        ranges={"today": UnknownRange(low=0.1, high=0.36)},
        better={"better": 2 / 15, "worse": 0.0},
        same={"better": 12 / 15, "worse": 14 / 15},
    )
    shown = said(planted(TODAY, BETTER, WORSE, unknowns=unknowns))
    assert (
        "over 15 settings tried: B is better than A in 2, the same in 12 and worse in 1; C is the "
        "same in 14 and worse in 1."
    ) in shown


def test_of_few_replications_nothing_is_called_clear() -> None:
    """Under ten the first screen and every section leave the word out, and say so."""
    others = {("immediate", 1): (-0.02, 0.01), ("priority", 2): (0.0, 0.01)}
    for variants in ((replace(BETTER, others=others), UNCLEAR), (BETTER, WORSE, UNCLEAR, SAME)):
        document = filled(planted(TODAY, *variants))
        text = whole(document)
        assert "clearly" in text
        few = document.model_copy(
            update={"run": document.run.model_copy(update={"replications": 9})}
        )
        text = whole(few)
        assert "clearly" not in text
        assert "different from A in 9 replications, too few to call it clear." in text
        assert "Of 9 replications nothing is called clear: ask for 10 or more." in text


def whole(document: Document) -> str:
    """The screen and all sections as one line of words."""
    console = Console(width=80, file=StringIO())
    console.print(drawn(document, Wanted(full=True), width=80))
    return " ".join(str(console.file.getvalue()).split())  # type: ignore[attr-defined]


def test_overtime_stands_beside_the_posts_where_it_changes() -> None:
    """A clear change of its pounds is in the finding, after the price, and in the table."""
    document = planted(TODAY, BETTER, SAME)
    first, second = document.differences
    pounds = [
        row("overtime_pounds", -1_234.0, 200.0, unit="pounds", n=30),
        row("overtime_pounds", 20.0, 200.0, unit="pounds", n=30),
    ]
    parts = tuple(
        one.model_copy(update={"rows": (*one.rows, own)})
        for one, own in zip((first, second), pounds, strict=True)
    )
    base = row("overtime_pounds", 36_558.0, 750.0, unit="pounds", n=30)
    made = with_rows(document.model_copy(update={"differences": parts}), base)
    assert "Overtime a week: £1,234 less (£1,034 to £1,434) under B." in told(made)
    assert any(
        line.split() == ["Overtime", "a", "week", "£36,558", "-£1,234*", "not", "clear"]
        for line in lines(made)
    )
    assert "vertime" not in said(document)


def test_why_there_is_no_second_range_is_told() -> None:
    """A scenario without sources, or too few replications, says so in a sentence."""
    why = "Nothing says how far each number may be wrong: the scenario has no [sources]."
    assert why in said(planted(TODAY, BETTER, unknowns_missing=why))


def said(document: Document) -> str:
    """The screen as one line of words."""
    return " ".join(" ".join(line.split()) for line in lines(document))


def test_growing_queues_come_before_the_answer() -> None:
    """What cannot be planned on says so above the finding."""
    shown = lines(planted(TODAY, BETTER, unplannable=("Response, BCP has 1.2 times its hours.",)))
    place = next(at for at, line in enumerate(shown) if "cannot be planned on" in line)
    assert place < next(at for at, line in enumerate(shown) if line.startswith("ANSWER"))


def test_it_is_illustrative_unless_a_force_says_otherwise() -> None:
    """The statement stands on the screen, and not on a force's own."""
    assert any("Illustrative, not evidence about Dorset." in one for one in lines(planted(TODAY)))
    assert not any("Illustrative" in one for one in lines(planted(TODAY, illustrative=False)))
    shown = " ".join(lines(planted(TODAY)))
    assert "not a prediction about any child" in shown


def test_what_to_ask_next_is_not_what_was_asked() -> None:
    """Each step is a command or an option, and in brackets what it gives."""
    document = planted(TODAY, BETTER)
    text = " ".join(" ".join(lines(document)).split())
    assert "NEXT --full (every table) --about risk=high (other children) --html FILE" in text
    assert "explain SCENARIO (why) size --help (how few) trace SCENARIO (one report)" in text
    high = replace(headline_of(document.context), risk="high")
    assert ("--about care=yes", "other children") in answer(document, high).following


def test_a_star_stays_beside_what_it_means() -> None:
    """Whatever the width, no line ends with it."""
    for width in range(60, 130):
        assert not any(line.endswith(" *") for line in lines(planted(TODAY, BETTER), width))


def test_a_cut_becomes_the_subject() -> None:
    """--about narrows the headline, and the subject line says to what."""
    document = with_rows(planted(TODAY), row("waited_over", 0.3, minutes=60, **CARE))
    subject = about("care=yes", document)
    assert subject.whom(document.context) == "Grade 2 missing children in care"
    made = answer(document, subject)
    assert made.whom == "Grade 2 missing children in care"


def test_a_cut_that_the_headlines_grade_lacks_widens_to_every_grade() -> None:
    """High risk is all of grade 1, so the headline's grade 2 holds none of it."""
    high = row("waited_over", 0.1, minutes=60, stream="missing_child", risk="high")
    document = with_rows(planted(TODAY), high)
    assert about("risk=high", document).whom(document.context) == "High-risk missing children"
    none = answer(document, about("risk=high,grade=2", document))
    assert none.finding == (
        "No report of grade 2 high-risk missing children fell in the measured days.",
    )


CARE: dict[str, Any] = {"stream": "missing_child", "grade": 2, "care": True}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("risc=high", 'did you mean "risk"'),
        ("risk=hihg", 'did you mean "high"'),
        ("care", "care needs a value after ="),
        ("hours=night", "allowed: team, other"),
        ("stream=missing_childs", 'did you mean "missing_child"'),
        ("", "no cut is named"),
    ],
)
def test_an_unknown_cut_names_the_nearest(text: str, words: str) -> None:
    """A slip of the pen is told with what may stand there."""
    with pytest.raises(InputError) as caught:
        about(text, with_rows(planted(TODAY), row("waited_over", 0.3, minutes=60, **CARE)))
    assert words in str(caught.value)
    assert "--about" in str(caught.value)


def test_cuts_that_are_not_held_together_say_so() -> None:
    """Each cut is there and their crossing is not: the message says which to ask for."""
    document = with_rows(
        planted(TODAY),
        row("waited_over", 0.3, minutes=60, **CARE),
        row("waited_over", 0.3, minutes=60, stream="missing_child", risk="high"),
    )
    with pytest.raises(InputError, match="do not hold these cuts together"):
        about("risk=high,care=yes", document)
    counted = answer(document, about("risk=high,care=yes", document, counted=True))
    assert counted.finding[0].startswith("No report of grade 2 high-risk missing children in care")


def with_rows(document: Document, *more: Row) -> Document:
    """The document with more rows of its baseline."""
    first, *others = document.scenarios
    longer = first.model_copy(update={"rows": (*first.rows, *more)})
    return document.model_copy(update={"scenarios": (longer, *others)})


def test_colour_says_nothing_that_the_text_does_not() -> None:
    """Without styles the screen reads the same."""
    terminal = Terminal(80, UNICODE)
    drawn = list(screen(answer(planted(TODAY, BETTER)), terminal))
    assert all(isinstance(line, Text) for line in drawn)
    starred = [line.plain for line in drawn if any(span.style == "green" for span in line.spans)]
    assert starred
    assert all("*" in line for line in starred)


def test_a_high_risk_report_is_not_said_to_be_held_where_the_rule_lets_it_go() -> None:
    """Only where a scenario holds high risk as well is the hold among the causes."""
    for hold, said in (
        (False, "talk and travel alone"),
        (True, "talk, travel and the hold for ratification"),
    ):
        rule = Rule(deploy_on="ratification", share_held=0.5, hold_high_risk=hold)
        document = planted(replace(TODAY, rule=rule))
        subject = replace(headline_of(document.context), risk="high")
        rows = tuple(row.model_copy(update={"risk": "high"}) for row in document.scenarios[0].rows)
        part = document.scenarios[0].model_copy(update={"rows": rows})
        cut = document.model_copy(update={"scenarios": (part,)})
        assert causes(Question(cut, subject))[0].said == said


def test_one_scenario_alone_has_no_letter() -> None:
    """What is not known could make "it" anything, where no other scenario is beside it."""
    ranges = {"today": UnknownRange(low=0.1, high=0.3)}
    unknowns = Unknowns(settings=45, ranges=ranges, things=9)
    made = answer(planted(TODAY, unknowns=unknowns))
    sure = next(one for one in made.paragraphs if one.name == "sure")
    assert any("could make it anything from 10 to 30 in 100" in one for one in sure.sentences)
