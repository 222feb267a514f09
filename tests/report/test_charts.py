"""The charts: fed by the rows alone, drawn without a network, and legible to everybody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise, product
from typing import Any
from xml.etree import ElementTree

import pytest

from sim.report.charts import CHARTS, chart_files, file_names, specifications
from sim.report.charts.drawn import svg_for_page
from sim.report.charts.palette import DARK, LIGHT, PAGE, PHONE, PRINT, Palette, dashes, shapes
from sim.report.page import LARGEST_BYTES, page
from sim.results import Document
from tests.report.pictured import pictured
from tests.report.sample import about, behind, with_more, with_rows


@pytest.fixture(scope="module")
def document() -> Document:
    """The sample of three scenarios."""
    return pictured()


@pytest.fixture(scope="module")
def specs(document: Document) -> dict[str, dict[str, Any]]:
    """Specifications by name, in the file's colours."""
    return dict(specifications(document, PRINT))


def walked(node: Any) -> Iterator[dict[str, Any]]:
    """Every mapping of a specification."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from walked(value)
    elif isinstance(node, list):
        for value in node:
            yield from walked(value)


def values_of(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Every record that a specification draws."""
    texts = {text for text in spec.get("datasets", {}).values() if isinstance(text, str)}
    texts |= {node["values"] for node in walked(spec) if isinstance(node.get("values"), str)}
    return [record for text in texts for record in json.loads(text)]


def test_every_chart_is_there(specs: dict[str, dict[str, Any]]) -> None:
    """One definition each, and a strip for the one long wait; the sample follows no case."""
    of_cases = {"after-arrival", "unworked"}
    # Its rotas are alike and it has no rows by hour of the day.
    left_out = {*of_cases, "rota", "hour-of-day"}
    assert list(specs) == [*(name for name in CHARTS if name not in left_out), "long-wait-1"]


def test_files_are_pictures(document: Document) -> None:
    """Each SVG is XML with a size and each PNG a PNG, under names that were promised."""
    for name, content in chart_files(document):
        assert name in file_names()
        if name.endswith(".png"):
            assert content.startswith(b"\x89PNG\r\n\x1a\n")
            assert len(content) > 5_000
        else:
            root = ElementTree.fromstring(content)
            assert root.tag.endswith("svg")
            assert float(root.attrib["width"]) <= 960
            assert b"var(" not in content


def test_a_file_s_title_is_its_message(document: Document) -> None:
    """Over a chart in a file stands the heading of its section."""
    texts = dict(chart_files(document))["stages.svg"].decode()
    assert "Most of the wait passes in grading and held for ratification" in texts


def test_the_curve_is_the_rows_and_nothing_else(
    document: Document, specs: dict[str, dict[str, Any]]
) -> None:
    """Each point of the attendance curve is a row's value with the row's limits."""
    rows = {
        (part.name, point.minute): point.arrived
        for part in document.scenarios
        for point in document.curve(part)
    }
    drawn = [
        one
        for one in values_of(specs["attendance"])
        if (one.get("scenario"), one.get("minute")) in rows
    ]
    reachable = {
        (part.name, float(document.context.targets[-1])): document.headline(
            part, "reachable_within_target"
        )
        for part in document.scenarios
    }
    assert len(drawn) > 20
    for one in drawn:
        row = rows[one["scenario"], one["minute"]]
        other = reachable.get((one["scenario"], float(one["minute"])))
        expected = [(r.value, r.low, r.high) for r in (row, other) if r is not None]
        assert (one["value"], one["low"], one["high"]) in expected


def test_every_axis_of_numbers_has_a_unit(specs: dict[str, dict[str, Any]]) -> None:
    """An axis with a title says in what it counts; an axis without one holds names."""
    unit = re.compile(r"\(%\)|[Mm]inutes|percentage points|Hour|Clock|Pounds|Reports in 100")
    titles = {
        node["title"]
        for spec in specs.values()
        for node in walked(spec)
        if isinstance(node.get("title"), str)
        and {"format", "grid", "values", "labelAngle"} & set(node)
    }
    assert titles
    assert [title for title in titles if not unit.search(title)] == []


