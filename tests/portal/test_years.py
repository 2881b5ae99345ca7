"""The pages of an agreement year on both databases: what they show, to whom, and at what cost."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest_asyncio
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.runtime import Runtime
from flows.year_calendar import move_year_day
from ledger import readings, tables
from ledger.work import Ledger
from schemas.year import YearDay
from schemas.year_move import DayMove
from tests.conftest import ClockThatIsSet
from tests.ledger.scene import statements
from tests.portal.conftest import Browsers
from tests.portal.scene import officer_actor
from tests.portal.year_scene import (
    COMMUNITY,
    DEPUTY,
    FINANCE,
    HEAD,
    OPDC,
    PLANNING,
    PROVINCE,
    PSDG,
    SECRETARIAT,
    SECRETARY,
    SIX,
    YEAR,
    announced,
    at_six_months,
    department,
    year_opened,
)

AT = "/years/cdd/2555"
PAGES = (AT, f"{AT}/summary", f"{AT}/calendar")


@pytest_asyncio.fixture
async def ledger(database: AsyncEngine, clock: ClockThatIsSet) -> Ledger:
    """The portal's other fixtures stand on this one: a department instead of the sample ministry."""
    ledger = Ledger(database, clock)
    await department(ledger)
    return ledger


def read(page: str) -> str:
    """A page as it is read: without its head, tags and line breaks."""
    body = page.partition("<main")[2]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))


def row_of(page: str, number: str) -> str:
    """The line of a KPI on a board."""
    (found,) = [row for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if f'/kpis/{number}"' in row]
    return read("<main>" + found)


async def test_the_board_says_of_each_kpi_where_it_stands_and_who_holds_it(
    ledger: Ledger, clock: ClockThatIsSet, come: Browsers
) -> None:
    await at_six_months(ledger, clock)
    page = (await (await come(PSDG)).get(AT)).text
    for number, said in {
        "1.1.1": ("3.4000 เหลือง", "รับรองแล้ว", "5 เม.ย. 2555"),
        "1.1.2": ("4.6000 เขียว", "ยังไม่รับรอง", "รอ กพร. รับรอง", "กพร.", "ภายใน 11 เม.ย. 2555", "เกินกำหนด"),
        "4.1": ("ส่งคืนให้แก้ไข", "สทอ.", "ผู้กำกับดูแลตัวชี้วัดไม่อนุมัติ: ขาดเอกสาร <ตาราง 2>", "เกินกำหนด"),
        "4.2": ("ผู้จัดเก็บข้อมูลรายงาน", "สภว."),
        "6": ("เริ่มวัดรอบ 12 เดือน",),
        "7": ("1.5000 แดง", "ยังไม่รับรอง", "รอผู้กำกับดูแลรับรอง", "กค."),
        "8": ("เริ่มวัดรอบ 9 เดือน",),
        "10": ("3.0000 เหลือง", "รับรองล่าช้า", "12 เม.ย. 2555"),
    }.items():
        line = row_of(page, number)
        assert [each for each in said if each not in line] == [], (number, line)
    assert "เกินกำหนด" not in row_of(page, "1.1.1")


async def test_totals_and_weights_are_those_of_the_rules(ledger: Ledger, clock: ClockThatIsSet, come: Browsers) -> None:
    """Reported: (15·3.4 + 10·3)/25 = 3.24; over all: (15·3.4 + 10·3 + 60·1)/85 = 141/85 = 1.6588."""
    await at_six_months(ledger, clock)
    page = read((await (await come(PSDG)).get(AT)).text)
    assert "คะแนนเฉพาะตัวที่รายงาน ▲ 3.2400 เหลือง" in page
    assert "คะแนนรวม (ไม่รายงานนับคะแนนต่ำสุด) ◆ 1.6588 แดง" in page
    assert "น้ำหนักที่ทราบของตัวชี้วัดในรอบ 6 เดือนรวมกันได้ร้อยละ 85 ไม่ใช่ร้อยละ 100" in page
    assert "มิติภายนอก ร้อยละ 70 การประเมินประสิทธิผล ร้อยละ 60" in page


