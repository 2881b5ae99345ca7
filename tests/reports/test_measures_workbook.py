"""The plan of the six measures as a workbook: the activities of the paper, with targets and baselines as numbers."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from reports.measures_workbook import COLUMNS, SAVING, USE, plan_xlsx
from rules.measures import source_th
from schemas.measures import ALL_YEAR, Source
from tests.reports.measures_values import DATA, OFFICE, PLANS, plan


def sheets(content: bytes) -> tuple[Worksheet, Worksheet]:
    book = load_workbook(BytesIO(content))
    activities, baselines = (book[name] for name in book.sheetnames)
    return activities, baselines


def lines_of(sheet: Worksheet) -> list[tuple[object, ...]]:
    return [line for line in sheet.iter_rows(values_only=True) if isinstance(line[0], int)]


def saving(source: Source) -> int | None:
    return None if source is Source.ENERGY else 10


def test_every_activity_has_a_line_with_its_target_as_a_number() -> None:
    activities, _ = sheets(plan_xlsx(DATA, OFFICE, PLANS[1]))
    said = [line for line in activities.iter_rows(values_only=True) if line[0] is not None]
    assert said[0][0] == "แผนการดำเนินงานตามตัวชี้วัดที่ 4.2 ฉบับที่ 2"
    assert tuple(COLUMNS) in said
    lines = lines_of(activities)
    assert [line[0] for line in lines] == [*range(1, 13)]
    measured = [(source_th(source), saving(source), USE if source is Source.ENERGY else SAVING) for source in ALL_YEAR]
    assert {(line[2], line[7], line[8]) for line in lines} >= set(measured)
    assert [(str(line[4])[:10], line[7], line[8]) for line in lines[6:]] == [("2017-11-01", 4, "เรื่อง")] * 6


def test_baselines_are_numbers_that_add_up() -> None:
    _, baselines = sheets(plan_xlsx(DATA, OFFICE, plan(1, "1,234.50", counted=True)))
    *months, whole = [line for line in baselines.iter_rows(values_only=True) if isinstance(line[1], int | float)]
    assert len(months) == 12
    assert {line[1:3] for line in months} == {(1234.5, 1234.5)}
    assert whole[:3] == ("รวม", 12 * 1234.5, 12 * 1234.5)
    assert Decimal(str(whole[1])) == 12 * Decimal("1234.50")


def test_the_same_plan_gives_the_same_bytes_and_no_text_becomes_a_formula() -> None:
    spoiled = PLANS[1].activities[6].replace(th="=1+1")
    bad = PLANS[1].replace(activities=(*PLANS[1].activities[:6], spoiled, *PLANS[1].activities[7:]))
    first, again = plan_xlsx(DATA, OFFICE, bad), plan_xlsx(DATA, OFFICE, bad)
    assert first == again
    (cell,) = [cell for line in sheets(first)[0].iter_rows() for cell in line if cell.value == "=1+1"]
    assert cell.data_type == "s"
