"""A form with a table: lines that stand, blank ones beneath, each cell with its own problem; without a script."""

from __future__ import annotations

import re
from typing import Any

import httpx

from ledger import reading
from ledger.work import Ledger
from schemas.award_case import AwardLine
from schemas.form import FormContext
from tests.portal.conftest import Browsers
from tests.portal.scene import DIVISION, handed_off, opened, report_order, send

CASE = "award-2561-dept"
LINE = {
    "id": "c-1", "name": "นาย ก", "group": "civil_servant", "executive": False, "salary": "31450.50", "months": 12,
    "role": "main_owner", "performance": "1", "under_penalty": False,
}  # fmt: skip
SENT = {column: str(said) for column, said in LINE.items() if said is not False}


async def a_list(ledger: Ledger) -> str:
    """An open list with one line filled in beforehand."""
    await opened(ledger, CASE, process="award-allocation", title="เงินรางวัล 2561", data={}, units=())
    context = FormContext(facts=(("วงเงิน", "100.00 บาท"),), prefill={"persons": [LINE]})
    order = report_order("propose[dept-div-a]", element="propose", form="AwardProposal", context=context, subject=CASE)
    return await handed_off(ledger, order, case_id=CASE)


def cells(line: int, said: dict[str, str]) -> dict[str, str]:
    return {f"persons.{line}.{column}": value for column, value in said.items()}


async def hand_in(browser: httpx.AsyncClient, work: str, data: dict[str, Any]) -> httpx.Response:
    return await send(browser, f"/hand-offs/{work}", data, seen=f"/hand-offs/{work}")


def value_of(page: str, name: str) -> str:
    """What stands in a cell: a text box's value, or a list's choice."""
    named = rf'\bname="{re.escape(name)}"'
    (tag,) = re.findall(rf"<input[^>]*{named}[^>]*>|<select[^>]*{named}.*?</select>", page, re.DOTALL)
    found = re.search(r'value="([^"]*)" selected' if tag.startswith("<select") else r'value="([^"]*)"', tag)
    return found[1] if found else ""


async def test_the_lines_that_stand_are_shown_with_three_blank_ones_and_a_name_for_every_cell(
    ledger: Ledger, come: Browsers
) -> None:
    page = (await (await come(DIVISION)).get(f"/hand-offs/{await a_list(ledger)}")).text
    assert {line for line, _ in re.findall(r'name="persons\.(\d+)\.(\w+)"', page)} == {"0", "1", "2", "3"}
    assert {column for _, column in re.findall(r'name="persons\.(\d+)\.(\w+)"', page)} == set(AwardLine.model_fields)
    assert [value_of(page, f"persons.0.{column}") for column in ("name", "group", "months")] == [
        "นาย ก", "civil_servant", "12",
    ]  # fmt: skip
    assert [value_of(page, f"persons.1.{column}") for column in ("name", "group", "months", "performance")] == [""] * 4
    assert 'aria-label="เงินเดือน (บาท) 4"' in page


async def test_a_wrong_cell_is_said_beside_it_and_in_the_summary_and_nothing_typed_is_lost(
    ledger: Ledger, come: Browsers
) -> None:
    work, browser = await a_list(ledger), await come(DIVISION)
    typed = cells(0, SENT) | cells(3, SENT | {"id": "c-2", "name": "นาง ข", "months": "13"}) | cells(2, {"id": " "})
    answer = await hand_in(browser, work, typed)
    assert answer.status_code == 422
    # The blank lines between are gone: what was the fourth line is the second.
    assert '<a href="#persons.1.months">' in answer.text
    assert '<p class="error" id="persons.1.months-error">«เดือนที่ปฏิบัติงาน (ลำดับที่ 2)» ต้องไม่เกิน 12</p>' in answer.text
    assert [value_of(answer.text, f"persons.1.{column}") for column in ("name", "months", "role")] == [
        "นาง ข", "13", "main_owner",
    ]  # fmt: skip
    answer = await hand_in(browser, work, typed | {"persons.3.months": "๔"})
    assert answer.status_code == 303
    receipt = (await browser.get(answer.headers["location"])).text
    assert "1. รหัสประจำตัว: c-1 · ชื่อ–สกุล: นาย ก · ประเภทบุคลากร: ข้าราชการ · เงินเดือน (บาท): 31450.50" in receipt
    assert "เดือนที่ปฏิบัติงาน: 4 · บทบาทสูงสุดในตัวชี้วัด: เจ้าภาพหลัก" in receipt
    async with ledger.read() as connection:
        (event,) = [e for e in await reading.history(connection, CASE) if e.kind == "hand_off:submit"]
    assert [(line["name"], line["months"]) for line in event.content["data"]["persons"]] == [
        ("นาย ก", 12),
        ("นาง ข", 4),
    ]


async def test_a_draft_of_a_table_comes_back_line_by_line(ledger: Ledger, come: Browsers) -> None:
    work, browser = await a_list(ledger), await come(DIVISION)
    typed = cells(0, SENT | {"months": ""}) | cells(1, {"name": "ยังกรอกไม่ครบ"})
    await hand_in(browser, work, typed | {"action": "draft"})
    page = (await browser.get(f"/hand-offs/{work}")).text
    assert (value_of(page, "persons.0.months"), value_of(page, "persons.1.name")) == ("", "ยังกรอกไม่ครบ")
    assert 'name="persons.4.id"' in page


async def test_what_is_no_table_is_refused_and_shown_empty(ledger: Ledger, come: Browsers) -> None:
    answer = await hand_in(await come(DIVISION), await a_list(ledger), {"persons": "นาย ก"})
    assert answer.status_code == 422
    assert "ต้องเป็นรายการ" in answer.text
    assert {line for line, _ in re.findall(r'name="persons\.(\d+)\.(\w+)"', answer.text)} == {"0", "1", "2"}
