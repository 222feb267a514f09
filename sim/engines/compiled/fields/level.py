"""One level of review of a case under enquiry (rule 11.7); the desks that are asked follow it."""

(FIRST_AFTER, EVERY, SECONDS, DESK_COUNT, SIZE) = range(5)
