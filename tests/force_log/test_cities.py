"""Logs in the shapes that cities publish, from a first mapping to what was read."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from sim.errors import InputError, ScenarioErrors
from sim.force_log import Log, diagnose, load_mapping_for, new_mapping, read_log
from sim.force_log.crowded_areas import crowded_areas, without_areas
from sim.force_log.label_guessing import tells_officers
from tests.force_log import cities
from tests.force_log.cities import Shape, jobs, rungs_in_order
from tests.force_log.test_diagnosis import page

QUEUED: Final = ("queued", "assigned")
WHOLE: Final = ("received", "assigned")
NO_ALLOCATION: Final = ("received", "arrived")
MINUTES_OFF: Final = 0.2
"""What lengths in tenths of minutes may be off by, each rounded."""


def begun(folder: Path, shape: Shape) -> str:
    """The mapping that is begun for a log in a city's shape."""
    path = folder / "log.csv"
    shape(jobs()).write_csv(path)
    return new_mapping(path)


def read(
    folder: Path, shape: Shape, labels: tuple[str, ...] = (), zone: str = "Etc/UTC"
) -> tuple[Log, str]:
    """A log in a city's shape, read with the mapping that is begun for it, and that mapping.

    What the mapping asks about the rungs of the scale is answered, and nothing else.
    """
    path, mapping = folder / "log.csv", folder / "map.toml"
    text = rungs_in_order(begun(folder, shape), labels)
    for guessed in ("America/New_York", "Europe/London"):
        text = text.replace(f'time_zone = "{guessed}"', f'time_zone = "{zone}"')
    mapping.write_text(text, encoding="utf-8")
    return read_log(path, load_mapping_for(path, mapping)), text


def labels_of(frame: pl.DataFrame) -> list[object]:
    """When each job was received, its grade, its kind, and whether officers began it."""
    received = pl.col("received").dt.replace_time_zone(None)
    return frame.select(received, "grade", "stream", "own").sort(pl.all()).rows()  # type: ignore[return-value]


def waits(frame: pl.DataFrame, stamp: str) -> pl.Series:
    """Minutes until a step, in order; none where nobody was sent."""
    minutes = (pl.col(stamp) - pl.col("received")).dt.total_seconds() / 60
    return frame.select(minutes).to_series().drop_nulls().sort()


@pytest.mark.parametrize(
    ("shape", "stamps", "grades", "labels"),
    [
        (cities.san_francisco, WHOLE, [1, 2, 3, 4], ("A", "B", "C", "I")),
        (lambda log: cities.san_francisco(log, "%Y-%m-%dT%H:%M:%S.000"), WHOLE, [1, 2, 3, 4],
         ("A", "B", "C", "I")),
        (cities.seattle, ("queued", "arrived"), [1, 2, 3, 4], ()),
        (cities.seattle_by_call_sign, QUEUED, [1, 2, 3, 4], ()),
        (cities.cincinnati, WHOLE, [1, 2, 3, 4], ("2", "5", "14", "26")),
        (lambda log: cities.cincinnati(log, "%Y %b %d %I:%M:%S %p"), WHOLE, [1, 2, 3, 4],
         ("2", "5", "14", "26")),
        (cities.detroit, WHOLE, [1, 2, 3, 4], ()),
        (cities.new_orleans, WHOLE, [1, 2, 3, 4], ()),
        (cities.boise, WHOLE, [1, 2, 3, 3], ()),
        (cities.montgomery, WHOLE, [1, 2, 3, 4], ()),
        (cities.chandler, WHOLE, [1, 2, 3, 4], ()),
        (cities.austin, NO_ALLOCATION, [1, 2, 3, 4], ()),
        (cities.dallas, WHOLE, [1, 2, 3, 4], ()),
        (cities.portland, WHOLE, [1, 2, 3, 3], ("High", "Medium", "Low")),
    ],
    ids=["San Francisco", "San Francisco's service", "Seattle", "Seattle by call sign",
         "Cincinnati", "Cincinnati, months by name", "Detroit", "New Orleans", "Boise",
         "Montgomery", "Chandler", "Austin", "Dallas", "Portland"],
)  # fmt: skip
def test_what_cities_publish_is_read_right(
    shape: Shape,
    stamps: tuple[str, str],
    grades: list[int],
    labels: tuple[str, ...],
    tmp_path: Path,
) -> None:
    """Times, grades, missing children and officers' own work are those of what happened."""
    found, _ = read(tmp_path, shape, labels)
    began, then = stamps
    ours = found.incidents.rename({"officer_initiated": "own"})
    truth = jobs().with_columns(
        pl.col(began).alias("received"),
        pl.col("grade").replace_strict(dict(enumerate(grades, 1)), return_dtype=pl.Int64),
    )
    ours_in_order, truth_in_order = waits(ours, then), waits(truth, then)
    assert ours_in_order.len() == truth_in_order.len()
    assert (ours_in_order - truth_in_order).abs().max() <= MINUTES_OFF  # type: ignore[operator]
    if "origin" in found.has:
        assert labels_of(ours) == labels_of(truth)
        return
    # Without a label for it, what officers began is told by its times.
    assert any(one.code == "assigned_at_once" for one in found.faults.found)
    differ = set(labels_of(ours)) ^ set(labels_of(truth))
    assert len(differ) <= 0.02 * truth.height


@pytest.mark.parametrize(
    ("shape", "column"),
    [
        (cities.san_francisco, "onview_flag"),
        (cities.seattle, "Call Type"),
        (cities.detroit, "officerinitiated"),
        (cities.chandler, "call_how_received"),
        (cities.austin, "Incident Type"),
        (cities.hartford, "Call_Initiated_By"),
    ],
)  # fmt: skip
def test_who_reported_is_told_by_labels_whatever_their_column_is_called(
    shape: Shape, column: str, tmp_path: Path
) -> None:
    """A flag, a way in which calls were received, a type: what says officers is the origin."""
    assert f'\norigin = "{column}"' in begun(tmp_path, shape)


