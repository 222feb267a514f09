"""Words of a command that give something a value: ``NAME=VALUE``."""

from __future__ import annotations

from collections.abc import Iterable

from sim.errors import InputError


def assigned(
    words: Iterable[str], option: str, *, nothing: str, twice: str, allowed: str
) -> dict[str, str]:
    """Return what words give, by name, where each is as it may be; see `assignments`.

    Raises
    ------
    InputError
        The first fault.
    """
    found, faults = assignments(words, option, nothing=nothing, twice=twice, allowed=allowed)
    for fault in faults:
        raise fault
    return found


def assignments(
    words: Iterable[str], option: str, *, nothing: str, twice: str, allowed: str
) -> tuple[dict[str, str], list[InputError]]:
    """Return what words give, by name, and what is wrong with the others.

    Parameters
    ----------
    words
        As they were typed after the option.
    option
        Such as ``--set``: where a fault is said to be.
    nothing, twice
        Messages for a word that has no name or no value, and for one that names a thing again.
    allowed
        What such a word may be.
    """
    found: dict[str, str] = {}
    faults: list[InputError] = []
    for word in words:
        name, equals, value = (part.strip() for part in word.partition("="))
        if not name or not equals or not value or name in found:
            message = twice if name in found else nothing
            faults.append(InputError(message, path=option, found=word, allowed=allowed))
        else:
            found[name] = value
    return found, faults
