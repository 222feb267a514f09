"""The results as an Excel workbook: numbers as numbers and plain names, a sheet for each question.

============  =================================================================================
`finance`     each option's posts, pounds and children; the only sheet with formulas, so that
              whoever pays may put in another price and see what comes of it
`read_me`     what it is, and how to read it
`rows`        the figures
`files`       what differs in the files, and where each number comes from
`sheet`       a sheet as it is written
`names`       names of the sheets
============  =================================================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Final

from sim.report.workbook.files import sources, what_differs
from sim.report.workbook.finance import finance
from sim.report.workbook.names import CASES_SHEET, SHEETS
from sim.report.workbook.read_me import read_me
from sim.report.workbook.rows import figure_sheets
from sim.report.workbook.sheet import Formats, Formula, Sheet, write_read_me, write_sheet
from sim.results import CHILDREN, Document

if TYPE_CHECKING:
    from sim.scenario.loading import Loaded

__all__ = ["CASES_SHEET", "SHEETS", "Formula", "workbook"]

# As the parts of the file have it: a workbook of the same results is the same bytes.
_CREATED: Final = datetime(1980, 1, 1)
_MOST_LETTERS: Final = 240
"""A spreadsheet holds no longer line over a printed page."""


def workbook(document: Document, loaded: Sequence[Loaded]) -> bytes:
    """The workbook of a run or a comparison, as the bytes of an .xlsx file.

    Parameters
    ----------
    document
        What is told.
    loaded
        The scenarios, the baseline first.

    Returns
    -------
    bytes
        Equal for equal results: neither when nor how long it was made is in it.
    """
    from xlsxwriter import Workbook

    stream = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(stream, options) as book:
        title = f"Results: {', '.join(one.name for one in loaded)}"
        book.set_properties({"title": title, "comments": CHILDREN, "created": _CREATED})
        formats = Formats(book.add_format)
        footing = f"&L{CHILDREN}&RPage &P of &N"
        said = document.context.statement or "Missing-child operational risk simulator"
        heading = f"&L{said.replace('&', '&&')[:_MOST_LETTERS]}&R&A"
        write_sheet(book.add_worksheet(SHEETS[0][0]), finance(document), formats)
        write_read_me(book.add_worksheet(SHEETS[1][0]), read_me(document, loaded), formats)
        for sheet in _sheets(document, loaded):
            write_sheet(book.add_worksheet(sheet.name), sheet, formats)
        for worksheet in book.worksheets():
            worksheet.set_header(heading)
            worksheet.set_landscape()
            worksheet.set_paper(9)
            worksheet.fit_to_pages(1, 0)
            worksheet.set_footer(footing)
    return stream.getvalue()


def _sheets(document: Document, loaded: Sequence[Loaded]) -> Iterator[Sheet]:
    """Those after the first two, which are written in a way of their own."""
    differs, values = (name for name, _ in SHEETS[-2:])
    yield from figure_sheets(document)
    yield what_differs(differs, document.context)
    yield sources(values, loaded, document.context)
