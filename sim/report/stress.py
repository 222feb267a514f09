"""The STRESS-DES sheet of a scenario: what a reader needs to judge the model, and to run it again.

Filled in from the resolved scenario and the settings as far as these go; what only a person can
write is marked "To be written by the analyst".
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.provenance import portable_path, versions
from sim.report.after_arrival_meanings import is_of_cases
from sim.report.context import CHILDREN, illustration
from sim.report.figures import HEADLINE_MEASURES
from sim.report.meanings import MEANINGS
from sim.report.stress_episode import in_force
from sim.rota import posts
from sim.scenario.demand import DeskWork, IncidentStream, MissingAdult, MissingChild
from sim.scenario.loading import load
from sim.scenario.paths import KeyPath, dotted, is_table_list, leaves, lookup
from sim.scenario.resolve import DEFAULT, Difference, difference, resolved_data
from sim.scenario.toml import read_toml, toml_value

if TYPE_CHECKING:
    from sim.scenario.demand import Stream
    from sim.scenario.loading import Loaded
    from sim.scenario.models import Scenario, Source
    from sim.study import Settings

ANALYST: Final = "To be written by the analyst"
"""Marks what only a person can write."""

_MODEL: Final = Path(__file__).parents[2] / "docs" / "model.md"
_SECTION: Final = re.compile(r"^## (\d+)\. (.+)$", re.MULTILINE)
_RULE: Final = re.compile(r"^(\d+)\.(\d+) (.+)$", re.MULTILINE)
_RISKS: Final = ("low", "medium", "high")
_WEEKDAYS: Final = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

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

_QUEUES: Final = """\
- One for each area ({areas}) of jobs that are ready: by rank, then oldest first (6.1 to 6.3). A
  job that needs more people than are there is passed over and holds nobody.
- One for each desk pool: calls first, 999 before 101 (2.1); then by urgency, step and time of
  joining (3.4).
- No queue has a limit, and nobody leaves one unserved: a child's return opens the gate, and the job
  stays, as a prevention interview (4.2, 9.1)."""

_ESTIMATES: Final = """\
- The unit of inference is the replication; limits are at {level:g}% confidence.
- Shares and means are ratio estimators over replications; quantiles and tail means are pooled, with
  limits by sectioning over at most 30 groups of replications.
- Under 20 events a share has one exact limit, and is not compared.
- Differences are paired by replication. Those of the headline measures hold together by
  Bonferroni's adjustment over scenarios and measures; others hold one by one."""


@dataclass(frozen=True)
class Made:
    """How a study was made, where the sheet stands beside its results.

    Parameters
    ----------
    replications
        That were made.
    engine
        That was used.
    seconds
        Wall-clock time.
    precise
        Whether the precision was reached; None: none was asked for.
    """

    replications: int
    engine: str
    seconds: float
    precise: bool | None = None


def base_of(loaded: Loaded) -> Loaded | None:
    """Load the scenario that a scenario's file extends; None where it extends nothing."""
    extends = read_toml(loaded.path, str(loaded.path)).get("extends")
    return load(loaded.path.parent / extends) if isinstance(extends, str) else None


def stress_des(
    subject: Loaded,
    settings: Settings,
    *,
    base: Loaded | None = None,
    others: Sequence[Loaded] = (),
    made: Made | None = None,
) -> str:
    """The sheet as Markdown, in the sections 1.1 to 6.1 of STRESS-DES.

    Parameters
    ----------
    subject
        The scenario that it is about.
    settings
        How it is, or was, simulated.
    base
        The scenario that its file extends.
    others
        Scenarios that are compared with it.
    made
        How the study went; None: it has not been run.

    Returns
    -------
    str
        The sheet depends on the scenario, the settings, `made` and this machine's software only.
    """
    scenario = subject.scenario
    return _joined(
        f"# STRESS-DES: {_plain(scenario.title)}",
        f"*{CHILDREN}*" + (f" *{illustration([scenario.force])}*" if scenario.illustrative else ""),
        f"Of the scenario `{portable_path(subject.path)}` (SHA-256 of all its values: "
        f"`{subject.sha256}`). The form is STRESS-DES: Monks and others, Strengthening the "
        "reporting of empirical simulation studies, Journal of Simulation 13(1), 2019. Sentences "
        f'that begin with "{ANALYST}" mark what no program can know.',
        *_objectives(subject, others),
        *_logic(subject, base, others),
        *_components(scenario),
        *_data(subject),
        *_experimentation(scenario, settings, made),
        *_implementation(settings, made),
        *_access(subject, settings, others),
    )


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def _by_analyst(what: str) -> str:
    return f"**{ANALYST}:** {what}"