def test_series_are_told_apart_without_colour() -> None:
    """Seven scenarios have seven dashes and seven shapes."""
    assert len({tuple(dash) for dash in dashes(7)}) == 7
    assert len(set(shapes(7))) == 7


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    lit = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * lit[0] + 0.7152 * lit[1] + 0.0722 * lit[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_contrast_is_enough_in_both_themes(theme: dict[str, str]) -> None:
    """Words have 4.5 to 1 on what they stand on, lines 3 to 1 on the paper (WCAG 2.2 AA)."""
    for name, colour in theme.items():
        if name.startswith("on-"):
            assert contrast(colour, theme[name.removeprefix("on-")]) >= 4.5, name
        if name.startswith("series-"):
            assert contrast(colour, theme["paper"]) >= 3, name
        inks = ("ink", "muted", "target", "series-1", "good", "bad", "cost")
    for words, ground in product(inks, ("paper", "band")):
        assert contrast(theme[words], theme[ground]) >= 4.5, (words, ground)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("scale", ["heat", "load"])
def test_steps_of_a_scale_differ_in_lightness(theme: dict[str, str], scale: str) -> None:
    """In black and white each step is unlike the next, and all go one way."""
    steps = [luminance(theme[f"{scale}-{place}"]) for place in range(5)]
    assert steps in (sorted(steps), sorted(steps, reverse=True))
    for one, other in pairwise(steps):
        assert (max(one, other) + 0.05) / (min(one, other) + 0.05) > 1.25


def test_hours_with_few_cases_are_not_shaded(specs: dict[str, dict[str, Any]]) -> None:
    """In the sample hours 0 to 5 have 12 reports each: a dot, and no step of the scale."""
    cells = [one for one in values_of(specs["hour-of-week"]) if "day" in one]
    few = [one for one in cells if one["hour"] < 6]
    assert few
    assert {(one["step"], one["text"]) for one in few} == {(None, "·")}
    assert all(one["step"] is not None for one in cells if one["hour"] >= 6)


@pytest.mark.parametrize("palette", [PAGE, PHONE], ids=["desk", "phone"])
def test_pictures_of_the_page_take_the_page_s_colours(document: Document, palette: Palette) -> None:
    """No colour is fixed: each is a variable; names inside one picture begin with its own."""
    for name, spec in specifications(document, palette):
        svg = svg_for_page(spec, name)
        root = ElementTree.fromstring(svg)
        assert root.attrib["aria-labelledby"] == f"{name}-title"
        colours = re.findall(r'(?:fill|stroke)="([^"]+)"', svg)
        assert {colour for colour in colours if colour[:5] not in ("var(-", "none", "trans")} <= {
            "none",
            "transparent",
        }
        assert all(found.startswith(name) for found in re.findall(r'\bid="([^"]+)"', svg))


def test_pictures_for_a_phone_are_as_wide_as_its_column(document: Document) -> None:
    """Drawn for 360 units and no picture of a desk made small."""
    for name, spec in specifications(document, PHONE):
        box = ElementTree.fromstring(svg_for_page(spec, name)).attrib["viewBox"]
        assert float(box.split()[2]) <= 400, name


def test_what_marks_have_alike_is_said_once(document: Document) -> None:
    """A group carries what its marks share; each number of a place has one decimal at most."""
    svg = svg_for_page(dict(specifications(document, PAGE))["hour-of-week"], "hour-of-week")
    texts = re.findall(r"<text [^>]*>", svg)
    assert len(texts) > 100
    assert not [text for text in texts if "text-anchor" in text]
    places = " ".join(re.findall(r' (?:d|transform)="([^"]*)"', svg))
    assert not re.search(r"\.\d\d", places)


def test_what_the_rows_lack_is_left_out() -> None:
    """One scenario without sweep, rota or long waits still has the charts that its rows feed."""
    made = pictured(("dorset-2022",))
    made = behind(about(made, sweeps=()), on_duty=(), timelines=())
    names = [name for name, _ in specifications(made, PRINT)]
    assert "attendance" in names
    assert not {"share-held", "other-work", "long-wait-1"} & set(names)
    made = with_rows(made, "dorset-2022", ())
    assert list(specifications(made, PRINT)) == []


def test_thirteen_scenarios_are_drawn_and_fit_into_a_mail() -> None:
    """All shipped scenarios at once, with long names: the page stays under a megabyte."""
    names = [f"second-night-supervisor-and-one-dispatcher-{number}" for number in range(10)]
    made = with_more(pictured(), names)
    html = page(made)
    assert len(html.encode("utf-8")) < LARGEST_BYTES
    assert all(html.count(f"dispatcher-{number}") > 10 for number in range(10))
