"""Columns that say who or where somebody is: known by their names and by the shape of values.

A log is read for its times. Names, telephone numbers, dates of birth, addresses, postcodes,
positions and free text are refused wherever a mapping names them, whatever it calls them.
"""

from __future__ import annotations

import re
from typing import Final

import polars as pl

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# Joined words that an export writes without a mark between them.
_WHOLE: Final = {
    "dateofbirth": "dates of birth",
    "postcode": "postcodes",
    "zipcode": "postcodes",
    "freetext": "free text",
    "surname": "names of people",
    "forename": "names of people",
    "forenames": "names of people",
    "firstname": "names of people",
    "lastname": "names of people",
    "fullname": "names of people",
    "phoneno": "telephone numbers",
    "phonenumber": "telephone numbers",
}
_ALWAYS: Final = {
    **_WHOLE,
    "dob": "dates of birth",
    "birth": "dates of birth",
    "born": "dates of birth",
    "birthdate": "dates of birth",
    "birthday": "dates of birth",
    "email": "e-mail addresses",
    "mail": "e-mail addresses",
    "collar": "officers' numbers",
    "warrant": "officers' numbers",
    "payroll": "officers' numbers",
    "employee": "officers' numbers",
    "nhs": "identity numbers",
    "nino": "identity numbers",
    "pnc": "identity numbers",
    "ssn": "identity numbers",
    "vrm": "vehicle registrations",
    "postal": "postcodes",
    "zip": "postcodes",
    "latitude": "positions",
    "longitude": "positions",
    "lat": "positions",
    "lon": "positions",
    "lng": "positions",
    "easting": "positions",
    "northing": "positions",
    "uprn": "positions",
    "narrative": "free text",
    "remarks": "free text",
    "remark": "free text",
    "comment": "free text",
    "comments": "free text",
    "notes": "free text",
    "note": "free text",
    "summary": "free text",
}
# The same word stands in the name of a time: when the telephone was put down.
_UNLESS_A_TIME: Final = {
    "phone": "telephone numbers",
    "telephone": "telephone numbers",
    "tel": "telephone numbers",
    "mobile": "telephone numbers",
    "msisdn": "telephone numbers",
    "caller": "names of people",
    "informant": "names of people",
    "address": "addresses",
    "addr": "addresses",
    "street": "addresses",
    "road": "addresses",
    "house": "addresses",
    "location": "addresses",
    "premises": "addresses",
    "person": "names of people",
    "misper": "names of people",
    "subject": "names of people",
    "victim": "names of people",
    "officer": "names of people",
    "text": "free text",
    "log": "free text",
}
# A force's log number is its incident number; a unit that is mobile is on its way.
_MEANT_OTHERWISE: Final = {("incident", "log"), ("travelling", "mobile")}
# "Name" and "description" of a thing that is no person are the labels of a code; where the name of
# the column does not say of what, its values do.
_UNLESS_OF_A_THING: Final = {
    "name": "names of people",
    "names": "names of people",
    "description": "free text",
    "desc": "free text",
    "details": "free text",
    "detail": "free text",
}
_TIMES: Final = frozenset((
    "time", "date", "datetime", "dt", "ts", "stamp", "timestamp", "start", "stop", "end", "at",
    "when", "pickup", "answered", "closed", "opened", "created", "arrived", "assigned",
    "initiated",
))  # fmt: skip
_THINGS: Final = frozenset((
    "area", "beat", "ward", "district", "station", "division", "sector", "region", "command",
    "lpa", "lpu", "bcu", "force", "unit", "team", "priority", "grade", "type", "category",
    "class", "kind", "code", "origin", "source", "channel", "method", "contact", "risk",
    "level", "status", "reason", "agency", "problem", "shift", "borough", "neighborhood",
    "neighbourhood", "zone", "town", "county", "city", "parish", "nature", "locality", "hub",
    "disposition", "qualifier", "opening", "closing",
))  # fmt: skip

