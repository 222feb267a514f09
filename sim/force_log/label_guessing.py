"""What the labels of a log seem to mean: grades, kinds, origins, risks, names of areas."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import polars as pl

_GRADES: Final = (
    # Said to be no emergency, or of a ladder whose rungs only the force knows.
    (r"\bnon|\bnot\b|\b(high|medium|moderate|normal|low|lower|lowest|highest)\b", None),
    (r"immediate|emergency|^i$|^e$", 1),
    (r"^p$|prompt|priority|soon", 2),
    (r"^s$|scheduled|standard|extended|routine", 3),
    (r"^d$|appointment|diary|delayed", 4),
    (r"resolution|desk|telephone|deferred|without (a )?(deploy|attend|resourc|d[ie]spatch)", 5),
)
_NO_LENGTH: Final = r"(?!\s*(?:min|h(?:ou)?r|sec))"
_CALLED: Final = r"(?:grade|grading|priority|pri|prio|code|level|class|cat(?:egory)?|[pgc])"
_NUMBERED: Final = (
    rf"\D*(\d)(?:\.0+)?{_NO_LENGTH}\D*",
    rf"\s*(?:{_CALLED}\W*)?(\d)(?![\d.:]){_NO_LENGTH}.*",
)
"""A label with one figure in it; or one that begins with its number, whatever follows."""

_PERSON_GONE: Final = r"(missing|misper|mfh|lost|r.n.?away|child|juvenile|minor|youth)"
_THINGS: Final = (
    r"property|vehicle|car|cars|truck|trailer|plates?|tags?|dogs?|cats?|pets?|animals?|horse|"
    r"livestock|items?|phones?|wallet|purse|bags?|luggage|weapons?|firearms?|guns?|keys?|"
    r"documents?|passport|licen[cs]e|mail|packages?|parcels?|money|cash|cheque|sign|bicycles?|"
    r"bikes?|cycles?|boats?|medication|article|articles"
)
_YOUNG: Final = (
    r"(child|juvenile|\bjuv?s?\b|minor|young|under (the )?(age|\d)|u18|youth|\bkids?\b|teen)"
)
_GONE: Final = r"(missing|misper|r.nawa?y|r.n.?away)"
KINDS: Final = (
    (rf"\b(missing|lost|r.n.?away)\b.*\b({_THINGS})\b", "other"),
    (rf"{_PERSON_GONE}.*return|return.*{_PERSON_GONE}|return(ed|s)? (home|safe)|^returned$",
     "returned"),
    (rf"\b(found|located|recovered|cancell?(ed)?)\b(?!\s*(/|or\b)).*{_GONE}", "returned"),
    (rf"{_GONE}(?!.*(/|\bor)\s*found).*\b(found|located|recovered)\b", "returned"),
    (rf"(missing|misper|lost).*{_YOUNG}", "missing_child"),
    (rf"{_YOUNG}.*(missing|misper|lost)", "missing_child"),
    (r"r.nawa?y|r.n.?away", "missing_child"),
    (r"missing|misper|mfh", "missing_adult"),
    (r"(noise|traffic|parking|neighbou?r\w*|quality).*concern", "other"),
    (r"concern|welfare|safeguard", "welfare_concern"),
)  # fmt: skip
_OFFICERS: Final = (
    r"officer|radio|patrol|on.?view|^self$|self.?(init|gen|d[ie]sp|assign)|pro.?active|"
    r"(field|unit|crew).?(init|gen)|^field|\bmd[tc]\b|mobile data"
)
_PUBLIC: Final = (
    r"alarm|counter|desk|station|letter|post|fax|text|sms|cctv|partner|ambulance|fire|force|"
    r"agency|public|citizen|caller|social|direct|other|call for service|d[ie]spatched"
)
ORIGINS: Final = (
    (r"front.?(desk|counter|office)|walk.?in|in.?person|self.?(report|present)", "direct"),
    (_OFFICERS, "officer_initiated"),
    (r"non.?emergency", "101"),
    (r"999|911|emergency|\bbt\b", "999"),
    (r"online|web|digital|internet|e-?mail|portal", "online"),
    (r"101|phone|tel", "101"),
    (_PUBLIC, "direct"),
)
"""What is none of these is left to be told: it would else be the public's in silence."""

YES_OR_NO: Final = (
    (r"^(y|yes|t|true|1)$", "officer_initiated"), (r"^(n|no|f|false|0)$", "direct"), *ORIGINS,
)  # fmt: skip
"""Labels of a column that says whether officers began the work."""

RISKS: Final = (
    (r"^(very )?h(igh)?(?![a-z])", "high"),
    (r"^m(ed(ium)?|oderate)?(?![a-z])", "medium"),
    (r"^(l(ow)?|s|std|standard)(?![a-z])", "low"),
)

