"""The builder of each kind of answer: what each file of this folder declares."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.answers import AnswerDocument
    from sim.report.sections.answers.sheet import Sheet

Builder: TypeAlias = "Callable[[Any], Sheet]"
"""Builds a sheet from a document of its kind."""

_DECLARED: Final[dict[str, Builder]] = {}


def declare(kind: str) -> Callable[[Builder], Builder]:
    """Declare the decorated function as the builder of a kind of answer.

    Raises
    ------
    ValueError
        If another one has it already.
    """

    def keep(build: Builder) -> Builder:
        if kind in _DECLARED:
            raise ValueError(f"there are two sheets of {kind}")
        _DECLARED[kind] = build
        return build

    return keep


@cache
def builders() -> Mapping[str, Builder]:
    """Every builder by its kind."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        importlib.import_module(f"{__package__}.{module.name}")
    return dict(_DECLARED)


def sheet_of(document: AnswerDocument) -> Sheet:
    """The sheet of an answer."""
    return builders()[document.kind](document)
