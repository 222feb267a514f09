"""From the memory with which the simulation ends to the tables (rules 9.3, 10.1, 10.2, 13.9)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.engines.compiled.building import block
from sim.engines.compiled.fields import case, job, world
from sim.engines.compiled.fields.columns import places
from sim.engines.compiled.jit import Memory, kernel
from sim.engines.compiled.journal import (
    ATTEMPT_BITS,
    END,
    INCIDENT,
    POOL_BITS,
    REST,
    START,
    UNIT,
    WHY_BITS,
    WIDTH,
)
from sim.engines.compiled.loading import Loaded
from sim.tables import (
    ACTIVITIES,
    CASES,
    NEVER,
    NONE,
    OUTCOMES,
    AfterHangUp,
    CaseEnd,
    Draws,
    End,
    Played,
    Policy,
    Table,
)

_Column: TypeAlias = NDArray[np.int64]

_TOLD_BY_END: Final = ("arrived_at", "graded_at", "hung_up_at", "telephone_found_at")
"""Columns from which the end is known (rule 9.3)."""

_OF_ALL: Final = places(job, OUTCOMES.of_all)
_OF_SENT: Final = places(job, OUTCOMES.of_sent)
_READ_OF_JOBS: Final = (*_OF_ALL.values(), *_OF_SENT.values(), job.GRADE)
_TYPES: Final = {column.name: column.dtype for column in OUTCOMES.columns}
_OF_CASES: Final = places(case, CASES.of_sent)


def played(loaded: Loaded, m: Memory, draws: Draws, policy: Policy) -> Played:
    """Read the tables off the memory.

    Parameters
    ----------
    loaded
        Where things stand.
    m
        The memory at the end of follow-up.
    draws, policy
        What was played.
    """
    cases = block(m, loaded.cases, len(draws.episodes), case.SIZE)
    return Played(
        _outcomes(loaded, m, draws, cases, policy.end),
        _activities(m, policy),
        _cases(loaded, draws, cases, policy.end),
    )


@dataclass(frozen=True, eq=False)
class Wanted:
    """Some incidents, and where they stand in a memory.

    Attributes
    ----------
    incidents
        Their rows of the incidents table.
    where
        Shape (n,): where each stands.
    sent
        Shape (n,): officers are to be sent.
    """

    incidents: Table
    where: _Column
    sent: NDArray[np.bool_]


def outcomes_at(
    m: Memory, wanted: Wanted, cases: NDArray[np.int64], end: int, names: Sequence[str]
) -> dict[str, _Column]:
    """Read columns of the outcomes of some incidents; also their key and end."""
    incidents, sent = wanted.incidents, wanted.sent
    jobs = wanted.where[sent]
    columns: dict[str, _Column] = {"key": incidents["key"]}
    for name in {*names, *_TOLD_BY_END} - {"key", "end"}:
        if name in _OF_ALL:
            columns[name] = m[wanted.where + _OF_ALL[name]]
        else:
            columns[name] = np.full(len(sent), OUTCOMES.nothing[name], dtype=_TYPES[name])
            columns[name][sent] = m[jobs + _OF_SENT[name]]
    columns["end"] = _ends(incidents, columns, sent, end)
    _put_never_heard_of(columns["end"], incidents, cases)
    return columns


def _outcomes(loaded: Loaded, m: Memory, draws: Draws, cases: NDArray[np.int64], end: int) -> Table:
    incidents = draws.incidents
    sent, alone = np.flatnonzero(loaded.sent), np.flatnonzero(~loaded.sent)
    jobs = _read(m, loaded.jobs, job.SIZE, len(sent), _READ_OF_JOBS)
    others = _read(m, loaded.others, job.REPORT_SIZE, len(alone), tuple(_OF_ALL.values()))
    columns: dict[str, _Column] = {"key": incidents["key"]}
    for place, name in enumerate((*_OF_ALL, *_OF_SENT)):
        if not len(alone):
            columns[name] = jobs[place]
            continue
        columns[name] = np.full(len(incidents), OUTCOMES.nothing[name], dtype=_TYPES[name])
        columns[name][sent] = jobs[place]
        if place < len(_OF_ALL):
            columns[name][alone] = others[place]
    final, grade = columns["final_grade"][sent], jobs[-1]
    columns["final_grade"] = incidents["grade"].astype(np.int64)
    columns["final_grade"][sent] = np.where(final == NONE, grade, final)
    ratified = columns["ratified_at"] != NEVER
    columns["final_risk"] = np.where(ratified, incidents["ratified_risk"], incidents["risk"])
    columns["end"] = _ends(incidents, columns, loaded.sent, end)
    _put_never_heard_of(columns["end"], incidents, cases)
    return Table(OUTCOMES, columns)


def _read(m: Memory, at: int, size: int, count: int, fields: tuple[int, ...]) -> NDArray[np.int64]:
    """Return fields of the things of a block, shape (fields, count)."""
    columns = np.empty((len(fields), count), dtype=np.int64)
    _gather(m, at, size, np.array(fields), columns)
    return columns


def _gather_each(
    m: Memory, at: int, size: int, fields: _Column, columns: NDArray[np.int64]
) -> None:
    for place in range(columns.shape[1]):
        for number in range(len(fields)):
            columns[number, place] = m[at + size * place + fields[number]]


_gather: Callable[..., None] = kernel(_gather_each)


def _ends(
    incidents: Table, columns: dict[str, _Column], sent: NDArray[np.bool_], end: int
) -> _Column:
    """Rule 9.3; what holds later overrules what was put down before."""
    arrived_at, return_at = columns["arrived_at"], incidents["return_at"]
    arrived = arrived_at != NEVER
    before = np.where(arrived, arrived_at, end)
    ends = np.full(len(incidents), End.OPEN, dtype=np.int64)
    ends[arrived] = End.ATTENDED
    ends[sent & (return_at != NEVER) & (return_at < before)] = End.RETURNED_FIRST
    ends[columns["telephone_found_at"] != NEVER] = End.FOUND_BY_TELEPHONE
    ends[~sent & (columns["graded_at"] != NEVER)] = End.ENDED_WITHOUT_DEPLOYMENT
    gives_up = incidents["after_hang_up"] == AfterHangUp.GIVES_UP
    ends[gives_up & (columns["hung_up_at"] != NEVER)] = End.ABANDONED
    ends[incidents["desk_pool"] != NONE] = End.DESK_WORK
    return ends


def _put_never_heard_of(ends: _Column, incidents: Table, cases: NDArray[np.int64]) -> None:
    """Rules 13.7 and 13.8 come before all of 9.3."""
    for of_case, of_incident in (
        (CaseEnd.PREVENTED, End.PREVENTED),
        (CaseEnd.UNRECORDED, End.UNRECORDED),
    ):
        keys = cases[cases[:, case.END] == of_case, case.KEY]
        if len(keys):
            ends[np.isin(incidents["key"], keys)] = of_incident


def _cases(loaded: Loaded, draws: Draws, cases: NDArray[np.int64], end: int) -> Table:
    """Rule 13.9; what holds later overrules what was put down before."""
    columns: dict[str, _Column] = {
        name: cases[:, field].copy() for name, field in _OF_CASES.items()
    }
    columns["key"] = draws.episodes["key"]
    return_at = draws.incidents["return_at"][loaded.followed]
    early, found_at = cases[:, case.END], columns["found_at"]
    returned = (return_at != NEVER) & (return_at < end) & (found_at == NEVER)
    returned &= early != CaseEnd.PREVENTED
    ends = np.full(len(cases), CaseEnd.STILL_MISSING, dtype=np.int64)
    ends[returned] = CaseEnd.RETURNED
    ends[found_at != NEVER] = CaseEnd.FOUND
    ends[early == CaseEnd.UNRECORDED] = CaseEnd.UNRECORDED
    ends[early == CaseEnd.PREVENTED] = CaseEnd.PREVENTED
    columns["end"] = ends
    columns["safe_at"] = np.where(returned, return_at, found_at)
    return Table(CASES, columns)


def _activities(m: Memory, policy: Policy) -> Table:
    """Rule 10.2: the rows in their order."""
    count = int(m[world.ROW_COUNT])
    rows = block(m, int(m[world.ROWS]), count, WIDTH)
    columns = {column.name: np.empty(count, dtype=column.dtype) for column in ACTIVITIES.columns}
    _put_in_order(rows, *_by_time(rows, policy), *columns.values())
    return Table(ACTIVITIES, columns)


def _by_time(rows: NDArray[np.int64], policy: Policy) -> tuple[_Column, int]:
    """Return numbers in the order of start and end, and how many of their bits are a row's number.

    The bits above those are alike where start and end are: start and length where they leave room.
    """
    count = len(rows)
    bits, room = max(policy.end - policy.start, 1).bit_length(), max(count - 1, 1).bit_length()
    if 2 * bits + room > _BITS:
        order = np.lexsort((rows[:, END], rows[:, START]))
        differ = np.diff(rows[order, START], prepend=0) != 0
        differ |= np.diff(rows[order, END], prepend=0) != 0
        return (differ.cumsum() << room) + order, room
    packed = np.empty(count, dtype=np.int64)
    _pack(rows, policy.start, bits, room, packed)
    packed.sort()
    return packed, room


def _pack_each(rows: NDArray[np.int64], start: int, bits: int, room: int, packed: _Column) -> None:
    for row in range(len(rows)):
        since = rows[row, START]
        time = ((since - start) << bits) + rows[row, END] - since
        packed[row] = (time << room) + row


_BITS: Final = 62
_BELOW_ATTEMPT: Final = POOL_BITS + WHY_BITS

_pack: Callable[..., None] = kernel(_pack_each)


def _put_rows_in_order(  # noqa: PLR0913, PLR0917 (each column is an argument)
    rows: NDArray[np.int64],
    order: _Column,
    room: int,
    incident: _Column,
    pool: _Column,
    unit: _Column,
    kind: _Column,
    attempt: _Column,
    start: _Column,
    end: _Column,
    why: _Column,
) -> None:
    """Write the rows into the columns in this order, those of one time by the rest of it."""
    number = (1 << room) - 1
    for place in range(1, len(order)):
        at, this = place, order[place]
        while at > 0 and order[at - 1] >> room == this >> room:
            row, other = this & number, order[at - 1] & number
            rest, of_other = rows[row, REST], rows[other, REST]
            if rows[row, INCIDENT] != rows[other, INCIDENT]:
                before = rows[row, INCIDENT] < rows[other, INCIDENT]
            elif rest >> _BELOW_ATTEMPT != of_other >> _BELOW_ATTEMPT:
                before = rest < of_other
            elif rows[row, UNIT] != rows[other, UNIT]:
                before = rows[row, UNIT] < rows[other, UNIT]
            else:
                before = rest < of_other
            if not before:
                break
            order[at] = order[at - 1]
            at -= 1
        order[at] = this
    for place in range(len(order)):
        row = order[place] & number
        rest = rows[row, REST]
        incident[place] = rows[row, INCIDENT]
        unit[place] = rows[row, UNIT]
        start[place] = rows[row, START]
        end[place] = rows[row, END]
        why[place] = rest & ((1 << WHY_BITS) - 1)
        pool[place] = ((rest >> WHY_BITS) & ((1 << POOL_BITS) - 1)) + NONE
        attempt[place] = (rest >> _BELOW_ATTEMPT) & ((1 << ATTEMPT_BITS) - 1)
        kind[place] = rest >> (_BELOW_ATTEMPT + ATTEMPT_BITS)


_put_in_order: Callable[..., None] = kernel(_put_rows_in_order)