@pytest.mark.parametrize(
    ("shape", "column"),
    [
        (cities.san_francisco, "police_district"),
        (cities.seattle, "Precinct"),
        (cities.chandler, "call_district"),
        (cities.dallas, "Division"),
    ],
)
def test_districts_stand_before_beats(shape: Shape, column: str, tmp_path: Path) -> None:
    """Of sixty beats hardly one would have a crew of its own."""
    assert f'\narea = "{column}"' in begun(tmp_path, shape)


@pytest.mark.parametrize("shape", [cities.new_orleans, cities.boise])
def test_a_scale_that_is_turned_about_is_told(shape: Shape, tmp_path: Path) -> None:
    """That the higher number is the more urgent stands where its grades do."""
    assert "# turned about, 1 being the most urgent here" in begun(tmp_path, shape)


def test_a_right_scale_is_left(tmp_path: Path) -> None:
    """Of a city whose first priority waits least nothing is turned."""
    assert "turned about" not in begun(tmp_path, cities.montgomery)


def test_rungs_are_listed_with_how_long_their_jobs_waited(tmp_path: Path) -> None:
    """Letters are asked about in the order of their waits, and the mapping names their column."""
    text = begun(tmp_path, cities.san_francisco)
    assert '\npriority = "priority_original"' in text
    asked = [line for line in text.splitlines() if "= ?  # half of them waited" in line]
    minutes = [int(line.split("up to ")[1].split()[0].replace(",", "")) for line in asked]
    assert len(asked) > 2
    assert minutes == sorted(minutes)


def test_a_log_of_one_time_is_refused_with_what_to_ask_for(tmp_path: Path) -> None:
    """Neither priority nor allocation: the mapping says both, and nothing is read."""
    text = begun(tmp_path, cities.nashville)
    assert "No column of priorities was found" in text
    assert "No time of allocation or of arrival was found" in text
    (tmp_path / "map.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioErrors):
        load_mapping_for(tmp_path / "log.csv", tmp_path / "map.toml")


def test_lengths_alone_are_named_where_nothing_can_be_measured(tmp_path: Path) -> None:
    """A log that has a receipt and lengths, whose lines were not taken, says how they are."""
    text = begun(tmp_path, cities.detroit)
    taken = [line for line in text.splitlines() if "lasted =" not in line]
    (tmp_path / "map.toml").write_text("\n".join(taken), encoding="utf-8")
    with pytest.raises(InputError, match="no delay can be measured") as caught:
        read_log(
            tmp_path / "log.csv", load_mapping_for(tmp_path / "log.csv", tmp_path / "map.toml")
        )
    assert "lasted" in str(caught.value)


def test_beats_are_told_and_have_no_crews_of_their_own(tmp_path: Path) -> None:
    """Sixty areas are told of when read, and by a fit all crews are near; districts are kept."""
    path, mapping = tmp_path / "log.csv", tmp_path / "map.toml"
    text = begun(tmp_path, cities.dallas)
    days = jobs()["received"].min().date(), jobs()["received"].max().date()  # type: ignore[union-attr]
    for column, areas in (("Beat", 60), ("Division", 0)):
        begins, table = text.index("[areas]"), text.index("# [[drop]]")
        labels = pl.read_csv(path)[column].cast(pl.String).unique().sort().to_list()
        said = "\n".join(f'"{one}" = "area_{place}"' for place, one in enumerate(labels))
        mapping.write_text(
            text[:begins].replace('area = "Division"', f'area = "{column}"')
            + f"[areas]\n{said}\n"
            + text[table:],
            encoding="utf-8",
        )
        log = read_log(path, load_mapping_for(path, mapping))
        assert any(one.code == "many_areas" for one in log.faults.found) == (areas > 0)
        assert crowded_areas(log.public, *days) == areas
        told = page(diagnose(log, resamples=20), 80, ascii_only=True)
        assert ("These 12 have the most jobs of 60" in told) == (areas > 0)
        assert len(re.findall("grade 1, area_", told)) == min(12, len(labels))
        assert without_areas(log.public)["area"].null_count() == log.public.height


def test_a_few_areas_with_little_work_are_kept() -> None:
    """A small force of six areas keeps them, however little there is to do; twelve it does not."""
    moment = datetime(2024, 5, 6, 12)
    for areas, found in ((6, 0), (12, 12)):
        work = pl.DataFrame(
            {"area": [f"area_{place}" for place in range(areas)], "assigned": [moment] * areas,
             "cleared": [moment + timedelta(hours=3)] * areas,
             "closed": [moment + timedelta(hours=4)] * areas}
        )  # fmt: skip
        assert crowded_areas(work, moment.date(), moment.date()) == found


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (["ONVIEW", "911", "TELEPHONE"], True),
        (["OFFICER", "CITIZEN"], True),
        (["Self Initiated", "Phone"], True),
        (["PATROL", "FIRE", "TRAFFIC"], False),
        (["Officer report", "Citizen report", "Arrest"], False),
        (["ON VIEW", "ARREST", "REPORT", "NONE"], False),
        (["Missing child", "Officer initiated", "911 hang up"], False),
    ],
)
def test_units_and_outcomes_are_no_way_in_which_calls_come(labels: list[str], told: bool) -> None:
    """A column tells who reported where its labels are officers' own and calls, and little else."""
    assert tells_officers(pl.Series(labels * 50)) == told
