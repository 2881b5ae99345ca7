"""Workbooks of the same value are the same bytes, and no text of an officer is ever a formula."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

FONT = "Sarabun"
BUDDHIST_DATE = "[$-107041E]d mmm yyyy"
"""Excel's own format of a Thai date in the Buddhist era; the cell stays a date that sorts and filters."""
RED = "A3121B"
SCORE_FORMAT, MONEY_FORMAT = "0.0000", "#,##0.00"
"""Of scores and weighted scores, and of baht; the cell holds the number itself."""

_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_THIN = Side(style="thin", color="6E6E6E")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD_FILL = PatternFill("solid", fgColor="E2E2E2")
_BAND_FILL = PatternFill("solid", fgColor="F1F1F1")


class Book:
    """A workbook under way. `dated` is the date of the data: the file's own date."""

    def __init__(self, *, title: str, author: str, dated: datetime) -> None:
        self._workbook = Workbook()
        self._workbook.remove(self._workbook.worksheets[0])
        self._dated = dated.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        properties = self._workbook.properties
        properties.title, properties.creator = clean(title), clean(author)
        properties.created, properties.language = self._dated, "th-TH"

    def sheet(self, name: str, widths: tuple[float, ...]) -> Worksheet:
        """A new sheet, A4 landscape, one page wide; `widths` of the columns in characters."""
        sheet: Worksheet = self._workbook.create_sheet(name)
        for at, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(at)].width = width
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.print_options.horizontalCentered = True
        sheet.oddFooter = HeaderFooterItem(left=_HeaderFooterPart("&A"), right=_HeaderFooterPart("หน้า &P/&N"))
        return sheet

    def to_bytes(self) -> bytes:
        """The .xlsx file; the same content gives the same bytes."""
        raw, fixed = BytesIO(), BytesIO()
        self._workbook.save(raw)
        stamp = f"{self._dated.isoformat()}Z".encode()
        with ZipFile(raw) as source, ZipFile(fixed, "w", ZIP_DEFLATED) as target:
            for name in source.namelist():
                content = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", source.read(name))
                target.writestr(ZipInfo(name, _ZIP_EPOCH), content, ZIP_DEFLATED)
        return fixed.getvalue()


def clean(text: str) -> str:
    """`text` without the control characters that XML forbids."""
    return ILLEGAL_CHARACTERS_RE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def write(
    sheet: Worksheet, row: int, column: int, value: str | int | Decimal | date | None, *, boxed: bool = True,
    bold: bool = False, size: int = 10, color: str = "000000", across: str = "left", fill: str = "", form: str = "",
) -> None:  # fmt: skip
    """`value` with its type: a text stays a text though it begins with = + - @, a date is shown in the Buddhist era.

    `form`: how a number is shown, as a spreadsheet's number format.
    """
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell), "a cell is written before it is merged"
    if isinstance(value, str):
        cell.value = clean(value)
        # openpyxl takes «=…» for a formula; the quote prefix keeps it a text after somebody edits the cell as well.
        cell.data_type, cell.quotePrefix = "s", value[:1] in ("=", "+", "-", "@")
    else:
        cell.value = value
    if isinstance(value, date):
        cell.number_format = BUDDHIST_DATE
    elif form:
        cell.number_format = form
    cell.font = Font(name=FONT, size=size, bold=bold, color=color)
    cell.alignment = Alignment(horizontal=across, vertical="center" if fill else "top", wrap_text=boxed)
    if boxed:
        cell.border = _BORDER
    if fill:
        cell.fill = {"head": _HEAD_FILL, "band": _BAND_FILL}[fill]


def exact_form(value: Decimal) -> str:
    """The format that shows a number as people write it: with commas, and with the decimals that it has."""
    _, _, decimals = f"{value:f}".partition(".")
    places = len(decimals.rstrip("0"))
    return f"#,##0.{'0' * places}" if places else "#,##0"


def titles(sheet: Worksheet, lines: tuple[str, ...]) -> int:
    """Lines above a table, the first one large. Returns the row of the table's head."""
    for at, line in enumerate(lines, start=1):
        write(sheet, at, 1, line, boxed=False, bold=at == 1, size=14 if at == 1 else 11)
    return len(lines) + 2


def warn(sheet: Worksheet, row: int, lines: tuple[str, ...]) -> int:
    """Lines in red from `row` on, for what does not add up. Returns the row of the table's head below them."""
    for at, line in enumerate(lines):
        write(sheet, row + at, 1, line, boxed=False, bold=True, color=RED)
    return row + len(lines) + 1 if lines else row


def head(sheet: Worksheet, row: int, names: tuple[str, ...]) -> None:
    """The head of a table: frozen, and repeated on every printed page."""
    for at, name in enumerate(names, start=1):
        write(sheet, row, at, name, bold=True, across="center", fill="head")
    sheet.freeze_panes = f"A{row + 1}"
    sheet.print_title_rows = f"{row}:{row}"


def band(sheet: Worksheet, row: int, text: str, columns: int) -> None:
    """The name of a section across all columns."""
    across(sheet, row, text, columns, fill="band")


def across(sheet: Worksheet, row: int, text: str, columns: int, *, fill: str = "") -> None:
    """One text over all columns of a table; without a fill it stands in the middle."""
    for at in range(1, columns + 1):
        place = "left" if fill else "center"
        write(sheet, row, at, text if at == 1 else None, bold=bool(fill), across=place, fill=fill)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)
