"""The page: one file that says what the document says, whoever reads it and however."""

from __future__ import annotations

import re
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import sim.report.page
from sim.report import numbers
from sim.report import sentences as say
from sim.report.page import LARGEST_BYTES, page
from sim.report.page.wording import CANNOT_SHOW
from sim.results import CHILDREN, Document, Row, SweepPoint, Titles, illustration
from tests.report.pictured import compared, kept_document, pictured
from tests.report.sample import about, and_rows, behind, renamed, row, with_rows


class Read(HTMLParser):
    """What a page consists of: elements with their attributes, figures, headings and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.figures: list[tuple[str, str]] = []
        self.headings: list[int] = []
        self.text = ""
        self._figure: str | None = None
        self._silent = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        if tag == "data":
            self._figure = found["value"]
            self.figures.append((str(found["value"]), ""))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self._silent += tag in ("style", "svg")

    def handle_endtag(self, tag: str) -> None:
        if tag == "data":
            self._figure = None
        self._silent -= tag in ("style", "svg")

    def handle_data(self, data: str) -> None:
        if self._figure is not None:
            pointer, text = self.figures[-1]
            self.figures[-1] = (pointer, text + data)
        if not self._silent:
            self.text += data

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", self.text)


@pytest.fixture(scope="module")
def html() -> str:
    """The sample's page."""
    return page(pictured())


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of words and tables: charts take most of a page's time."""
    monkeypatch.setattr(sim.report.page, "page_charts", lambda _: defaultdict(str))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kept study with its page."""
    return compared(tmp_path_factory.mktemp("compared"))


def at(document: Any, pointer: str) -> Any:
    """What a JSON pointer leads to."""
    for part in pointer.strip("/").split("/"):
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


def expected(pointer: str, found: Any) -> set[str]:
    """The texts that may stand for a row, or for a number of the context."""
    if isinstance(found, (int, float)):
        return {f"{found:,.1f}", f"{found:,.0f}", f"£{found:,.0f}"}
    if pointer.startswith("/background/on_duty"):
        mean, low, high = (f"{round(found[key], 1):g}" for key in ("value", "low", "high"))
        return {mean, f"{mean} ({low}–{high})"}
    if pointer.startswith("/context/sweeps"):
        found = SweepPoint.model_validate(found)
    else:
        found = Row.model_validate(found)
    texts = set()
    # At its own place, or at the one that its table shares.
    for at in (None, *({"share": unit, "time": unit, "number": unit} for unit in (1.0, 0.1))):
        if pointer.startswith("/differences"):
            texts.add(numbers.change(found, at=at))
        else:
            whole = numbers.quantity(found, "–", at)
            texts |= {whole, whole.split(" ")[0], f"£{whole}"}
    return texts


def test_every_figure_is_that_of_the_document(folder: Path) -> None:
    """Each figure of a real study's page is its row's, written as everywhere else."""
    document = kept_document(folder).model_dump(mode="json")
    figures = Read((folder / "page.html").read_text(encoding="utf-8")).figures
    assert len(figures) > 200
    for pointer, text in figures:
        assert text.strip() in expected(pointer, at(document, pointer)), pointer


def test_the_sentences_are_those_of_the_console(folder: Path) -> None:
    """The answer, the ceiling, what other work pays and the sweep: word for word."""
    document = kept_document(folder)
    words = Read((folder / "page.html").read_text(encoding="utf-8")).words
    said = [
        *say.answer(document),
        *say.ceiling(document),
        *say.other_work(document),
        *say.telling_signs(document),
        say.share_held(document.context.sweeps[0], document.context),
    ]
    assert len(said) > 5
    for sentence in said:
        assert sentence in words


def test_a_page_made_later_is_the_same(folder: Path) -> None:
    """The kept document holds all that the page needs."""
    assert page(kept_document(folder)) == (folder / "page.html").read_text(encoding="utf-8")


def test_nothing_is_fetched_and_nothing_runs(html: str) -> None:
    """No script, no event handler, no address; a policy in the page forbids both."""
    read = Read(html)
    assert not {"script", "iframe", "img", "object", "embed", "base"} & {
        tag for tag, _ in read.elements
    }
    for tag, attributes in read.elements:
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("src", "href", "xlink:href", "action"):
            address = attributes.get(name) or ""
            assert not address or address.startswith("#") or address == "data:,", (tag, address)
    assert "url(http" not in html
    assert "@import" not in html
    assert "default-src 'none'" in html


def test_a_page_fits_into_a_mail(html: str, folder: Path) -> None:
    """Under a megabyte, for the sample and for a real study."""
    assert len(html.encode("utf-8")) < LARGEST_BYTES
    assert (folder / "page.html").stat().st_size < LARGEST_BYTES


@pytest.mark.usefixtures("undrawn")
def test_the_page_says_what_it_is_not(html: str) -> None:
    """Both statements, and each thing that the model cannot show."""
    words = Read(html).words
    assert illustration(["Dorset"]) in words
    assert CHILDREN in words
    assert all(about in words and why in words for about, why in CANNOT_SHOW)
    assert "Illustrative" not in Read(page(pictured(illustrative=False))).words


@pytest.mark.usefixtures("undrawn")
def test_only_a_scenario_of_a_named_force_is_said_to_rest_on_public_figures(html: str) -> None:
    """A template's numbers come from nowhere else."""
    made = pictured(forces=())
    assert "public figures" in Read(html).words
    assert "public figures" not in Read(page(made)).words
    assert "Numbers without a source are assumptions" in Read(page(made)).words


