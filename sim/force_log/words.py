"""The words into which a log is translated at the door."""

from typing import Final, Literal, TypeAlias, get_args

Stamp: TypeAlias = Literal[
    "received",
    "answered",
    "graded",
    "ratified",
    "assigned",
    "travelling",
    "arrived",
    "cleared",
    "closed",
]
StreamName: TypeAlias = Literal[
    "missing_child", "missing_adult", "welfare_concern", "returned", "other"
]
"""``returned``: a child who is back, for whom police attend to speak with them."""

Origin: TypeAlias = Literal["999", "101", "online", "direct", "officer_initiated"]
"""``direct``: from the public by another way, such as an alarm company or a front desk."""

STAMPS: Final[tuple[Stamp, ...]] = get_args(Stamp)
"""In the order in which they are expected; ratification may come at any time after receipt."""

IN_SEQUENCE: Final[tuple[Stamp, ...]] = tuple(stamp for stamp in STAMPS if stamp != "ratified")
STREAMS: Final[tuple[StreamName, ...]] = get_args(StreamName)
ORIGINS: Final[tuple[Origin, ...]] = get_args(Origin)
RISKS: Final = ("low", "medium", "high")

Finder: TypeAlias = Literal["police", "self", "others"]
"""How a missing person came to be found: by police, by coming back unprompted, or by others, such
as family, a home or a member of the public."""

Owner: TypeAlias = Literal["response", "missing_person", "neighbourhood", "investigation", "others"]
"""Whose a missing-person case is on the record."""

FINDERS: Final[tuple[Finder, ...]] = get_args(Finder)
OWNERS: Final[tuple[Owner, ...]] = get_args(Owner)
JOINED: Final = ("returned", "found_by", "owner")
"""What missing-person records add to a log's incidents, beside risk and ratification."""
