"""A line of enquiry as drawn."""

(
    NUMBER,
    GAP_SECONDS,
    DESK,
    OFFICERS,
    TRAVEL_SECONDS,
    WORK_SECONDS,
    FINDS,
    LOST_PARTS,
    REVIEW_PARTS,
    TASKING_PARTS,
    SIZE,
) = range(11)
