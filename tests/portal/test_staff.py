"""Personnel records are handed in through the portal, and read by nobody who does not need them; on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from fastapi import FastAPI
from pydantic import ValidationError
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.case_card import case_card
from engine.history import History
from engine.runtime import Runtime
from flows.staff import records_of
from ledger import reading, tables
from ledger.canonical import sha256
from ledger.work import Ledger
from schemas.award_case import StaffRecords
from tests.conftest import ClockThatIsSet
from tests.engine.driver import Stage
from tests.flows.people import at, case_of, do, messages_of, papers_of, settle
from tests.flows.test_award import AMOUNTS, APPROVED, CASE, propose
from tests.portal import department
from tests.portal.conftest import Browsers
from tests.portal.department import COMMUNITY, FINANCE, PERSONNEL, PSDG, ROWS, allocation_opened, filled_in, upload
from tests.portal.test_year_changes import plain

PAGE, HERE = "/start/staff", f"/start/staff/{CASE}"


@pytest_asyncio.fixture
async def ledger(database: AsyncEngine, clock: ClockThatIsSet) -> Ledger:
    clock.moment = at("2013-06-03")
    ledger = Ledger(database, clock)
    await department.furnished(ledger)
    return ledger


@pytest_asyncio.fixture
async def stage(runtime: Runtime, app: FastAPI) -> AsyncIterator[Stage]:
    stage = Stage(runtime)
    await runtime.refresh(at_once=True)
    async with stage.intake:
        yield stage


async def test_the_records_are_handed_in_replaced_and_hold_once_the_pots_are_keyed_in(
    stage: Stage, ledger: Ledger, come: Browsers
) -> None:
    browser = await come(PERSONNEL)
    assert "ยังไม่มีการจัดสรรเงินรางวัล" in plain(await browser.get(PAGE))
    assert f'href="{PAGE}"' not in (await browser.get("/")).text
    await allocation_opened(stage)
    assert f'href="{PAGE}"' in (await browser.get("/")).text
    (asked,) = await messages_of(stage, CASE, "notice")
    assert asked.link == PAGE  # type: ignore[attr-defined]
    template = (await browser.get(f"{HERE}/template.xlsx")).content

    wrong = filled_in(template, ({**ROWS[0], "months": 13}, *ROWS[1:]))
    refused = await upload(browser, HERE, "workbook", "ทะเบียน.xlsx", wrong, seen=PAGE)
    assert (refused.status_code, "คอลัมน์ G: «เดือนที่ปฏิบัติงาน» ต้องไม่เกิน 12" in plain(refused)) == (422, True)
    letter = await upload(browser, HERE, "workbook", "ทะเบียน.xlsx", b"%PDF-1.7", seen=PAGE)
    assert letter.status_code == 422
    assert (await upload(browser, HERE, "other", "ทะเบียน.xlsx", wrong, seen=PAGE)).status_code == 422
    async with ledger.read() as connection:
        assert await records_of(connection, CASE) == ()
    assert await papers_of(stage, CASE) == {}

    first, second = filled_in(template), filled_in(template, ROWS[:3])
    for _ in range(2):
        assert (await upload(browser, HERE, "workbook", "ฉบับแรก.xlsx", first, seen=PAGE, once="1")).status_code == 303
    assert (await upload(browser, HERE, "workbook", "ฉบับสอง.xlsx", second, seen=PAGE, once="2")).status_code == 303
    async with ledger.read() as connection:
        handed_in = await records_of(connection, CASE)
    assert [(each.records.persons, each.by.officer) for each in handed_in] == [(3, PERSONNEL), (2, PERSONNEL)]
    assert await papers_of(stage, CASE) == {"ฉบับแรก.xlsx": first, "ฉบับสอง.xlsx": second}
    assert handed_in[1].records.file is not None
    assert handed_in[1].records.file.sha256 == sha256(second)
    page = plain(await browser.get(PAGE))
    assert page.index("ฉบับสอง.xlsx ฉบับที่ใช้") < page.index("ฉบับแรก.xlsx ถูกแทนที่")

    await settle(stage)
    await do(stage, CASE, "amounts", AMOUNTS | {"executives": "0"})
    # Split by what was handed in last: without the executive of the finance division.
    quotas = (await case_of(stage, CASE)).facts["quotas"]
    assert set(quotas) == {"cdd-community", "cdd-finance"}
    late = await upload(browser, HERE, "workbook", "ฉบับสาม.xlsx", first, seen=PAGE, once="3")
    assert (late.status_code, "กพร. บันทึกวงเงินแล้ว" in plain(late)) == (409, True)
    async with ledger.read() as connection:
        assert len(await records_of(connection, CASE)) == 2


async def test_nobody_reads_salaries_who_does_not_need_them(stage: Stage, come: Browsers) -> None:
    await allocation_opened(stage)
    personnel = await come(PERSONNEL)
    workbook = filled_in((await personnel.get(f"{HERE}/template.xlsx")).content)
    assert (await upload(personnel, HERE, "workbook", "ทะเบียน.xlsx", workbook, seen=PAGE)).status_code == 303
    await settle(stage)
    await do(stage, CASE, "amounts", AMOUNTS)
    for unit in ("cdd-community", "cdd-finance"):
        await propose(stage, unit)
    await do(stage, CASE, "check", APPROVED)
    case, document = f"/cases/{CASE}", f"/cases/{CASE}/documents/{sha256(workbook)}"

    for officer, reads_community, reads_all in (
        (COMMUNITY, True, False), (FINANCE, False, False), ("moi-policy.1", False, False),
        (PSDG, True, True), (PERSONNEL, True, True), ("cdd.head", True, True),
    ):  # fmt: skip
        browser = await come(officer)
        page = await browser.get(case)
        assert page.status_code == 200, officer
        assert ("31450.5" in page.text) == reads_community, officer
        assert (f'href="{document}"' in page.text) == reads_all, officer
        assert (await browser.get(document)).status_code == (200 if reads_all else 403), officer
    assert (await (await come("opdc.1")).get(case)).status_code == 403
    assert (await (await come(COMMUNITY)).get(PAGE)).status_code == 403
    assert (await (await come(COMMUNITY)).get(f"{HERE}/template.xlsx")).status_code == 403
    told = [*await messages_of(stage, CASE, "task"), *await messages_of(stage, CASE, "reminder")]
    assert len(told) >= 5
    history = History()
    async with stage.runtime.ledger.read() as connection:
        history.absorb(await reading.history(connection, CASE))
    card = case_card(CASE, history, "", stage.runtime.directory, "http://portal.test")
    for said in (*map(str, told), card, *stage.performed.names):
        assert [secret for secret in ("31450.5", "31,450.5", "48000", "นายหนึ่ง", "นายสาม") if secret in said] == [], said


async def test_an_error_says_nothing_of_what_somebody_typed(ledger: Ledger) -> None:
    """Errors go into logs, onto the case's page and into Prefect."""
    with pytest.raises(ValidationError) as refused:
        StaffRecords.model_validate({"staff": {"cdd-finance": [{"id": "f-1", "name": "นายสาม", "salary": "-48000"}]}})
    assert "48000" not in str(refused.value)
    assert "นายสาม" not in str(refused.value)
    async with ledger.begin() as work:
        row = {"officer": PERSONNEL, "password_hash": "salary 48000", "epoch": 1, "changed_at": work.now}
        with pytest.raises(IntegrityError) as twice:
            await work.connection.execute(insert(tables.accounts), row)
    assert "salary 48000" not in str(twice.value)
