"""Numbers as they are written: a ratio shows on which side of one it lies."""

from __future__ import annotations

import pytest

from sim.report.rounding import rounded_ratio


@pytest.mark.parametrize(
    ("ratio", "told"),
    [
        ((17.29, 8.5, 39.73), "17 (8 to 40)"),
        ((3.14, 1.83, 7.21), "3.1 (1.8 to 7.2)"),
        ((1.23, 1.03, 1.52), "1.23 (1.03 to 1.52)"),
        ((0.62, 0.41, 0.98), "0.62 (0.41 to 0.98)"),
        ((1.18, 1.16, 1.2), "1.18 (1.16 to 1.20)"),
        ((2.04, None, 3.1), "2.0 (at most 3.1)"),
        ((1.5, 1.0, 2.0), "1.5 (1.0 to 2.0)"),
    ],
)
def test_a_ratio_is_as_fine_as_its_range_bears(
    ratio: tuple[float, float | None, float | None], told: str
) -> None:
    """No finer; but a limit beside one is not rounded on to it, nor both limits to the same."""
    assert rounded_ratio(*ratio).in_words() == told
