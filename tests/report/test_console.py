"""The summary as it is read: at 80 and 120 columns, in a pipe, without colour, in ASCII."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from sim.report.console import summary
from sim.results import Context, Document, Rule, Staffing, Titles
from tests.report.sample import (
    BASELINE,
    SHARES,
    about,
    and_rows,
    context,
    document,
    each_row,
    renamed,
    row,
    with_more,
    with_rows,
)


def read(
    made: Document, *, width: int = 80, ascii_only: bool = False, terminal: bool = False
) -> str:
    """The text that a terminal of this width would show."""
    file = io.StringIO()
    console = Console(
        file=file,
        width=width,
        force_terminal=terminal,
        highlight=False,
        color_system="truecolor" if terminal else None,
    )
    console.print(summary(made, width=width, ascii_only=ascii_only))
    return file.getvalue()


def joined(text: str) -> str:
    """The text with its lines joined, for sentences that are wrapped."""
    return re.sub(r"\s+", " ", text)


def many() -> Document:
    """A comparison of eight scenarios with long names."""
    names = [f"second-night-supervisor-and-one-dispatcher-{number}" for number in range(5)]
    return with_more(document(), names)


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("scenarios", [1, 2, 3, 8])
def test_no_line_is_longer_than_the_terminal(width: int, ascii_only: bool, scenarios: int) -> None:
    """Nothing runs over the edge, and nothing is cut off with an ellipsis."""
    made = many() if scenarios == 8 else document(tuple(SHARES)[:scenarios])
    text = read(made, width=width, ascii_only=ascii_only)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "…" not in text
    assert not re.search(r"\w\.\.\.", text)


@pytest.mark.parametrize("width", [80, 120])
def test_no_figure_is_cut(width: int) -> None:
    """Every figure of every scenario stands whole on one line, at either width."""
    text = read(many(), width=width)
    lines = text.splitlines()
    shares = next(i for i, line in enumerate(lines) if line.startswith("In time, from the call"))
    found = [
        figure
        for line in lines[shares:]
        if line.startswith("In time, from the call")
        for figure in re.findall(r"[\d.]+% \([\d.]+–[\d.]+%\)", line)
    ]
    # The baseline is repeated in each part of the table.
    # In tenths, like the rare shares of the same columns.
    assert set(found) == {"23.2% (21.4–25.0%)", "56.1% (54.3–57.9%)", "5.3% (3.5–7.1%)"}
    assert found.count("56.1% (54.3–57.9%)") == 6


@pytest.mark.parametrize("width", [80, 120])
def test_the_answer_comes_first(width: int) -> None:
    """The first thing read is the share reached in time; its difference comes before a table."""
    text = joined(read(document(), width=width))
    answer = text.index("Under dorset-2022, 23% (21 to 25%) of 3,812 simulated grade-two")
    change = text.index("33 percentage points higher (31 to 35)")
    assert answer < change < text.index("Delay against the target")


def test_it_says_what_it_is_not() -> None:
    """Both statements are there."""
    text = joined(read(document()))
    assert "Illustrative, not evidence about Dorset." in text
    assert "not a prediction about any child; not for deciding a live call." in text


def test_intervals_and_counts_stand_beside_the_figures() -> None:
    """Median, ninetieth and ninety-fifth percentile, long waits and the ceiling are all there."""
    text = read(document((BASELINE,)))
    for line in (
        r"Reports counted\s+3,812",
        r"In time, from the call\s+23.2% \(21.4–25.0%\)",
        r"ceiling from the call\s+43.2% \(42.2–44.2%\)",
        r"half within, min\s+40 \(38–42\)",
        r"9 in 10 within, min\s+184 \(170–198\)",
        r"19 in 20 within, min\s+336 \(275–397\)",
        r"Waited over 60 min\s+38.4% \(36.4–40.4%\)",
        r"Waited over 10 h\s+0\.8% \(0\.4–1\.2%\)",
    ):
        assert re.search(line, text), line


def test_ascii_means_ascii() -> None:
    """No character outside ASCII, whatever a scenario is called; pounds are GBP."""
    made = renamed(document((BASELINE,)), BASELINE, "café–night")
    text = read(made, ascii_only=True)
    assert text.isascii()
    assert "cafe-night" in text
    assert re.search(r"Cost a week +GBP 812,345", text)
    assert "23.2% (21.4-25.0%)" in text


def test_pounds_have_their_sign_elsewhere() -> None:
    """In UTF-8 the cost is in pounds."""
    assert re.search(r"Cost a week +£812,345", read(document()))


def test_no_color_leaves_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """With NO_COLOR a terminal gets no colour codes, and the pictures still tell all."""
    coloured = read(document(), terminal=True)
    monkeypatch.setenv("NO_COLOR", "1")
    plain = read(document(), terminal=True)
    colour = re.compile(r"\x1b\[[0-9;]*3[0-7][0-9;]*m")
    assert colour.search(coloured)
    assert not colour.search(plain)
    without_codes = re.sub(r"\x1b\[[0-9;]*m", "", plain)
    assert without_codes == re.sub(r"\x1b\[[0-9;]*m", "", coloured)


def test_a_pipe_gets_no_codes() -> None:
    """What is not a terminal gets text alone."""
    assert "\x1b" not in read(document())


def test_the_target_is_marked_in_the_curve() -> None:
    """All rows of the picture carry the mark in one column, over the target's label."""
    lines = read(document((BASELINE,)), ascii_only=True).splitlines()
    top = next(i for i, line in enumerate(lines) if line.startswith(" 100% "))
    column = lines[top].index("|")
    assert [line[column] for line in lines[top : top + 4]] == ["|"] * 4
    assert lines[top + 4][column : column + 2] == "20"


