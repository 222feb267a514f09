"""A small scenario to begin with."""

from __future__ import annotations

from importlib.resources import files


def template(schema: str | None = None) -> str:
    """Return a complete commented scenario of one area, for a planner to edit.

    Parameters
    ----------
    schema
        Where the JSON Schema is, as a path relative to the new file or an address; an editor
        then completes and checks what is typed. None: no such line.
    """
    text = files("sim.scenario").joinpath("template.toml").read_text(encoding="utf-8")
    return text if schema is None else f"#:schema {schema}\n{text}"
