"""Who read which case, when: every reading is recorded, an auditor's and anybody else's, and can be looked up."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from ledger import documents, reading, readings, security, tables
from ledger.work import Ledger
from portal import audit_readings
from portal.texts import TEXTS
from tests.portal import scene
from tests.portal.audit_ministry import OLD, REPORTED
from tests.portal.conftest import Browsers


@pytest.fixture
def ledger(audited: Ledger) -> Ledger:
    return audited


def lines(page: str) -> list[tuple[str, str]]:
    """(officer, case) of each line of the table."""
    return re.findall(r'mono muted">([^<]+)</span></td>.*?readings\?case=[^"]+">([^<]+)</a>', page, re.DOTALL)


async def test_readings_are_found_by_case_and_by_officer_the_latest_first(come: Browsers) -> None:
    planning, auditor = await come(scene.PLANNING), await come(scene.AUDITOR)
    await planning.get(f"/cases/{REPORTED}")
    await auditor.get(f"/audit/cases/{OLD}/findings")
    await auditor.get(f"/cases/{REPORTED}")
    every = [(scene.AUDITOR, REPORTED), (scene.AUDITOR, OLD), (scene.PLANNING, REPORTED)]
    page = (await auditor.get("/audit/readings")).text
    assert lines(page) == every
    assert "หน้าข้อตรวจพบ" in page
    assert lines((await auditor.get(f"/audit/readings?case={REPORTED}")).text) == [every[0], every[2]]
    assert lines((await auditor.get(f"/audit/readings?officer={scene.AUDITOR}")).text) == every[:2]
    assert lines((await auditor.get(f"/audit/readings?officer={scene.AUDITOR}&case={OLD}")).text) == [every[1]]
    assert "ไม่พบการเปิดอ่าน" in (await auditor.get("/audit/readings?case=nothing")).text


async def test_what_was_refused_was_not_read(ledger: Ledger, come: Browsers) -> None:
    assert (await (await come(scene.STRANGER)).get(f"/cases/{REPORTED}")).status_code == 403
    async with ledger.read() as connection:
        assert await readings.latest(connection, limit=9) == ()
        latest, *_ = await security.recent(connection, 1)
    assert (latest.kind, latest.officer, latest.detail) == ("refused:not_holder", scene.STRANGER, REPORTED)


async def test_a_document_that_is_fetched_is_a_reading_too(ledger: Ledger, come: Browsers) -> None:
    async with ledger.begin() as work:
        await work.lock(REPORTED)
        paper = await documents.put(work, b"%PDF-1.7", "application/pdf")
        await documents.attach(
            work, REPORTED, name="หนังสือ.pdf", sha256=paper, media_type="application/pdf", size=8, actor=scene.FLOW
        )
        await work.commit()
    browser = await come(scene.PLANNING)
    assert (await browser.get(f"/cases/{REPORTED}/documents/{paper}")).status_code == 200
    async with ledger.read() as connection:
        (found,) = await readings.latest(connection, case_id=REPORTED, limit=9)
        latest, *_ = await security.recent(connection, 1)
    assert (found.officer, found.what) == (scene.PLANNING, "document")
    assert (latest.kind, latest.detail) == ("read:document", f"{REPORTED} หนังสือ.pdf")


async def test_the_board_of_a_week_and_its_print_outs_are_readings_too(ledger: Ledger, come: Browsers) -> None:
    browser = await come(scene.SECRETARIAT)
    for path in ("/weeks/2018-04-20", "/weeks/2018-04-20/printout.pdf", "/weeks/2018-04-20/printout.xlsx"):
        assert (await browser.get(path)).status_code == 200, path
    planning = await come(scene.PLANNING)
    assert (await planning.get("/weeks/2018-04-20?agency=oja")).status_code == 403
    async with ledger.read() as connection:
        found = await readings.latest(connection, limit=9)
        logged = [each for each in await security.recent(connection, 9) if each.kind == "read:document"]
    assert [(each.officer, each.case_id) for each in found] == [(scene.SECRETARIAT, scene.WEEK)] * 3
    assert [each.what for each in found] == ["printout", "printout", "week"]
    assert [each.detail for each in logged] == [f"{scene.WEEK} xlsx", f"{scene.WEEK} pdf"]
    page = (await (await come(scene.AUDITOR)).get("/audit/readings")).text
    assert "กระดานรายงานของสัปดาห์" in page
    assert "เอกสารพิมพ์หรือแฟ้มตาราง" in page


def test_everything_that_can_be_read_has_a_name() -> None:
    assert {f"reading.{what}" for what in readings.WHAT} == {key for key in TEXTS if key.startswith("reading.")}


async def test_a_long_list_goes_on_from_where_it_ended(come: Browsers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_readings, "PER_PAGE", 2)
    auditor = await come(scene.AUDITOR)
    for case_id in (REPORTED, OLD, REPORTED):
        await auditor.get(f"/cases/{case_id}")
    first = (await auditor.get(f"/audit/readings?officer={scene.AUDITOR}")).text
    assert [case for _, case in lines(first)] == [REPORTED, OLD]
    (older,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = (await auditor.get(older.replace("&amp;", "&"))).text
    assert [case for _, case in lines(second)] == [REPORTED]
    assert 'rel="next"' not in second


async def test_a_reading_outlives_its_case(ledger: Ledger, come: Browsers) -> None:
    """Somebody with the database's password takes a case away: that it was read still stands there."""
    auditor = await come(scene.AUDITOR)
    await auditor.get(f"/cases/{OLD}")
    async with ledger.begin() as work:
        for table in (tables.conformances, tables.hand_offs, tables.events):
            await work.connection.execute(delete(table).where(table.c.case_id == OLD))
        await work.connection.execute(delete(tables.cases).where(tables.cases.c.id == OLD))
        await work.commit()
    page = (await auditor.get(f"/audit/readings?case={OLD}")).text
    assert "เรื่องนี้ไม่อยู่ในระบบแล้ว" in page
    assert lines(page) == [(scene.AUDITOR, OLD)]


