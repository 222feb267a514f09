"""No two files of the scenario package need each other: it is read from the top down."""

from __future__ import annotations

from graphlib import TopologicalSorter

from tests.test_layout import ROOT, imported_names, read_modules


def test_the_files_import_each_other_in_one_direction() -> None:
    """Whatever is imported, for types alone or inside a function too, lies further down."""
    modules = [module for module in read_modules(ROOT) if module.layer == "scenario"]
    names = {module.name for module in modules}
    below = {
        module.name: {
            name
            for _, target in imported_names(module)
            for name in (target, target.rpartition(".")[0])
            if name in names and name != "sim.scenario"
        }
        for module in modules
    }

    assert sum(map(len, below.values())) > len(modules), "no import was found"
    # A circle has no order, and would raise.
    assert len(list(TopologicalSorter(below).static_order())) == len(modules)
