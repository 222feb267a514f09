"""The page: one file that says what the document says, whoever reads it and however."""

from __future__ import annotations

import re
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import sim.report.page
from sim.report.answer import answer
from sim.report.page import LARGEST_BYTES, page
from sim.report.page.cards import cards
from sim.report.page.glossary import GLOSSARY
from sim.report.page.pictures import Picture, drawn_once
from sim.report.page.points import points
from sim.report.sections import sections
from sim.results import CHILDREN, Document, FileChange, Staffing, Titles, illustration
from tests.report.added import TELEPHONE, with_added
from tests.report.pictured import kept_document, pictured
from tests.report.sample import about, and_rows, behind, row, with_rows


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
    nothing = Picture("", "")
    monkeypatch.setattr(sim.report.page, "pictures", lambda *_, **__: defaultdict(lambda: nothing))


def at(document: Any, pointer: str) -> Any:
    """What a JSON pointer leads to."""
    for part in pointer.strip("/").split("/"):
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


def written(document: Document) -> set[str]:
    """Every text that a section, the answer or a card writes for a figure."""
    found = answer(document)
    tables = [table for one in sections(document).values() for table in one.tables]
    tables += [found.table] if found.table is not None else []
    texts = {cell.text for table in tables for line in table.lines for cell in line.cells}
    return texts | {card.value for card in cards(document, found)}


def test_every_figure_leads_to_its_record(compared: Path) -> None:
    """Each figure of a real study's page is one that a section writes, and points to its row."""
    document = kept_document(compared)
    texts, plain = written(document), document.model_dump(mode="json")
    figures = Read((compared / "page.html").read_text(encoding="utf-8")).figures
    assert len(figures) > 200
    for pointer, text in figures:
        assert text.strip() in texts, pointer
        assert at(plain, pointer)


def test_the_sentences_are_those_of_every_form(compared: Path) -> None:
    """The finding, each paragraph and each section's heading and sentences: word for word."""
    document = kept_document(compared)
    words = Read((compared / "page.html").read_text(encoding="utf-8")).words
    found = answer(document)
    said = [found.heading, *found.finding]
    said += [sentence for one in found.paragraphs for sentence in one.sentences]
    for section in sections(document).values():
        said += [section.heading, *section.sentences]
    assert len(said) > 40
    for sentence in said:
        assert " ".join(sentence.split()) in words


def test_a_page_made_later_is_the_same(compared: Path) -> None:
    """The kept document holds all that the page needs."""
    assert page(kept_document(compared)) == (compared / "page.html").read_text(encoding="utf-8")


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


def test_a_page_fits_into_a_mail(html: str, compared: Path) -> None:
    """Under a megabyte, for the sample and for a real study."""
    assert len(html.encode("utf-8")) < LARGEST_BYTES
    assert (compared / "page.html").stat().st_size < LARGEST_BYTES


@pytest.mark.usefixtures("undrawn")
def test_the_page_says_what_it_is_not(html: str) -> None:
    """Both statements before the finding, and a section on what cannot be shown."""
    words = Read(html).words
    assert words.index(illustration(["Dorset"])) < words.index(CHILDREN) < words.index("Reached in")
    assert "What these figures cannot show" in words
    assert "Illustrative" not in Read(page(pictured(illustrative=False))).words


@pytest.mark.usefixtures("undrawn")
def test_words_of_policing_are_explained(html: str) -> None:
    """Each term of the glossary with its meaning."""
    words = Read(html).words
    assert {"THRIVE", "PPN", "MASH", "FIB24", "Abstraction"} <= {term for term, _ in GLOSSARY}
    assert all(meaning in words for _, meaning in GLOSSARY)


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
    """Drawn twice, with a text alternative that is said, and figures in tables with headers."""
    read = Read(html)
    drawn = [found for tag, found in read.elements if tag == "svg"]
    assert len(drawn) == 18
    assert all(found["role"] == "img" for found in drawn)
    for name in re.findall(r'aria-describedby="([^"]+)"', html):
        text = re.search(rf'id="{name}"[^>]*>(.*?)</', html, re.DOTALL)
        assert text is not None
        assert len(text[1].strip()) > 40
    tables = re.findall(r"<table.*?</table>", html, re.DOTALL)
    assert len(tables) >= len(drawn) // 2
    assert all('scope="col"' in table and "<caption>" in table for table in tables)


