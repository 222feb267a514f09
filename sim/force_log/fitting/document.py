"""The scenario file of a fit: its values, where each comes from, and the TOML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from sim.force_log.fitting.candidate import World
from sim.force_log.fitting.children import Children
from sim.force_log.fitting.crews import Crews
from sim.scenario.models import Target
from sim.scenario.notices import FITTED
from sim.scenario.toml import toml_key, toml_value

_CHILDREN_KEYS: Final = ("last_seen", "natural_return", "interview", "children")
_DEMAND_KEYS: Final = (
    "grades", "thrive", "scene", "areas", "origins", "ends_without_deployment", "risk",
    "ratification", "research", "month_factors",
)  # fmt: skip
_SEEN: Final = "A"
_FITTED: Final = "C"
_SET: Final = "B"
_SECTIONS: Final = (
    "calendar", "areas", "grades", "targets", "profiles", "streams", "pools", "policy",
    "episode",
)  # fmt: skip


def sources_of(
    document: Mapping[str, Any],
    world: World,
    crews: Crews,
    children: Children | None,
    weeks: str,
) -> dict[str, dict[str, Any]]:
    """Return the table of sources: the log's weeks, or the assumption and its range."""
    seen = {"source": weeks, "confidence": _SEEN}
    fitted = {"source": f"{FITTED} {weeks}.", "confidence": _FITTED}
    sources: dict[str, dict[str, Any]] = {}
    for area in document["areas"]:
        sources[f"areas.{area}.travel"] = dict(seen)
    for name in document["profiles"]:
        sources[f"profiles.{name}.week"] = dict(seen)
    for name, stream in document["streams"].items():
        came = world.demand.arrivals[name]
        low, high = min(came.low, came.volume), max(came.high, came.volume)
        sources[f"streams.{name}.volume_per_year"] = {**seen, "low": low, "high": high}
        for key in _DEMAND_KEYS:
            if key in stream:
                of = fitted if key == "research" else seen
                sources[f"streams.{name}.{key}"] = dict(of)
        if world.demand.areas is None:
            sources[f"streams.{name}.areas"] = _assumed(
                "The log has no area; its jobs fall on the beats evenly.", 0.5, 2.0
            )
        sources |= {
            f"streams.{name}.{key}": dict(seen)
            if f"streams.{name}.{key}" in world.demand.lengths
            else _assumed("A command-and-control log does not hold it; public figures.", 0.5, 2.0)
            for key in _CHILDREN_KEYS
            if key in stream
        }
        if "assessment" in stream and world.ratified:
            # Ratification counts from grading, so the assessment lies within it.
            sources[f"streams.{name}.assessment"] = dict(seen)
        if "assessment" in stream and not world.ratified:
            sources[f"streams.{name}.assessment"] = _assumed(
                "Not in the log; it delays no deployment here but through the delay.", 0.5, 2.0
            )
    sources |= {
        f"streams.{name}.day_variation": {**seen, "low": came.days.low, "high": came.days.high}
        for name, came in world.demand.arrivals.items()
        if came.days is not None
    }
    ratios = [
        (one.low / one.value if one.low else 0.4, one.high / one.value if one.high else 2.5)
        for one in crews.free
    ]
    for name, pool in document["pools"].items():
        if pool["role"] != "response":
            continue
        sources[f"pools.{name}.shifts"] = {
            **fitted,
            "low": round(min(low for low, _ in ratios), 2),
            "high": round(max(high for _, high in ratios), 2),
        }
        kept = {"reserve", "last_call_margin_minutes"} & set(document["pools"][name])
        sources |= {f"pools.{name}.{key}": dict(fitted) for key in sorted(kept)}
    for name in document["targets"]:
        # The force's own: set, not measured.
        sources[f"targets.{name}.minutes"] = {
            "source": "Target of the mapping file.", "confidence": _SET,
        }  # fmt: skip
    sources.update(_of_rules(document, world, children, fitted))
    return sources


