"""The columns of a Parquet log: which there are, and whether their types can be read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl
from polars.exceptions import PolarsError

from sim.errors import InputError, ScenarioErrors
from sim.scenario.text import refuse_no_file
from sim.scenario.toml import toml_value

ANY: Final = "any"
"""In place of a path of the mapping: a column of whatever type, to be looked at."""


def is_parquet(path: Path) -> bool:
    """Whether a log is to be read as Parquet, by its suffix."""
    return path.suffix.lower() in {".parquet", ".pq"}


def parquet_schema(path: Path) -> dict[str, pl.DataType]:
    """The columns of a Parquet file, with their types."""
    try:
        refuse_no_file(path, path.as_posix())
        # A schema read by itself would take brackets in a name for a pattern.
        return dict(pl.scan_parquet(path, glob=False).collect_schema())
    except FileNotFoundError:
        raise InputError("there is no such file", file=path.as_posix()) from None
    except (PolarsError, OSError):
        raise InputError(
            "this is no Parquet file, or a damaged one", file=path.as_posix()
        ) from None


def unreadable_of(path: Path) -> dict[str, str]:
    """Columns of a Parquet log whose type no time, length or label can have, and that type."""
    if not is_parquet(path):
        return {}
    schema = parquet_schema(path)
    return {
        name: f"values of type {dtype.base_type()}"
        for name, dtype in schema.items()
        if _no_value(dtype)
    }


def check_types(
    schema: dict[str, pl.DataType], wanted: Sequence[tuple[str, str]], path: Path
) -> None:
    """Refuse columns of a Parquet file that hold neither moments nor labels."""
    errors = []
    for key, name in wanted:
        dtype = schema[name]
        part = key.endswith("]") and key.startswith(("columns.", "steps."))
        if key == ANY or (key.endswith(".lasted") and dtype == pl.Duration):
            continue
        if dtype == pl.Date and not part:
            what = "days without a time of day"
            allowed = f'moments, or two columns: {key} = ["its date", "its time"]'
        elif dtype == pl.Time and not part:
            what = "times of day without a day"
            allowed = f'moments, or two columns: {key} = ["its date", "its time"]'
        elif dtype == pl.Duration:
            what = "lengths of time"
            allowed = (
                f'moments; or {key} = {{ lasted = {toml_value(name)}, after = "received", '
                'unit = "seconds" }'
            )
        elif _no_value(dtype):
            what, allowed = f"values of type {dtype.base_type()}", "text, numbers or moments"
        else:
            continue
        errors.append(
            InputError(
                f"this column holds {what}, which cannot be read",
                file=path.as_posix(),
                path=f"{key} of the mapping",
                found=name,
                allowed=allowed,
            )
        )
    if errors:
        raise ScenarioErrors(errors)


def _no_value(dtype: pl.DataType) -> bool:
    return dtype.is_nested() or dtype in {pl.Binary, pl.Object}