def first_screen(html: str) -> str:
    """What stands before the closed sections."""
    start = html.index('id="answer"')
    return html[start : html.index("</section>", start)]


def test_the_first_screen_is_the_answer(html: str) -> None:
    """Finding as heading, four cards with the change first, the curve, and what it hangs on."""
    found = answer(pictured())
    first = first_screen(html)
    words = Read(first).words
    assert f'id="answer-heading">{found.heading}</h1>' in first
    assert [card.title for card in cards(pictured(), found)] == [
        "Reached in time",
        "Waiting over an hour",
        "Cost a week",
        "Other calls",
    ]
    assert first.count('class="value"') == 4
    assert "+33 points" in words
    assert "+31 to +35; from 23 to 56 in 100" in words
    assert "1 kind worse" in words
    assert first.count('aria-labelledby="attendance-title"') == 2
    assert "an hour after the call officers are at 40 under A, 90 under B" in words


def test_one_page_is_the_first_screen_alone(html: str) -> None:
    """The same first screen, no section below it, and a fraction of the size."""
    alone = page(pictured(), one_page=True)
    assert first_screen(alone) == first_screen(html)
    assert "<details>" not in alone
    assert "<table" not in alone
    assert len(alone) < len(html) / 4


@pytest.mark.usefixtures("undrawn")
def test_one_scenario_alone_shows_levels() -> None:
    """Nothing is compared, so the cards say how things stand."""
    made = pictured(("dorset-2022",))
    found = cards(made, answer(made))
    assert [card.value for card in found] == ["23 in 100", "38 in 100", "£812,345", "69 min"]
    assert {card.tone for card in found} == {"plain"}


@pytest.mark.usefixtures("undrawn")
def test_a_variant_that_is_clearly_worse_says_so_in_words_and_colour() -> None:
    """The heading and the first card tell of the loss."""
    made = pictured(("dorset-2022", "hold-for-ratification"))
    first, *_ = cards(made, answer(made))
    assert (first.value, first.tone) == ("−18 points", "bad")
    assert points(made, answer(made))[0].heading == "Harms:"


@pytest.mark.usefixtures("undrawn")
def test_a_clear_change_that_is_next_to_nothing_has_no_colour() -> None:
    """Its card and its point say in words that it is less than a tenth."""
    made = pictured(("dorset-2022", "deploy-at-grading"))
    rows = [
        one.model_copy(update={"value": 0.0003, "low": 0.0001, "high": 0.0005})
        for one in made.differences[0].rows
    ]
    made = with_rows(made, "deploy-at-grading", rows, changes=True)
    first, *_, calls = cards(made, answer(made))
    assert (first.value, first.tone) == ("next to nothing", "plain")
    assert first.note.startswith("less than 0.1 more in 100; from 23 to 56")
    assert "a little " in calls.note
    told = " ".join(one.said for one in points(made, answer(made)))
    assert "children reached in time (by less than 0.1 in 100)" in told


@pytest.mark.usefixtures("undrawn")
def test_what_only_a_variant_has_is_a_point() -> None:
    """In the answer's own words, before what it rests on; of luck alone there is none."""
    made = with_added(pictured(), "deploy-at-grading", TELEPHONE)
    told = {one.heading: one.said for one in points(made, answer(made))}
    (said,) = (one.sentences for one in answer(made).paragraphs if one.name == "added")
    assert told["Only under B:"] == " ".join(said)
    assert list(told)[-2:] == ["Only under B:", "What it rests on:"]
    lucky = with_added(pictured(), "deploy-at-grading", TELEPHONE, by_luck=True)
    assert "Only under B:" not in {one.heading for one in points(lucky, answer(lucky))}


