"""The Community Development Department of FY2555 behind the portal: its officers, its year, its award money."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import httpx
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from engine import actions
from ledger import accounts, organisations
from ledger.work import Ledger
from reports.staff_workbook import SHEET
from rules.staff_list import COLUMNS
from tests.engine.driver import ACTOR, Stage
from tests.flows.agreement import department
from tests.flows.people import settle
from tests.flows.test_award import CASE, DATA
from tests.portal.scene import FLOW, password_hash, token_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PERSONNEL, COMMUNITY, FINANCE, PSDG = "cdd-personnel.1", "cdd-community.1", "cdd-finance.1", "cdd-psdg.1"

Cells = dict[str, Any]


async def furnished(ledger: Ledger) -> None:
    """The department with its policy, and a password for everybody."""
    organisation, policy = department()
    async with ledger.begin() as work:
        await organisations.store(work, organisation, policy, actor=FLOW, reason="ข้อมูลของการทดสอบ")
        await accounts.create_accounts(work, {o.id: password_hash() for o in organisation.officers})
        await work.commit()


async def allocation_opened(stage: Stage) -> None:
    """An allocation of award money that waits for the personnel records."""
    await actions.start_case(
        stage.runtime, "award-allocation", DATA, case_id=CASE, units=("cdd",), actor=ACTOR,
        title="เงินรางวัล ปีงบประมาณ พ.ศ. 2555 กรมการพัฒนาชุมชน",
    )  # fmt: skip
    await settle(stage)


def person(unit: str, who: str, name: str, salary: Any, months: Any, **more: Any) -> Cells:
    """A row as a personnel officer fills it in."""
    return {"unit": unit, "id": who, "name": name, "group": "ข้าราชการ", "salary": salary, "months": months, **more}


ROWS: tuple[Cells, ...] = (
    person("สำนักเสริมสร้างความเข้มแข็งชุมชน", "c-1", "นายหนึ่ง ตัวอย่าง", 31450.5, 12, role="เจ้าภาพหลัก"),
    person("สำนักเสริมสร้างความเข้มแข็งชุมชน", "c-2", "นางสอง ตัวอย่าง", "๒๒,๐๐๐", 8, executive="ไม่ใช่"),
    person("กองคลัง", "c-2", "นางสอง ตัวอย่าง", 22000, 4, under_penalty="ไม่ใช่"),
    person("กองคลัง", "f-1", "นายสาม ตัวอย่าง", 48000, 12, executive="ใช่"),
)


def filled_in(template: bytes, rows: tuple[Cells, ...] = ROWS) -> bytes:
    """The template with rows beneath those in which the units stand."""
    workbook = load_workbook(BytesIO(template))
    sheet: Worksheet = workbook[SHEET]
    first = sheet.max_row + 1
    for at, row in enumerate(rows, start=first):
        for column, name in enumerate(COLUMNS, start=1):
            sheet.cell(at, column).value = row.get(name)
    made = BytesIO()
    workbook.save(made)
    return made.getvalue()


async def upload(
    browser: httpx.AsyncClient, path: str, field: str, name: str, content: bytes, *, seen: str, **more: str
) -> httpx.Response:
    """Send a file with the token of the page on which it was chosen."""
    token = token_of(await browser.get(seen))
    return await browser.post(path, data={"csrf": token, **more}, files={field: (name, content, XLSX)})
