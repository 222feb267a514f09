"""The pages' templates and their style."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from sim.report.charts.palette import DARK, LIGHT, css_variables

if TYPE_CHECKING:
    from jinja2 import Template


@cache
def template(name: str) -> Template:
    """A template of this folder by its file name, or of another one beside it by its path."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    def source(of: str) -> str:
        folder = files("sim.report") if "/" in of else files(__package__)
        return folder.joinpath(of).read_text(encoding="utf-8")

    # Names and titles are a planner's own words, so everything is escaped unless marked.
    environment = Environment(
        loader=FunctionLoader(source),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    return environment.get_template(name)


def style() -> str:
    """The pages' style: light or dark as the reader's system is, and white on paper."""
    text = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    light, dark = css_variables(LIGHT), css_variables(DARK)
    # Paper is white whatever the screen was.
    return (
        f":root {{ color-scheme: light dark; {light} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
        f"@media print {{ :root {{ color-scheme: light; {light} }} }}\n{text}"
    )