@pytest.mark.usefixtures("undrawn")
def test_a_variant_that_is_not_clearly_anything_is_not_coloured() -> None:
    """No clear change is said with its range, and nothing helps."""
    made = pictured(("dorset-2022", "deploy-at-grading"))
    rows = [
        one.model_copy(update={"value": 0.01, "low": -0.02, "high": 0.04})
        for one in made.differences[0].rows
    ]
    made = with_rows(made, "deploy-at-grading", rows, changes=True)
    first, *_ = cards(made, answer(made))
    assert (first.value, first.tone) == ("no clear change", "plain")
    assert first.note.startswith("2 fewer to 4 more in 100; from 23 to 56")
    assert "nothing that was looked at clearly" in points(made, answer(made))[0].said


@pytest.mark.usefixtures("undrawn")
def test_a_dearer_rota_has_its_price_for_each_child() -> None:
    """12,000 pounds a week over the reports a week and the change, at its range's two ends."""
    base = Staffing(scenario="dorset-2022", posts=359.5, paid_hours=14378.0, pounds=498210.0)
    dearer = base.model_copy(update={"scenario": "deploy-at-grading", "pounds": 510210.0})
    made = pictured(("dorset-2022", "deploy-at-grading"), staffing=(base, dearer))
    cost = cards(made, answer(made))[2]
    assert (cost.value, cost.tone) == ("+£12,000", "cost")
    # 3,812 reports in 30 times 4 weeks, 0.329 of them more in time (0.309 to 0.349).
    each = 12000 / (3812 / 120)
    assert each / 0.329 == pytest.approx(1148, abs=1)
    assert cost.note == "£1,100 (£1,100 to £1,200) for each child more in time"


def test_pictures_are_drawn_once_where_they_would_be_too_many() -> None:
    """Only the first screen's curve keeps its form for a phone."""
    both = Picture("wide", "phone")
    once = drawn_once({"attendance": both, "stages": both})
    assert once == {"attendance": both, "stages": Picture("wide", "")}


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
    """One closed section of the page."""
    start = html.index(f'<h3 id="{name}"')
    return html[start : html.index("</details>", start)]


@pytest.mark.usefixtures("undrawn")
def test_hours_of_the_day_are_shaded_with_their_counts() -> None:
    """A table by hour whose cells are darker the fewer are in time; few reports are unshaded."""
    section = section_of(page(with_night_and_concerns()), "hour-of-day")
    lines = {
        hour: re.findall(rf'<th scope="row">{hour:02d}:00</th>(.*?)</tr>', section, re.DOTALL)[0]
        for hour in range(24)
    }
    assert 'class="step-4"' in lines[2]
    assert "class=" not in lines[3]
    assert "5% (3–7)" in lines[3]
    assert "n=29" in lines[3]


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


def test_a_planner_s_own_words_are_no_markup() -> None:
    """Names, titles, changes and warnings are shown as written."""
    made = pictured()
    wicked = "<script>alert(1)</script>"
    change = FileChange(path="title", baseline=wicked, other=wicked)
    first, *others = made.background.scenarios
    source, *more = made.background.sources
    made = behind(
        made,
        scenarios=(first.model_copy(update={"title": wicked}), *others),
        sources=(source.model_copy(update={"source": wicked}), *more),
    )
    made = about(made, warnings=(wicked,), changes={made.names[1]: (change,)})
    html = page(made)
    assert "<script" not in html
    assert html.count("&lt;script&gt;") > 3


def test_a_study_without_reports_has_a_page() -> None:
    """Nothing to show is said, and nothing breaks."""
    made = pictured(("dorset-2022",))
    made = with_rows(about(made, sweeps=()), "dorset-2022", ())
    made = behind(made, on_duty=(), timelines=(), sources=())
    html = page(made)
    assert answer(made).heading in Read(html).words
    assert 'class="cards"' not in html
