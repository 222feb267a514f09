"""A force's own log, before and beside the model.

================  =========================================================================
`mapping`         the mapping file: which column holds what, and what labels mean
`mapping_files`   mapping files of every kind: their form, all faults at once
`mapping_faults`  what is wrong with one, in words
`mapping_for_log` the same, with what the log has where something is missing
`identifiers`     columns that say who or where somebody is, refused
`unpacking`       compressed files, up to a size
`log_bytes`       a file's bytes and their text: compression, encoding
`header`          a CSV file's header, and the titles above it
`parquet`         a Parquet file's columns and their types
`source`          a file's mapped columns as text
`time_formats`    one date format, and the texts that it reads
`time_checks`     whether what a column of times says can be times
`stamps`          times, formats and clock changes
`folding`         one row of the rows of one incident
`recording`       steps in weekly volumes
`silence`         hours in which there is no receipt at all
`label_meanings`  what its labels mean in our words
`words`           the words into which a log is translated
`joining`         missing-person records joined to it on its number
`duties`          duties as a rota system exports them: who was rostered, who away
`refused_columns` who somebody is, refused by the values
`translation`     labels in our words
`moment_order`    times before their report, or far from all others
`lacking_times`   times that are not needed, and those that are missing
`merged_cells`    a spreadsheet's merged cells
`own_work`        work that officers began themselves and no label tells
`crowded_areas`   areas too many for each to have crews of its own
`grade_order`     whether grades stand in the order of their waits
`clock_unsaid`    whether its clocks kept local time or UTC, where nothing tells
`nothing_left`    a log of which nothing sound is left
`faults`          what is wrong: what, where, how many, what was done about it
`fault_order`     which fault is told first
`reading`         the clean log and its `faults`
`column_shapes`   what a column holds, by its values
`numerals`        numbers as exports write them
`date_guessing`   which date formats its times seem to have
`role_guessing`   which column is which time and which label
`length_guessing` which time a length stands for, and after which it runs
`label_guessing`  what labels seem to mean
`urgency`         which end of a scale is the urgent one, by its waits
`guessing`        a mapping to begin with, made of these
`delays`          delays against targets
`gate`            deployments before and after ratification; bunching after it
`extra_wait`      missing-child jobs against others of their grade, hour and place
`idle`            crews seen idle while jobs waited
`returns`         when missing children came back, and who found them
`lull`            half hours of the clock at which waiting jobs stand still
`bands`           missing-child jobs by risk and hours
`diagnosis`       all of these as plain figures
`documents`       a record of what was found as a JSON document
`disclosure`      what may leave
`fitting`         a scenario of the force's own, from its log
`replaying`       the real incidents through the model's rules, held against the log
`telephone`       the call takers' queue against hourly counts of answer times
`writing`         a simulated log, to try the commands on
================  =========================================================================
"""

from sim.force_log.diagnosis import Diagnosis, diagnose
from sim.force_log.disclosure import LogFigure
from sim.force_log.faults import Faults, LogFault
from sim.force_log.guessing import new_mapping
from sim.force_log.joining import Cases, load_case_mapping, read_cases
from sim.force_log.mapping import LoadedMapping, LogMapping, load_mapping
from sim.force_log.mapping_for_log import load_mapping_for
from sim.force_log.reading import Log, read_log

__all__ = [
    "Cases",
    "Diagnosis",
    "Faults",
    "LoadedMapping",
    "Log",
    "LogFault",
    "LogFigure",
    "LogMapping",
    "diagnose",
    "load_case_mapping",
    "load_mapping",
    "load_mapping_for",
    "new_mapping",
    "read_cases",
    "read_log",
]