def _objectives(subject: Loaded, others: Sequence[Loaded]) -> Iterator[str]:
    scenario = subject.scenario
    yield "## 1. Objectives"
    yield "### 1.1 Purpose of the model"
    yield _by_analyst(
        "the decision that this study informs, for whom, and what it shall not be used for."
    )
    yield (
        "The simulator asks how long simulated missing children wait for a police officer under "
        "given staffing and rules, how often a target is missed, and why. It scores, ranks and "
        "predicts no child."
    )
    if scenario.about:
        yield f"The scenario says of itself: {_plain(scenario.about)}"
    yield "### 1.2 Model outputs"
    yield "Targets:"
    yield _table(
        ("target", "grade", "minutes", "clock starts", "clock stops"),
        [
            (name, target.grade, toml_value(target.minutes), target.starts, target.stops)
            for name, target in scenario.targets.items()
        ],
    )
    yield "Measures, each with a confidence interval where it is one that can have any:"
    told = [
        (f"`{name}`", text)
        for name, text in MEANINGS.items()
        if scenario.episode is not None or not is_of_cases(name)
    ]
    yield _table(("measure", "meaning"), told)
    yield (
        "Every incident reported in the measured days is counted, whatever became of it, by the "
        "grade first drawn (in a comparison, the baseline's). How limits are computed: section 4.3."
    )
    yield "### 1.3 Experimentation aims"
    if others:
        yield _bullets(f"`{one.name}`: {_plain(one.scenario.title)}" for one in (subject, *others))
        yield (
            f"Each is compared with `{subject.name}` in pairs, with the same luck. Declared "
            f"beforehand as headline measures: {_listed(HEADLINE_MEASURES)}."
        )
    else:
        yield "One scenario is described here; `compare` holds others against it."
    yield (
        "The share of incidents held for ratification is not known of any force, so the headline "
        "is also shown over the whole range from 0 to 1. Nothing is optimised."
    )
    yield _by_analyst("why these scenarios, who chose them, and which were left out.")


def _logic(subject: Loaded, base: Loaded | None, others: Sequence[Loaded]) -> Iterator[str]:
    yield "## 2. Logic"
    yield "### 2.1 Base model overview diagram"
    yield _DIAGRAM
    yield "### 2.2 Base model logic"
    yield (
        "The model is written as numbered rules in `docs/model.md`; code and tests cite the "
        "numbers."
    )
    yield _rules()
    yield "In this scenario:"
    yield _bullets([*_in_force(subject.scenario), *in_force(subject.scenario.episode)])
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


def _rules() -> str:
    """Sections of the rules and the numbers in each, where the documentation is at hand."""
    if not _MODEL.is_file():
        return "(The rules stand in the project's source; this copy of the program has none.)"
    text = _MODEL.read_text(encoding="utf-8")
    numbers: dict[str, list[str]] = {}
    for section, number, _ in _RULE.findall(text):
        numbers.setdefault(section, []).append(f"{section}.{number}")
    rows = [
        (title, f"{numbers[section][0]} to {numbers[section][-1]}")
        for section, title in _SECTION.findall(text)
        if section in numbers
    ]
    return _table(("subject", "rules"), rows)


def _in_force(scenario: Scenario) -> Iterator[str]:
    policy = scenario.policy
    gate = policy.gate
    if gate.deploy_on == "grading":
        yield "Deployment waits for nothing but grading (4.1)."
    else:
        high = "" if gate.hold_high_risk else ", high risk never"
        yield (
            f"Deployment waits for {gate.deploy_on} in {gate.share_held:.0%} of the incidents of "
            f"{_listed(gate.streams) or 'no stream'}{high} (4.1)."
        )
    ratifiers = {risk: getattr(policy.ratification, risk) for risk in _RISKS}
    for risk, pools in ratifiers.items():
        asked = " or else ".join(f"`{pool}`" for pool in pools) or "nobody"
        yield f"An assessment of {risk} risk is ratified by {asked} (3.3)."
    room = policy.control_room
    yield f"Calls are answered by {room.call_takers or 'nobody in particular'} (2.1)."
    yield f"Research is done by {room.research or 'nobody in particular'} (3.1)."
    dispatchers = room.dispatchers
    told = dispatchers if isinstance(dispatchers, str) else _listed((dispatchers or {}).values())
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
    return _table(
        ("key", "before", "after"),
        [(f"`{one.path}`", one.before or "(absent)", one.after or "(absent)") for one in found],
    )