def test_the_curve_rises_with_the_share_attended() -> None:
    """At ten hours the picture of 90 % attended fills more than half of the rows."""
    lines = read(document((BASELINE,)), ascii_only=True).splitlines()
    top = next(i for i, line in enumerate(lines) if line.startswith(" 100% "))
    last = [line[-1] for line in lines[top : top + 4] if len(line) == len(lines[top + 3])]
    # 0.9 of four rows is 3.6: three full ones, and 0.6 of the fourth is over one third.
    assert last == [".", "#", "#", "#"]


def test_stage_bars_are_made_of_letters() -> None:
    """Bars carry their legend's letters in the proportion of the means."""
    lines = read(document((BASELINE,)), ascii_only=True).splitlines()
    bar = next(line.strip() for line in lines if re.fullmatch(r"\s+C+G+D+U+T+", line))
    # Of 76.2 minutes 31 are the gate's and 22 are for want of a unit.
    assert bar.count("G") / len(bar) == pytest.approx(31.0 / 76.2, abs=0.02)
    assert bar.count("U") / len(bar) == pytest.approx(22.0 / 76.2, abs=0.02)


def test_cells_of_few_cases_are_not_shaded() -> None:
    """Hours with under 30 reports get the mark of too few, the others a shade."""
    text = read(document((BASELINE,)), ascii_only=True)
    monday = next(line for line in text.splitlines() if line.startswith("Mon "))
    # Two characters an hour; the sample has 12 reports in each hour before 06:00.
    assert monday == "Mon " + "." * 12 + "#" * 36


def test_a_week_of_few_cases_is_said_not_drawn() -> None:
    """Where no hour has enough reports, a sentence stands in place of the map."""
    text = read(
        each_row(
            document((BASELINE,)),
            BASELINE,
            lambda one: one if one.hour is None else one.model_copy(update={"n": 29}),
        )
    )
    assert "Every hour has under 30 reports: too few to shade." in joined(text)
    assert "Mon " not in text


def test_who_is_busy_is_given_by_pool_and_hour() -> None:
    """Each pool has its share of time in work, its overtime and a strip over the day."""
    text = read(document((BASELINE,)))
    assert re.search(r"response bcp\s+74% \(73–75%\)", text)
    assert re.search(r"response bcp\s+7{24}", text)
    assert re.search(r"response bcp\s+31 \(28–34\)", text)