def test_headings_are_in_order_and_names_are_unique(html: str) -> None:
    """One first heading, no level left out; every reference leads somewhere."""
    read = Read(html)
    assert read.headings.count(1) == 1
    assert read.headings[0] == 1
    steps = zip(read.headings, read.headings[1:], strict=False)
    assert all(following <= level + 1 for level, following in steps)
    names = [str(found["id"]) for _, found in read.elements if "id" in found]
    assert len(names) == len(set(names))
    wanted = [
        name
        for _, found in read.elements
        for key in ("aria-labelledby", "aria-describedby")
        for name in (found.get(key) or "").split()
    ]
    wanted += [str(found["href"])[1:] for tag, found in read.elements if tag == "a"]
    assert set(wanted) <= set(names)


def test_every_picture_has_words_and_a_table(html: str) -> None:
    """A text alternative that is said, and the figures in a table with headers."""
    read = Read(html)
    pictures = [found for tag, found in read.elements if tag == "svg"]
    assert len(pictures) == 8
    assert all(found["role"] == "img" for found in pictures)
    for name in re.findall(r'aria-describedby="([^"]+)"', html):
        text = re.search(rf'id="{name}"[^>]*>(.*?)</', html, re.DOTALL)
        assert text is not None
        assert len(text[1].strip()) > 40
    tables = re.findall(r"<table.*?</table>", html, re.DOTALL)
    assert len(tables) >= len(pictures)
    assert all('scope="col"' in table and "<caption>" in table for table in tables)


def test_the_first_screen_is_the_answer(html: str) -> None:
    """Before anything else: the sentence, three figures with their ranges, and the curve."""
    start = html.index('id="answer"')
    answer = html[start : html.index("</section>", start)]
    assert (
        "23% (21 to 25%) of 3,812 simulated grade-two missing-child reports" in Read(answer).words
    )
    assert answer.count('class="figure"') == 3
    assert answer.count('class="range"') == 3
    assert 'aria-labelledby="attendance-title"' in answer


def with_night_and_concerns() -> Document:
    """The sample with hours of the day, team hours, welfare concerns and overtime."""
    made = pictured(beside={"welfare_concern": "One of these was found."})
    child = {"stream": "missing_child", "grade": 2}
    concern = {"stream": "welfare_concern", "grade": 2, "n": 4000}
    for name in made.names:
        hours = [
            row(
                "arrived_within_target_by_hour_of_day",
                0.05 if hour < 6 else 0.3,
                0.02,
                hour=hour,
                n=29 if hour == 3 else 30,
                **child,
            )
            for hour in range(24)
        ]
        made = and_rows(
            made,
            name,
            *hours,
            row("arrived_within_target", 0.12, 0.02, hours="other", n=1412, **child),
            row("waited_over", 0.012, 0.003, minutes=600, **concern),
            row("overtime_pounds", 33750.0, 700.0, n=30),
        )
    return made


