"""The jobs that wait for units, in the order of rule 6.1.

Jobs that are alike in area, people asked, officers needed, grade, and in whether they may borrow
may have the same units: where the first of them finds none, none does. Each such class is a search
tree (a treap, whose links stand in the jobs and whose shape depends on their places alone), so that
putting in, taking out and finding the next one after a place in the order cost the logarithm of
the class's length. Each area has a list of its classes in which somebody waits.
"""

from __future__ import annotations

from sim.engines.compiled.fields import area, class_, job, world
from sim.engines.compiled.jit import Memory, helper
from sim.engines.compiled.ranks import rank_of


@helper
def enter(m: Memory, j: int, borrows: int) -> None:
    """Put a job in its place in the queue of its area."""
    m[j + job.RANK] = rank_of(m, j)
    m[j + job.BORROWS] = borrows
    number = m[j + job.AREA]
    number = number * m[world.PLACES] + m[j + job.STREAM]
    number = number * (m[world.MOST_OFFICERS] + 1) + m[j + job.OFFICERS]
    number = number * m[world.GRADES] + m[j + job.GRADE] - 1
    number = number * 2 + borrows
    k = m[world.CLASSES] + class_.SIZE * number
    m[j + job.CLASS] = k
    m[j + job.QUEUED] = 1
    m[world.QUEUED] += 1
    m[j + job.LEFT] = 0
    m[j + job.RIGHT] = 0
    if m[k + class_.ROOT] == 0:
        _list(m, k, m[j + job.AREA], m[j + job.GRADE])
    _put_in(m, k, j)


@helper
def leave(m: Memory, j: int) -> None:
    """Take a job out of the queue of its area."""
    k = m[j + job.CLASS]
    m[j + job.QUEUED] = 0
    m[world.QUEUED] -= 1
    link = k + class_.ROOT
    while m[link] != j:
        link = m[link] + (job.LEFT if is_before(m, j, m[link]) else job.RIGHT)
    _join(m, m[j + job.LEFT], m[j + job.RIGHT], link)
    if m[k + class_.ROOT] == 0:
        _unlist(m, k, m[j + job.AREA])


@helper
def first_after(m: Memory, k: int, after: int) -> int:
    """Return the first job of a class that stands after this one, which need not be in it.

    After 0 stands every job; 0 is returned where none does.
    """
    found = 0
    j = m[k + class_.ROOT]
    while j != 0:
        if after != 0 and (j == after or not is_before(m, after, j)):
            j = m[j + job.RIGHT]
        else:
            found = j
            j = m[j + job.LEFT]
    return int(found)


@helper
def is_before(m: Memory, one: int, other: int) -> bool:
    """Tell whether one job stands before another (rule 6.1)."""
    if m[one + job.RANK] != m[other + job.RANK]:
        return bool(m[one + job.RANK] < m[other + job.RANK])
    if m[one + job.MISSING_PLACE] != m[other + job.MISSING_PLACE]:
        return bool(m[one + job.MISSING_PLACE] < m[other + job.MISSING_PLACE])
    if m[one + job.REPORTED_AT] != m[other + job.REPORTED_AT]:
        return bool(m[one + job.REPORTED_AT] < m[other + job.REPORTED_AT])
    return bool(m[one + job.KEY] < m[other + job.KEY])


@helper
def _put_in(m: Memory, k: int, j: int) -> None:
    """Go down to where its weight belongs, and part the tree that stands there around it."""
    weight = _weight(j)
    link = k + class_.ROOT
    while m[link] != 0 and _weight(m[link]) < weight:
        link = m[link] + (job.LEFT if is_before(m, j, m[link]) else job.RIGHT)
    rest = m[link]
    m[link] = j
    left, right = j + job.LEFT, j + job.RIGHT
    while rest != 0:
        if is_before(m, j, rest):
            m[right] = rest
            right = rest + job.LEFT
            rest = m[right]
        else:
            m[left] = rest
            left = rest + job.RIGHT
            rest = m[left]
    m[left] = 0
    m[right] = 0


@helper
def _join(m: Memory, left: int, right: int, link: int) -> None:
    """Put two trees together below a link, all of one before all of the other."""
    while left != 0 and right != 0:
        if _weight(left) < _weight(right):
            m[link] = left
            link = left + job.RIGHT
            left = m[link]
        else:
            m[link] = right
            link = right + job.LEFT
            right = m[link]
    m[link] = left if left != 0 else right


@helper
def _weight(j: int) -> int:
    """Return a number that has nothing to do with the order of jobs: their places, well mixed."""
    mixed = (j ^ (j >> 16)) * 0x45D9F3B & 0xFFFFFFFF
    mixed = (mixed ^ (mixed >> 16)) * 0x45D9F3B & 0xFFFFFFFF
    return int(mixed ^ (mixed >> 16))


@helper
def _list(m: Memory, k: int, area_code: int, grade: int) -> None:
    o = m[world.AREAS] + area.SIZE * area_code
    count = m[o + area.WAITING_COUNT]
    m[m[o + area.WAITING] + count] = k
    m[o + area.WAITING_COUNT] = count + 1
    m[k + class_.LISTED] = count + 1
    m[k + class_.VAIN_AT] = -1
    m[k + class_.SUPPLY] = m[world.SUPPLY] + grade - 1


@helper
def _unlist(m: Memory, k: int, area_code: int) -> None:
    """The last of the list takes its place."""
    o = m[world.AREAS] + area.SIZE * area_code
    count = m[o + area.WAITING_COUNT] - 1
    m[o + area.WAITING_COUNT] = count
    last = m[m[o + area.WAITING] + count]
    place = m[k + class_.LISTED] - 1
    m[m[o + area.WAITING] + place] = last
    m[last + class_.LISTED] = place + 1
    m[k + class_.LISTED] = 0
