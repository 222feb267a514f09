"""The first screen of a run or a comparison, typed: what a form draws before anything else.

============  =============================================================================
`model`       what an answer is made of
`subject`     whose delays: the headline's, or those that --about names
`question`    a subject, asked of a document
`phrases`     parts of sentences
`verdicts`    what each variant does: better, worse, or not clearly either
`finding`     the finding in sentences
`table`       the change first
`causes`      why the baseline misses
`paragraphs`  when, high risk, other calls, after arrival
`additions`   what only a variant has
`sure`        how sure, what it rests on, what to ask next
============  =============================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.answer.additions import adds
from sim.report.answer.causes import causes, why
from sim.report.answer.finding import finding, heading
from sim.report.answer.model import (
    Answer,
    Cause,
    Column,
    OtherCalls,
    Outcome,
    Paragraph,
    Verdict,
)
from sim.report.answer.paragraphs import (
    after_arrival,
    calls,
    high_risk,
    same,
    unrecorded,
    worst_hours,
)
from sim.report.answer.question import Question
from sim.report.answer.subject import (
    Choices,
    Subject,
    about,
    headline_of,
    named,
    target_of,
)
from sim.report.answer.sure import cautions, following, footing, how_sure, statement
from sim.report.answer.table import key, table
from sim.report.answer.verdicts import verdicts

if TYPE_CHECKING:
    from sim.results import Document

__all__ = [
    "Answer",
    "Cause",
    "Choices",
    "Column",
    "OtherCalls",
    "Outcome",
    "Paragraph",
    "Subject",
    "Verdict",
    "about",
    "answer",
    "headline_of",
    "named",
    "target_of",
]


def answer(document: Document, subject: Subject | None = None) -> Answer:
    """The first screen of a document.

    Parameters
    ----------
    document
        Of a run or a comparison.
    subject
        Whose delays, as `about` reads them; None: the headline's.

    Returns
    -------
    Answer
        Every figure in it is a row of the document, or one of its costs.
    """
    question = Question(document, subject or headline_of(document.context))
    found = verdicts(question)
    made_of = causes(question)
    shown = table(question, found)
    paragraphs = (
        same(question),
        adds(question),
        why(question, made_of),
        worst_hours(question),
        high_risk(question),
        calls(question),
        after_arrival(question),
        unrecorded(question),
        how_sure(question),
    )
    return Answer(
        subject=question.subject,
        whom=question.subject.whom(question.context),
        what=_what(question),
        statement=statement(question),
        cautions=cautions(question),
        warnings=document.context.warnings,
        heading=heading(question, found),
        finding=finding(question, found),
        columns=question.columns,
        table=shown,
        key=key(question, shown),
        verdicts=found,
        causes=made_of,
        paragraphs=tuple(one for one in paragraphs if one is not None),
        following=following(question),
        footing=footing(question),
    )


def _what(question: Question) -> str:
    """What is asked about them, in words."""
    if question.target is not None and question.has_target:
        return f"officer there within {question.target} of {question.start}"
    if question.has_target:
        own = question.subject.grade is not None
        return f"officer there within {'its target' if own else 'the target of each grade'}"
    if question.reports():
        return "this grade has no target; how long nobody is there"
    return "how long nobody is there"