def _components(scenario: Scenario) -> Iterator[str]:
    yield "### 2.5 Components"
    yield "#### 2.5.1 Entities"
    yield "A stream is a kind of incident or of a desk's other work; attributes are drawn first."
    yield _table(
        ("stream", "kind", "a year", "profile", "area shares", "grade shares", "nobody is sent"),
        [_entity(name, one) for name, one in scenario.streams.items()],
    )
    for name, one in scenario.streams.items():
        if isinstance(one, MissingChild):
            yield (
                f"`{name}` is drawn by child: {one.children.in_care:.0%} of the children are "
                "looked after, episodes repeat after gaps, and a year before the first day is "
                "drawn too, so that the history is in equilibrium."
            )
    yield "#### 2.5.2 Activities"
    yield "Lengths, by stream:"
    yield _table(
        ("stream", "activity", "length"),
        [
            (name, field.replace("_", " "), _duration(value))
            for name, one in scenario.streams.items()
            for field, value in one
            if hasattr(value, "family")
        ],
    )
    dispatch = scenario.policy.control_room.dispatch
    areas = [f"{area.title}: {_duration(area.travel)}" for area in scenario.areas.values()]
    yield _bullets(
        [
            f"Travel in the own area without blue lights, {'; '.join(areas)}.",
            f"Allocation by a dispatcher: {_duration(dispatch)}." if dispatch is not None else "",
        ]
    )
    yield "#### 2.5.3 Resources"
    full_time = posts(scenario)
    yield _table(
        ("pool", "kind", "role", "area", "shifts (people rostered)", "away", "reserve", "posts"),
        [
            (
                name if pool.title is None else f"{pool.title} ({name})",
                pool.kind,
                pool.role,
                "all" if pool.area is None else scenario.areas[pool.area].title,
                "; ".join(
                    f"{shift.name} {shift.start // 60:02d}:{shift.start % 60:02d} to "
                    f"{shift.end // 60:02d}:{shift.end % 60:02d} ({shift.people})"
                    for shift in pool.shifts
                ),
                f"{pool.abstraction:.0%}",
                pool.reserve,
                f"{full_time[name]:.1f}",
            )
            for name, pool in scenario.pools.items()
        ],
    )
    yield "#### 2.5.4 Queues"
    yield _QUEUES.format(areas=_listed(scenario.areas))
    yield "#### 2.5.5 Entry and exit points"
    yield (
        "Reports enter by a Poisson process whose rate changes with hour of the week, month, bank "
        "holidays and school terms; children's further episodes follow from their first. A rate "
        "is raised by adding incidents and lowered by removing some, never by moving them. Every "
        "incident leaves as exactly one of: attended, returned first, ended without deployment, "
        "open at the end of follow-up (9.3)."
    )


def _entity(name: str, one: Stream) -> tuple[object, ...]:
    scripted = len(one.reports_at) if isinstance(one, IncidentStream) else 0
    volume = f"{scripted} scripted" if scripted else f"{one.volume_per_year:,.0f}"
    start = (name, one.kind, volume, one.profile)
    if isinstance(one, DeskWork):
        return (*start, "", f"urgency {one.urgency}", f"work of {one.pool}")
    by_risk = one.grades_by_risk if isinstance(one, MissingAdult) else {}
    grades = [f"{risk}: {toml_value(_text_keys(own))}" for risk, own in by_risk.items()]
    if len(by_risk) < len(_RISKS):
        rest = toml_value(_text_keys(one.grades))
        grades.append(f"else: {rest}" if grades else rest)
    return (
        *start,
        toml_value(one.areas),
        "; ".join(grades),
        f"{one.ends_without_deployment:.0%}",
    )


def _text_keys(shares: Mapping[int, float]) -> dict[str, float]:
    return {str(key): share for key, share in shares.items()}


