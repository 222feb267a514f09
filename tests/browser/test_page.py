"""The page in a real browser: drawn, quiet, usable by keyboard, on paper and on a telephone."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from sim.report.page import page
from sim.results import Assumed, Titles
from tests.report.added import BUSIER, TELEPHONE, with_added
from tests.report.pictured import pictured
from tests.report.sample import SHARES

pytestmark = pytest.mark.browser

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's page on disk."""
    place = tmp_path_factory.mktemp("page") / "page.html"
    place.write_text(page(pictured()), encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window; CHROMIUM names another."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert found, "Debian's package chromium is needed, or the path of one in CHROMIUM"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, headless=True, args=ARGUMENTS)
        yield started
        started.close()


def opened(
    browser: Browser, file: Path, *, width: int = 1280, height: int = 800, dark: bool = False
) -> Page:
    """The page as a reader sees it."""
    found = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
    )
    found.goto(file.as_uri())
    return found


def opened_wide(found: Page) -> None:
    """Every closed section opened."""
    found.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")


def test_nothing_is_said_in_the_console_and_nothing_is_asked_of_a_network(
    browser: Browser, file: Path
) -> None:
    """The one request is the file itself; no error, no warning."""
    said: list[str] = []
    asked: list[str] = []
    found = browser.new_page()
    found.on("console", lambda message: said.append(message.text))
    found.on("pageerror", lambda error: said.append(str(error)))
    found.on("request", lambda request: asked.append(request.url))
    found.goto(file.as_uri())
    found.wait_for_load_state("networkidle")
    assert said == []
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]


@pytest.mark.parametrize(("width", "least", "most"), [(1280, 400, 1000), (390, 330, 390)])
def test_charts_are_drawn(
    browser: Browser, file: Path, width: int, least: float, most: float
) -> None:
    """One of the two forms of each picture has a size, and marks in colours of the theme."""
    found = opened(browser, file, width=width)
    opened_wide(found)
    boxes = found.locator("svg").evaluate_all(
        "all => all.map(one => [one.getBoundingClientRect().width, "
        "one.getBoundingClientRect().height, one.querySelectorAll('path, line, text').length])"
    )
    shown = [box for box in boxes if box[0] > 0]
    assert len(shown) == len(boxes) / 2 == 9
    for wide, high, marks in shown:
        assert least < wide < most
        assert high > 80
        assert marks > 10
    lines = found.locator('svg[aria-labelledby="attendance-title"]:visible [stroke^="var("]')
    colours = lines.evaluate_all("all => all.map(one => getComputedStyle(one).stroke)")
    assert len(set(colours)) >= 3


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
@pytest.mark.parametrize("scenarios", [1, 2, 3])
def test_the_answer_is_on_the_first_screen(
    browser: Browser, tmp_path: Path, width: int, height: int, scenarios: int
) -> None:
    """Heading, four cards, curve, causes and points without scrolling, at a desk and on a phone."""
    place = tmp_path / "page.html"
    names = pictured().names[:scenarios]
    place.write_text(page(pictured(names), one_page=True), encoding="utf-8")
    found = opened(browser, place, width=width, height=height)
    shown = ("h1", ".cards > li:nth-child(4)", '[aria-labelledby="attendance-title"]:visible',
             ".bars > li:last-child", ".points > li:last-child")  # fmt: skip
    for what in shown:
        box = found.locator(what).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= height, what
    assert found.evaluate("document.documentElement.scrollWidth") <= width


def test_the_first_sheet_is_the_answer(browser: Browser, tmp_path: Path) -> None:
    """On A4 the first screen alone fills one sheet and no second."""
    place = tmp_path / "page.html"
    place.write_text(page(pictured(), one_page=True), encoding="utf-8")
    found = opened(browser, place)
    sheets = found.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheets)) == 1


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
def test_what_only_a_variant_has_leaves_the_first_screen_and_sheet(
    browser: Browser, tmp_path: Path, width: int, height: int
) -> None:
    """One point more, and it is still on the screen and on one sheet."""
    place = tmp_path / "page.html"
    steps = ("the THRIVE", "the risk assessment", "the work of ratification")
    assumed = tuple(Assumed(what=one, minutes=10.0, low=0.5, high=2.0) for one in steps)
    first, second = tuple(SHARES)[:2]
    titles = {first: "Dorset, spring 2022", second: "Enquiries by telephone before sending"}
    made = pictured((first, second), assumed=assumed, titles=Titles(scenarios=titles))
    made = with_added(made, second, TELEPHONE, BUSIER)
    made = made.model_copy(update={"run": made.run.model_copy(update={"replications": 6})})
    place.write_text(page(made, one_page=True), encoding="utf-8")
    found = opened(browser, place, width=width, height=height)
    assert "Only under B" in found.locator(".points").inner_text()
    for what in (".points > li:last-child", ".key"):
        box = found.locator(what).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= height, what
    sheets = found.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheets)) == 1


