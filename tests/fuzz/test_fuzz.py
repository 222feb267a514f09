"""Whatever a command is given, it ends in a sentence: no traceback, no abort, in seconds.

A few examples of each kind run with the suite, many with the slow tests.
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
import time
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from sim import cli
from sim.provenance import file_sha256
from sim.scenario.resolve import resolved_data
from sim.scenario.template import template
from sim.store import REPLICATIONS, SUMMARY_JSON, document_sha256
from tests.fuzz.mutations import changed_table, changed_text, changed_values, toml_of
from tests.worlds import small_scenario

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

ROOT: Final = Path(__file__).parents[2]
MAPPINGS: Final = ROOT / "scenarios" / "mappings"
MAPPING: Final = MAPPINGS / "uk-command-and-control.toml"
CASES: Final = MAPPINGS / "cases" / "uk-missing-persons.toml"
DUTIES: Final = MAPPINGS / "duties" / "uk-like.toml"
HOURLY: Final = MAPPINGS / "telephone" / "us-city.toml"
_SECONDS: Final = 20.0
_MEGABYTES: Final = 1_024
_FEWER, _FEW, _FEWER_OF_MANY, _MANY = 3, 8, 60, 350
FORCE: Final = resolved_data(small_scenario(2))
ROWS_OF_THE_LOG: Final = 60
_KEPT: Final = ("--engine", "reference", "--no-unknowns", "--quiet", "--output")
_SIZE: Final = ("--days", "1", "--warm-up-days", "0", "--replications", "1", "--workers", "1")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A working folder with a force, its log, and a kept study of it."""
    place = tmp_path_factory.mktemp("fuzz")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        (place / "force.toml").write_text(template(), encoding="utf-8")
        words = ["--days", "2", "--out", "log.csv", "--cases", "cases.csv"]
        assert ended(["sample-log", "force.toml", *words]) == 0
        assert ended(["run", "force.toml", *_SIZE, *_KEPT, "kept"]) == 0
        yield place


def ended(words: Sequence[str]) -> int:
    """Do a command and return its status; what it says is held to account.

    Seconds are the processor's, since a test's machine may have others to serve.
    """
    out, err = (TextIOWrapper(BytesIO(), encoding="utf-8") for _ in range(2))
    before, began = taken(), time.process_time()
    with redirect_stdout(out), redirect_stderr(err):
        status = cli.main(words)
    told = read(out) + read(err)
    assert time.process_time() - began < _SECONDS
    assert "Traceback" not in told
    assert status in {0, 2}, told
    assert status == 0 or read(err).strip()
    # What a terminal would obey.
    assert not any(ord(sign) < 32 and sign not in "\n\t" for sign in told)
    # Other tests of the same process may have taken more before.
    assert taken() - before < _MEGABYTES
    return status


def read(stream: TextIOWrapper) -> str:
    """Return what was written to a stream in memory."""
    stream.flush()
    assert isinstance(stream.buffer, BytesIO)
    return stream.buffer.getvalue().decode("utf-8")


def taken() -> float:
    """Return the most memory that this process ever took, in megabytes."""
    if sys.platform == "win32":
        return 0.0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def few_or_many(examples: int) -> settings:
    """Return how a search is made: the same on every machine, and no failure is made smaller."""
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink] if examples < _MANY else [Phase.generate],
    )


@contextmanager
def written(folder: Path, name: str, content: bytes | str) -> Iterator[str]:
    """Leave a file as long as it is looked at."""
    file = folder / name
    file.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    try:
        yield name
    finally:
        file.unlink(missing_ok=True)


def scenario_values(folder: Path, data: dict[str, Any]) -> None:
    """A scenario with other values: it is checked, and where it is sound a day of it is played."""
    with written(folder, "changed.toml", toml_of(data)) as name:
        if ended(["validate", name]) == 0 and small(data):
            words = ["--engine", "reference", "--no-unknowns", "--quiet"]
            ended(["run", name, *_SIZE, *words])


def small(data: dict[str, Any]) -> bool:
    """Whether a day of a scenario is played in seconds."""
    volumes = [one.get("volume_per_year", 0) for one in data["streams"].values()]
    return bool(sum(volumes) < 200_000 and data.get("follow_up_hours", 48) <= 48)


def scenario_text(folder: Path, content: bytes) -> None:
    """A scenario's file that was damaged, or typed by somebody in a hurry."""
    with written(folder, "changed.toml", content) as name:
        ended(["validate", name])


def log_rows(folder: Path, text: str) -> None:
    """An export with other rows, columns and cells."""
    with written(folder, "changed.csv", text) as name:
        ended(["diagnose", name, "--mapping", str(MAPPING)])
        ended(["new", "guessed.toml", "--mapping", name, "--force"])


