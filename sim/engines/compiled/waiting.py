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
    the_job = job.at(m, j)
    the_job.rank = rank_of(m, j)
    the_job.borrows = borrows
    number = the_job.area
    number = number * m[world.PLACES] + the_job.stream
    number = number * (m[world.MOST_OFFICERS] + 1) + the_job.officers
    number = number * m[world.GRADES] + the_job.grade - 1
    number = number * 2 + borrows
    k = m[world.CLASSES] + class_.SIZE * number
    the_job.waiting_class = k
    the_job.queued = 1
    m[world.QUEUED] += 1
    the_job.left = 0
    the_job.right = 0
    if class_.at(m, k).root == 0:
        _list(m, k, the_job.area, the_job.grade)
    _put_in(m, k, j)


@helper
def leave(m: Memory, j: int) -> None:
    """Take a job out of the queue of its area."""
    the_job = job.at(m, j)
    k = the_job.waiting_class
    the_job.queued = 0
    m[world.QUEUED] -= 1
    link = k + class_.ROOT
    while m[link] != j:
        link = m[link] + (job.LEFT if is_before(m, j, m[link]) else job.RIGHT)
    _join(m, the_job.left, the_job.right, link)
    if class_.at(m, k).root == 0:
        _unlist(m, k, the_job.area)


@helper
def first_after(m: Memory, k: int, after: int) -> int:
    """Return the first job of a class that stands after this one, which need not be in it.

    After 0 stands every job; 0 is returned where none does.
    """
    found = 0
    j = class_.at(m, k).root
    while j != 0:
        if after != 0 and (j == after or not is_before(m, after, j)):
            j = job.at(m, j).right
        else:
            found = j
            j = job.at(m, j).left
    return int(found)


@helper
def is_before(m: Memory, one: int, other: int) -> bool:
    """Tell whether one job stands before another (rule 6.1)."""
    if job.at(m, one).rank != job.at(m, other).rank:
        return bool(job.at(m, one).rank < job.at(m, other).rank)
    if job.at(m, one).missing_place != job.at(m, other).missing_place:
        return bool(job.at(m, one).missing_place < job.at(m, other).missing_place)
    if job.at(m, one).reported_at != job.at(m, other).reported_at:
        return bool(job.at(m, one).reported_at < job.at(m, other).reported_at)
    return bool(job.at(m, one).key < job.at(m, other).key)


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
    the_class = class_.at(m, k)
    o = m[world.AREAS] + area.SIZE * area_code
    the_area = area.at(m, o)
    count = the_area.waiting_count
    m[the_area.waiting + count] = k
    the_area.waiting_count = count + 1
    the_class.listed = count + 1
    the_class.vain_at = -1
    the_class.vain_until = m[world.END]
    the_class.supply = m[world.SUPPLY] + grade - 1


@helper
def _unlist(m: Memory, k: int, area_code: int) -> None:
    """The last of the list takes its place."""
    the_class = class_.at(m, k)
    o = m[world.AREAS] + area.SIZE * area_code
    the_area = area.at(m, o)
    count = the_area.waiting_count - 1
    the_area.waiting_count = count
    last = m[the_area.waiting + count]
    place = the_class.listed - 1
    m[the_area.waiting + place] = last
    class_.at(m, last).listed = place + 1
    the_class.listed = 0
