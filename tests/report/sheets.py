"""A small reader of .xlsx files, independent of what writes them."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any, Final
from xml.etree import ElementTree as ET

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Book:
    """An .xlsx file taken apart.

    Attributes
    ----------
    names
        Of the parts of the file.
    sheets
        By name: rows of cells, text or numbers, None where empty.
    parts
        By name: a sheet's root element.
    formats
        By name: the number format of each cell, as rows.
    """

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            self.names = archive.namelist()
            trees = {
                name: ET.fromstring(archive.read(name))
                for name in self.names
                if name.endswith(".xml")
            }
        texts = [
            "".join(part.text or "" for part in item.iter(f"{_MAIN}t"))
            for item in trees["xl/sharedStrings.xml"]
        ]
        patterns = _patterns(trees["xl/styles.xml"])
        self.sheets: dict[str, list[list[Any]]] = {}
        self.formats: dict[str, list[list[str]]] = {}
        self.parts: dict[str, ET.Element] = {}
        for number, sheet in enumerate(trees["xl/workbook.xml"].iter(f"{_MAIN}sheet"), 1):
            root = trees[f"xl/worksheets/sheet{number}.xml"]
            name = sheet.attrib["name"]
            self.parts[name] = root
            self.sheets[name], self.formats[name] = _rows(root, texts, patterns)

    def table(self, name: str) -> list[dict[str, Any]]:
        """The rows of a sheet below its header, by column."""
        header, *rows = self.sheets[name]
        return [dict(zip(header, row, strict=False)) for row in rows]


def _rows(
    root: ET.Element, texts: list[str], patterns: list[str]
) -> tuple[list[list[Any]], list[list[str]]]:
    values: list[list[Any]] = []
    formats: list[list[str]] = []
    for row in root.iter(f"{_MAIN}row"):
        cells: list[Any] = []
        shown: list[str] = []
        for cell in row:
            place = _place(cell.attrib["r"])
            cells += [None] * (place - len(cells))
            shown += [""] * (place - len(shown))
            text = cell.findtext(f"{_MAIN}v")
            cells.append(_value(cell.attrib.get("t"), text, texts))
            shown.append(patterns[int(cell.attrib.get("s", 0))])
        values.append(cells)
        formats.append(shown)
    width = max((len(row) for row in values), default=0)
    return [row + [None] * (width - len(row)) for row in values], formats


def _value(kind: str | None, text: str | None, texts: list[str]) -> Any:
    """What a cell holds; "s" is a place among the texts, "str" a formula's text."""
    if not text:
        return None
    if kind == "str":
        return text
    return texts[int(text)] if kind == "s" else float(text)


def _place(reference: str) -> int:
    """Column A is 0, AA is 26."""
    letters = re.sub(r"\d", "", reference)
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _patterns(styles: ET.Element) -> list[str]:
    """The number format of each cell style; the built-in ones by number."""
    own = {
        one.attrib["numFmtId"]: one.attrib["formatCode"] for one in styles.iter(f"{_MAIN}numFmt")
    }
    cell_styles = styles.find(f"{_MAIN}cellXfs")
    assert cell_styles is not None
    return [own.get(one.attrib["numFmtId"], one.attrib["numFmtId"]) for one in cell_styles]
