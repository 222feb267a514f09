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
from sim.store import SUMMARY_JSON, document_sha256
from tests.fuzz.mutations import changed_table, changed_text, changed_values, toml_of
from tests.worlds import small_scenario

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

ROOT: Final = Path(__file__).parents[2]
MAPPING: Final = ROOT / "scenarios" / "mappings" / "uk-command-and-control.toml"
_SECONDS: Final = 20.0
_MEGABYTES: Final = 1_024
_FEW, _MANY = 8, 350
FORCE: Final = resolved_data(small_scenario(2))
ROWS_OF_THE_LOG: Final = 60
_SIZE: Final = ("--days", "1", "--warm-up-days", "0", "--replications", "1", "--workers", "1")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A working folder with a force, its log, and a kept study of it."""
    place = tmp_path_factory.mktemp("fuzz")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        (place / "force.toml").write_text(template(), encoding="utf-8")
        assert ended(["sample-log", "force.toml", "--days", "2", "--out", "log.csv"]) == 0
        words = [*_SIZE, "--engine", "reference", "--no-unknowns", "--quiet", "--output", "kept"]
        assert ended(["run", "force.toml", *words]) == 0
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


def kept_values(folder: Path, data: dict[str, Any]) -> None:
    """A folder of results whose document was changed by somebody who put the checksum right."""
    place = folder / "changed"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(folder / "kept", place)
    try:
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
    finally:
        shutil.rmtree(place, ignore_errors=True)


def rows_of(file: Path, most: int) -> list[list[str]]:
    """Return the first rows of a CSV, its header among them."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return [row for _, row in zip(range(most), csv.reader(opened), strict=False)]


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
    document = json.loads((folder / "kept" / SUMMARY_JSON).read_text(encoding="utf-8"))
    # A few of its thousands of rows are as good as all.
    for one in document["scenarios"]:
        del one["rows"][40:]
    mapping = tomllib.loads(MAPPING.read_text(encoding="utf-8"))
    return {
        "scenario": (changed_values(FORCE), scenario_values),
        "text": (changed_text(template()), scenario_text),
        "log": (changed_table(log), log_rows),
        "mapping": (changed_values(mapping), mapping_values),
        "rota": (changed_table(ROTA), rota_rows),
        "kept": (changed_values(document), kept_values),
    }


KINDS: Final = ("scenario", "text", "log", "mapping", "rota", "kept")


def searched(folder: Path, kind: str, examples: int) -> None:
    """Try so many examples of a kind."""
    changed, look = kinds(folder)[kind]

    @few_or_many(examples)
    @given(changed)
    def held(example: Any) -> None:
        look(folder, example)

    held()


@pytest.mark.parametrize("kind", KINDS)
def test_a_few_of_each_kind(folder: Path, kind: str) -> None:
    """Each ends in a sentence."""
    searched(folder, kind, _FEW)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_many_of_each_kind(folder: Path, kind: str) -> None:
    """Two thousand in all."""
    searched(folder, kind, _MANY)