def _of_rules(
    document: Mapping[str, Any],
    world: World,
    children: Children | None,
    fitted: Mapping[str, Any],
) -> dict[str, dict[str, Any]]:
    sources: dict[str, dict[str, Any]] = {"policy.gate": dict(fitted)}
    if children is None:
        sources["policy.queue.share_with_next_grade"] = _assumed(
            "Too few missing-child jobs in the log to say.", 0.0, 1.0
        )
    else:
        low, high = children.range_of("next_grade")
        sources["policy.queue.share_with_next_grade"] = {**fitted, "low": low, "high": high}
        if world.ratified and document["policy"]["gate"]["deploy_on"] == "ratification":
            low, high = children.range_of("held")
            sources["policy.gate.share_held"] = {**fitted, "low": low, "high": high}
    if "dispatch_rate" in document["policy"]:
        sources["policy.dispatch_rate"] = dict(fitted)
    if "diversion" in document["policy"]:
        sources["policy.diversion.at_most"] = _assumed(
            "Crews on their way to other work, or at it, are sent to grade 1.", 0, 2
        )
    if "borrowing" in document["policy"]:
        sources["policy.borrowing.after_minutes"] = _assumed(
            "A crew of the own beat is waited for, the longer the less urgent.", 0.3, 3.0
        )
    return sources


def origin_of(source: Mapping[str, Any]) -> str:
    """Return where a value comes from.

    The ``log``, ``fitted`` by simulation, the ``mapping``, or ``assumed``.
    """
    if "assumption" in source:
        return "assumed"
    if source["confidence"] == _SET:
        return "mapping"
    return "log" if source["confidence"] == _SEEN else "fitted"


def targets_of(targets: Mapping[str, Target], world: World) -> dict[str, dict[str, Any]]:
    """Return the mapping's targets that the scenario's grades and areas can have."""
    areas = set(world.demand.areas or ())
    kept: dict[str, dict[str, Any]] = {}
    for name, target in targets.items():
        data = target.model_dump()
        if isinstance(target.minutes, Mapping):
            # An area that these weeks have no report of needs none.
            data["minutes"] = {a: m for a, m in target.minutes.items() if a in areas}
        fits = not isinstance(target.minutes, Mapping) or (areas and areas == set(data["minutes"]))
        if target.grade in world.demand.grades and fits:
            kept[name] = {key: data[key] for key in ("grade", "minutes", "starts", "stops")}
    return kept


def written(document: Mapping[str, Any], comment: Sequence[str]) -> str:
    """Return a scenario as TOML, a section for each table and a line for each value."""
    lines = [f"# {line}".rstrip() for line in comment]
    lines.append("")
    for key in ("format", "title", "about", "illustrative", "team_role"):
        if key in document:
            lines.append(f"{key} = {toml_value(document[key])}")
    for section in _SECTIONS:
        lines += _section(section, document.get(section, {}))
    lines += ["", "[sources]"]
    for path, source in document["sources"].items():
        lines.append(f"{toml_key(path)} = {toml_value(source)}")
    return "\n".join(lines) + "\n"


def _section(name: str, table: Mapping[str, Any]) -> Iterator[str]:
    nested = {k: v for k, v in table.items() if isinstance(v, Mapping) and "family" not in v}
    plain = {k: v for k, v in table.items() if k not in nested}
    if plain:
        yield ""
        yield f"[{name}]"
        yield from (f"{toml_key(key)} = {_value(value)}" for key, value in plain.items())
    for key, value in nested.items():
        own = f"{name}.{toml_key(key)}"
        if name == "grades":
            if not plain and key == next(iter(nested)):
                yield ""
                yield "[grades]"
            yield f"{toml_key(key)} = {toml_value(value)}"
        elif name in {"areas", "pools", "profiles", "streams", "policy", "targets", "episode"}:
            yield ""
            yield f"[{own}]"
            yield from (f"{toml_key(one)} = {_value(item)}" for one, item in value.items())


def _value(value: object) -> str:
    """Return a value as TOML; a list of tables with a line for each, a long list wrapped."""
    if isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
        rows = "".join(f"    {toml_value(dict(item))},\n" for item in value)
        return f"[\n{rows}]"
    if isinstance(value, list | tuple) and len(value) > 24:
        rows = "".join(
            f"    {', '.join(toml_value(item) for item in value[start : start + 24])},\n"
            for start in range(0, len(value), 24)
        )
        return f"[\n{rows}]"
    return toml_value(list(value) if isinstance(value, tuple) else value)


def _assumed(why: str, low: float, high: float) -> dict[str, Any]:
    return {"assumption": why, "low": low, "high": high}


def weeks_of(title: str, first: date, last: date) -> str:
    """Name a log's weeks, as sources do."""
    (year, week, _), (year_2, week_2, _) = first.isocalendar(), last.isocalendar()
    return (
        f"Log of {title}, {first.isoformat()} to {last.isoformat()} "
        f"(ISO weeks {year}-W{week:02d} to {year_2}-W{week_2:02d})"
    )
