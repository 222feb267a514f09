"""The order of modules, and who may print, draw random numbers or load which library.

The rules are read from the syntax tree, so nothing is imported and an unused branch counts too.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# A module may import from the names before its own, and from its own package.
ORDER = (
    "errors",
    "workers",
    "kernels",
    "tables",
    "scenario",
    "streams",
    "fates",
    "rota",
    "policy",
    "feasibility",
    "engines",
    "measures",
    "statistics",
    "provenance",
    "places",
    "store",
    "study",
    "results",
    "force_log",
    "answers",
    "report",
    "api",
    "cli",
)
# Narrower than the order: all that these may take from this project.
NARROWED = {"": {"api"}, "engines": {"errors", "kernels", "tables"}, "statistics": {"errors"}}
ENGINE_LIBRARIES = {"reference": {"numpy", "simpy"}, "compiled": {"numba", "numpy"}}
# Libraries that only some layers may load.
RESERVED = {
    "typer": {"cli"},
    "rich": {"report", "cli"},
    "xlsxwriter": {"report"},
    "pptx": {"report"},
    "simpy": {"engines"},
    "numba": {"engines", "kernels"},
}
# Names that say what a generator is; anything else below numpy.random makes one or draws from one.
GENERATOR_TYPES = {"Generator", "BitGenerator"}
PRINTING_CALLS = {"print", "sys.stdout.write", "sys.stderr.write", "typer.echo", "rich.print"}


@dataclass(frozen=True, eq=False)
class Module:
    """A source file below ``sim/``: its dotted parts after ``sim`` and its syntax tree."""

    parts: tuple[str, ...]
    is_package: bool
    tree: ast.Module

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.tree))

    @property
    def name(self) -> str:
        return ".".join(("sim", *self.parts))

    @property
    def layer(self) -> str:
        return self.parts[0] if self.parts else ""

    @property
    def engine(self) -> str:
        return self.parts[1] if self.layer == "engines" and len(self.parts) > 1 else ""


@cache
def read_modules(root: Path) -> list[Module]:
    """Read every Python file below ``root/sim``."""
    modules = []
    for file in sorted((root / "sim").rglob("*.py")):
        parts = file.relative_to(root / "sim").with_suffix("").parts
        is_package = parts[-1] == "__init__"
        tree = ast.parse(file.read_text(encoding="utf-8"), filename=str(file))
        modules.append(Module(parts[:-1] if is_package else parts, is_package, tree))
    return modules


@cache
def imported_names(module: Module) -> tuple[tuple[str, str], ...]:
    """Return (local name, dotted target) for everything that a module imports."""
    return tuple(_imported_names(module))


def _imported_names(module: Module) -> Iterator[tuple[str, str]]:
    """Yield (local name, dotted target) for everything that a module imports."""
    for node in module.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.asname or alias.name.split(".")[0], alias.name
        elif isinstance(node, ast.ImportFrom):
            source = node.module or ""
            if node.level:
                own = ("sim", *module.parts)
                above = node.level - (1 if module.is_package else 0)
                source = ".".join((*own[: len(own) - above], *source.split("."))).rstrip(".")
            for alias in node.names:
                yield alias.asname or alias.name, f"{source}.{alias.name}"


def order_faults(module: Module) -> Iterator[str]:
    """Yield what a module imports from this project against the order."""
    if module.layer and module.layer not in ORDER:
        yield f"{module.name} has no place in the order of modules"
        return
    rank = ORDER.index(module.layer) if module.layer else 0
    allowed = NARROWED.get(module.layer, set(ORDER[:rank]))
    for _, target in imported_names(module):
        first, *rest = target.split(".")
        if first != "sim" or not rest or rest[0].startswith("__"):
            continue
        if rest[0] == module.layer:
            if module.engine and (len(rest) < 2 or rest[1] != module.engine):
                yield f"{module.name} imports another engine, {target}"
        elif rest[0] not in allowed:
            yield f"{module.name} imports {target}"


def library_faults(module: Module) -> Iterator[str]:
    """Yield the libraries that a module loads and its layer may not."""
    free = sys.stdlib_module_names | {"sim"}
    engine_libraries = ENGINE_LIBRARIES.get(module.engine)
    for _, target in imported_names(module):
        library = target.split(".")[0]
        if module.layer not in RESERVED.get(library, {module.layer}) or (
            engine_libraries is not None and library not in free and library not in engine_libraries
        ):
            yield f"{module.name} loads {library}"


def dotted(node: ast.expr, names: dict[str, str]) -> str:
    """Spell an attribute chain in full, with the module's imported names resolved."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value, names)}.{node.attr}"
    return ""


