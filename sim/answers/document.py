"""What every answer is: what was asked of which scenarios, and how it was worked out."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, Field

from sim.answers.estimated import Estimated
from sim.measures import Cut
from sim.results.context import Context
from sim.results.document import Run
from sim.results.model import Model
from sim.results.row import Risk

if TYPE_CHECKING:
    import polars as pl

    from sim.scenario.loading import Loaded

FORMAT: Final = 1
"""Format number of the documents."""

_PARTS: Final = ("value", "low", "high")


class AskedOf(Model):
    """A scenario that was asked about."""

    name: str
    file: str
    """As the planner named it."""
    title: str
    sha256: str
    """Of the resolved scenario."""


class Whom(Model):
    """Whose delays it is about; null is all."""

    stream: str | None = None
    grade: Annotated[int | None, Field(ge=1, le=9)] = None
    """As first drawn."""
    risk: Risk | None = None
    care: bool | None = None
    """true: the child is looked after."""
    area: str | None = None

    @classmethod
    def of(cls, cut: Cut) -> Whom:
        """The same as a cut, whose hours are left aside."""
        return cls(
            stream=cut.stream,
            grade=cut.grade,
            risk=cut.risk,  # type: ignore[arg-type]
            care=cut.care,
            area=cut.area,
        )


class AnswerDocument(Model):
    """What --json prints, a folder keeps, and every form of an answer is drawn from.

    Simulated children; not a prediction about any child; not for deciding a live call.
    """

    format: Literal[1] = FORMAT
    kind: str
    """Which question: the name of its command."""
    level: Annotated[float, Field(gt=0, lt=1)] = 0.95
    """Confidence level of all limits."""
    scenarios: Annotated[tuple[AskedOf, ...], Field(min_length=1)]
    """The baseline first."""
    context: Context
    """What surrounds the figures: targets, titles, what the scenarios are no evidence of."""
    run: Run
    stopped: str = ""
    """What was left out on request, as a sentence; empty: nothing."""
    command: tuple[str, ...] = ()
    """Program and arguments, without paths of the machine."""

    @abstractmethod
    def records(self) -> Sequence[Model]:
        """The lines of the answer's main table, all of one type: rows, CSV and Parquet."""

    @property
    def name(self) -> str:
        """Of the first scenario."""
        return self.scenarios[0].name


def asked_of(loaded: Sequence[Loaded]) -> tuple[AskedOf, ...]:
    """The scenarios that were asked about, as documents name them."""
    from sim.provenance import portable_path

    return tuple(
        AskedOf(
            name=one.name,
            file=portable_path(one.path),
            title=one.scenario.title,
            sha256=one.sha256,
        )
        for one in loaded
    )


def records_table(document: AnswerDocument) -> pl.DataFrame:
    """The records as a table: a figure is three columns, NAME, NAME_low and NAME_high.

    Lists become text with commas; what is null stays so.
    """
    import polars as pl

    return pl.DataFrame([dict(_flat(one)) for one in document.records()], infer_schema_length=None)


def csv_text(document: AnswerDocument) -> str:
    """The same as CSV; begins with the mark of UTF-8 where it needs it.

    Excel takes a file without the mark for one of its own code page.
    """
    text = records_table(document).write_csv()
    return text if text.isascii() else f"\ufeff{text}"


def pointers_to(document: BaseModel) -> Mapping[int, str]:
    """JSON pointers to every record inside a document, by the record's ``id``."""
    return dict(_below(document, ""))


def _below(node: object, at: str) -> Iterator[tuple[int, str]]:
    if isinstance(node, BaseModel):
        yield id(node), at
        for name in type(node).model_fields:
            yield from _below(getattr(node, name), f"{at}/{name}")
    elif isinstance(node, Mapping):
        for key, value in node.items():
            escaped = str(key).replace("~", "~0").replace("/", "~1")
            yield from _below(value, f"{at}/{escaped}")
    elif isinstance(node, tuple | list):
        for place, value in enumerate(node):
            yield from _below(value, f"{at}/{place}")


def _flat(record: Model, before: str = "") -> Iterator[tuple[str, Any]]:
    for name in type(record).model_fields:
        value, column = getattr(record, name), f"{before}{name}"
        if isinstance(value, Estimated):
            for part in _PARTS:
                yield column if part == "value" else f"{column}_{part}", getattr(value, part)
        elif isinstance(value, Model):
            yield from _flat(value, f"{column}_")
        elif isinstance(value, tuple):
            yield column, ", ".join(map(str, value))
        else:
            yield column, value
