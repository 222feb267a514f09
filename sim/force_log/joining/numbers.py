"""One incident's number as two systems write it: the way of comparing by which most agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import polars as pl

from sim.force_log.disclosure import LEAST

_PLAIN: Final = r"\.0+$"
_LEADING: Final = r"(^|[^0-9])0+([0-9])"
_MARKS: Final = r"[^\p{L}0-9]"
_LETTERS: Final = r"[^0-9]"

WAYS: Final[Mapping[str, Callable[[pl.Series], pl.Series]]] = {
    "as they stand": lambda text: text.str.to_lowercase().str.replace(_PLAIN, ""),
    "without marks and leading noughts": lambda text: (
        text.str.to_lowercase()
        .str.replace(_PLAIN, "")
        .str.replace_all(_LEADING, "${1}${2}")
        .str.replace_all(_MARKS, "")
    ),
    "by their figures alone": lambda text: (
        text.str.replace(_PLAIN, "").str.replace_all(_LETTERS, "").str.replace(r"^0+([0-9])", "$1")
    ),
}
"""From the strictest on; a later one is tried where the ones before it match too little."""


def compared(
    numbers: pl.Series, others: pl.Series, enough: Callable[[pl.Series, pl.Series], bool]
) -> tuple[str, pl.Series, pl.Series]:
    """Write two systems' numbers alike.

    Parameters
    ----------
    numbers, others
        Shape (rows,) and (records,), strings.
    enough
        Whether numbers so written agree well enough.

    Returns
    -------
    way, numbers, others
        The first of `WAYS` that is enough, else the first of all; a way by which two numbers of
        one system would become one is not taken.
    """
    written = {way: (write(numbers), write(others)) for way, write in WAYS.items()}
    distinct = (numbers.n_unique(), others.n_unique())
    for way, (one, other) in written.items():
        if (one.n_unique(), other.n_unique()) == distinct and enough(one, other):
            return way, one, other
    strictest = next(iter(written))
    return (strictest, *written[strictest])


def shape_of(numbers: pl.Series) -> str:
    """The commonest shape of numbers, every figure a 9 and every letter an A; for a message."""
    shapes = numbers.drop_nulls().str.replace_all(r"[0-9]", "9").str.replace_all(r"\p{L}", "A")
    common = shapes.alias("shape").value_counts(sort=True, name="rows")
    many = common.filter(pl.col("rows") >= LEAST)
    return str(many["shape"][0])[:40] if many.height else "of many shapes"
