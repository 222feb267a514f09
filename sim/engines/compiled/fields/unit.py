"""A unit, or a desk worker, on one shift: a row of the rota."""

(
    KEY,
    POOL,
    ON_AT,
    OFF_AT,
    OFFICERS,
    STATE,
    SINCE,
    NEXT,
    ALLOCATION,
    ARRIVES_AT,
    TASK,
    OFF_DUTY,
    BREAK_AT,
    BREAK_SECONDS,
    HAD_BREAK,
    WRITING_LEFT,
    WRITING_FOR,
    CUSTODY_JOB,
    CUSTODY_PPN,
    FIRST_PPN,
    LAST_PPN,
    SIZE,
) = range(22)

# States (rule 5.2).
IDLE, ON_BREAK, WRITING, WITH_A_JOB, CUSTODY, OFF = range(6)