_STREETS: Final = (
    "street", "st", "road", "rd", "avenue", "ave", "lane", "ln", "close", "drive", "dr", "way",
    "court", "ct", "crescent", "cres", "terrace", "place", "pl", "gardens", "gdns", "grove",
    "square", "sq", "boulevard", "blvd", "highway", "hwy", "hill", "park", "row", "mews",
)  # fmt: skip
# By the shape of values: the pattern, what it is, and the share of distinct values that tells.
_SHAPES: Final = (
    (r"^\s*\(?(\+|00)?\d[\d\s().-]{8,16}\d\s*$", "telephone numbers"),
    (r"^\s*(\d{1,2}[/.-]\d{1,2}[/.-](19|20)\d{2}|(19|20)\d{2}-\d{2}-\d{2})\s*$", "dates"),
    (r"(?i)\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", "postcodes"),
    (r"\b[^@\s]+@[^@\s]+\.[a-zA-Z]{2,}\b", "e-mail addresses"),
    (
        rf"(?i)^\s*(flat\s+)?\d+[a-z]?[\s,]+\S.*\b({'|'.join(_STREETS)})\b",
        "addresses",
    ),
    (r"(?i)^\s*(mr|mrs|ms|miss|mx|master|dr)\.?\s+[a-z]", "names of people"),
    (r"^\s*[A-Z][A-Za-z'-]+,\s*[A-Z][A-Za-z'-]+\.?(\s+[A-Z]\.?)?\s*$", "names of people"),
    (r"^\s*-?\d{1,3}\.\d{4,}\s*$", "positions"),
)
# Two words of which one is among the commonest first names: a person, or a place named after one.
_FORENAMES: Final = (
    "adam", "alan", "alex", "alice", "amanda", "amy", "andrew", "angela", "ann", "anna", "anne",
    "anthony", "barbara", "ben", "benjamin", "bob", "brian", "carol", "caroline", "catherine",
    "chloe", "chris", "christine", "christopher", "claire", "daniel", "dan", "dave", "david",
    "deborah", "donna", "edward", "elizabeth", "ellie", "emily", "emma", "gary", "george",
    "grace", "graham", "hannah", "harry", "helen", "ian", "jack", "jacob", "jake", "james", "jane",
    "janet", "jason", "jean", "jennifer", "jessica", "jim", "joan", "joe", "john", "jon",
    "jonathan", "joseph", "joshua", "julia", "julie", "karen", "kate", "katie", "keith", "kelly",
    "ken", "kevin", "laura", "lauren", "lee", "liam", "linda", "lisa", "louise", "lucy", "luke",
    "margaret", "maria", "mark", "martin", "mary", "matt", "matthew", "michael", "michelle",
    "mike", "mohammed", "muhammad", "natalie", "neil", "nicholas", "nicola", "nigel", "oliver",
    "olivia", "patricia", "paul", "peter", "philip", "phil", "rachel", "rebecca", "richard",
    "robert", "roger", "ryan", "sam", "samantha", "samuel", "sandra", "sarah", "sharon", "shaun",
    "simon", "sophie", "stephanie", "stephen", "steve", "steven", "stuart", "sue", "susan",
    "thomas", "tim", "timothy", "tom", "tony", "tracey", "victoria", "wayne", "wendy", "william",
    "zoe",
)  # fmt: skip
_ANY_FORENAME: Final = f"(?:{'|'.join(_FORENAMES)})"
_NAMED: Final = rf"(?i)^\s*(?:{_ANY_FORENAME}\s+[\p{{L}}'.-]+|[\p{{L}}'-]+,?\s+{_ANY_FORENAME})\s*$"
_NAMED_SHARE: Final = 0.3
_FEWEST_NAMES: Final = 3
_MAY_BE_CODES: Final = frozenset(("names of people", "addresses", "dates", "free text"))
_FEW: Final = 2_000
_LEAST_SHARED: Final = 5
_LEAST_TO_REPEAT: Final = 50
_NEARLY_ALL: Final = 0.9
_TELLING_SHARE: Final = 0.05
_LONGEST_LABEL: Final = 60
_MOST_LABELS: Final = {"priority": 40, "risk": 40, "origin": 200, "area": 2_000, "kind": 5_000}
_PERSON: Final = r"^\s*[A-Z][a-z'-]+\s+([A-Z]\.?\s+)?[A-Z][A-Za-z'-]+\s*$"


def words_of(column: str) -> list[str]:
    """The words of a column's name in small letters, apart at marks and at capitals."""
    return [word.lower() for word in _WORD.findall(column)]


