"""What people call things: streams, and kinds of call."""

from __future__ import annotations

from typing import Final

_NOUNS: Final = ("adult", "concern", "person", "report", "call", "job", "incident")


def plural(stream: str) -> str:
    """What people call the reports of a stream, such as "missing children"."""
    words = stream.replace("_", " ")
    if words.endswith("child"):
        return f"{words}ren"
    if words.endswith(_NOUNS):
        return f"{words}s"
    return f"{words} calls"


def calls(stream: str, grade: int) -> str:
    """A kind of call, such as "missing adults, grade 2"."""
    return f"{plural(stream)}, grade {grade}"


def capital(words: str) -> str:
    """The same words at the beginning of a sentence."""
    return f"{words[:1].upper()}{words[1:]}"