def section_of(html: str, name: str) -> str:
    """A section of the page, as it is written."""
    start = html.index(f'<section aria-labelledby="{name}">')
    return html[start : html.index("</section>", start)]


@pytest.mark.usefixtures("undrawn")
def test_the_night_is_shaded_where_there_are_cases_enough() -> None:
    """Each hour has its share, range and count; under 30 reports it has no shade."""
    section = section_of(page(with_night_and_concerns()), "hour-of-day")
    lines = {
        hour: re.findall(rf'<th scope="row">{hour:02d}:00</th>(.*?)</tr>', section, re.DOTALL)[0]
        for hour in range(24)
    }
    assert 'class="step-4"' in lines[2]
    assert "class=" not in lines[3]
    assert "5% (3–7%)" in lines[3]
    assert "n=29" in lines[3]
    assert "Team off duty, in time from the call" in section
    assert "n=1,412" in section


@pytest.mark.usefixtures("undrawn")
def test_concerns_stand_beside_missing_children() -> None:
    """Their share over ten hours is in the answer, and in a table of its own."""
    html = page(with_night_and_concerns())
    answer = html[html.index('id="answer"') : html.index("<section aria-labelledby")]
    assert "1.2% (0.9 to 1.5%) of 4,000 grade-two welfare concern reports wait" in answer
    assert "1.2% (0.9–1.5%)" in section_of(html, "beside")


@pytest.mark.usefixtures("undrawn")
def test_overtime_stands_beside_the_cost() -> None:
    """It has its column and its range, and the notes say what the cost holds."""
    section = section_of(page(with_night_and_concerns()), "changes")
    assert "Overtime a week" in section
    assert "£33,750 (33,050–34,450)" in section
    assert "Posts: hours worked over the hours that a post works" in section


@pytest.mark.usefixtures("undrawn")
def test_tables_call_scenarios_by_their_titles() -> None:
    """Over the columns stand titles; a title that two share is told apart by its file."""
    made = pictured()
    names = made.names
    titles = Titles(scenarios={names[0]: "Spring", names[1]: "B", names[2]: "B"})
    made = about(made, titles=titles)
    table = section_of(page(made), "delays")
    for title in ("Spring", f"B ({names[1]})", f"B ({names[2]})"):
        assert f'<th scope="col">{title}</th>' in table


@pytest.mark.usefixtures("undrawn")
def test_shares_of_a_table_have_one_precision() -> None:
    """In the table of delays every share has as many decimals as every other."""
    section = section_of(page(pictured()), "delays")
    table = section.partition("<table>")[2].partition("</table>")[0]
    shares = re.findall(r"[\d.]+(?=%)", table)
    assert len(shares) > 20
    assert {len(share.partition(".")[2]) for share in shares} == {1}


def test_a_planner_s_own_words_are_no_markup() -> None:
    """Names, titles, changes and warnings are shown as written."""
    made = pictured()
    wicked = "<script>alert(1)</script>"
    first, *others = made.background.scenarios
    source, *more = made.background.sources
    made = behind(
        made,
        scenarios=(first.model_copy(update={"title": wicked}), *others),
        sources=(source.model_copy(update={"source": wicked}), *more),
    )
    html = page(renamed(about(made, warnings=(wicked,)), made.names[1], wicked))
    assert "<script" not in html
    assert html.count("&lt;script&gt;") > 3


def test_a_study_without_reports_has_a_page() -> None:
    """Nothing to show is said, and nothing breaks."""
    made = pictured(("dorset-2022",))
    made = with_rows(about(made, sweeps=()), "dorset-2022", ())
    made = behind(made, on_duty=(), timelines=(), sources=())
    words = Read(page(made)).words
    assert "there are no grade-two missing-child reports to speak of" in words
