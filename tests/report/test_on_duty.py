"""Who is on duty: the baseline's rota, and every rota compared that differs from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sim.report.sections import Section, sections
from sim.results import Background, OnDuty
from tests.report.planted import Plant, planted

TODAY = Plant("today", "Today")
LATER = Plant("later", "Later teams", 0.2, (0.01, 0.02))
SAME = Plant("same", "Same rota", 0.2, (0.01, 0.02))


def rota(scenario: str, pool: str, people: Callable[[int], float]) -> Iterator[OnDuty]:
    """A pool's people by hour, as many on every day."""
    for hour in range(24):
        value = people(hour)
        yield OnDuty(
            scenario=scenario,
            pool=pool,
            role="response",
            area=None,
            hour=hour,
            value=value,
            low=value,
            high=value,
        )


def day(hour: int) -> float:
    """Twelve by day, ten at night."""
    return 12.0 if 7 <= hour < 23 else 10.0


def night(hour: int) -> float:
    """The same with 2.5 more at night."""
    return day(hour) + (2.5 if hour >= 23 or hour < 7 else 0.0)


def shown(*plants: Plant) -> Section:
    """The section of today's rota, one with more at night and a team, and one alike."""
    rotas = {
        "today": [rota("today", "response", day)],
        "later": [rota("later", "response", night), rota("later", "team", lambda _: 2.0)],
        "same": [rota("same", "response", day)],
    }
    told = [one for plant in plants for own in rotas[plant.name] for one in own]
    document = planted(*plants).model_copy(update={"background": Background(on_duty=tuple(told))})
    return sections(document, ["on-duty"])["on-duty"]


def test_every_rota_that_differs_is_shown() -> None:
    """In words with the hours, over midnight too, and as a line below the baseline's."""
    made = shown(TODAY, LATER, SAME)
    assert made.sentences == (
        "B (Later teams): response 2.5 more 23:00 to 07:00; team 2 more at all hours.",
        "C (Same rota): as many on duty as A at every hour.",
    )
    (table,) = made.tables
    assert [line.label for line in table.lines] == ["response", "under B", "team", "under B"]
    assert [line.inset for line in table.lines] == [False, True, False, True]
    assert table.lines[1].cells[23].text == "12.5"


def test_one_rota_alone_is_not_compared() -> None:
    """Without a variant there are no sentences, and one line for each pool."""
    made = shown(TODAY)
    assert made.sentences == ()
    assert [line.label for line in made.tables[0].lines] == ["response"]