def _duration(value: Any) -> str:  # noqa: ANN401 (any of the families)
    """A length of time in words, such as "lognormal, median 8 min, sigma 0.6"."""
    words = {
        "minutes": "", "mean_minutes": "mean ", "median_minutes": "median ", "sigma": "sigma ",
        "variation": "coefficient of variation ", "low_minutes": "from ", "high_minutes": "to ",
        "at_most_minutes": "at most ",
    }  # fmt: skip
    if value.family == "quantiles":
        parts = [(f"read off {len(value.levels)} quantiles from {value.minutes[0]:g} to "
                 f"{value.minutes[-1]:g} min")]  # fmt: skip
        fields = ["at_most_minutes"]
    else:
        parts = [value.family]
        fields = [name for name in words if name in type(value).model_fields]
    for name in fields:
        number = getattr(value, name)
        if number is not None:
            unit = " min" if name.endswith("minutes") else ""
            parts.append(f"{words[name]}{number:g}{unit}")
    return ", ".join(parts)


def _data(subject: Loaded) -> Iterator[str]:
    sources = subject.scenario.sources
    yield "## 3. Data"
    yield "### 3.1 Data sources"
    cited: dict[tuple[str, str, str], int] = {}
    for one in sources.values():
        if one.source is not None:
            key = (one.source, str(one.year or ""), one.confidence or "")
            cited[key] = cited.get(key, 0) + 1
    if cited:
        yield _table(
            ("source", "year", "confidence", "values"), [(*key, n) for key, n in cited.items()]
        )
        yield "Confidence runs from A, a primary source, to E, an assumption."
    yield _by_analyst("who may have the data, under what agreement, and who checked them.")
    yield "### 3.2 Pre-processing"
    yield _by_analyst(
        "how records became these numbers: what was left out, joined, corrected or fitted."
    )
    yield "### 3.3 Input parameters"
    yield (
        "Every value of the scenario, with the file that gave it. Rates change over time by "
        "profile, month factors and holiday factors; lengths of time do not."
    )
    yield _table(("key", "value", "given by", "source"), list(_inputs(subject)))
    yield _by_analyst("why these distributions, where the source does not say it.")
    yield "### 3.4 Assumptions"
    assumed = [
        (f"`{path}`", one.assumption, f"{one.low:g}", f"{one.high:g}")
        for path, one in sources.items()
        if one.assumption is not None and one.low is not None and one.high is not None
    ]
    if assumed:
        yield (
            "Low and high are of the value itself where the key is a number; else of a factor on "
            "the numbers of its table or list, or on the first of shares that sum to 1."
        )
        yield _table(("key", "assumption", "low", "high"), assumed)
    assumptions = _assumed_rules()
    if assumptions:
        yield f"Rules that rest on assumption, wholly or in part: {', '.join(assumptions)}."
    yield _by_analyst("which of these matter most to the answer, and what shows it.")


def _assumed_rules() -> list[str]:
    if not _MODEL.is_file():
        return []
    text = _MODEL.read_text(encoding="utf-8")
    return [f"{a}.{b}" for a, b, rule in _RULE.findall(text) if "[assumption" in rule]


def _inputs(subject: Loaded) -> Iterator[tuple[str, str, str, str]]:
    data = resolved_data(subject.scenario)
    for path in _rows_of(data, ()):
        if path[0] in {"format", "title", "about", "sources"}:
            continue
        value = lookup(data, path)
        yield (
            f"`{dotted(path)}`",
            toml_value(value),
            _origin(subject, path, value),
            _source(subject.scenario.sources, path),
        )


def _rows_of(value: Any, path: KeyPath) -> Iterator[KeyPath]:  # noqa: ANN401
    """Paths of what is one parameter: a value, a duration, a shift, or a table of plain values."""
    if isinstance(value, Mapping) and value and _is_several(value, path):
        for key, below in value.items():
            yield from _rows_of(below, (*path, key))
    elif is_table_list(value):
        for place, below in enumerate(value):
            yield from _rows_of(below, (*path, place))
    else:
        yield path


def _is_several(table: Mapping[str, Any], path: KeyPath) -> bool:
    if "family" in table or (path and isinstance(path[-1], int)):
        return False
    # Shares and minutes by grade, area or weekday are one parameter; named settings are several.
    keyed = all(str(key)[:1].isdigit() for key in table) or set(table) <= _WEEKDAYS
    return not keyed or any(isinstance(below, Mapping) for below in table.values())