def resolved_names(module: Module) -> dict[str, str]:
    """Map a module's local names to the dotted names that they stand for."""
    return {
        # `import a.b` binds `a`, whereas `import a.b as c` binds `a.b`.
        local: local if target.startswith(f"{local}.") else target
        for local, target in imported_names(module)
    }


def printing_faults(module: Module) -> Iterator[str]:
    """Yield the calls by which a module other than the commands would print."""
    if module.layer == "cli":
        return
    names = resolved_names(module)
    for node in module.nodes:
        if not isinstance(node, ast.Call):
            continue
        call = dotted(node.func, names)
        makes_console = call in {"rich.console.Console", "rich.get_console"}
        if call in PRINTING_CALLS or (makes_console and module.layer != "report"):
            yield f"{module.name} calls {call} in line {node.lineno}"


def random_faults(module: Module) -> Iterator[str]:
    """Yield the places where a module other than the streams makes or uses random generators."""
    if module.layer == "streams":
        return
    names = resolved_names(module)
    for _, target in imported_names(module):
        if target.split(".")[0] in {"random", "secrets"} or (
            target.startswith("numpy.random.")
            and target.removeprefix("numpy.random.") not in GENERATOR_TYPES
        ):
            yield f"{module.name} imports {target}"
    for node in module.nodes:
        if isinstance(node, ast.Attribute):
            name = dotted(node, names)
            if (
                name.startswith("numpy.random.")
                and name.removeprefix("numpy.random.").split(".")[0] not in GENERATOR_TYPES
            ):
                yield f"{module.name} uses {name} in line {node.lineno}"
        if isinstance(node, ast.Call) and dotted(node.func, names).endswith(".rvs"):
            yield f"{module.name} calls rvs in line {node.lineno}"


def circles(modules: list[Module]) -> set[frozenset[str]]:
    """Return the files that import one another in circles, wherever in them the import stands.

    An import counts also where it is for types alone, or within a function: who reads one of the
    files has to read the others. Two circles that have a file in common are one.
    """
    names = {module.name for module in modules}
    imports = {
        module.name: {
            found
            for _, target in imported_names(module)
            for found in (target, target.rpartition(".")[0])
            # A package stands for what it exports to others, not for itself to its own files.
            if found in names and not module.name.startswith(f"{found}.")
        }
        - {module.name}
        for module in modules
    }
    found: list[set[str]] = []
    while True:
        try:
            TopologicalSorter(imports).prepare()
        except CycleError as error:
            circle = set(error.args[1])
        else:
            return {frozenset(circle) for circle in found}
        # Taken as one file from here on, so that the rest is found.
        one = min(circle)
        merged = set().union(*(imports.pop(name) for name in circle)) - circle
        imports = {
            name: {one if target in circle else target for target in targets}
            for name, targets in imports.items()
        } | {one: merged}
        own = [members for members in found if members & circle]
        found = [members for members in found if not members & circle]
        found.append(circle.union(*own))


def faults(root: Path) -> list[str]:
    """Return everything below ``root/sim`` that breaks a rule of the layout."""
    return [
        fault
        for module in read_modules(root)
        for check in (order_faults, library_faults, printing_faults, random_faults)
        for fault in check(module)
    ]


def plant(root: Path, file: str, source: str) -> None:
    """Write a source file into a made-up tree."""
    target = root / file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(source, encoding="utf-8")


def test_modules_import_only_from_those_before_them() -> None:
    """Every module of the simulator keeps the order, its libraries, and silence."""
    assert "sim.errors" in {module.name for module in read_modules(ROOT)}
    assert faults(ROOT) == []


def test_no_files_import_one_another_in_a_circle() -> None:
    """Anywhere in the simulator."""
    assert circles(read_modules(ROOT)) == set()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"one": "from sim.two import x", "two": "import sim.one"}, [{"one", "two"}]),
        ({"one": "from . import two", "two": "def f():\n  import sim.one"}, [{"one", "two"}]),
        (
            {
                "one": "if TYPE_CHECKING:\n  from sim.two import x",
                "two": "from sim.three import y",
                "three": "from sim.one import z",
            },
            [{"one", "two", "three"}],
        ),
        (
            {
                "one": "import sim.two",
                "two": "import sim.one\nimport sim.three",
                "three": "import sim.two",
                "four": "import sim.one",
                "five": "from sim.six import a",
                "six": "from sim.five import b",
            },
            [{"one", "two", "three"}, {"five", "six"}],
        ),
        ({"one": "from sim.two import x", "two": "import sys", "three": "import sim.one"}, []),
        ({"pair/__init__": "from sim.pair.one import x", "pair/one": "from sim import pair"}, []),
    ],
)
def test_a_planted_circle_is_found(
    tmp_path: Path, files: dict[str, str], expected: list[set[str]]
) -> None:
    """Of two files or of more, joined or apart, and wherever the import stands."""
    for name, source in files.items():
        plant(tmp_path, f"sim/{name}.py", source)
    found = circles(read_modules(tmp_path))
    assert found == {frozenset(f"sim.{name}" for name in circle) for circle in expected}


