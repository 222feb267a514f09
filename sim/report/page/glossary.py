"""Words of policing and of simulation that the page uses, each in a sentence."""

from __future__ import annotations

from typing import Final

GLOSSARY: Final = (
    (
        "Grade",
        (
            "How quickly the control room promises to come: grade 1 is immediate, grade 2 "
            "priority, and so on."
        ),
    ),
    (
        "THRIVE",
        "How a call is assessed: threat, harm, risk, investigation, vulnerability and engagement.",
    ),
    (
        "Held for ratification",
        (
            "Officers are not sent until a supervisor has confirmed the risk that the control room "
            "gave the child."
        ),
    ),
    ("In time", "An officer is there within the target, counted from the call unless it says so."),
    (
        "With nobody ever queued",
        "The same reports with everybody always free: what no number of people could better.",
    ),
    (
        "Abstraction",
        "Officers on the rota who are not on duty: leave, sickness, training and court.",
    ),
    (
        "Post",
        (
            "A full-time officer or member of staff: the hours worked over what one of them works "
            "a week once abstraction is off."
        ),
    ),
    (
        "PPN",
        (
            "Public protection notice: the report that police send to partners about a vulnerable "
            "child or adult."
        ),
    ),
    (
        "MASH",
        (
            "Multi-agency safeguarding hub: where police, social care and health decide together "
            "what follows a report."
        ),
    ),
    (
        "FIB24",
        (
            "The force intelligence bureau's desk that is staffed day and night and researches "
            "who the child is and where the child may be."
        ),
    ),
    (
        "Prevention interview",
        "The police's own talk with the child after the return, once called a safe-and-well check.",
    ),
    (
        "Return interview",
        (
            "An independent talk with the child, which the council offers within 72 hours of the "
            "return."
        ),
    ),
    (
        "Replication",
        "One run of the same days with other luck; from many of them the ranges are made.",
    ),
    (
        "Range",
        (
            "Where the model's long-run figure would lie in so many of 100 such studies. It holds "
            "luck alone, and no wrong assumption."
        ),
    ),
)
"""Terms with their meanings, in the order in which a report meets them."""