async def test_the_board_costs_a_fixed_small_number_of_questions(
    database: AsyncEngine, ledger: Ledger, clock: ClockThatIsSet, come: Browsers
) -> None:
    """However far the year has come; of a history only what is asked for by kind is read."""
    costs = []
    for play in (at_six_months, announced):
        await play(ledger, clock)
        browser = await come(PSDG)  # a session does not last from April to February
        with statements(database) as said:
            assert (await browser.get(AT)).status_code == 200
        questions = [" ".join(each.split()) for each in said if each.startswith("SELECT")]
        costs.append(len(questions))
        assert [q for q in questions if "FROM events" in q and "events.kind = " not in q] == []
    assert costs[0] == costs[1] <= 10


async def test_announced_scores_are_provisional_until_the_appeals_are_settled(
    ledger: Ledger, clock: ClockThatIsSet, come: Browsers
) -> None:
    """Final by hand: (85·4 + 15·4.5)/100 = 4.075."""
    await at_six_months(ledger, clock)
    await announced(ledger, clock)
    browser = await come(PSDG)
    line = row_of((await browser.get(AT)).text, "1.1.1")
    assert ("4.0000" in line, "อุทธรณ์: รอคำวินิจฉัย" in line, "4.5000" in line) == (True, True, False)


async def test_the_final_total_is_computed_anew_after_the_appeals(
    ledger: Ledger, clock: ClockThatIsSet, come: Browsers
) -> None:
    """(85·4 + 15·4.5)/100 = 4.075."""
    await at_six_months(ledger, clock)
    await announced(ledger, clock, settled=True)
    browser = await come(HEAD)
    page = (await browser.get(AT)).text
    assert "รับบางส่วน" in row_of(page, "1.1.1")
    assert "4.0750 เขียว" in read(page)
    summary = read((await browser.get(f"{AT}/summary")).text)
    assert "คะแนนสุดท้าย 4.0750 ● 4.0750 เขียว ถึงเกณฑ์" in summary
    assert "รับบางส่วน 1 · ไม่ประสงค์อุทธรณ์ 7" in summary


async def test_a_kpis_page_tells_how_its_values_came_to_be(
    ledger: Ledger, clock: ClockThatIsSet, come: Browsers
) -> None:
    await at_six_months(ledger, clock)
    page = (await (await come(COMMUNITY)).get(f"{AT}/kpis/1.1.1")).text
    said = read(page)
    assert "ผู้กำกับดูแลตัวชี้วัด (สสช.)" in said
    assert "เก็บข้อมูลแผนชุมชนจากทุกอำเภอ" in said
    assert "ร่างของคณะทำงาน" in said
    assert "ขอเปลี่ยนแปลง อนุมัติ สำนักเสริมสร้างความเข้มแข็งชุมชน ค่าเป้าหมาย 77" in said
    assert "ไม่รับคำขอ เนื่องจากพ้นกำหนด" in said
    assert "ค่าเป้าหมาย 77 น้ำหนัก ร้อยละ 15" in said
    assert page.count('role="img" aria-labelledby=') == 2
    assert f'href="/cases/{SIX}"' in page
    # The baselines that the unit handed in stand before those of the draft.
    assert "2554 71 2553 69" in said


async def test_a_unit_sees_its_kpis_and_its_work(ledger: Ledger, clock: ClockThatIsSet, come: Browsers) -> None:
    await at_six_months(ledger, clock)
    page = (await (await come(FINANCE)).get(f"{AT}/units/cdd-finance")).text
    assert "รอผู้กำกับดูแลรับรอง" in row_of(page, "7")
    assert "/kpis/1.1.1" not in page
    said = read(page)
    assert "รวบรวมข้อมูลพื้นฐานของตัวชี้วัด" in said
    assert "ยังไม่ได้แบ่งวงเงินรางวัล" in said
    assert f'href="{AT}"' not in page
    none = read((await (await come(PSDG)).get(f"{AT}/units/cdd-audit")).text)
    assert ("หน่วยงานนี้ไม่มีตัวชี้วัดในความรับผิดชอบ" in none, "ไม่มีงานค้าง" in none) == (True, True)


