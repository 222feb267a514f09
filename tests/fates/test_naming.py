"""Short names: from key to name and back, whatever the stream, replication and volume."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from sim.fates.field import EPISODE_BITS, NUMBER_BITS
from sim.fates.incidents import draw
from sim.fates.naming import keys_named, name_of, names_of, nearest_names, read_name
from sim.scenario.names import name_code
from sim.streams import Streams
from sim.tables import DAY
from tests.worlds import small_scenario

STREAMS = ("missing_child", "missing_adult", "immediate")
NUMBERS = some.integers(0, (1 << NUMBER_BITS) - 1)


def key(stream: str, number: int) -> int:
    """A key as the incidents table has it."""
    return (name_code(stream) << NUMBER_BITS) + number


@given(some.sampled_from(STREAMS), some.integers(0, 10**6), NUMBERS)
def test_a_name_stands_for_its_key_alone(stream: str, replication: int, number: int) -> None:
    """Read back in capitals, small letters and with the letters that are misread."""
    name = name_of(stream, replication, key(stream, number))
    named = read_name(name)
    assert named is not None
    assert named.replication == replication
    assert keys_named(name, STREAMS) == [key(stream, number)]
    assert keys_named(name.lower(), STREAMS) == [key(stream, number)]


@given(
    replication=some.integers(0, 10**9 - 1),
    numbers=some.lists(some.integers(0, 2**NUMBER_BITS - 1) | some.integers(0, 2**20)),
)
def test_many_names_are_those_of_each(replication: int, numbers: list[int]) -> None:
    """Names of many keys at once are what each key is called alone, short ones and long."""
    prefix = name_code("missing_child") << NUMBER_BITS
    keys = [prefix + number for number in numbers]
    found = names_of("missing_child", replication, np.array(keys, dtype=np.int64))
    assert found == [name_of("missing_child", replication, key) for key in keys]


@given(NUMBERS, some.data())
def test_one_digit_mistyped_is_no_other_incident(number: int, data: some.DataObject) -> None:
    """The letter that checks refuses all but three pairs of the 496."""
    name = name_of("immediate", 0, key("immediate", number))
    head, code = name[:5], name[5:].split("-")[0]
    place = data.draw(some.integers(0, len(code) - 1))
    digits = "0123456789ABCDEFGHJKMNPQRSTVW"
    if code[place] not in digits:
        return
    other = data.draw(some.sampled_from([one for one in digits if one != code[place]]))
    tail = name[5 + len(code) :]
    mistyped = head + code[:place] + other + code[place + 1 :] + tail
    assert keys_named(mistyped, STREAMS) == []


def test_an_episode_bears_the_name_of_its_child() -> None:
    """The third report of a child is its name and a 3."""
    child = key("missing_child", 5 << EPISODE_BITS)
    name = name_of("missing_child", 0, child)
    assert name_of("missing_child", 0, child + 3) == f"{name}-3"


def test_no_spreadsheet_takes_a_name_for_a_number_or_a_date() -> None:
    """A second part that begins with R stands in neither."""
    for name in ("march", "decisions", "e"):
        parts = name_of(name, 0, key(name, 7 << EPISODE_BITS)).split("-")
        assert parts[1] == "R0"


def test_names_stay_when_volume_changes() -> None:
    """Twice the volume only adds names."""
    small, large = (
        {
            name_of("missing_child", 0, one)
            for one in draw(
                small_scenario(streams={"missing_child": {"volume_per_year": volume}}),
                Streams(1, 0),
                0,
                14 * DAY,
            )[0].columns["child"]
            if one != -1
        }
        for volume in (1_000.0, 2_000.0)
    )
    assert small < large


def test_streams_of_the_same_initials_are_told_apart() -> None:
    """By the letter that checks, which depends on the whole name of the stream."""
    name = name_of("case_welfare", 0, key("case_welfare", 4094 << EPISODE_BITS))
    found = keys_named(name, ["child_welfare", "case_welfare"])
    assert found == [key("case_welfare", 4094 << EPISODE_BITS)]


def test_other_text_is_no_name() -> None:
    """Keys, halves of names and wishes."""
    for text in ("worst", "1821987524248131713", "MC-R0", "MC-0-1P400C", "", "MC-R0-1P400C-999"):
        assert read_name(text) is None


def test_nearest_names_are_those_that_begin_alike() -> None:
    """Of two that differ in one character, the one that differs later."""
    names = ["MC-R0-17400D", "MC-R0-1P400C", "IM-R0-99Z"]
    assert nearest_names("MC-R0-1P400D", names) == ["MC-R0-1P400C", "MC-R0-17400D"]
