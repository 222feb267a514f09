"""What was found about a log as a JSON document: a record's fields, by their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, Final

from pydantic import BaseModel

FORMAT: Final = 1


def document(found: object, **named: str) -> dict[str, object]:
    """A record as a whole document, its format first.

    Parameters
    ----------
    found
        A dataclass.
    named
        Fields that the document calls otherwise: their name in the record, and there.
    """
    told = plain(found)
    return {"format": FORMAT, **{named.get(name, name): value for name, value in told.items()}}


def plain(value: Any) -> Any:  # noqa: ANN401 (JSON)
    """A value as plain data: records as tables of their fields, days as ISO 8601 has them."""
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
