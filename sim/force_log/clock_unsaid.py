"""Whether a log's clocks kept local time or UTC, where nothing in it tells."""

from __future__ import annotations

from collections.abc import Iterator

from sim.force_log.reading import Log


def clock_unsaid(log: Log) -> Iterator[str]:
    """Say so, in one sentence, where the two would differ on these days."""
    summer = log.incidents["received"].dt.dst_offset().max()
    if not log.zoned and log.mapping.file.clock == "local" and summer:
        yield (
            "Whether its clocks kept local time or UTC: the times carry no zone and are taken as "
            "local; of a system that keeps UTC every hour of the day here is an hour off in summer."
        )
