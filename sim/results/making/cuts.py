"""Which cuts are told: streams by grades, and one further cut of those that the subject needs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sim.measures import RISKS, Cut, Labels


def margins(labels: Labels) -> list[Cut]:
    """Each stream and all of them, by each grade and all of them."""
    return [
        Cut(stream=stream, grade=grade)
        for stream in (None, *labels.streams)
        for grade in (None, *range(1, labels.grades + 1))
    ]


def cuts_shown(labels: Labels, also: Collection[Cut] = ()) -> list[Cut]:
    """The margins, each followed by its further cuts; then those that are asked for besides.

    All streams together are cut by area and by hours; streams of missing children by risk and
    care too. Other streams are told by their margins only.
    """
    cuts = []
    for cut in margins(labels):
        cuts.append(cut)
        about_children = is_missing(labels, cut)
        if about_children:
            cuts += [replace(cut, risk=risk) for risk in RISKS]
            cuts += [replace(cut, care=care) for care in (True, False)]
        if about_children or cut.stream is None:
            cuts += [replace(cut, area=area) for area in labels.areas]
            cuts += [replace(cut, hours="team"), replace(cut, hours="other")]
    return [*cuts, *(cut for cut in also if cut not in cuts)]


def is_missing(labels: Labels, cut: Cut) -> bool:
    """Whether a cut is of one stream of missing children."""
    return cut.stream is not None and labels.missing[labels.streams.index(cut.stream)]


def is_margin(cut: Cut) -> bool:
    """Whether a cut is by stream and grade only."""
    return cut == Cut(stream=cut.stream, grade=cut.grade)


def headline(labels: Labels) -> Cut:
    """What the answer is about."""
    return Cut(stream=labels.headline_stream, grade=labels.headline_grade)