def _origin(subject: Loaded, path: KeyPath, value: Any) -> str:  # noqa: ANN401
    below = next((dotted((*path, *rest)) for rest, _ in leaves(value)), dotted(path))
    origin = subject.origins.get(below, "")
    return origin if origin in {"", DEFAULT} else portable_path(origin)


def _source(sources: Mapping[str, Source], path: KeyPath) -> str:
    for length in range(len(path), 0, -1):
        found = sources.get(dotted(path[:length]))
        if found is not None and found.source is not None:
            details = [str(one) for one in (found.year, found.confidence) if one is not None]
            return found.source + (f" ({', '.join(details)})" if details else "")
        if found is not None:
            return "assumption, section 3.4"
    return ""


def _experimentation(scenario: Scenario, settings: Settings, made: Made | None) -> Iterator[str]:
    yield "## 4. Experimentation"
    yield "### 4.1 Initialisation"
    yield (
        f"The simulation begins {settings.warm_up_days} days before the first measured day "
        f"({scenario.calendar.first_day.isoformat()}), with nothing queued. On duty then is who "
        "began a shift before; who is missing then has been drawn with the year before. The "
        "command `warm-up` shows whether the warm-up is long enough: MSER-5 on hourly means "
        "across replications, with the profile of the week taken out."
    )
    yield _by_analyst("what `warm-up` says of this scenario.")
    yield "### 4.2 Run length"
    yield (
        f"{settings.days} measured days; reports and rota go on for {scenario.follow_up_hours:g} "
        "hours after them, so that the last incidents meet as busy a force as the first. Time is "
        "in whole seconds."
    )
    yield "### 4.3 Estimation approach"
    if made is None:
        yield f"{settings.replications} replications."
    else:
        yield f"{made.replications} replications were made."
    if settings.precision is not None:
        yield (
            f"Replications go on in fixed batches until the headline is known to a half-width of "
            f"{settings.precision:g}, after at least 30."
            + ("" if made is None else f" It was {'' if made.precise else 'not '}reached.")
        )
    yield _ESTIMATES.format(level=100 * settings.level)
    yield _by_analyst("why so many replications are enough for the decision.")


def _implementation(settings: Settings, made: Made | None) -> Iterator[str]:
    yield "## 5. Implementation"
    yield "### 5.1 Software or programming language"
    yield _table(("software", "version"), list(versions().items()))
    yield "### 5.2 Random sampling"
    yield (
        f"Seed {settings.seed}. All that chance decides is drawn before the simulation starts. "
        "Each value is one uniform of a counter-based generator (Philox), named by seed, "
        "replication, stream, column and the incident's lasting number, and turned into a variate "
        "by inverse transform. So the scenarios of a comparison meet the same incidents with the "
        "same fates (common random numbers), whatever else differs. Policy shares are thresholds "
        "on a drawn uniform, so that a smaller set lies inside a larger one."
    )
    yield "### 5.3 Model execution"
    engine = settings.engine if made is None else made.engine
    yield (
        f"Engine: {engine}. A discrete-event simulation by processes. Events of one second are "
        "taken in rounds, in the order of kind, key and allocation number (rules 1.2 and 1.3); the "
        "number of processes that replications are shared among changes no number."
    )
    yield "### 5.4 System specification"
    processors = os.cpu_count() or 1
    yield (
        f"{platform.system()} on {platform.machine()} with {processors} processors, "
        f"{platform.python_implementation()} {platform.python_version()}."
        + ("" if made is None else f" The study took {made.seconds:.0f} seconds.")
    )


def _access(subject: Loaded, settings: Settings, others: Sequence[Loaded]) -> Iterator[str]:
    yield "## 6. Code access"
    yield "### 6.1 Computer model sharing statement"
    files = " ".join(portable_path(one.path) for one in (subject, *others))
    command = "compare" if others else "run"
    words = f"python run_sim.py {command} {files} --seed {settings.seed}"
    words += f" --replications {settings.replications} --days {settings.days}"
    words += f" --warm-up-days {settings.warm_up_days}"
    if settings.precision is not None:
        words += f" --precision {settings.precision:g}"
    yield "The model is under the MIT licence. To run it again:"
    yield f"    {words}"
    yield _by_analyst("where this version of the code and these scenario files can be had.")


def _bullets(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items if item)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(value: object) -> str:
    # A bar would end the cell, and an angle bracket begin a tag.
    return _plain(str(value)).replace("|", "\\|").replace("<", "&lt;")
