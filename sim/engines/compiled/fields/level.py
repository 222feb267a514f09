"""One level of review of a case under enquiry (rule 11.7); the desks that are asked follow it."""

from __future__ import annotations

from typing import Final

from sim.engines.compiled.jit import records

(FIRST_AFTER, EVERY, SECONDS, DESK_COUNT, SIZE) = range(5)
at: Final = records(globals())