def test_closed_sections_are_open_on_paper(browser: Browser, file: Path) -> None:
    """What a reader would have to click is printed."""
    found = opened(browser, file)
    table = found.locator("#delays").locator("xpath=ancestor::details").locator("table").first
    assert not table.is_visible()
    found.emulate_media(media="print")
    assert table.is_visible()


def test_dark_and_light_are_two_pictures(browser: Browser, file: Path) -> None:
    """The system's choice reaches the page and the charts in it."""
    grounds, inks = [], []
    for dark in (False, True):
        found = opened(browser, file, dark=dark)
        grounds.append(found.evaluate("getComputedStyle(document.body).backgroundColor"))
        text = found.locator("svg text:visible").first
        inks.append(text.evaluate("one => getComputedStyle(one).fill"))
    assert grounds == ["rgb(255, 255, 255)", "rgb(20, 23, 27)"]
    assert inks[0] != inks[1]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_no_violation(browser: Browser, file: Path, width: int, dark: bool) -> None:
    """WCAG 2.2 AA and good practice, with every table open."""
    found = opened(browser, file, width=width, dark=dark)
    opened_wide(found)
    # The policy of the page forbids scripts, so axe is put in by the browser itself.
    results = Axe().run(found, options={"runOnly": RULES}).response
    assert [(one["id"], one["nodes"][0]["html"]) for one in results["violations"]] == []


def test_the_keyboard_reaches_everything_in_order(browser: Browser, file: Path) -> None:
    """First the skip link, then down the page, each stop visible; a table opens with Enter."""
    found = opened(browser, file)
    found.keyboard.press("Tab")
    assert found.evaluate("document.activeElement.className") == "skip"
    found.keyboard.press("Enter")
    assert found.evaluate("location.hash") == "#answer"
    places, opened_one = [], False
    for _ in range(200):
        found.keyboard.press("Tab")
        stop = found.evaluate(
            "(() => { const one = document.activeElement, box = one.getBoundingClientRect();"
            "return [one.tagName, [...document.querySelectorAll('*')].indexOf(one),"
            "box.width * box.height,"
            "getComputedStyle(one).outlineStyle]; })()"
        )
        if stop[0] in ("BODY", "HTML"):
            break
        assert stop[2] > 0
        assert stop[3] != "none"
        places.append(stop[1])
        if stop[0] == "SUMMARY" and not opened_one:
            found.keyboard.press("Enter")
            opened_one = bool(found.evaluate("document.activeElement.parentElement.open"))
            assert opened_one
    assert len(places) > 20
    assert places == sorted(places)


def test_a_narrow_screen_scrolls_one_way(browser: Browser, file: Path) -> None:
    """At 320 pixels only pictures and tables scroll sideways, each by itself."""
    found = opened(browser, file, width=320)
    opened_wide(found)
    assert found.evaluate("document.documentElement.scrollWidth") <= 320


def test_on_paper_it_is_white_and_whole(browser: Browser, file: Path, tmp_path: Path) -> None:
    """A4, light whatever the screen, no picture wider than the sheet."""
    found = opened(browser, file, width=700, dark=True)
    found.emulate_media(media="print", color_scheme="dark")
    assert found.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert found.evaluate("document.documentElement.scrollWidth") <= 700
    sheets = tmp_path / "page.pdf"
    found.pdf(path=str(sheets), prefer_css_page_size=True, print_background=True)
    written = sheets.read_bytes()
    assert written.startswith(b"%PDF")
    # A4 in points, upright.
    assert b"/MediaBox [0 0 594.95" in written or b"/MediaBox [0 0 595" in written
