"""Which causes are taken: ours by name, and a planner's own from scenario files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from sim.answers.explain.causes import (
    DEFAULT,
    MOST_CAUSES,
    Cause,
    known_causes,
)
from sim.errors import InputError
from sim.scenario.assignments import assigned
from sim.scenario.checks import check
from sim.scenario.declared import Names
from sim.scenario.findings import nearest
from sim.scenario.loading import load
from sim.scenario.models import Scenario
from sim.scenario.paths import MISSING
from sim.scenario.resolve import resolved_data

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded

_NOT_COMPARED: Final = ("title", "about", "force", "sources", "illustrative")
_OPTION: Final = "--cause"
_NAMED: Final = "--causes"


@dataclass(frozen=True)
class Chosen:
    """The causes that are taken.

    Attributes
    ----------
    causes
        In the order in which sets count them: bit i of a set's number is the i-th.
    sets
        Shape (2^causes,): the scenario with each set of causes gone; the first is the scenario.
    without_effect
        Titles of causes of ours that change nothing in it and were left out.
    """

    causes: tuple[Cause, ...]
    sets: tuple[Scenario, ...]
    without_effect: tuple[str, ...]


def files_of(words: Sequence[str]) -> dict[str, Path]:
    """The scenario files that ``--cause NAME=FILE`` names, by name.

    Raises
    ------
    InputError
        If a word has no name or no file, or a name comes twice.
    """
    found = assigned(
        words,
        _OPTION,
        nothing="this names no cause",
        twice="two causes have this name",
        allowed="NAME=FILE, such as late_shift=more-late.toml",
    )
    return {name: Path(file) for name, file in found.items()}


def chosen(
    loaded: Loaded, names: Sequence[str] | None = None, files: Mapping[str, Path] | None = None
) -> Chosen:
    """Choose causes, and make the scenario with each set of them gone.

    Parameters
    ----------
    loaded
        The scenario.
    names
        Causes of ours; None: those that are usual, where they change anything, as far as there is
        room beside the planner's own.
    files
        Scenario files by the names of the planner's own causes: what differs there is gone.

    Raises
    ------
    InputError
        If there is no such cause, one that was named changes nothing, there are more than
        `MOST_CAUSES`, two of them change the same value, or together they make no sound scenario.
    ScenarioErrors
        If a file is no sound scenario by itself.
    """
    scenario = loaded.scenario
    known, own = known_causes(scenario), files or {}
    _ensure_names(known, names, own)
    written = [_from_file(name, path, loaded) for name, path in own.items()]
    _ensure_apart(written)
    taken, left_out = [], []
    for name in DEFAULT if names is None else names:
        if known[name].without(scenario) != scenario:
            taken.append(known[name])
        elif names is None:
            left_out.append(known[name].title)
        else:
            raise InputError(
                f"the cause {name} changes nothing in {loaded.name}: it is not there",
                path=_NAMED,
                found=name,
                allowed=", ".join(
                    one.name for one in known.values() if one.without(scenario) != scenario
                ),
            )
    if names is None:
        taken = taken[: MOST_CAUSES - len(written)]
    causes = (*taken, *written)
    if not causes:
        raise InputError(
            f"nothing that might be a cause is there in {loaded.name}",
            path=_OPTION,
            allowed="NAME=FILE: a scenario file in which the cause is gone",
        )
    if len(causes) > MOST_CAUSES:
        raise InputError(
            f"{len(causes)} causes are too many: they are played in every combination",
            path=f"{_NAMED}, {_OPTION}",
            found=", ".join(one.name for one in causes),
            allowed=f"at most {MOST_CAUSES}",
        )
    return Chosen(causes, tuple(_sets(loaded, causes)), tuple(left_out))


def _ensure_names(
    known: Mapping[str, Cause], names: Sequence[str] | None, own: Mapping[str, Path]
) -> None:
    for name in names or ():
        if name not in known:
            raise InputError(
                "there is no cause of this name",
                path=_NAMED,
                found=name,
                allowed=", ".join(known),
                suggestion=nearest(name, known),
            )
    twice = [name for place, name in enumerate(names or ()) if name in list(names or ())[:place]]
    for name in (*twice, *(name for name in own if name in known)):
        raise InputError("two causes have this name", path=f"{_NAMED}, {_OPTION}", found=name)


def _from_file(name: str, path: Path, loaded: Loaded) -> Cause:
    """What differs in a scenario file, as a cause that is gone there."""
    other = load(path)
    changes = dict(_changed(_compared(loaded.scenario), _compared(other.scenario)))
    if not changes:
        raise InputError(
            f"the cause {name} changes nothing: this file is as {loaded.name} is",
            file=path,
            path=_OPTION,
            allowed="a scenario in which the cause is gone",
        )
    return Cause(
        name=name,
        title=name.replace("_", " ")[:1].upper() + name.replace("_", " ")[1:],
        gone=f"As in {path.name}: {other.scenario.title}.",
        without=lambda scenario: _applied(scenario, changes),
        file=path.as_posix(),
        changes=changes,
    )


def _ensure_apart(written: Sequence[Cause]) -> None:
    """Refuse two files that change one value: they cannot both be gone."""
    taken: dict[tuple[str, ...], Cause] = {}
    for cause in written:
        for path in cause.changes:
            for other_path, other in taken.items():
                shorter = min(len(path), len(other_path))
                if path[:shorter] == other_path[:shorter]:
                    raise InputError(
                        f"the causes {other.name} and {cause.name} change the same value, so they "
                        "cannot both go",
                        file=cause.file,
                        path=".".join(path),
                        allowed="causes that change different values",
                    )
        taken |= dict.fromkeys(cause.changes, cause)


def _sets(loaded: Loaded, causes: Sequence[Cause]) -> list[Scenario]:
    """The scenario with each set gone; files first, so that our switches act on what they say."""
    order = sorted(range(len(causes)), key=lambda place: causes[place].file is None)
    made = []
    for number in range(1 << len(causes)):
        scenario = loaded.scenario
        gone = [causes[place] for place in order if number >> place & 1]
        try:
            for cause in gone:
                scenario = cause.without(scenario)
        except ValidationError as error:
            raise _unsound(loaded, gone, str(error.errors()[0]["msg"])) from error
        # A range may be of a number that is gone.
        bare = scenario.model_copy(update={"sources": {}})
        findings = check(bare, Names.of(resolved_data(bare)), whole=True)
        if findings:
            raise _unsound(loaded, gone, findings[0].message)
        made.append(scenario)
    return made


def _unsound(loaded: Loaded, gone: Sequence[Cause], why: str) -> InputError:
    names = ", ".join(cause.name for cause in gone)
    return InputError(
        f"{loaded.name} is no sound scenario where {names} "
        f"{'is' if len(gone) == 1 else 'are together'} gone: {why}",
        file=next((cause.file for cause in gone if cause.file is not None), None),
        path=_OPTION,
        allowed="causes that may go in every combination",
    )


def _compared(scenario: Scenario) -> dict[str, Any]:
    return {
        key: value for key, value in resolved_data(scenario).items() if key not in _NOT_COMPARED
    }


def _changed(
    before: object,
    after: object,
    at: tuple[str, ...] = (),
) -> list[tuple[tuple[str, ...], Any]]:
    """Values in which two tables differ, by path; lists count as one value."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return [
            one
            for key in dict.fromkeys((*before, *after))
            for one in _changed(before.get(key, MISSING), after.get(key, MISSING), (*at, str(key)))
        ]
    return [] if before == after else [(at, after)]


def _applied(scenario: Scenario, changes: Mapping[tuple[str, ...], Any]) -> Scenario:
    data = resolved_data(scenario)
    for path, value in changes.items():
        table = data
        for part in path[:-1]:
            table = table.setdefault(part, {})
        if value is MISSING:
            table.pop(path[-1], None)
        else:
            table[path[-1]] = deepcopy(value)
    return Scenario.model_validate(data)