def test_what_other_work_pays_is_starred_where_it_is_clear() -> None:
    """A range without nought has a star; one with it has none."""
    text = read(document((BASELINE, "deploy-at-grading")))
    assert re.search(r"immediate, grade 1\s+-1\.2 \(-1\.6 to -0\.8\)\*", text)
    assert re.search(r"priority, grade 2\s+\+0\.1 \(-0\.5 to \+0\.7\)\n", text)


def test_the_share_held_is_shown_from_none_to_all() -> None:
    """A bar for each share, shrinking, with its interval; the scenario's own is marked."""
    lines = [line for line in read(document()).splitlines() if re.match(r"\s+\d+% held ", line)]
    assert [line.split("%")[0].strip() for line in lines] == ["0", "20", "40", "60", "80", "100"]
    lengths = [line.count("█") for line in lines]
    assert lengths == sorted(lengths, reverse=True)
    assert "36% (34–38%) <" in lines[2]


def with_rule(deploy_on: str, share_held: float, own: float | None) -> Document:
    """The sample with another gate in the baseline."""
    sweep = context().sweeps[0].model_copy(update={"own": own})
    rule = Rule.model_validate({"deploy_on": deploy_on, "share_held": share_held})
    return document(rules={BASELINE: rule}, sweeps=(sweep,))


def test_an_own_share_that_was_not_simulated_is_marked_between_its_neighbours() -> None:
    """It stands in its place with no figure, and the mark is explained."""
    told = read(with_rule("ratification", 0.3, 0.3))
    lines = [line for line in told.splitlines() if re.match(r"\s+\d+% held ", line)]
    assert lines[2].split() == ["30%", "held", "-", "<"]
    assert "< the share held in dorset-2022 itself." in joined(told)
    assert sum(line.endswith("<") for line in lines) == 1


def test_a_gate_at_another_step_has_a_bar_of_its_own() -> None:
    """Where deployment waits for the assessment no share held is the scenario's."""
    told = read(with_rule("assessment", 1.0, None))
    (line,) = [line for line in told.splitlines() if line.startswith("   itself")]
    assert "█" in line
    assert line.endswith("23% (21–25%) <")
    assert "< dorset-2022 itself: deployment waits for the risk assessment" in joined(told)


def test_deployment_at_grading_is_marked_at_none_held() -> None:
    """It is what none held comes to, and is called so."""
    told = read(with_rule("grading", 0.0, 0.0))
    marked = [line for line in told.splitlines() if re.match(r"\s+\d+% held .*<$", line)]
    assert [line.split("%")[0].strip() for line in marked] == ["0"]
    assert "< dorset-2022 itself: a deployment waits for grading alone" in joined(told)


def by_hour(made: Document) -> Document:
    """The sample with the baseline's hours of the day: 01:00 has 12 reports."""
    child = {"stream": "missing_child", "grade": 2}
    hours = [
        row(
            "arrived_within_target_by_hour_of_day",
            0.1 if hour < 6 else 0.3,
            0.05,
            hour=hour,
            n=12 if hour == 1 else 90,
            **child,
        )
        for hour in range(24)
    ]
    return and_rows(made, BASELINE, *hours)


@pytest.mark.parametrize("width", [80, 120])
def test_the_night_is_shown_by_hour_of_the_day(width: int) -> None:
    """Every hour has its share, range and count; one of few reports is not shaded."""
    text = read(by_hour(document((BASELINE,))), width=width)
    assert "02 10% (5–15%) n=90" in text
    assert "01 10% (5–15%) n=12" in text
    (strip,) = [line for line in text.splitlines() if line.startswith("All ")]
    # Two characters an hour: 10 % is the darkest, and 30 % the one before.
    assert strip == "All " + "██" + "··" + "█" * 8 + "▓" * 36


def test_hours_with_and_without_a_team_stand_apart() -> None:
    """Shares and counts of reports made while the team is on duty, and while it is not."""
    child = {"stream": "missing_child", "grade": 2}
    on = row("arrived_within_target", 0.28, 0.02, hours="team", n=2400, **child)
    off = row("arrived_within_target", 0.12, 0.02, hours="other", n=1412, **child)
    text = read(and_rows(document((BASELINE,)), BASELINE, on, off))
    assert re.search(r"Team on duty: in time +28% \(26–30%\)", text)
    assert re.search(r"Team off duty: in time +12% \(10–14%\)", text)
    assert re.search(r"reports +2,400", text)
    assert re.search(r"reports +1,412", text)


