"""The annexes of the award order as a workbook: amounts are numbers, and the sums are those of the order."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from reports.award_order import PERSON_COLUMNS, TITLE, UNIT_COLUMNS, persons_of, pool_name, total
from reports.names import Names
from reports.typesetting import NEUTRAL, Letterhead
from reports.workbook import MONEY_FORMAT, SCORE_FORMAT, Book, band, head, titles, write
from rules.baht_words import baht_words
from rules.thai import thai_fiscal_year
from schemas.award import Award, PoolAward
from schemas.base import Moment
from schemas.exact import Money
from schemas.letters import Notice


def award_order_xlsx(
    award: Award, notice: Notice, *, names: Names, dated: Moment, letterhead: Letterhead = NEUTRAL
) -> bytes:
    """A sheet of units and a sheet of persons, each with the sum of every pot in figures and in words."""
    book = Book(title=TITLE, author=letterhead.ministry_th or notice.issuer_th, dated=dated)
    no = f"คำสั่ง{notice.issuer_th} ที่ {notice.no}" if notice.no else f"คำสั่ง{notice.issuer_th}"
    preamble = (f"บัญชีแนบท้าย{no}", notice.subject, f"ประจำ{thai_fiscal_year(award.fiscal_year)}")
    _units(book.sheet("หน่วยงาน", (8.0, 60.0, 20.0, 20.0, 22.0)), preamble, award, names)
    _persons(book.sheet("รายบุคคล", (8.0, 44.0, 44.0, 18.0, 22.0)), preamble, award, names)
    return book.to_bytes()


def _units(sheet: Worksheet, preamble: tuple[str, ...], award: Award, names: Names) -> None:
    row = titles(sheet, preamble)
    head(sheet, row, UNIT_COLUMNS)
    for pool in award.pools:
        of_pool = sorted((u for u in award.units if u.pool == pool.pool), key=lambda each: names.place(each.unit))
        if not of_pool:
            continue
        row += 1
        band(sheet, row, pool_name(pool), len(UNIT_COLUMNS))
        for serial, each in enumerate(of_pool, start=1):
            row += 1
            write(sheet, row, 1, serial, across="center")
            write(sheet, row, 2, names.unit(each.unit))
            write(sheet, row, 3, each.score, across="center", form=SCORE_FORMAT)
            write(sheet, row, 4, each.factor, across="center", form=SCORE_FORMAT)
            write(sheet, row, 5, each.amount, across="right", form=MONEY_FORMAT)
        row = _sum(sheet, row + 1, pool.distributed)


def _persons(sheet: Worksheet, preamble: tuple[str, ...], award: Award, names: Names) -> None:
    row = titles(sheet, preamble)
    head(sheet, row, PERSON_COLUMNS)
    for pool in award.pools:
        if persons_of(award, pool):
            row = _pool(sheet, row, award, pool, names)
    _sum(sheet, row + 1, total(award.persons), "รวมทั้งสิ้น")


def _pool(sheet: Worksheet, row: int, award: Award, pool: PoolAward, names: Names) -> int:
    """A pot's persons by unit; returns the last row."""
    shares = persons_of(award, pool)
    numbered = dict[str, int]()
    for unit in sorted({share.unit for share in shares}, key=names.place):
        row += 1
        band(sheet, row, f"{pool_name(pool)} · {names.unit(unit)}", len(PERSON_COLUMNS))
        for share in (each for each in shares if each.unit == unit):
            row, person = row + 1, names.person(share.person)
            # Who has a share of several units keeps the number of the first.
            write(sheet, row, 1, numbered.setdefault(share.person, len(numbered) + 1), across="center")
            write(sheet, row, 2, person.name)
            write(sheet, row, 3, person.position)
            write(sheet, row, 4, share.months, across="center")
            write(sheet, row, 5, share.amount, across="right", form=MONEY_FORMAT)
    return _sum(sheet, row + 1, total(shares))


def _sum(sheet: Worksheet, row: int, amount: Money, name: str = "รวม") -> int:
    for at in range(1, 6):
        write(sheet, row, at, f"{name} ({baht_words(amount)})" if at == 1 else None, bold=True, fill="head")
    write(sheet, row, 5, amount, bold=True, across="right", fill="head", form=MONEY_FORMAT)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=4)
    return row
