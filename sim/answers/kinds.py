"""Every kind of answer by its name, and how a kept one is read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from sim.answers.document import FORMAT, AnswerDocument
from sim.answers.explain.document import Explanation
from sim.answers.how_often.document import Recurrence
from sim.answers.night.document import Night
from sim.answers.sensitivity.document import Sensitivity
from sim.answers.sizing.document import Sizing
from sim.errors import InputError

KINDS: Final[Mapping[str, type[AnswerDocument]]] = {
    "explain": Explanation,
    "size": Sizing,
    "how-often": Recurrence,
    "night": Night,
    "sensitivity": Sensitivity,
}
"""By kind, as the command is called."""


def read(data: Mapping[str, Any], file: Path) -> AnswerDocument:
    """A kept answer, typed.

    Parameters
    ----------
    data
        The document as JSON holds it.
    file
        Where it was read from.

    Raises
    ------
    InputError
        If it is of another format or form than this version writes.
    """
    if data.get("format") != FORMAT or data.get("kind") not in KINDS:
        raise InputError(
            "this answer was kept by another version of the simulator",
            file=file,
            path="format, kind",
            found=f"{data.get('format')}, {data.get('kind')}",
            allowed=f"{FORMAT}, and one of {', '.join(KINDS)}; ask again with --output",
        )
    strange = InputError(
        "this answer is of another form than this version reads",
        file=file,
        allowed="a folder that this version's --output has written",
    )
    try:
        document = KINDS[data["kind"]].model_validate(data)
    except ValidationError as error:
        raise strange from error
    if document.model_dump(mode="json") != data:
        # What is absent would be taken for its default.
        raise strange
    return document
