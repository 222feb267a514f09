"""Colours, dashes and shapes: one definition, two ways to write it.

`PRINT` holds concrete colours for files. `PAGE` holds placeholders that `sim.report.charts.drawn`
turns into the page's CSS variables, so that one picture serves light, dark and paper. Series are
told apart by dash and shape too, and steps of a scale by lightness, so that nothing hangs on hue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SERIES: Final = 6
"""Colours of series; further ones begin again with other dashes and shapes."""

SHAPES: Final = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "stroke")
DASHES: Final[tuple[tuple[int, ...], ...]] = (
    (1, 0),
    (8, 3),
    (2, 2),
    (10, 3, 2, 3),
    (14, 4),
    (5, 2, 5, 6),
    (1, 4),
)

LIGHT: Final[Mapping[str, str]] = {
    "paper": "#ffffff",
    "ink": "#1a1d21",
    "muted": "#565d66",
    "grid": "#dfe2e6",
    "band": "#eef0f3",
    "target": "#9c1c00",
    "good": "#0f6b3a",
    "bad": "#a3122e",
    "cost": "#8a3b00",
    "series-0": "#14181d",
    "series-1": "#0060a8",
    "series-2": "#b04700",
    "series-3": "#00735a",
    "series-4": "#8b3a7c",
    "series-5": "#6a5a00",
    "stage-0": "#0b2f4e",
    "stage-1": "#b85400",
    "stage-2": "#8a8f96",
    "stage-3": "#f0b27a",
    "stage-4": "#7fb3d8",
    "on-stage-0": "#ffffff",
    "on-stage-1": "#ffffff",
    "on-stage-2": "#14181d",
    "on-stage-3": "#14181d",
    "on-stage-4": "#14181d",
    "heat-0": "#f4f6f8",
    "heat-1": "#f3cfa6",
    "heat-2": "#dd8f47",
    "heat-3": "#a84c0e",
    "heat-4": "#5a1f00",
    "on-heat-0": "#14181d",
    "on-heat-1": "#14181d",
    "on-heat-2": "#14181d",
    "on-heat-3": "#ffffff",
    "on-heat-4": "#ffffff",
    "load-0": "#f2f5f8",
    "load-1": "#c3d9ec",
    "load-2": "#86b3d6",
    "load-3": "#2b6ea6",
    "load-4": "#0b2f4e",
    "on-load-0": "#14181d",
    "on-load-1": "#14181d",
    "on-load-2": "#14181d",
    "on-load-3": "#ffffff",
    "on-load-4": "#ffffff",
}
"""The light theme; files are drawn in it."""

DARK: Final[Mapping[str, str]] = {
    "paper": "#14171b",
    "ink": "#eef1f4",
    "muted": "#a9b1ba",
    "grid": "#333a42",
    "band": "#22272d",
    "target": "#ff9d85",
    "good": "#5fd693",
    "bad": "#ff8fa3",
    "cost": "#f5b06c",
    "series-0": "#f2f4f7",
    "series-1": "#6cb8f5",
    "series-2": "#f5a35c",
    "series-3": "#4fd0ad",
    "series-4": "#e09ad2",
    "series-5": "#d8c450",
    "stage-0": "#9cc9ec",
    "stage-1": "#e07a1f",
    "stage-2": "#8a919a",
    "stage-3": "#f7cfa3",
    "stage-4": "#3f78a8",
    "on-stage-0": "#101418",
    "on-stage-1": "#101418",
    "on-stage-2": "#101418",
    "on-stage-3": "#101418",
    "on-stage-4": "#ffffff",
    "heat-0": "#242a31",
    "heat-1": "#5c3413",
    "heat-2": "#a35a1c",
    "heat-3": "#eda35f",
    "heat-4": "#ffe2c2",
    "on-heat-0": "#eef1f4",
    "on-heat-1": "#ffffff",
    "on-heat-2": "#ffffff",
    "on-heat-3": "#101418",
    "on-heat-4": "#101418",
    "load-0": "#222a32",
    "load-1": "#1f4260",
    "load-2": "#2f6c9c",
    "load-3": "#7cb4de",
    "load-4": "#d3e8f8",
    "on-load-0": "#eef1f4",
    "on-load-1": "#ffffff",
    "on-load-2": "#ffffff",
    "on-load-3": "#101418",
    "on-load-4": "#101418",
}
"""The dark theme, of the same names."""


@dataclass(frozen=True)
class Palette:
    """Colours by name, as a chart's specification writes them, and the room that it has.

    Attributes
    ----------
    colours
        By name.
    narrow
        True: for a phone's column.
    """

    colours: Mapping[str, str]
    narrow: bool = False

    @property
    def width(self) -> int:
        """Units across a whole picture; the page scales it to the column."""
        return 344 if self.narrow else 760

    def __getitem__(self, name: str) -> str:
        return self.colours[name]

    def scale(self, name: str, count: int) -> list[str]:
        """Colours `name`-0, `name`-1 and so on; series begin again where they run out."""
        several = sum(key.startswith(f"{name}-") for key in self.colours)
        return [self.colours[f"{name}-{place % several}"] for place in range(count)]


def dashes(count: int) -> list[list[int]]:
    """A dash for each series; with a colour each the pair is unlike any other."""
    return [list(DASHES[place % len(DASHES)]) for place in range(count)]


def shapes(count: int) -> list[str]:
    """A shape for each series."""
    return [SHAPES[place % len(SHAPES)] for place in range(count)]


def _placeholders(names: Sequence[str]) -> dict[str, str]:
    return {name: f"#0c0f{place:02x}" for place, name in enumerate(names)}


PRINT: Final = Palette(LIGHT)
"""Concrete colours, for files."""

PAGE: Final = Palette(_placeholders(list(LIGHT)))
"""Placeholders: colours that no theme uses, each to become ``var(--name)``."""

PHONE: Final = Palette(PAGE.colours, narrow=True)
"""The same for the column of a phone."""


def with_variables(svg: str) -> str:
    """An SVG drawn in `PAGE`, with the page's CSS variables in place of the placeholders."""
    for name, placeholder in PAGE.colours.items():
        svg = svg.replace(placeholder, f"var(--{name})")
    return svg


def css_variables(theme: Mapping[str, str]) -> str:
    """A theme as CSS declarations."""
    return " ".join(f"--{name}: {colour};" for name, colour in theme.items())
