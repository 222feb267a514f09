"""The broken files of ``scenarios/invalid`` and the message that each gives."""

from pathlib import Path

from sim.errors import ScenarioErrors
from sim.scenario.loading import load

ROOT = Path(__file__).parents[2]
INVALID = Path("scenarios/invalid")
SOUND = INVALID / "base.toml"


def broken_files() -> list[Path]:
    """Return the broken files, relative to the project."""
    files = (path.relative_to(ROOT) for path in sorted((ROOT / INVALID).glob("*.toml")))
    return [path for path in files if path != SOUND]


def expected_file(path: Path) -> Path:
    """Return the file with the message that a broken file must give."""
    return ROOT / path.with_suffix(".txt")


def message_of(path: Path) -> str:
    """Return the message that loading gives; the working directory has to be the project's."""
    try:
        load(path)
    except ScenarioErrors as errors:
        return f"{errors}\n"
    raise AssertionError(f"{path} loads without a fault")
