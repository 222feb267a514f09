"""What all tests of a process share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.report.pictured import kept_comparison


@pytest.fixture(scope="session", autouse=True)
def drawn_once() -> Iterator[None]:
    """Draw a chart once in a process: the same specification makes the same picture."""
    import vl_convert

    draw, drawn = vl_convert.vegalite_to_svg, dict[str, str]()

    def once(spec: dict[str, Any], **options: Any) -> str:
        key = json.dumps([spec, options], sort_keys=True, default=str)
        if key not in drawn:
            drawn[key] = draw(spec, **options)
        return drawn[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(vl_convert, "vegalite_to_svg", once)
        yield


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two small scenarios that were compared and kept, and their page.

    Whoever changes anything in it takes a copy.
    """
    return kept_comparison(tmp_path_factory.mktemp("compared"))
