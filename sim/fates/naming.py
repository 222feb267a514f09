"""Short lasting names for incidents and children, which people read, type and keep in a sheet.

A key has 19 digits, of which a spreadsheet keeps 15. A name says the same in about a dozen
characters, and no spreadsheet takes it for a number or a date:

    MC-R0-8QX2K7-3
    |  |  |      |
    |  |  |      +-- episode: the incident is the third of this child's; without it, the child
    |  |  +--------- the child, or the incident where there is none, and a letter that checks
    |  +------------ replication
    +--------------- initials of the stream: missing_child

A name is made of the key alone, so it is as lasting: it holds for the same seed whatever the
volume, the length of the run, the rota and the other streams.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from sim.fates.field import EPISODE_BITS, NUMBER_BITS
from sim.scenario.names import name_code

__all__ = ["Named", "keys_named", "name_of", "names_of", "nearest_names", "read_name"]

# Crockford's base 32: no I, L, O or U, which are misread or spell words.
_DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS: Final = tuple(first + second for first in _DIGITS for second in _DIGITS)
_MISREAD: Final = str.maketrans({"I": "1", "L": "1", "O": "0"})
# A prime: one digit mistyped, or two neighbours swapped, nearly always gives another remainder.
_CHECKS: Final = 29
_EPISODES: Final = 1 << EPISODE_BITS
_PLACE_BITS: Final = 28
_BLOCK_BITS: Final = NUMBER_BITS - EPISODE_BITS - _PLACE_BITS
_DIGIT_BITS: Final = 5
_DIGIT_POINTS: Final = np.array([ord(digit) for digit in _DIGITS], dtype=np.uint32)
_LEAST_DIGITS: Final = 4
_MOST_DIGITS: Final = -(-(_PLACE_BITS + _BLOCK_BITS) // _DIGIT_BITS)
_Number = TypeVar("_Number", int, npt.NDArray[np.int64])
_ALIKE: Final = 0.75
_FORM: Final = re.compile(r"([A-Z0-9]+)-R([0-9]{1,9})-([0-9A-Z]{2,13})(?:-([0-9]{1,3}))?")


class Named(NamedTuple):
    """What a name says.

    Attributes
    ----------
    initials
        Of the stream.
    replication
        Its number.
    number
        Lasting number within the stream; a name of a child has episode 0.
    check
        The letter that was written.
    """

    initials: str
    replication: int
    number: int
    check: str


def name_of(stream: str, replication: int, key: int) -> str:
    """Return the short name of an incident or a child.

    Parameters
    ----------
    stream
        Name of its stream.
    replication
        Number of the replication, at least 0.
    key
        Of the incidents table, column ``key`` or ``child``.
    """
    number = key & ((1 << NUMBER_BITS) - 1)
    episode = number % _EPISODES
    packed = _packed(number)
    initials, stream_code = _known(stream)
    check = _DIGITS[(stream_code + replication * 3 + packed) % _CHECKS]
    point = f"{initials}-R{replication}-{_written(packed)}{check}"
    return f"{point}-{episode}" if episode else point


def names_of(stream: str, replication: int, keys: npt.NDArray[np.int64]) -> list[str]:
    """Return the short name of each of many keys, as `name_of` does, at a third of its cost."""
    if not keys.size:
        return []
    initials, stream_code = _known(stream)
    number = keys & ((1 << NUMBER_BITS) - 1)
    packed = _packed(number)
    shifts = _DIGIT_BITS * np.arange(_MOST_DIGITS)[::-1]
    digits = _DIGIT_POINTS[packed[:, np.newaxis] >> shifts & (len(_DIGITS) - 1)]
    written = np.strings.zfill(
        np.strings.lstrip(digits.view(f"U{_MOST_DIGITS}")[:, 0], "0"), _LEAST_DIGITS
    )
    check = _DIGIT_POINTS[(stream_code + replication * 3 + packed) % _CHECKS].view("U1")
    points = np.strings.add(np.strings.add(f"{initials}-R{replication}-", written), check)
    episode = number % _EPISODES
    names: list[str] = points.tolist()
    for row in np.flatnonzero(episode).tolist():
        names[row] += f"-{episode[row]}"
    return names


def read_name(text: str) -> Named | None:
    """Return what a name says, in capitals or small letters; None for other text.

    Only `keys_named` tells whether the letter that checks fits.
    """
    match = _FORM.fullmatch(text.strip().upper())
    if match is None:
        return None
    initials, replication, code, episode = match.groups()
    code = code.translate(_MISREAD)
    if not set(code) <= set(_DIGITS) or int(episode or 0) >= _EPISODES:
        return None
    packed = 0
    for digit in code[:-1]:
        packed = packed * len(_DIGITS) + _DIGITS.index(digit)
    block = packed % (1 << _BLOCK_BITS)
    place = packed >> _BLOCK_BITS
    if place >> _PLACE_BITS:
        return None
    way, layer = block % 2, block >> 1
    high = way << (_BLOCK_BITS - 1) | layer
    number = (high << _PLACE_BITS | place) << EPISODE_BITS
    return Named(initials, int(replication), number + int(episode or 0), code[-1])


def keys_named(text: str, streams: Iterable[str]) -> list[int]:
    """Return the keys that a name may stand for in a scenario of these streams.

    Empty where it is no name, or mistyped; more than one only where two streams share their
    initials, and then hardly ever.
    """
    named = read_name(text)
    if named is None:
        return []
    return [
        (name_code(stream) << NUMBER_BITS) + named.number
        for stream in streams
        if _initials(stream) == named.initials
        and _check(stream, named.replication, named.number) == named.check
    ]


def nearest_names(text: str, names: Sequence[str], count: int = 3) -> list[str]:
    """Return the names that are spelled most like a text, the nearest first."""
    wanted = text.strip().upper().translate(_MISREAD)
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    alike = []
    for name in names:
        matcher.set_seq1(name.translate(_MISREAD))
        # Both are upper limits of the ratio, and cheap.
        if matcher.real_quick_ratio() > _ALIKE and matcher.quick_ratio() > _ALIKE:
            ratio = matcher.ratio()
            if ratio > _ALIKE:
                alike.append((-ratio, -_begin_alike(name, wanted), name))
    return [name for *_, name in sorted(alike)[:count]]


def _begin_alike(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _initials(stream: str) -> str:
    return "".join(word[0] for word in re.findall(r"[A-Za-z0-9]+", stream)).upper() or "X"


def _packed(number: _Number) -> _Number:
    """Return a point's number with what is mostly small in front left away."""
    point = number >> EPISODE_BITS
    place = point % (1 << _PLACE_BITS)
    high = point >> _PLACE_BITS
    way, layer = high >> (_BLOCK_BITS - 1), high % (1 << (_BLOCK_BITS - 1))
    return place << _BLOCK_BITS | layer << 1 | way


def _written(packed: int) -> str:
    # Two digits at a time, for a study has hundreds of thousands to write.
    digits = _PAIRS[packed >> 10 & 1023] + _PAIRS[packed & 1023]
    packed >>= 20
    while packed:
        digits = _DIGITS[packed & 31] + digits
        packed >>= 5
    return digits


def _check(stream: str, replication: int, number: int) -> str:
    return _DIGITS[(_known(stream)[1] + replication * 3 + _packed(number)) % _CHECKS]


@lru_cache(maxsize=256)
def _known(stream: str) -> tuple[str, int]:
    """Return a stream's initials, and its part in the letter that checks."""
    return _initials(stream), name_code(stream) * 7