def test_reports_beside_the_headline_have_a_table() -> None:
    """The stream that the scenario names, with its count and its share over ten hours."""
    made = document((BASELINE, "deploy-at-grading"), beside={"welfare_concern": "Reason."})
    concern = {"stream": "welfare_concern", "grade": 2, "n": 4000, "minutes": 600}
    for name in made.names:
        made = and_rows(made, name, row("waited_over", 0.012, 0.003, **concern))
    change = row("waited_over", -0.004, 0.001, **concern)
    text = read(and_rows(made, "deploy-at-grading", change, changes=True))
    table = text[text.index("Beside them: grade-two welfare concern reports") :]
    assert re.search(r"Reports counted +4,000 +4,000", table)
    assert re.search(r"Waited over 10 h +1\.2% \(0\.9–1\.5%\) +1\.2%", table)
    assert re.search(r"change, points +- +-0\.4 \(-0\.5 to -0\.3\)\*", table)


@pytest.mark.parametrize("others", [1, 2, 5])
def test_tables_fit_with_titles_whatever_is_compared(others: int) -> None:
    """At 80 columns each table stays inside, and each title and figure is whole."""
    made = by_hour(many())
    names = made.names[: others + 1]
    made = made.model_copy(
        update={
            "scenarios": made.scenarios[: others + 1],
            "differences": made.differences[:others],
        }
    )
    titles = {
        name: f"A title of {place} words and more of them" for place, name in enumerate(names)
    }
    pools = {"response_bcp": "Response, Bournemouth, Christchurch and Poole"}
    staffing = tuple(
        Staffing(
            scenario=name,
            posts=585.25,
            paid_hours=23410.0,
            pounds=812345.0,
            overtime_factor=1.33,
        )
        for name in names
    )
    for name in names:
        made = and_rows(made, name, row("overtime_pounds", 33750.0, 700.0))
    text = read(about(made, titles=Titles(scenarios=titles, pools=pools), staffing=staffing))
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "…" not in text
    costs = text[text.index("Cost a week") : text.index("What would tell")]
    assert costs.count("£812,345") >= others + 1
    assert costs.count("£33,750 (33,050–34,450)") >= others + 1
    # All words of each title stand over some column, and those of the pool at its row.
    for place in range(others + 1):
        assert f"A title of {place}" in joined(text)
    assert "Response, Bournemouth" in text


@pytest.mark.parametrize("width", [80, 120])
def test_figures_of_a_column_have_one_precision(width: int) -> None:
    """In the table of delays every share has as many decimals as every other."""
    text = read(document(), width=width)
    table = text[text.index("Delay against the target") : text.index("Ceiling:")]
    shares = re.findall(r"[\d.]+(?=%)", table)
    assert len(shares) > 20
    assert {len(share.partition(".")[2]) for share in shares} == {1}
    minutes = re.findall(r"min +([\d.]+) \(", table)
    assert {len(number.partition(".")[2]) for number in minutes} == {0}


def test_what_differs_in_the_files_is_printed() -> None:
    """Path, the baseline's value and the other."""
    assert 'policy.gate.deploy_on: "ratification" -> "grading"' in read(document())


def test_sections_without_rows_are_left_out() -> None:
    """A document of the headline alone still reads well."""
    only = row("arrived_within_target", 0.232, 0.018, stream="missing_child", grade=2)
    made = with_rows(document((BASELINE,)), BASELINE, [only])
    text = read(made.model_copy(update={"context": Context()}))
    assert "23% (21–25%)" in text
    for heading in ("Where the time goes", "When it goes wrong", "Who is busy", "Posts"):
        assert heading not in text


def test_a_title_cannot_steer_the_terminal() -> None:
    """Control characters and markup in a name are shown harmlessly or not at all."""
    text = read(renamed(document((BASELINE,)), BASELINE, "a\x1b[31mb[bold]c"))
    assert "\x1b" not in text
    assert "[bold]" in text
