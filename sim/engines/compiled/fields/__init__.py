"""The places of what is kept about each thing, counted from where it begins in the memory.

The engine's memory is one array of `int64`, and a thing in it is known by the place at which it
begins; 0 is no thing. What is known of it stands at fixed distances from there, which these
modules name: the grade of the job that begins at ``j`` is ``job.at(m, j).grade``, and stands at
``m[j + job.GRADE]``. Throughout, ``m`` is the memory, ``a`` an allocation, ``c`` a case, ``d`` a
desk, ``j`` a job or report, ``k`` a class of jobs that wait, ``n`` a welfare concern, ``o`` an
area, ``p`` a pool, ``t`` a task, ``u`` a unit or desk worker and ``v`` a level of review.
"""
