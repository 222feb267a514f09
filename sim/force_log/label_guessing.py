"""What the labels of a log seem to mean: grades, kinds, origins, risks, names of areas."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import polars as pl

_GRADES: Final = (
    (r"immediate|emergency|^i$|^e$", 1),
    (r"^p$|prompt|priority|soon", 2),
    (r"^s$|scheduled|standard|extended|routine", 3),
    (r"^d$|appointment|diary|delayed", 4),
    (r"resolution|desk|telephone|deferred|without", 5),
)
KINDS: Final = (
    (r"return", "returned"),
    (r"(missing|misper|lost).*(child|juvenile|minor|young|under|u18|youth)", "missing_child"),
    (r"(child|juvenile|minor|young|youth).*(missing|misper|lost)", "missing_child"),
    (r"r.n.?away", "missing_child"),
    (r"missing|misper|mfh", "missing_adult"),
    (r"concern|welfare|safeguard", "welfare_concern"),
)  # fmt: skip
ORIGINS: Final = (
    (r"officer|radio|self|patrol|on.?view", "officer_initiated"),
    (r"non.?emergency", "101"),
    (r"999|911|emergency|\bbt\b", "999"),
    (r"101|phone|tel", "101"),
    (r"online|web|digital|internet|email", "online"),
    (r"", "direct"),
)
YES: Final = ("y", "yes", "true", "1")
"""Labels that say so of work that officers began."""

RISKS: Final = ((r"^h", "high"), (r"^m", "medium"), (r"^(l|s)", "low"))

_MOST_TOLD: Final = 400


def tells(role: str, labels: pl.Series) -> int:
    """How much the labels of a column say of a role: the number of its words that they hold.

    Parameters
    ----------
    role
        Of a mapping's columns.
    labels
        Shape (rows,), strings; empty cells are None.
    """
    distinct = labels.drop_nulls().cast(pl.String).unique().sort().head(_MOST_TOLD).to_list()
    if role == "kind":
        return len({w for one in distinct if (w := word_of(one, KINDS)) is not None} - {"returned"})
    if role == "risk":
        return len({word_of(one, RISKS) for one in distinct} - {None})
    if role == "origin":
        # A yes and a no of work that officers began are an origin too.
        if {one.lower() for one in distinct} <= {*YES, "n", "no", "false", "0"}:
            return 1
        return len({word_of(one, ORIGINS) for one in distinct} - {None})
    if role == "priority":
        return sum(grade is not None for grade in grades_of(distinct)[0].values())
    return 0


def grades_of(labels: Sequence[str]) -> tuple[dict[str, int | None], bool]:
    """Return the grade of each label, the most urgent first, and whether numbers were moved on.

    They are where there is a 0, or a 1 beside a word for the most urgent.
    """
    numbers = {
        label: int(digit[1])
        for label in labels
        if (digit := re.fullmatch(r"\D*(\d)(?:\.0+)?\D*", label)) is not None
    }
    words = {
        label: next((g for pattern, g in _GRADES if re.search(pattern, label.lower())), None)
        for label in labels
        if label not in numbers
    }
    move = 1 - min(numbers.values()) if numbers and min(numbers.values()) < 1 else 0
    move += bool(numbers) and 1 in words.values() and min(numbers.values()) + move == 1
    grades = {**words, **{label: number + move for label, number in numbers.items()}}
    ordered = sorted(grades.items(), key=lambda pair: (pair[1] is None, pair[1] or 0, pair[0]))
    return dict(ordered), bool(move)


def word_of(label: str, patterns: Sequence[tuple[str, str]]) -> str | None:
    """The word of ours that a label seems to mean, by the first pattern that it fits."""
    return next((word for pattern, word in patterns if re.search(pattern, label.lower())), None)


def gentle(label: str) -> str:
    """A label without the word that does harm: a mark stands in for one of its letters."""
    return re.sub(r"(?i)(r.n.?)a(way)", r"\1?\2", label)


def name_of(label: str) -> str:
    """The name that an area's label suggests."""
    name = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:40] or "area"
    return name if name[0].isalpha() else f"area_{name}"[:40]
