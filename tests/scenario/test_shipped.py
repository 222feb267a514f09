"""Every shipped scenario loads, says what it is, and says where its numbers come from."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest

from sim.scenario.demand import IncidentStream
from sim.scenario.extending import read_chain
from sim.scenario.loading import Loaded, load
from sim.scenario.models import Scenario
from sim.scenario.paths import KeyPath, dotted, lookup, parsed
from sim.scenario.resolve import resolved_data

SCENARIOS: Final = Path(__file__).parents[2] / "scenarios"
BASELINE: Final = SCENARIOS / "dorset-2022.toml"
BASELINES: Final = (
    BASELINE,
    SCENARIOS / "derbyshire-size.toml",
    SCENARIOS / "placements-by-day.toml",
    SCENARIOS / "welfare-concerns-followed.toml",
)
CASES: Final = sorted((SCENARIOS / "cases").glob("*.toml"))
SHIPPED: Final = [*sorted(SCENARIOS.glob("*.toml")), *CASES]
VARIANTS: Final = [path for path in SHIPPED if path.parent == SCENARIOS and path != BASELINE]

# Numbers that name something and measure nothing.
NAMING: Final = [
    ("format",),  # the version of the file's form
    ("policy", "diversion", "travelling"),  # grades that may be left for a grade
    ("policy", "diversion", "at_scene"),
    ("policy", "committed"),  # grades that writing and breaks are broken off for
]


def file_name(path: Path) -> str:
    """Return how a file is called in the test's name."""
    return path.stem


def numbers(data: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, float]]:
    """Yield the path of every number in nested tables and lists; a truth value is none."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from numbers(value, (*path, key))
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from numbers(value, (*path, place))
    elif isinstance(data, int | float) and not isinstance(data, bool):
        yield path, data


def uncovered(data: dict[str, Any]) -> list[str]:
    """Return the paths of written numbers that no entry of ``sources`` speaks of."""
    covered = {parsed(key) for key in data["sources"]}
    written = {key: value for key, value in data.items() if key != "sources"}
    return [
        dotted(path)
        for path, _ in numbers(written)
        if not any(path[: len(named)] == named for named in NAMING)
        and not any(path[:length] in covered for length in range(1, len(path) + 1))
    ]


@pytest.fixture(scope="module")
def baseline() -> Loaded:
    """The baseline, loaded once."""
    return load(BASELINE)


@pytest.mark.parametrize("path", SHIPPED, ids=file_name)
def test_loads_and_calls_itself_illustrative(path: Path) -> None:
    """Each file is sound, has a title and says in words what it is about."""
    scenario = load(path).scenario
    assert scenario.title
    assert len(scenario.about) > 80
    assert scenario.illustrative


def test_titles_read_well_in_a_table() -> None:
    """Each is short, says something of its own, and is no sentence."""
    titles = [load(path).scenario.title for path in SHIPPED]
    assert len(set(titles)) == len(titles)
    for title in titles:
        assert len(title) <= 60, title
        assert title[0].isupper(), title
        assert not title.endswith("."), title


@pytest.mark.parametrize("path", SHIPPED, ids=file_name)
def test_every_number_has_a_source_or_an_assumption(path: Path) -> None:
    """Each number, inherited ones included, is covered by an entry of ``sources``."""
    assert uncovered(read_chain(path).merged) == []


@pytest.mark.parametrize("name", ["dorset-2022", "stretched-force"])
def test_figures_of_children_placed_elsewhere_say_whom_they_stand_for(name: str) -> None:
    """Devon's interviews are of its children placed outside Devon, and are used here for all."""
    sources = load(SCENARIOS / f"{name}.toml").scenario.sources
    for key in ("share_offered", "share_accepted", "wait"):
        one = sources[f"episode.return_interview.{key}"]
        said = one.source or one.assumption or ""
        assert "children in care who were placed outside Devon" in said
        assert "for all children here" in said
        assert one.confidence != "A"