def mapping_values(folder: Path, data: dict[str, Any]) -> None:
    """A mapping with other values."""
    with written(folder, "changed.map.toml", toml_of(data)) as name:
        ended(["diagnose", "few.csv", "--mapping", name])


def rota_rows(folder: Path, text: str) -> None:
    """A rota with other rows, columns and cells."""
    own = 'format = 1\ntitle = "R"\nextends = "force.toml"\n'
    own += '[pools.response]\nrota_file = "rota.csv"\n'
    with written(folder, "rota.csv", text), written(folder, "with_rota.toml", own) as name:
        ended(["validate", name])


def case_rows(folder: Path, text: str) -> None:
    """Missing-person records with other rows, columns and cells, joined to a log."""
    with written(folder, "changed.csv", text) as name:
        joined = ["--cases", name, "--cases-mapping", str(CASES)]
        ended(["diagnose", "few.csv", "--mapping", str(MAPPING), *joined])


def case_mapping_values(folder: Path, data: dict[str, Any]) -> None:
    """A mapping of records with other values."""
    with written(folder, "changed.map.toml", toml_of(data)) as name:
        joined = ["--cases", "cases.csv", "--cases-mapping", name]
        ended(["diagnose", "few.csv", "--mapping", str(MAPPING), *joined])


def duty_rows(folder: Path, text: str) -> None:
    """Duties with other rows, columns and cells, made into rotas."""
    with written(folder, "changed.csv", text) as name:
        ended(["rota", name, "--mapping", str(DUTIES), "--out", "rotas", "--force"])


def duty_mapping_values(folder: Path, data: dict[str, Any]) -> None:
    """A mapping of duties with other values."""
    with (
        written(folder, "duties.csv", table_of(DUTY_ROWS)),
        written(folder, "changed.map.toml", toml_of(data)) as name,
    ):
        ended(["rota", "duties.csv", "--mapping", name])


def hourly_rows(folder: Path, text: str) -> None:
    """Counts of answer times with other rows, columns and cells."""
    with written(folder, "changed.csv", text) as name:
        ended(["telephone", name, "--mapping", str(HOURLY), "--fit-days", "1"])


def hourly_mapping_values(folder: Path, data: dict[str, Any]) -> None:
    """A mapping of answer times with other values."""
    with (
        written(folder, "hourly.csv", table_of(HOURLY_ROWS)),
        written(folder, "changed.map.toml", toml_of(data)) as name,
    ):
        ended(["telephone", "hourly.csv", "--mapping", name, "--fit-days", "1"])


@contextmanager
def changed_folder(folder: Path) -> Iterator[Path]:
    """Copy the folder of results, to be changed, as long as it is looked at."""
    place = folder / "changed"
    gone = (place, folder / "changed.unfinished")
    for one in gone:
        shutil.rmtree(one, ignore_errors=True)
    shutil.copytree(folder / "kept", place)
    try:
        yield place
    finally:
        for one in gone:
            shutil.rmtree(one, ignore_errors=True)


def added_to() -> None:
    """Ask for one more replication of what is kept."""
    ended(["run", "force.toml", *_SIZE, "--replications", "2", *_KEPT, "changed"])


def kept_manifest(folder: Path, data: dict[str, Any]) -> None:
    """A folder of results with another manifest."""
    with changed_folder(folder) as place:
        (place / "manifest.json").write_text(json.dumps(data, default=str), encoding="utf-8")
        added_to()


def kept_replications(folder: Path, content: bytes) -> None:
    """A folder of results whose archive of replications is damaged."""
    with changed_folder(folder) as place:
        (place / REPLICATIONS).write_bytes(content)
        added_to()