_MOST_TOLD: Final = 400
_MOST_WAYS: Final = 12
_MOSTLY: Final = 0.9
_SOME: Final = 3
_HALF: Final = 0.5
_OFFICERS_SAID: Final = r"init|on.?view|self.?(gen|d[ie]sp|assign)|pro.?active"
_SURELY_OFFICERS: Final = rf"{_OFFICERS_SAID}|^(self|officers?)$"
_SURELY_CALLS: Final = (
    r"999|911|101|phone|\btel|emergency|public|citizen|caller|online|web|walk.?in|d[ie]spatched"
)
"""Labels that are nothing else: patrol and fire may be units, and agencies."""


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
        return len({word_of(one, KINDS) for one in distinct} - {"returned", "other", None})
    if role == "risk":
        return len({word_of(one, RISKS) for one in distinct} - {None})
    if role == "origin":
        # A yes and a no of work that officers began are an origin too.
        if only_yes_or_no(labels):
            return 1
        return len({word_of(one, ORIGINS) for one in distinct} - {None})
    if role == "priority":
        return sum(grade is not None for grade in grades_of(distinct)[0].values())
    return 0


def only_yes_or_no(labels: pl.Series) -> bool:
    """Whether a column says yes and no, and hardly anything else."""
    counts = _counted(labels)
    said = {label: word_of(label, YES_OR_NO[:2]) for label in counts}
    told = sum(count for label, count in counts.items() if said[label] is not None)
    return len(counts) <= _MOST_WAYS and told >= _MOSTLY * sum(counts.values())


def says_officers(name: str) -> bool:
    """Whether a column is called after work that officers begin themselves."""
    return bool(re.search(_OFFICERS_SAID, name.lower()))


def tells_officers(labels: pl.Series) -> bool:
    """Whether a few labels tell, whatever their column is called, what officers began themselves.

    Parameters
    ----------
    labels
        Shape (rows,), strings; empty cells are None.
    """
    counts = _counted(labels)
    ours, calls = (
        {label for label in counts if re.search(pattern, label.lower())}
        for pattern in (_SURELY_OFFICERS, _SURELY_CALLS)
    )
    known = sum(counts[label] for label in ours | calls)
    return (
        len(counts) <= _MOST_WAYS
        and bool(ours)
        and bool(calls - ours)
        and known >= _HALF * sum(counts.values())
        and not tells("kind", labels)
    )


def _counted(labels: pl.Series) -> dict[str, int]:
    """How many rows have each label."""
    known = labels.drop_nulls().cast(pl.String).alias("label")
    return dict(known.value_counts(name="rows").iter_rows())


def grades_of(labels: Sequence[str]) -> tuple[dict[str, int | None], bool]:
    """Return the grade of each label, the most urgent first, and whether numbers were moved on.

    They are where there is a 0, or a 1 beside a word for the most urgent.
    """
    numbers = {label: int(digit) for label in labels if (digit := _number_of(label)) is not None}
    # Where many have two figures a 2 is one of thirty rungs, and no grade.
    longer = [label for label in labels if re.fullmatch(r"\D*\d{2,}\D*", label)]
    if _SOME * len(longer) >= len(numbers) + len(longer):
        numbers = {}
    # Of letters that run on from A nobody can tell which end is the urgent one.
    alphabet = any(re.fullmatch("[abc]", label.lower()) for label in labels)
    words = {
        label: None if alphabet and len(label) == 1
        else next((g for pattern, g in _GRADES if re.search(pattern, label.lower())), None)
        for label in labels
        if label not in numbers
    }  # fmt: skip
    move = 1 - min(numbers.values()) if numbers and min(numbers.values()) < 1 else 0
    move += bool(numbers) and 1 in words.values() and min(numbers.values()) + move == 1
    grades = {**words, **{label: number + move for label, number in numbers.items()}}
    ordered = sorted(grades.items(), key=lambda pair: (pair[1] is None, pair[1] or 0, pair[0]))
    return dict(ordered), bool(move)


def _number_of(label: str) -> str | None:
    """The figure that numbers a grade; None where there is none, or one of several might."""
    found = (re.fullmatch(pattern, label, re.IGNORECASE) for pattern in _NUMBERED)
    return next((match[1] for match in found if match is not None), None)


AGENCIES: Final = (
    (r"police|sheriff|constab|marshal|troop|law.?enf|\bp\.?d\b|pd$|^(pol|le|p|law)$", "police"),
    (r"fire|ems\b|ambul|medic|rescue|\bfd\b|fd$|^(f|e|fd|works)$|animal|public works|transit",
     "others"),
)  # fmt: skip
"""Whose work a row is, where a control room serves several."""


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