def test_a_number_without_a_source_is_noticed() -> None:
    """Taking one entry out uncovers the numbers that it spoke of, and no others."""
    data = read_chain(BASELINE).merged
    sources = {key: value for key, value in data["sources"].items() if key != "areas.bcp.travel"}
    travel = {"median_minutes", "sigma", "at_most_minutes"}
    assert set(uncovered({**data, "sources": sources})) == {
        f"areas.bcp.travel.{key}" for key in travel
    }


@pytest.mark.parametrize("path", SHIPPED, ids=file_name)
def test_sources_are_rated_and_assumptions_ranged(path: Path) -> None:
    """A source has its confidence; an assumption has a range that is wider than a point."""
    # A range of one point is for what is so by the meaning of the word, and is rare.
    points = 0
    for key, entry in load(path).scenario.sources.items():
        if entry.source is not None:
            assert entry.confidence is not None, key
        elif entry.low == entry.high:
            points += 1
    assert points <= 8


@pytest.mark.parametrize("path", VARIANTS, ids=file_name)
def test_a_variant_holds_only_what_differs(path: Path, baseline: Loaded) -> None:
    """A variant extends a baseline, and each table or value that it writes alters something."""
    own = tomllib.loads(path.read_text(encoding="utf-8"))
    base = SCENARIOS / own["extends"]
    assert base in BASELINES
    before = resolved_data(baseline.scenario if base == BASELINE else load(base).scenario)
    after = resolved_data(load(path).scenario)
    changed = {key: value for key, value in own.items() if key not in ("extends", "sources")}
    for top, table in changed.items():
        for key in table if isinstance(table, dict) else ():
            assert lookup(before, (top, key)) != lookup(after, (top, key)), f"{top}.{key}"


@pytest.mark.parametrize("path", SHIPPED, ids=file_name)
def test_an_editor_finds_the_schema(path: Path) -> None:
    """The first line points to the schema, by a path that is right from where the file lies."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("#:schema ")
    schema = (path.parent / first.removeprefix("#:schema ")).resolve()
    assert schema == SCENARIOS.parent / "docs" / "scenario.schema.json"


def per_day(scenario: Scenario) -> dict[str, float]:
    """Return mean incidents a day over the year, by stream."""
    return {
        name: stream.volume_per_year / 365
        for name, stream in scenario.streams.items()
        if isinstance(stream, IncidentStream)
    }


def test_baseline_has_the_calls_of_its_force(baseline: Loaded) -> None:
    """Calls come to the published 999 and 101 volumes within 2 %."""
    # 143,317 calls by 999 in 2023/24 and 150,000 by 101 in 2023: 393 and 411 a day.
    calls = {"999": 0.0, "101": 0.0}
    volumes = per_day(baseline.scenario)
    for name, stream in baseline.scenario.streams.items():
        if isinstance(stream, IncidentStream):
            for origin, share in stream.origins.items():
                calls[origin] += volumes[name] * share
    assert calls["999"] == pytest.approx(143_317 / 365, rel=0.02)
    assert calls["101"] == pytest.approx(150_000 / 365, rel=0.02)


def test_baseline_attends_as_many_incidents_as_its_force(baseline: Loaded) -> None:
    """About 161 incidents a day are attended: 58,700 in 2023/24."""
    streams = baseline.scenario.streams
    attended = sum(
        volume * (1 - stream.ends_without_deployment)
        for name, volume in per_day(baseline.scenario).items()
        if isinstance(stream := streams[name], IncidentStream)
    )
    assert attended == pytest.approx(58_700 / 365, rel=0.02)


def test_profiles_change_gradually(baseline: Loaded) -> None:
    """No hour of a profile has more than three times the weight of the one before."""
    for name, profile in baseline.scenario.profiles.items():
        if name == "inspector":
            continue  # its tasks stop with the post's own hours
        hours = profile.hours or []
        assert all(after <= 3 * before for before, after in pairwise(hours)), name
