"""Numbers as exports write them: with a decimal point or comma, or with thousands apart."""

from __future__ import annotations

from typing import Final

import polars as pl

_THOUSANDS: Final = r"^\s*\d{1,3}(,\d{3})+(\.\d+)?\s*$"
_THOUSAND: Final = 1_000


def numbers(texts: pl.Series) -> pl.Series:
    """Read numbers; empty where a text is none.

    Parameters
    ----------
    texts
        Shape (rows,), strings.

    Returns
    -------
    polars.Series
        Shape (rows,), floats. A comma is that of decimals, but where three figures follow each of
        them and no number without one reaches a thousand: there it sets thousands apart.
    """
    plain = texts.cast(pl.Float64, strict=False)
    commas = texts.str.contains(",", literal=True).fill_null(value=False)
    if not commas.any():
        return plain
    apart = bool(texts.filter(commas).str.contains(_THOUSANDS).all())
    below = plain.drop_nulls()
    if apart and below.len() and bool((below.abs() < _THOUSAND).all()):
        return texts.str.replace_all(",", "", literal=True).cast(pl.Float64, strict=False)
    return texts.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
