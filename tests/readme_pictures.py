"""Make the pictures of README anew, from a run of README's own command.

``python -m tests.readme_pictures`` writes into ``docs/pictures``: the summary as a terminal of 100
columns shows it, drawn by rich, and the first screen of the page, taken by Chromium.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.segment import SegmentLines
from rich.terminal_theme import TerminalTheme

from sim.report.console import shown
from sim.results import Document

ROOT: Final = Path(__file__).parents[1]
PICTURES: Final = ROOT / "docs" / "pictures"
SUMMARY: Final = PICTURES / "summary.svg"
PAGE: Final = PICTURES / "page.png"
LARGEST_BYTES: Final = 300_000
COLUMNS: Final = 100
SCREEN: Final = (1280, 800)
_THEME: Final = TerminalTheme(
    (250, 250, 248),
    (30, 34, 40),
    [
        (30, 34, 40), (176, 32, 36), (20, 120, 70), (146, 98, 0),
        (30, 90, 180), (140, 50, 140), (0, 116, 130), (110, 114, 120),
    ],
    [
        (90, 94, 100), (176, 32, 36), (20, 120, 70), (146, 98, 0),
        (30, 90, 180), (140, 50, 140), (0, 116, 130), (30, 34, 40),
    ],
)  # fmt: skip
# What rich names is fetched from a network, which a picture on a page may not do.
_FONTS: Final = "'DejaVu Sans Mono', 'Cascadia Mono', Menlo, Consolas, monospace"


def readme_command() -> list[str]:
    """The words after ``run_sim.py`` in README's main command."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- main job -->\n```sh\n.*run_sim\.py (.+)\n```", text)
    if found is None:
        raise ValueError("README.md holds no command below <!-- main job -->")
    return shlex.split(found[1])


def console_picture(document: Document, command: str) -> str:
    """The first screen as SVG, with nothing to be fetched."""
    console = Console(
        file=io.StringIO(), width=COLUMNS, record=True, force_terminal=True, color_system="standard"
    )
    lines = console.render_lines(shown(document, width=COLUMNS), pad=False)
    console.print(SegmentLines(lines, new_lines=True), end="")
    drawn = console.export_svg(title=command, theme=_THEME, unique_id="summary")
    drawn = re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)
    drawn = re.sub(r"font-family: Fira Code, monospace", f"font-family: {_FONTS}", drawn)
    return re.sub(r"<!--.*?-->\s*", "", drawn, flags=re.DOTALL)


def screen_picture(page: Path) -> bytes:
    """The first screen of a page as PNG, to the end of its answer."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if found is None:
        raise FileNotFoundError("the package chromium is needed, or the path of one in CHROMIUM")
    width, height = SCREEN
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu"]
        )
        opened = browser.new_page(viewport={"width": width, "height": height})
        opened.goto(page.as_uri())
        box = opened.locator("#answer").bounding_box()
        if box is None:
            raise ValueError("the page has no answer")
        below = round(box["y"] + box["height"]) + 12
        taken = opened.screenshot(
            clip={"x": 0, "y": 0, "width": width, "height": below}, full_page=True
        )
        browser.close()
    return taken


def main() -> None:
    """Run README's command and make both pictures of what came of it."""
    words = readme_command()
    with tempfile.TemporaryDirectory() as folder:
        kept, page = Path(folder) / "kept", Path(folder) / "page.html"
        subprocess.run(
            [sys.executable, "run_sim.py", *words, "--output", kept, "--html", page],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        document = Document.model_validate_json((kept / "summary.json").read_bytes())
        made = {
            SUMMARY: console_picture(document, f"run_sim.py {words[0]} …").encode("utf-8"),
            PAGE: screen_picture(page),
        }
    PICTURES.mkdir(exist_ok=True)
    for file, content in made.items():
        if len(content) > LARGEST_BYTES:
            raise ValueError(f"{file.name} has {len(content):,} bytes; {LARGEST_BYTES:,} at most")
        file.write_bytes(content)
        print(f"{file.relative_to(ROOT).as_posix()}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
