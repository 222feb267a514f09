"""Lasting numbers for names, and paths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.names import NAME_BITS, name_code
from sim.scenario.paths import MISSING, dotted, lookup, parsed


def test_a_name_keeps_its_number() -> None:
    """The number is a part of every drawn fate, so it must never change."""
    # `printf missing_child | b2sum -l 16` prints 3292; its top bit is 0 as it is.
    assert name_code("missing_child") == 0x3292


@given(st.text())
def test_numbers_fit(name: str) -> None:
    """Any name has a number of 15 bits."""
    assert 0 <= name_code(name) < 1 << NAME_BITS


@given(
    st.lists(
        st.text(min_size=1) | st.integers(0, 99),
        min_size=1,
    ).filter(lambda path: isinstance(path[0], str))
)
def test_a_path_comes_back_from_its_text(path: list[str | int]) -> None:
    """Writing a path and reading it gives the same path."""
    assert parsed(dotted(tuple(path))) == tuple(path)


@pytest.mark.parametrize(
    "text", ["", ".", "a.", "a..b", "[0]", "a b", "a[X]", "a[0]b", "[a]", "a[b]c"]
)
def test_what_is_no_path_is_none(text: str) -> None:
    """A text that spells no path is recognised."""
    assert parsed(text) is None


def test_lookup_goes_through_tables_and_lists() -> None:
    """Each key or index goes one level down; where nothing is, MISSING is found."""
    data = {"a": [{"b": 1}]}
    assert lookup(data, ("a", 0, "b")) == 1
    assert lookup(data, ("a", 1)) is MISSING
    assert lookup(data, ("a", "b")) is MISSING