@pytest.mark.parametrize(
    ("file", "source", "fault"),
    [
        ("tables.py", "from sim.cli import main", "sim.tables imports sim.cli.main"),
        ("tables.py", "from . import study", "sim.tables imports sim.study"),
        ("rota.py", "import sim.policy as p", "sim.rota imports sim.policy"),
        ("scenario/load.py", "from ..fates import x", "sim.scenario.load imports sim.fates.x"),
        ("scenario/load.py", "if 0:\n  import sim.rota", "sim.scenario.load imports sim.rota"),
        ("statistics.py", "from sim import tables", "sim.statistics imports sim.tables"),
        ("__init__.py", "from .cli import main", "sim imports sim.cli.main"),
        ("helpers.py", "", "sim.helpers has no place in the order of modules"),
        (
            "engines/reference/unit.py",
            "from sim.engines.compiled import run",
            "sim.engines.reference.unit imports another engine, sim.engines.compiled.run",
        ),
        (
            "engines/reference/unit.py",
            "from sim.rota import crews",
            "sim.engines.reference.unit imports sim.rota.crews",
        ),
        ("engines/compiled/loop.py", "import simpy", "sim.engines.compiled.loop loads simpy"),
        (
            "engines/reference/unit.py",
            "from scipy import stats",
            "sim.engines.reference.unit loads scipy",
        ),
        ("study.py", "from rich.progress import track", "sim.study loads rich"),
        ("store.py", "import xlsxwriter", "sim.store loads xlsxwriter"),
        ("study.py", "print(1)", "sim.study calls print in line 1"),
        (
            "store.py",
            "import sys\nsys.stdout.write('')",
            "sim.store calls sys.stdout.write in line 2",
        ),
        ("report/page.py", "print(1)", "sim.report.page calls print in line 1"),
        ("fates.py", "import random", "sim.fates imports random"),
        ("fates.py", "from numpy.random import Philox", "sim.fates imports numpy.random.Philox"),
        (
            "fates.py",
            "import numpy as np\nnp.random.default_rng(1)",
            "sim.fates uses numpy.random.default_rng in line 2",
        ),
        (
            "fates.py",
            "from numpy import random as r\nr.Philox(1)",
            "sim.fates uses numpy.random.Philox in line 2",
        ),
        ("measures.py", "d.rvs(3)", "sim.measures calls rvs in line 1"),
    ],
)
def test_a_planted_breach_is_caught(tmp_path: Path, file: str, source: str, fault: str) -> None:
    """Each rule of the layout notices the fault that it is there for."""
    plant(tmp_path, f"sim/{file}", source)
    assert fault in faults(tmp_path)


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("cli.py", "import sim.study\nfrom sim.report import console\nprint(1)"),
        ("store.py", "from sim import __version__\nfrom sim.provenance import Manifest"),
        ("scenario/load.py", "from .models import Scenario\nfrom sim.errors import InputError"),
        ("engines/reference/unit.py", "import simpy\nfrom .clock import now\nimport sim.tables"),
        ("engines/__init__.py", "from .reference import run"),
        ("report/console.py", "from rich.console import Console\nConsole(file=f)"),
        ("streams.py", "import numpy as np\nnp.random.Philox(1)"),
        ("statistics.py", "import numpy as np\ndef f(g: np.random.Generator) -> None: ..."),
    ],
)
def test_what_the_layout_allows_is_left_alone(tmp_path: Path, file: str, source: str) -> None:
    """The rules raise no alarm over imports that keep the order."""
    plant(tmp_path, f"sim/{file}", source)
    assert faults(tmp_path) == []


def test_a_package_that_tells_of_its_modules_tells_of_all() -> None:
    """Where a table names most of them none is left out, and none is named that is gone."""
    told = 0
    for file in sorted((ROOT / "sim").rglob("__init__.py")):
        doc = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        rows = set(re.findall(r"^`(\w+)`", doc, re.MULTILINE))
        own = {one.stem for one in file.parent.glob("[!_]*.py")}
        own |= {one.parent.name for one in file.parent.glob("*/__init__.py")}
        if 3 * len(rows & own) >= 2 * len(own) > 0:
            told += 1
            where = file.parent.relative_to(ROOT)
            assert own <= set(re.findall(r"`(\w+)`", doc)), where
            assert rows <= own, where
    assert told >= 10