async def test_the_summary_says_what_is_at_risk_late_and_next(
    ledger: Ledger, clock: ClockThatIsSet, come: Browsers
) -> None:
    await at_six_months(ledger, clock)
    said = read((await (await come(DEPUTY)).get(f"{AT}/summary")).text)
    assert "รอบ 6 เดือน 3.2400 ◆ 1.6588 แดง ต่ำกว่าเกณฑ์" in said
    assert "ตัวชี้วัดตามสัญญาณไฟ (รอบ 6 เดือน) ● เขียว 0 เขียว ▲ เหลือง 2 เหลือง" in said
    assert "คะแนนสีแดง, รายงานเกินกำหนด" in said
    assert "กองคลัง 2 งาน ตัวชี้วัดที่ 7 7 ต.ค. 2554 23.59 น." in said
    assert "ภายใน 30 เม.ย. 2555 ส่งรายงาน SAR รอบ 6 เดือน" in said
    assert said.count("ภายใน ") + said.count("ตั้งแต่ 1 พ.ค. 2555 ถึง 30 มิ.ย. 2555") >= 3
    assert "เงินรางวัล ยังไม่ถึงขั้นตอน" in said


async def test_the_calendar_says_what_is_past_and_what_is_next(
    ledger: Ledger, clock: ClockThatIsSet, come: Browsers
) -> None:
    await at_six_months(ledger, clock)
    page = (await (await come(PSDG)).get(f"{AT}/calendar")).text
    days = {name: read("<main>" + one) for name, one in re.findall(r'<li id="day-(\w+)"(.*?)</li>', page, re.DOTALL)}
    assert len(days) == 26
    assert "ผ่านแล้ว" in days["baselines"]
    assert "ส่งแล้ว 1 จาก 2 งาน หลังกำหนด" in days["baselines"]
    assert "เริ่มดำเนินการ 5 เม.ย. 2555" in days["sar_6_internal"]
    assert "ถัดไป" in days["sar_6"]
    assert "ยังไม่ถึง" in days["sar_9"]
    assert "ตรงกับวันหยุดสุดสัปดาห์ แต่คงวันตามปฏิทิน" in days["visit_pre"]


async def test_a_day_that_is_moved_says_so_and_the_board_goes_by_it(
    ledger: Ledger, clock: ClockThatIsSet, come: Browsers, runtime: Runtime
) -> None:
    await at_six_months(ledger, clock)
    await runtime.refresh(at_once=True)
    move = DayMove(day=YearDay.SAR_6, due=date(2012, 5, 8), reason="หนังสือสำนักงาน ก.พ.ร. ขยายเวลา")
    await move_year_day(runtime, "cdd", 2555, move, actor=officer_actor(PSDG, "cdd-psdg"))
    browser = await come(PSDG)
    page = (await browser.get(f"{AT}/calendar")).text
    (day,) = re.findall(r'<li id="day-sar_6".*?</li>', page, re.DOTALL)
    assert "ภายใน 8 พ.ค. 2555" in read("<main>" + day)
    assert "หนังสือสำนักงาน ก.พ.ร. ขยายเวลา" in day
    assert "ส่งภายใน 8 พ.ค. 2555" in read((await browser.get(AT)).text)


async def test_a_year_is_there_before_its_first_run(ledger: Ledger, clock: ClockThatIsSet, come: Browsers) -> None:
    await year_opened(ledger, clock)
    browser = await come(PSDG)
    for page in PAGES:
        assert (await browser.get(page)).status_code == 200, page
    assert "ยังไม่เปิดรอบ" in row_of((await browser.get(AT)).text, "1.1.1")
    kpi = read((await browser.get(f"{AT}/kpis/1.1.1")).text)
    assert "ยังไม่มีคะแนน กราฟจะแสดงเมื่อมีรายงานรอบแรก" in kpi


# --- to whom -----------------------------------------------------------------------------------------------

OWN = {COMMUNITY: f"{AT}/units/cdd-community", FINANCE: f"{AT}/units/cdd-finance"}


READERS = {
    PSDG: (200, 200, 200), HEAD: (200, 200, 200), DEPUTY: (200, 200, 200), SECRETARIAT: (200, 200, 200),
    SECRETARY: (200, 200, 200), "cdd-information.admin": (200, 200, 200), "cdd-audit.1": (200, 200, 200),
    COMMUNITY: (403, 200, 200), FINANCE: (403, 403, 403), PLANNING: (403, 403, 403), PROVINCE: (403, 403, 403),
    OPDC: (403, 403, 403),
}  # fmt: skip
"""The board, a KPI of สสช., and the view of สสช., by officer."""


