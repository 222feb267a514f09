"""Lasting codes of names: what stands above a number in a key.

A name's code is a hash of the name alone, so that a new stream, pool or shift changes no other's
key. Two names may meet in one code, once in some hundreds of scenarios; that is refused rather
than mended, since any mending would make one name's code depend on another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

from sim.errors import InputError

__all__ = ["NAME_BITS", "codes_of", "name_code"]

NAME_BITS: Final = 16
"""Bits of a stream's or pool's code: what an incident's number leaves free of an ``int64``."""


def name_code(name: str, bits: int = NAME_BITS) -> int:
    """Return the code of a name, in ``[0, 2**bits)``; ``bits`` is at most 32."""
    digest = hashlib.blake2b(name.encode("utf-8"), digest_size=4).digest()
    return int.from_bytes(digest, "little") & ((1 << bits) - 1)


def codes_of(names: Iterable[str], path: str, bits: int = NAME_BITS) -> Mapping[str, int]:
    """Return the code of each name.

    Parameters
    ----------
    names : iterable of str
        Names that must not share a code.
    path : str
        Where in the scenario they stand, for the message.
    bits : int
        Length of a code.

    Raises
    ------
    InputError
        If two names have one code.
    """
    codes: dict[str, int] = {}
    holders: dict[int, str] = {}
    for name in names:
        code = name_code(name, bits)
        if code in holders:
            raise InputError(
                f'"{holders[code]}" and "{name}" cannot stand in one scenario: '
                "their lasting numbers would be the same",
                path=path,
                found=name,
                allowed="any other name for one of the two",
            )
        codes[name], holders[code] = code, name
    return codes
