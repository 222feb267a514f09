"""What the labels of an export mean in our words, as a mapping file says it."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping

import polars as pl


def meanings_of(labels: pl.Series, meanings: Mapping[str, str]) -> pl.Series:
    """Return the word of each label; None where none fits.

    Parameters
    ----------
    labels
        Shape (rows,), strings of which few differ; empty cells are None.
    meanings
        Words by labels, without regard to capitals; ``*`` stands for any letters and ``?`` for
        one. The first that fits counts.
    """
    distinct = labels.drop_nulls().unique().cast(pl.String).to_list()
    patterns = [
        (re.compile(fnmatch.translate(key.strip().replace("[", "[[]").casefold())), word)
        for key, word in meanings.items()
    ]
    known = {
        label: next((word for pattern, word in patterns if pattern.match(label.casefold())), None)
        for label in distinct
    }
    # A label that itself holds a * or a ? means itself, where it is written so.
    own = {key.strip().casefold(): word for key, word in meanings.items() if set(key) & {"*", "?"}}
    known |= {label: own[label.casefold()] for label in distinct if label.casefold() in own}
    return labels.cast(pl.String).replace_strict(known, default=None, return_dtype=pl.String)
