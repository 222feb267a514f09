"""Write ``docs/licences.md``: what is installed with the simulator, and under which licence.

.venv/bin/python -m tests.licences
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from importlib.metadata import distribution, requires
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parents[1]
_ABOVE: Final = """\
# Licences

The simulator is under the MIT licence. This is what is installed with it, its extras `cluster` and
`slides` included, and the licence that each says it is under (as of November 2026, for the versions
that the checks run with). `python -m tests.licences` writes this page.

| package | licence |
|---|---|
"""


def licences() -> dict[str, str]:
    """Return the licence of each distribution that the simulator or an extra for planners needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = needed([*project["dependencies"], *extras["cluster"], *extras["slides"]])
    return {name: licence_of(name) for name in sorted(wanted)}


def needed(names: Iterable[str]) -> set[str]:
    """Return the names of distributions that these need, and that those need."""
    found: set[str] = set()
    left = [Requirement(name) for name in names]
    while left:
        one = left.pop()
        name = canonicalize_name(one.name)
        if name in found or (one.marker is not None and not one.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        left += [Requirement(line) for line in requires(name) or ()]
    return found


def licence_of(name: str) -> str:
    """Return what a distribution says of its licence."""
    metadata = distribution(name).metadata
    # What is missing is None or an error, by which library has put itself before Python's own.
    named = metadata.get_all("License-Expression") or metadata.get_all("License") or ()
    said = next(iter(named), "")
    if said and "\n" not in said and len(said) < 60:
        return said
    classified = [
        line.rpartition("::")[2].strip()
        for line in metadata.get_all("Classifier") or ()
        if line.startswith("License ::")
    ]
    return ", ".join(classified) or said.splitlines()[0]


if __name__ == "__main__":
    rows = "".join(f"| {name} | {licence} |\n" for name, licence in licences().items())
    (ROOT / "docs" / "licences.md").write_text(_ABOVE + rows, encoding="utf-8")
