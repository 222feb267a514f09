"""Files in and out: a folder of kept results.

===========  ==============================================================================
`contents`   the files, and their columns
`free`       whether a place may be written to
`pieces`     tables of single replications
`journal`    replications that are done, so that a study can go on
`finished`   those of a finished folder, so that more are only added
`unasked`    the same among the user's caches, of a study that takes long
`durable`    files that are on the disk before they stand at their place
`locks`      one writer for each place
`documents`  JSON, and the checksum of a document of results
`draft`      a folder in the making
`kept`       a folder to be read
`pictures`   pages and charts put into it afterwards
`placing`    files that take their places when all are whole
`refusals`   what the operating system refuses, in words
===========  ==============================================================================

A folder is written beside its place under another name and renamed when it is whole, so that at
its place there is never half of one. Until then each replication that is done is in a `Journal`
beside it. A folder of results holds

====================  =====================================================================
incidents.parquet     what was drawn, a row for each incident of each scenario and replication
outcomes.parquet      what became of it
activities.parquet    waits and work
episodes.parquet      missing episodes as drawn, where a scenario follows them
enquiries.parquet     their lines of enquiry as drawn
cases.parquet         what became of them after arrival
summary.csv           the rows of results, one a line (`sim.results.table`)
summary.json          the document that ``--json`` prints
summary.xlsx          the same as a workbook (`sim.report.workbook`)
events.csv            a week of one replication as an event log (`sim.report.story.events`)
stress-des.md         how the model is built and used (`sim.report.stress`)
replications.zip      what each replication came to, so that more can be added (`finished`)
manifest.json         how all this was made (`sim.provenance`)
====================  =====================================================================

A page or charts may be put into it afterwards (`note_pictures`).

The tables carry the columns ``scenario`` and ``replication`` before their own. Codes stay whole
numbers; what did not happen is null. Units, meanings and the names of codes are in each file's
metadata, under the keys of `METADATA_KEYS`.
"""

from sim.store.contents import (
    EPISODE_TABLES,
    EVENTS_CSV,
    FILES,
    METADATA_KEYS,
    NAME_COLUMNS,
    REPLICATIONS,
    STRESS_DES,
    SUMMARY_CSV,
    SUMMARY_JSON,
    SUMMARY_XLSX,
    TABLES,
)
from sim.store.documents import document_sha256
from sim.store.draft import Draft
from sim.store.finished import Finished, is_added_to
from sim.store.free import ensure_free, ensure_free_file, ensure_free_names
from sim.store.journal import Asked, Done, Journal, numbers_left, put_replication, unfinished
from sim.store.kept import Kept
from sim.store.locks import held
from sim.store.pictures import note_pictures
from sim.store.pieces import piece_files, put_piece, write_pieces
from sim.store.placing import put_files
from sim.store.unasked import Unasked

__all__ = [
    "EPISODE_TABLES",
    "EVENTS_CSV",
    "FILES",
    "METADATA_KEYS",
    "NAME_COLUMNS",
    "REPLICATIONS",
    "STRESS_DES",
    "SUMMARY_CSV",
    "SUMMARY_JSON",
    "SUMMARY_XLSX",
    "TABLES",
    "Asked",
    "Done",
    "Draft",
    "Finished",
    "Journal",
    "Kept",
    "Unasked",
    "document_sha256",
    "ensure_free",
    "ensure_free_file",
    "ensure_free_names",
    "held",
    "is_added_to",
    "note_pictures",
    "numbers_left",
    "piece_files",
    "put_files",
    "put_piece",
    "put_replication",
    "unfinished",
    "write_pieces",
]
