"""What a planner reads when a scenario file has faults."""

import re
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioErrors
from sim.scenario.loading import load
from sim.scenario.paths import leaves
from sim.scenario.toml import as_number, toml_value
from tests.scenario.invalid import ROOT, SOUND, broken_files, expected_file, message_of

# Words of pydantic and of Python that say nothing to a planner.
FOREIGN = re.compile(
    r"[Ii]nput should|validation error|[Vv]alue error|valid (integer|number|string|dictionary|list)"
    r"|permitted|\bNone\b|\bTrue\b|\bFalse\b|\bdict\b|\bint\b|\bfloat\b|constrained|Traceback"
)
FILES = broken_files()


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_there_are_enough_broken_files_and_no_stray_message() -> None:
    """Each message has its broken file, and at least 25 faults are shown."""
    messages = set((ROOT / "scenarios" / "invalid").glob("*.txt"))
    assert messages == {expected_file(path) for path in FILES}
    assert len(FILES) >= 25


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_broken_file_gives_its_message(path: Path) -> None:
    """Each broken file gives the message that stands beside it, word for word."""
    assert message_of(path) == expected_file(path).read_text(encoding="utf-8")


def test_the_file_that_the_broken_ones_extend_is_sound() -> None:
    """What is reported of a broken file is its own fault."""
    assert load(SOUND).notices == ()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_messages_are_in_plain_english(path: Path) -> None:
    """No wording of a library reaches a planner."""
    without_values = re.sub(r"^  found: .*$", "", message_of(path), flags=re.MULTILINE)
    assert FOREIGN.search(without_values) is None


def test_own_faults_come_before_those_of_the_file_extended(tmp_path: Path) -> None:
    """Faults are told file by file, the planner's own first, each file in its own order."""
    (tmp_path / "base.toml").write_text(
        SOUND.read_text(encoding="utf-8")
        .replace("volume_per_year = 500", "volume_per_year = -1")
        .replace("gap_sigma = 1.2", "gap_sigma = 9"),
        encoding="utf-8",
    )
    own = tmp_path / "own.toml"
    own.write_text(
        'format = 1\ntitle = "x"\nextends = "base.toml"\n'
        "[policy.gate]\nshare_held = 2\n[calendar]\nfirst_day = 1\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioErrors) as caught:
        load(own)
    assert [(Path(e.file or "").name, e.path) for e in caught.value.errors] == [
        ("own.toml", "policy.gate.share_held"),
        ("own.toml", "calendar.first_day"),
        ("base.toml", "streams.missing_child.volume_per_year"),
        ("base.toml", "streams.missing_child.children.gap_sigma"),
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("bas.toml", 'there is no such file\n  did you mean "base.toml"?'),
        (".", "the file cannot be read (it is a folder)"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, message: str) -> None:
    """A missing file and a folder are reported by name, with a near file's name."""
    (tmp_path / "base.toml").write_text("format = 1\n", encoding="utf-8")
    with pytest.raises(ScenarioErrors) as caught:
        load(tmp_path / name)
    assert str(caught.value).endswith(message)


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    """A file that was not saved as UTF-8 is reported, with the place of the first odd byte."""
    path = tmp_path / "windows.toml"
    path.write_bytes(b'title = "caf\xe9"\n')
    with pytest.raises(ScenarioErrors, match=r"not saved as UTF-8 \(at byte 13\)"):
        load(path)


def test_a_file_saved_as_unicode_text_is_named(tmp_path: Path) -> None:
    """UTF-16, as an older PowerShell writes it, is told from other encodings."""
    path = tmp_path / "unicode.toml"
    path.write_text('format = 1\ntitle = "x"\n', encoding="utf-16")
    with pytest.raises(ScenarioErrors, match=r"saved as UTF-16\n  allowed: .*UTF-8"):
        load(path)


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_a_workbook_in_place_of_a_scenario_is_named(tmp_path: Path, start: bytes) -> None:
    """Excel's files of today and of before 2007 are told what they are, whatever their ending."""
    path = tmp_path / "plan.xlsx"
    path.write_bytes(start + b"\0\xff" * 20)
    with pytest.raises(ScenarioErrors) as caught:
        load(path)
    assert "this is a workbook of Excel or LibreOffice" in str(caught.value)
    assert "saved as CSV and named by rota_file" in str(caught.value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("7,000", "7000 or 7_000"),
        ("-1,250,000.5", "-1250000.5 or -1_250_000.5"),
        ("0,5", "0.5"),
        ("30%", "0.3"),
        ("12,5 %", "0.125"),
        ("12,5,3", None),
        ("about 7", None),
    ],
)
def test_a_number_as_people_write_it_is_understood(written: str, meant: str | None) -> None:
    """A comma between thousands, a decimal comma and per cent have one meaning each."""
    assert as_number(written) == meant


def test_names_that_share_a_number_are_refused(tmp_path: Path) -> None:
    """Two streams whose names hash alike would share their luck, so the second is refused."""
    # Found by search: both hash to the same 15 bits.
    first, second = "stream_12", "stream_17"
    text = SOUND.read_text(encoding="utf-8").replace("streams.other_incidents", f"streams.{first}")
    block = text[text.index(f"[streams.{first}]") : text.index("[pools.response_east]")]
    path = tmp_path / "twins.toml"
    path.write_text(text + block.replace(first, second), encoding="utf-8")
    with pytest.raises(ScenarioErrors) as caught:
        load(path)
    assert [error.path for error in caught.value.errors] == [f"streams.{second}"]


def _with_value(data: Any, path: tuple[str | int, ...], value: object) -> Any:
    if not path:
        return value
    copy: Any = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = _with_value(copy[path[0]], path[1:], value)
    return copy


SOUND_DATA = tomllib.loads((ROOT / SOUND).read_text(encoding="utf-8"))
LEAVES = [path for path, _ in leaves(SOUND_DATA) if path[0] != "format"]
TABLES = sorted({path[:n] for path in LEAVES for n in range(1, len(path))}, key=str)
VALUES = st.one_of(
    st.integers(-3, 3000),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.times().map(lambda t: t.replace(microsecond=0)),
    st.text(max_size=5),
    st.lists(st.integers(0, 3), max_size=3),
    st.dictionaries(st.sampled_from(["east", "family", "1", "x"]), st.integers(0, 3), max_size=2),
)


def _toml(value: Any) -> str:
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        pairs = (f"{toml_value(str(key))} = {_toml(item)}" for key, item in value.items())
        return f"{{ {', '.join(pairs)} }}"
    if isinstance(value, list):
        return f"[{', '.join(_toml(item) for item in value)}]"
    return toml_value(value)


@settings(max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(LEAVES + TABLES), VALUES), min_size=1, max_size=3))
def test_whatever_stands_in_a_file_is_answered_in_words(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[tuple[str | int, ...], Any]]
) -> None:
    """Any value in any place either loads or gives a message, and never a traceback."""
    data = SOUND_DATA
    for path, value in changes:
        try:
            data = _with_value(data, path, value)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took this place away
    text = "".join(f"{key} = {_toml(value)}\n" for key, value in data.items())
    file = tmp_path_factory.getbasetemp() / "changed.toml"
    file.write_text(text, encoding="utf-8")
    try:
        load(file)
    except ScenarioErrors as errors:
        for error in errors.errors:
            assert FOREIGN.search(error.message) is None
            assert FOREIGN.search(error.allowed or "") is None