def kept_table(folder: Path, content: bytes) -> None:
    """A folder of results with a damaged table, whose checksum somebody put right."""
    with changed_folder(folder) as place:
        (place / "outcomes.parquet").write_bytes(content)
        manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
        manifest["checksums"]["outcomes.parquet"] = file_sha256(place / "outcomes.parquet")
        (place / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        added_to()


def unfinished_replication(folder: Path, content: bytes) -> None:
    """A study that was broken off, with a damaged replication."""
    with changed_folder(folder) as place:
        with zipfile.ZipFile(place / REPLICATIONS) as together:
            study = together.read("study.json")
        shutil.rmtree(place)
        journal = folder / "changed.unfinished"
        (journal / "replications").mkdir(parents=True)
        (journal / "study.json").write_bytes(study)
        (journal / "replications" / "000000.done").write_bytes(content)
        added_to()


def kept_values(folder: Path, data: dict[str, Any]) -> None:
    """A folder of results whose document was changed by somebody who put the checksum right."""
    with changed_folder(folder) as place:
        manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
        (place / SUMMARY_JSON).write_text(json.dumps(data, default=str), encoding="utf-8")
        try:
            manifest["checksums"][SUMMARY_JSON] = document_sha256(
                json.loads(json.dumps(data, default=str))
            )
        except (ValueError, AttributeError, TypeError):
            manifest["checksums"][SUMMARY_JSON] = file_sha256(place / SUMMARY_JSON)
        (place / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        ended(["report", "changed"])


def rows_of(file: Path, most: int) -> list[list[str]]:
    """Return the first rows of a CSV, its header among them."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return [row for _, row in zip(range(most), csv.reader(opened), strict=False)]


def table_of(rows: Sequence[Sequence[str]]) -> str:
    """A CSV of these rows."""
    return "".join(",".join(row) + "\n" for row in rows)


DUTY_ROWS: Final = [
    ["Team", "Date", "Start", "End", "Abstraction"],
    *(
        ["Response A", f"{1 + day:02d}/05/2022", "07:00", "17:00", "AL" if officer == 3 else ""]
        for day in range(28)
        for officer in range(6)
    ),
]
_LINES: Final = ("911", "ADM")
_BOUNDS: Final = ("10", "15", "20", "40", "60", "120", "121", "AB")
HOURLY_ROWS: Final = [
    ["DateTime", *(f"{line}_{bound}" for line in _LINES for bound in _BOUNDS)],
    *(
        [f"05/{1 + hour // 24:02d}/2022 {hour % 24:02d}:00", *(["12", "5", "3", "2"] * 4)]
        for hour in range(48)
    ),
]
ROTA: Final = [
    ["name", "start", "end", "people"],
    ["early", "07:00", "15:00", "9"],
    ["late", "15:00", "23:00", "10"],
    ["night", "23:00", "07:00", "8"],
]


def kinds(folder: Path) -> dict[str, tuple[Any, Any]]:
    """Return by name how something is changed, and what is then done with it."""
    log = rows_of(folder / "log.csv", ROWS_OF_THE_LOG)
    with (folder / "few.csv").open("w", encoding="utf-8", newline="") as few:
        csv.writer(few).writerows(log)
    kept = folder / "kept"
    manifest = json.loads((kept / "manifest.json").read_text(encoding="utf-8"))
    with zipfile.ZipFile(kept / REPLICATIONS) as together:
        done = together.read("000000.done")
    document = json.loads((kept / SUMMARY_JSON).read_text(encoding="utf-8"))
    # A few of its thousands of rows are as good as all.
    for one in document["scenarios"]:
        del one["rows"][40:]
    return {
        "scenario": (changed_values(FORCE), scenario_values),
        "text": (changed_text(template()), scenario_text),
        "log": (changed_table(log), log_rows),
        "mapping": (changed_values(read_toml(MAPPING)), mapping_values),
        "rota": (changed_table(ROTA), rota_rows),
        "kept": (changed_values(document), kept_values),
        "cases": (changed_table(rows_of(folder / "cases.csv", ROWS_OF_THE_LOG)), case_rows),
        "case mapping": (changed_values(read_toml(CASES)), case_mapping_values),
        "duties": (changed_table(DUTY_ROWS), duty_rows),
        "duty mapping": (changed_values(read_toml(DUTIES)), duty_mapping_values),
        "hourly": (changed_table(HOURLY_ROWS), hourly_rows),
        "hourly mapping": (changed_values(read_toml(HOURLY)), hourly_mapping_values),
        "manifest": (changed_values(manifest), kept_manifest),
        "archive": (changed_text((kept / REPLICATIONS).read_bytes()), kept_replications),
        "table": (changed_text((kept / "outcomes.parquet").read_bytes()), kept_table),
        "unfinished": (changed_text(done), unfinished_replication),
    }


def read_toml(file: Path) -> dict[str, Any]:
    """What a file of TOML holds."""
    return tomllib.loads(file.read_text(encoding="utf-8"))


KINDS: Final = (
    *("scenario", "text", "log", "mapping", "rota", "kept", "cases", "case mapping", "duties"),
    *("duty mapping", "hourly", "hourly mapping"),
)
PLAYED: Final = ("manifest", "archive", "table", "unfinished")
"""Of these each example plays a replication."""


def searched(folder: Path, kind: str, examples: int) -> None:
    """Try so many examples of a kind."""
    changed, look = kinds(folder)[kind]

    @few_or_many(examples)
    @given(changed)
    def held(example: Any) -> None:
        look(folder, example)

    held()


@pytest.mark.parametrize("kind", [*KINDS, *PLAYED])
def test_a_few_of_each_kind(folder: Path, kind: str) -> None:
    """Each ends in a sentence."""
    searched(folder, kind, _FEW if kind in KINDS else _FEWER)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [*KINDS, *PLAYED])
def test_many_of_each_kind(folder: Path, kind: str) -> None:
    """More than four thousand in all."""
    searched(folder, kind, _MANY if kind in KINDS else _FEWER_OF_MANY)
