"""Section 3 of the sheet: where each number comes from, and what is assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from sim.provenance import portable_path
from sim.report.stress.markdown import by_analyst, table
from sim.report.stress.rules import assumed_rules
from sim.scenario.paths import KeyPath, dotted, is_table_list, leaves, lookup
from sim.scenario.resolve import DEFAULT, resolved_data
from sim.scenario.toml import toml_value

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded
    from sim.scenario.models import Source

_WEEKDAYS: Final = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}


def data_used(subject: Loaded) -> Iterator[str]:
    """Sources, pre-processing, parameters and assumptions."""
    sources = subject.scenario.sources
    yield "## 3. Data"
    yield "### 3.1 Data sources"
    cited: dict[tuple[str, str, str], int] = {}
    for one in sources.values():
        if one.source is not None:
            key = (one.source, str(one.year or ""), one.confidence or "")
            cited[key] = cited.get(key, 0) + 1
    if cited:
        yield table(
            ("source", "year", "confidence", "values"), [(*key, n) for key, n in cited.items()]
        )
        yield "Confidence runs from A, a primary source, to E, an assumption."
    yield by_analyst("who may have the data, under what agreement, and who checked them.")
    yield "### 3.2 Pre-processing"
    yield by_analyst(
        "how records became these numbers: what was left out, joined, corrected or fitted."
    )
    yield "### 3.3 Input parameters"
    yield (
        "Every value of the scenario, with the file that gave it. Rates change over time by "
        "profile, month factors and holiday factors; lengths of time do not."
    )
    yield table(("key", "value", "given by", "source"), list(_inputs(subject)))
    yield by_analyst("why these distributions, where the source does not say it.")
    yield "### 3.4 Assumptions"
    assumed = [
        (f"`{path}`", one.assumption, f"{one.low:g}", f"{one.high:g}")
        for path, one in sources.items()
        if one.assumption is not None and one.low is not None and one.high is not None
    ]
    if assumed:
        yield (
            "Low and high are of the value itself where the key is a number; else of a factor on "
            "the numbers of its table or list, or on the first of shares that sum to 1."
        )
        yield table(("key", "assumption", "low", "high"), assumed)
    assumptions = assumed_rules()
    if assumptions:
        yield f"Rules that rest on assumption, wholly or in part: {', '.join(assumptions)}."
    yield by_analyst("which of these matter most to the answer, and what shows it.")


def _inputs(subject: Loaded) -> Iterator[tuple[str, str, str, str]]:
    data = resolved_data(subject.scenario)
    for path in _rows_of(data, ()):
        if path[0] in {"format", "title", "about", "sources"}:
            continue
        value = lookup(data, path)
        yield (
            f"`{dotted(path)}`",
            toml_value(value),
            _origin(subject, path, value),
            _source(subject.scenario.sources, path),
        )


def _rows_of(value: Any, path: KeyPath) -> Iterator[KeyPath]:  # noqa: ANN401
    """Paths of what is one parameter: a value, a duration, a shift, or a table of plain values."""
    if isinstance(value, Mapping) and value and _is_several(value, path):
        for key, below in value.items():
            yield from _rows_of(below, (*path, key))
    elif is_table_list(value):
        for place, below in enumerate(value):
            yield from _rows_of(below, (*path, place))
    else:
        yield path


def _is_several(table: Mapping[str, Any], path: KeyPath) -> bool:
    if "family" in table or (path and isinstance(path[-1], int)):
        return False
    # Shares and minutes by grade, area or weekday are one parameter; named settings are several.
    keyed = all(str(key)[:1].isdigit() for key in table) or set(table) <= _WEEKDAYS
    return not keyed or any(isinstance(below, Mapping) for below in table.values())


def _origin(subject: Loaded, path: KeyPath, value: Any) -> str:  # noqa: ANN401
    below = next((dotted((*path, *rest)) for rest, _ in leaves(value)), dotted(path))
    origin = subject.origins.get(below, "")
    return origin if origin in {"", DEFAULT} else portable_path(origin)


def _source(sources: Mapping[str, Source], path: KeyPath) -> str:
    for length in range(len(path), 0, -1):
        found = sources.get(dotted(path[:length]))
        if found is not None and found.source is not None:
            details = [str(one) for one in (found.year, found.confidence) if one is not None]
            return found.source + (f" ({', '.join(details)})" if details else "")
        if found is not None:
            return "assumption, section 3.4"
    return ""
