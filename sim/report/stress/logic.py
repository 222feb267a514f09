"""Sections 2.1 to 2.4 of the sheet: how the model works, and how scenarios differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from sim.report.stress import episode
from sim.report.stress.markdown import bullets, listed, table
from sim.report.stress.rules import rules_by_subject
from sim.scenario.resolve import Difference, difference

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded
    from sim.scenario.models import Scenario

_RISKS: Final = ("low", "medium", "high")

_DIAGRAM: Final = """\
    report (999, 101, online, direct)
      -> call taker: call, THRIVE ................ the grade
           -> risk assessment ................... the risk level
           -> research, beside the call
           -> ratification: confirms, upgrades or downgrades
      -> gate: grading, assessment, research or ratification
      -> queue of the area, by rank and age <----- diverted, handed over
      -> dispatcher allocates
      -> units travel -> at the scene -> custody, writing -> idle or off duty
           -> finished: attended, or returned first and interviewed

    beside it all: reviews of what waits; shifts, breaks; children who return by themselves"""

_ALGORITHMS: Final = """\
- What happens in one second is ordered by rule, in rounds, never by who was scheduled first
  (rules 1.2 to 1.4).
- The queue of an area is ordered by rank, place of missing children, time of the report and key
  (6.1 to 6.3); of the units that may go, the own area's go first, then the idle, then those with
  most shift left (6.4, 6.5).
- Of the jobs that may lose their units to a more urgent one, the least urgent does, and of these
  the latest claimed (6.6).
- Travel is the incident's base travel times factors for areas, grade and hour (6.9).
- Crews form from those who parade after abstraction, which is drawn for each person and shift
  (5.1).
- The ceiling `reachable_within_target` takes the same fates with unlimited people."""


def logic(subject: Loaded, base: Loaded | None, others: Sequence[Loaded]) -> Iterator[str]:
    """Diagram, rules, what is in force, what differs, and algorithms."""
    yield "## 2. Logic"
    yield "### 2.1 Base model overview diagram"
    yield _DIAGRAM
    yield "### 2.2 Base model logic"
    yield (
        "The model is written as numbered rules in `docs/model.md`; code and tests cite the "
        "numbers."
    )
    yield rules_by_subject()
    yield "In this scenario:"
    yield bullets([*_in_force(subject.scenario), *episode.in_force(subject.scenario.episode)])
    yield "### 2.3 Scenario logic"
    if base is not None:
        yield f"`{subject.name}` extends `{base.name}` and differs from it in:"
        yield _differences(difference(base, subject))
    for one in others:
        yield f"`{one.name}` differs from `{subject.name}` in:"
        yield _differences(difference(subject, one))
    if base is None and not others:
        yield "There is one scenario, and it extends no other."
    yield "### 2.4 Algorithms"
    yield _ALGORITHMS


def _in_force(scenario: Scenario) -> Iterator[str]:
    policy = scenario.policy
    gate = policy.gate
    if gate.deploy_on == "grading":
        yield "Deployment waits for nothing but grading (4.1)."
    else:
        high = "" if gate.hold_high_risk else ", high risk never"
        yield (
            f"Deployment waits for {gate.deploy_on} in {gate.share_held:.0%} of the incidents of "
            f"{listed(gate.streams) or 'no stream'}{high} (4.1)."
        )
    ratifiers = {risk: getattr(policy.ratification, risk) for risk in _RISKS}
    for risk, pools in ratifiers.items():
        asked = " or else ".join(f"`{pool}`" for pool in pools) or "nobody"
        yield f"An assessment of {risk} risk is ratified by {asked} (3.3)."
    room = policy.control_room
    yield f"Calls are answered by {room.call_takers or 'nobody in particular'} (2.1)."
    yield f"Research is done by {room.research or 'nobody in particular'} (3.1)."
    dispatchers = room.dispatchers
    told = dispatchers if isinstance(dispatchers, str) else listed((dispatchers or {}).values())
    yield f"Jobs are allocated by {told or 'nobody in particular'} (6.8)."
    queue = policy.queue
    yield (
        f"Within their grade missing children stand {queue.missing_child_place}; "
        f"{queue.share_with_next_grade:.0%} of their jobs rank with the next grade's (6.2)."
    )
    switches = (
        ("Jobs step up after a wait (6.3)", queue.step_up_minutes),
        ("Other areas' units are borrowed (6.4)", policy.borrowing.after_minutes),
        ("Units on the way are diverted (6.6)", policy.diversion.travelling),
        ("Units at a scene are diverted (6.6)", policy.diversion.at_scene),
        ("Waiting jobs are reviewed (7.1)", policy.reviews.after_minutes),
        ("Waiting jobs are re-assessed by THRIVE (7.2)", policy.reviews.rethrive_after_hours),
    )
    for what, value in switches:
        yield f"{what}: {'yes' if value else 'no'}."
    yield f"Work in hand at a shift's end: {policy.shift_ends.rule.replace('_', ' ')} (8.2)."


def _differences(found: Sequence[Difference]) -> str:
    if not found:
        return "Nothing but its title."
    return table(
        ("key", "before", "after"),
        [(f"`{one.path}`", one.before or "(absent)", one.after or "(absent)") for one in found],
    )
