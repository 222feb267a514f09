"""What a folder of results may hold: its files, and their columns."""

from __future__ import annotations

from typing import Final

from sim.tables import ACTIVITIES, CASES, ENQUIRIES, EPISODES, INCIDENTS, OUTCOMES

TABLES: Final = (INCIDENTS, OUTCOMES, ACTIVITIES)
"""The tables that are kept; a file each."""

NAME_COLUMNS: Final = (
    ("name", "short lasting name of the incident, which trace --incident takes"),
    ("child_name", "short lasting name of its child, which trace --child takes; null: none"),
)
"""Columns that kept incidents have beside those of their schema."""

EPISODE_TABLES: Final = (EPISODES, ENQUIRIES, CASES)
"""Kept beside them where any scenario of the study follows episodes beyond arrival."""

METADATA_KEYS: Final = ("sim.columns", "sim.codes", "sim.names")
"""JSON in a table file's metadata.

``sim.columns``: unit and meaning by column. ``sim.codes``: by column, the name of each code.
``sim.names``: by scenario, the names that codes count, in order: ``streams``, ``areas``, ``pools``
and, for each stream of missing children, ``age_bands`` and the stream after a full stop; and
``lines`` of enquiry where episodes are followed.
"""

SUMMARY_XLSX: Final = "summary.xlsx"
EVENTS_CSV: Final = "events.csv"
STRESS_DES: Final = "stress-des.md"
SUMMARY_CSV: Final = "summary.csv"
SUMMARY_JSON: Final = "summary.json"
MANIFEST: Final = "manifest.json"
REPLICATIONS: Final = "replications.zip"
"""What each replication came to, so that more can be added (`sim.store.finished`)."""
FILES: Final = (
    *(f"{schema.name}.parquet" for schema in (*TABLES, *EPISODE_TABLES)),
    SUMMARY_CSV,
    SUMMARY_JSON,
    SUMMARY_XLSX,
    EVENTS_CSV,
    STRESS_DES,
    REPLICATIONS,
    MANIFEST,
)
"""Every file that a folder of results may hold."""
