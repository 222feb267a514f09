"""One part of a page about a log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.report.page.figures import Grid


@dataclass(frozen=True)
class Section:
    """One part of a page about a log.

    Attributes
    ----------
    name
        Unlike any other's; the chart's, where there is one.
    heading
        What it answers.
    sentences
        What is to be read first.
    chart
        Name of the picture, or none.
    text
        The picture in words.
    note
        Counts and how to read it.
    grids
        Its figures.
    """

    name: str
    heading: str
    sentences: Sequence[str]
    chart: str | None
    text: str
    note: str
    grids: Sequence[Grid]