def by_name(column: str, role: str) -> str | None:
    """Say what a column's name gives away, or None.

    Parameters
    ----------
    column
        The column, as the log's header has it.
    role
        What the mapping takes it for, such as ``received``, ``kind`` or ``unit``.
    """
    words = words_of(column)
    joined = "".join(words)
    for word, what in _WHOLE.items():
        if word in joined:
            return what
    for word in words:
        if word in _ALWAYS:
            return _ALWAYS[word]
    of_a_time = bool(_TIMES & set(words))
    of_a_thing = bool(_THINGS & set(words))
    for word, what in _UNLESS_A_TIME.items():
        if word not in words or of_a_time or of_a_thing or (role, word) in _MEANT_OTHERWISE:
            continue
        return what
    return None


def doubtful(column: str) -> str | None:
    """Say what a column's name makes likely, unless its values are labels that repeat; or None."""
    words = words_of(column)
    if _THINGS & set(words):
        return None
    return next((_UNLESS_OF_A_THING[word] for word in words if word in _UNLESS_OF_A_THING), None)


def repeat(labels: pl.Series) -> bool:
    """Whether labels are few and nearly every row has one that others share.

    Parameters
    ----------
    labels
        Shape (rows,), strings; empty cells are None.
    """
    known = labels.drop_nulls()
    if known.is_empty():
        return False
    counts = known.alias("label").value_counts(name="cases")
    if known.len() < _LEAST_TO_REPEAT:
        return counts.height <= known.len() / 2
    shared = counts.filter(pl.col("cases") >= _LEAST_SHARED)["cases"].sum()
    return counts.height <= _FEW and shared >= _NEARLY_ALL * known.len()


def by_shape(labels: pl.Series, role: str, *, said_codes: bool = False) -> str | None:
    """Say what the values of a label column give away, or None.

    Parameters
    ----------
    labels
        Shape (rows,), strings; empty cells are None.
    role
        What the mapping takes it for.
    said_codes
        Whether the mapping says that they are codes: then what looks like names, addresses or
        dates is let through where it repeats.

    Notes
    -----
    Judged on distinct values: one stray address among a thousand codes is a slip of typing and
    is not shown anywhere; a twentieth of them is a column of addresses.
    """
    distinct = labels.drop_nulls().unique()
    if distinct.is_empty():
        return None
    what = _shape(labels, distinct, role)
    return None if what in _MAY_BE_CODES and said_codes and repeat(labels) else what


def may_be_codes(labels: pl.Series, what: str) -> bool:
    """Whether a mapping may say of labels that look like `what` that they are codes."""
    return what in _MAY_BE_CODES and repeat(labels)


def _shape(labels: pl.Series, distinct: pl.Series, role: str) -> str | None:
    for pattern, what in _SHAPES:
        if role == "incident" and what == "telephone numbers":
            continue  # incident numbers may be as long
        share = distinct.str.contains(pattern).mean()
        if isinstance(share, float) and share >= _TELLING_SHARE:
            return what
    named = int(distinct.str.contains(_NAMED).sum())
    if named >= max(_FEWEST_NAMES, _NAMED_SHARE * distinct.len()):
        return "names of people"
    lengths = distinct.str.len_chars().quantile(0.9)
    if lengths is not None and lengths > _LONGEST_LABEL:
        return "free text"
    if role in {"unit", "incident"}:
        share = distinct.str.contains(_PERSON).mean()
        return "names of people" if isinstance(share, float) and share >= 0.5 else None
    many = distinct.len() > _MOST_LABELS.get(role, 5_000)
    if many or (labels.len() >= 200 and distinct.len() > labels.len() / 2):
        return "free text or identifiers (nearly every value is another)"
    return None


def showable(
    labels: pl.Series, least: int, most: int = 5, cases: pl.Series | None = None
) -> list[str]:
    """Return the commonest labels that may be shown: often enough, short, and no identifier.

    Parameters
    ----------
    labels
        Shape (rows,), strings.
    least
        Incidents that must have a label.
    most
        Labels to return at most.
    cases
        Shape (rows,): what tells the rows of one incident from others; None: each row is one.
    """
    if cases is not None:
        rows = pl.DataFrame({"label": labels, "case": cases}).drop_nulls("label")
        labels = rows.unique()["label"]
    counts = labels.drop_nulls().alias("label").value_counts(sort=True, name="cases")
    common = counts.filter(
        (pl.col("cases") >= least) & (pl.col("label").str.len_chars() <= _LONGEST_LABEL)
    )
    for pattern in (*(pattern for pattern, _ in _SHAPES), _NAMED):
        common = common.filter(~pl.col("label").str.contains(pattern))
    return common.sort(["cases", "label"], descending=[True, False])["label"].head(most).to_list()
