"""What missing-person records say of returns, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sim.force_log import Diagnosis, LogFigure

_IN_MINUTES: Final = 120
_WHO: Final = {"missing_child": "children", "missing_adult": "adults"}
_FINDERS: Final = {
    "police": "were found by police", "self": "came back by themselves",
    "others": "were found by others",
}  # fmt: skip
_OWNERS: Final = {
    "response": "response", "missing_person": "the missing-person team",
    "neighbourhood": "neighbourhood officers", "investigation": "investigators",
    "others": "others",
}  # fmt: skip


def return_sentences(diagnosis: Diagnosis) -> Iterator[str]:
    """When missing people came back, who found them and whose case it was; plain ASCII."""
    for stream, who in _WHO.items():
        half = diagnosis.find("return_p50", stage="received_to_returned", stream=stream)
        if half is not None and half.value is not None:
            limits = (
                "" if half.low is None or half.high is None
                else f" ({_bare(half.low, half.value)} to {_bare(half.high, half.value)})"
            )  # fmt: skip
            yield (
                f"Half of the missing {who} with a record were back within {_long(half.value)}"
                f"{limits} of the report, of about {half.n:,}."
            )
        first = diagnosis.find("returned_before_arrival", stream=stream)
        if first is not None and first.value is not None:
            yield (
                f"{first.value:.0%} of the missing {who} whose return is known were back before an "
                f"officer came, or without one, of about {first.n:,}."
            )
        yield from _shares(diagnosis, stream, "found_by", _FINDERS, f"Of missing {who}")
        yield from _shares(diagnosis, stream, "owner", _OWNERS, f"Cases of missing {who} were with")


def _shares(
    diagnosis: Diagnosis, stream: str, name: str, words: dict[str, str], begin: str
) -> Iterator[str]:
    found = [
        (told, figure)
        for word, told in words.items()
        if (figure := diagnosis.find(f"{name}_{word}", stream=stream)) is not None
    ]
    known: list[tuple[str, LogFigure]] = [one for one in found if one[1].value is not None]
    if not known:
        return
    shares = ", ".join(
        f"{told} {figure.value:.0%}" if name == "owner" else f"{figure.value:.0%} {told}"
        for told, figure in known
    )
    kept = "; the rest are withheld" if len(known) < len(found) else ""
    yield f"{begin} {shares}{kept} (of about {known[0][1].n:,})."


def _long(minutes: float) -> str:
    return f"{_bare(minutes, minutes)} {'minutes' if minutes < _IN_MINUTES else 'hours'}"


def _bare(minutes: float, beside: float) -> str:
    """A length in the unit of the one that it stands beside."""
    return f"{minutes:g}" if beside < _IN_MINUTES else f"{minutes / 60:.1f}"