@pytest.mark.parametrize("path", [f"/cases/{REPORTED}", f"/audit/cases/{REPORTED}/findings"])
@pytest.mark.parametrize(("trouble", "status"), [(OperationalError, 503), (IntegrityError, 500)])
async def test_a_page_that_cannot_be_recorded_is_not_shown(
    come: Browsers, monkeypatch: pytest.MonkeyPatch, path: str, trouble: type[DBAPIError], status: int
) -> None:
    """What passes by itself is worth another try; a mistake of ours is not passed off as that."""

    def full(*_: object, **__: object) -> None:
        raise trouble("INSERT INTO readings", {}, Exception("no space left on device"))

    auditor = await come(scene.AUDITOR)
    monkeypatch.setattr(readings, "note", full)
    page = await auditor.get(path)
    assert page.status_code == status
    assert "เร่งรัดการใช้จ่ายงบประมาณ" not in page.text


async def test_cases_that_a_command_reads_stand_there_under_the_account_of_the_machine(
    ledger: Ledger, come: Browsers
) -> None:
    async with ledger.begin() as work:
        await readings.note_all(work, officer="command-line:suda", case_ids=[REPORTED, "none"], what="export")
        await work.commit()
    auditor = await come(scene.AUDITOR)
    page = (await auditor.get("/audit/readings")).text
    assert lines(page) == [("command-line:suda", REPORTED)]
    assert "คำสั่งบนเครื่องแม่ข่าย บัญชี suda" in page
    assert "ชุดหลักฐานหรือแฟ้ม XES" in page
    async with ledger.read() as connection:
        case = await reading.case(connection, REPORTED)
        (found,) = await readings.latest(connection, limit=9)
    assert (found.head_seq, found.head_hash) == (case.head_seq, case.head_hash)
    assert lines((await auditor.get("/audit/readings?officer=command-line:suda")).text) == lines(page)


async def test_of_all_cases_each_is_noted_and_nothing_that_cannot_be_read(ledger: Ledger) -> None:
    async with ledger.begin() as work:
        await readings.note_all(work, officer="command-line:suda", case_ids=None, what="export")
        with pytest.raises(ValueError, match="nothing of a case"):
            await readings.note_all(work, officer="command-line:suda", case_ids=None, what="salary")
        await work.commit()
    async with ledger.read() as connection:
        noted = [each.case_id for each in await readings.latest(connection, limit=99)]
        every = await connection.scalars(select(tables.cases.c.id))
    assert sorted(noted) == sorted(every)