async def test_who_may_read_what(ledger: Ledger, clock: ClockThatIsSet, come: Browsers) -> None:
    await year_opened(ledger, clock)
    for officer, (board, kpi, unit) in READERS.items():
        browser = await come(officer)
        found = {page: (await browser.get(page)).status_code for page in PAGES}
        assert found == dict.fromkeys(PAGES, board), officer
        own = [(await browser.get(f"{AT}/{page}")).status_code for page in ("kpis/1.1.1", "units/cdd-community")]
        assert own == [kpi, unit], officer


FIRST_PAGES = {PSDG: AT, SECRETARIAT: AT, **OWN, PROVINCE: None}


async def test_the_list_leads_everybody_to_the_own_page(ledger: Ledger, clock: ClockThatIsSet, come: Browsers) -> None:
    await year_opened(ledger, clock)
    for officer, address in FIRST_PAGES.items():
        browser = await come(officer)
        page = (await browser.get("/years")).text
        assert re.findall(r'class="work-title" href="([^"]+)"', page) == ([address] if address else []), officer
        if address:
            assert (await browser.get(address)).status_code == 200
        assert 'href="/years"' in (await browser.get("/")).text


async def test_the_case_of_a_year_leads_to_its_board(ledger: Ledger, clock: ClockThatIsSet, come: Browsers) -> None:
    await at_six_months(ledger, clock)
    for case_id in (YEAR, SIX):
        assert f'href="{AT}"' in (await (await come(PSDG)).get(f"/cases/{case_id}")).text
        assert f'href="{AT}"' not in (await (await come(COMMUNITY)).get(f"/cases/{case_id}")).text


async def test_what_is_not_there_is_not_found(ledger: Ledger, clock: ClockThatIsSet, come: Browsers) -> None:
    await year_opened(ledger, clock)
    browser = await come(SECRETARIAT)
    at_year = ("cdd/2556", "cdd/25555", "cdd/next", "nobody/2555")
    within = ("kpis/99", "units/opdc", "units/nobody")
    for place in (*(f"/years/{year}" for year in at_year), *(f"{AT}/{what}" for what in within)):
        assert (await browser.get(place)).status_code == 404, place


async def test_who_read_a_year_is_noted(ledger: Ledger, clock: ClockThatIsSet, come: Browsers) -> None:
    await year_opened(ledger, clock)
    browser = await come(COMMUNITY)
    await browser.get(OWN[COMMUNITY])
    await browser.get(AT)
    s = tables.security_events.c
    async with ledger.read() as connection:
        rows = await connection.execute(select(s.kind, s.path).where(s.path.startswith("/years")).order_by(s.id))
        assert [tuple(row) for row in rows] == [("read:case", OWN[COMMUNITY]), ("refused:role", AT)]
        found = await readings.latest(connection, case_id=YEAR, limit=9)
        assert [(each.officer, each.what) for each in found] == [(COMMUNITY, "year")]


async def test_every_page_of_a_year_is_a_reading(ledger: Ledger, clock: ClockThatIsSet, come: Browsers) -> None:
    await year_opened(ledger, clock)
    browser = await come(SECRETARIAT)
    pages = (*PAGES, f"{AT}/kpis/1.1.1", f"{AT}/units/cdd-community")
    for path in pages:
        assert (await browser.get(path)).status_code == 200, path
    async with ledger.read() as connection:
        found = await readings.latest(connection, limit=9)
    assert [(each.case_id, each.what) for each in found] == [(YEAR, "year")] * len(pages)


# --- in English --------------------------------------------------------------------------------------------


async def test_english_pages_speak_english_but_for_what_people_and_the_agreement_say(
    ledger: Ledger, clock: ClockThatIsSet, come: Browsers
) -> None:
    await at_six_months(ledger, clock)
    await announced(ledger, clock, settled=True)
    browser = await come(PSDG)
    await browser.get("/language/en")
    for place in (*PAGES, f"{AT}/kpis/1.1.1", f"{AT}/units/cdd-finance", "/years"):
        page = (await browser.get(place)).text
        own = re.sub(r'<(\w+)[^>]* lang="th"[^>]*>.*?</\1>', "", page.partition("<main")[2], flags=re.DOTALL)
        own = re.sub(r'(title|aria-label|data-label)="[^"]*"', "", own)
        thai = re.findall(r"[^<>\n]*[ก-๛][^<>\n]*", own)
        assert thai == [], place
    board = read((await browser.get(AT)).text)
    assert "Share of villages whose community plan meets the standard" in board
    assert "Certified late" in board
