"""The board of any case in which many units work, on both databases: what stands where, for whom, at what cost."""

from __future__ import annotations

import html
import io
import re

import pytest
import pytest_asyncio
from openpyxl import load_workbook
from sqlalchemy.ext.asyncio import AsyncEngine

from ledger import cases, readings, security
from ledger.hand_offs import hand_off_id
from ledger.work import Ledger
from tests.conftest import ClockThatIsSet
from tests.ledger.scene import statements
from tests.portal import scene
from tests.portal.board_scene import CASCADE, CIRCULAR, FRAMEWORK, cascade_under_way, framework_under_way
from tests.portal.conftest import Browsers

DEPT, OJA, DEPT3 = "กลุ่มงานแผนและงบประมาณ (กรม (ตัวอย่าง))", "กองแผนงาน", "กลุ่มงานแผนและงบประมาณ (กรม (ตัวอย่างที่ 3))"
"""The units have their agencies' names with them where two have the same."""
AT = f"/cases/{FRAMEWORK}/board"


@pytest_asyncio.fixture
async def ledger(database: AsyncEngine, clock: ClockThatIsSet) -> Ledger:
    """The portal's other fixtures stand on this one: both databases instead of SQLite alone."""
    ledger = Ledger(database, clock)
    await scene.furnished(ledger)
    return ledger


@pytest_asyncio.fixture
async def framework(ledger: Ledger, clock: ClockThatIsSet) -> str:
    await framework_under_way(ledger, clock)
    return AT


def read(part: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part))).strip()


def table(page: str) -> list[list[str]]:
    """The cells of the board, its last line of heads first."""
    (found,) = re.findall(r"<table role.*?</table>", page, re.DOTALL)
    rows = re.findall(r"<tr.*?</tr>", found, re.DOTALL)
    cells = [[read(cell) for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", row, re.DOTALL)] for row in rows]
    return [row for row in cells if row[0]]


async def test_rows_are_units_in_protocol_order_and_columns_the_steps_of_the_model(
    framework: str, come: Browsers
) -> None:
    """Advice stands with the province that is advised, and the receipt of the called circular in the same row."""
    head, *rows = table((await (await come(scene.SECRETARIAT)).get(framework)).text)
    assert head == [
        "หน่วยงาน", "จัดทำร่างตัวชี้วัด (สำนักงานจังหวัด)", "ให้คำแนะนำ (สำนักงาน ก.พ.ร.)",
        "ปรับปรุงร่าง (สำนักงานจังหวัด)", "ตอบรับหนังสือ (ผู้รับ)",
    ]  # fmt: skip
    assert [(row[0], *row[1:3], row[4]) for row in rows] == [
        (DEPT, "✓ ส่ง 19 เม.ย. 2561 ช้า 1 วัน", "✓ ส่ง 19 เม.ย. 2561",
         "! เกินกำหนด 2 วัน กำหนด 18 เม.ย. 2561"),
        (OJA, "✓ ส่ง 19 เม.ย. 2561 ช้า 1 วัน", "○ รอดำเนินการ กำหนด 22 เม.ย. 2561", "✓ ส่ง 16 เม.ย. 2561"),
        (DEPT3, "! เกินกำหนด 2 วัน กำหนด 18 เม.ย. 2561", "–",
         "! เกินกำหนด 2 วัน กำหนด 18 เม.ย. 2561"),
    ]  # fmt: skip


async def test_what_is_asked_again_shows_what_is_open_and_unfolds_to_all(framework: str, come: Browsers) -> None:
    _, first, second, third = table((await (await come(scene.SECRETARIAT)).get(framework)).text)
    assert first[3] == (
        "○ รอดำเนินการ กำหนด 22 เม.ย. 2561 2 ครั้ง "
        "✓ ส่ง 19 เม.ย. 2561 งานของจังหวัด ○ รอดำเนินการ กำหนด 22 เม.ย. 2561 งานของจังหวัด"
    )
    assert (second[3], third[3]) == ("–", "– ถอนแล้ว")


async def test_work_on_several_cases_is_told_apart(ledger: Ledger, come: Browsers) -> None:
    """A division has the reports of two directives in one week: they share a cell, each with its directive."""
    await scene.ministry_at_work(ledger)
    _, *rows = table((await (await come(scene.SECRETARIAT)).get(f"/cases/{scene.WEEK}/board")).text)
    (cell,) = [row[1] for row in rows if row[0] == "กอง (ตัวอย่าง ก) (กรม (ตัวอย่าง))"]
    assert "· ข้อสั่งการที่ 2561-0007 เร่งรัดการใช้จ่ายงบประมาณ" in cell
    assert "· ข้อสั่งการที่ 2561-0009 จัดทำแผนปฏิรูปกระบวนการยุติธรรมระยะ 5 ปี" in cell


async def test_totals_say_who_has_not_answered_and_what_the_few_do_stands_apart(framework: str, come: Browsers) -> None:
    page = read((await (await come(scene.SECRETARIAT)).get(framework)).text)
    assert "3 หน่วยงาน 5 งานที่ส่งแล้ว 2 ส่งหลังกำหนด 5 รอดำเนินการ 3 เกินกำหนด" in page
    assert f"ตอบรับหนังสือ (ผู้รับ) 2 หน่วยงาน {DEPT} เกินกำหนด 2 วัน {DEPT3} เกินกำหนด 2 วัน" in page
    # The adviser has it, not the province that is advised.
    assert "ให้คำแนะนำ (สำนักงาน ก.พ.ร.) 1 หน่วยงาน กองแผนงาน รอสำนักนโยบายและยุทธศาสตร์" in page
    around = page.partition("งานของผู้รับผิดชอบเรื่อง")[2].partition("งานของแต่ละหน่วยงาน")[0]
    assert around.strip() == "จัดทำร่างกรอบการประเมิน สำนักนโยบายและยุทธศาสตร์ ✓ ส่ง 16 เม.ย. 2561"


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ("late=1", [DEPT, DEPT3]),
        ("agency=oja", [OJA]),
        ("q=BUDGET", [DEPT, DEPT3]),
        ("q=ตัวอย่างที่ 3&late=1", [DEPT3]),
    ],
)
async def test_the_board_is_narrowed_and_keeps_its_totals_and_its_order(
    framework: str, come: Browsers, asked: str, rows: list[str]
) -> None:
    page = (await (await come(scene.SECRETARIAT)).get(f"{framework}?{asked}")).text
    assert [row[0] for row in table(page)[1:]] == rows
    assert f"แสดง {len(rows)} จาก 3 หน่วยงาน" in read(page)
    assert "3 หน่วยงาน 5 งานที่ส่งแล้ว" in read(page)


async def test_nothing_found_is_said(framework: str, come: Browsers) -> None:
    page = (await (await come(scene.SECRETARIAT)).get(f"{framework}?q=ไม่มีหน่วยนี้")).text
    assert "ไม่มีหน่วยงานที่ตรงกับเงื่อนไข" in read(page)
    assert "<table" not in page


async def test_the_board_speaks_english(framework: str, come: Browsers) -> None:
    browser = await come(scene.SECRETARIAT)
    browser.cookies.set("language", "en")
    head, first, *_ = table((await browser.get(framework)).text)
    assert head == ["Unit", "Draft", "Advise", "Revise", "Acknowledge"]
    assert first[:3] == [
        "Planning and Budget Group (Department (sample))",
        "✓ Done 19 April 2018 1 day late",
        "✓ Done 19 April 2018",
    ]
    assert first[4] == "! 2 days overdue Due 18 April 2018"


async def test_who_may_read_the_case_may_read_its_board_and_nobody_else(framework: str, come: Browsers) -> None:
    for officer, status in (("oja-plan.1", 200), (scene.AUDITOR, 200), (scene.STRANGER, 403), (None, 303)):
        browser = await come(officer)
        for path in (framework, f"{framework}.xlsx"):
            assert (await browser.get(path)).status_code == status, (officer, path)
    assert (await (await come(scene.SECRETARIAT)).get("/cases/none/board")).status_code == 404


async def test_a_called_case_that_concerns_others_stays_closed(
    ledger: Ledger, clock: ClockThatIsSet, come: Browsers
) -> None:
    """Of an agency's own case only who may read it sees the work, on the board of the caller as well."""
    await cascade_under_way(ledger, clock)
    async with ledger.begin() as work:
        await cases.note_phase(work, CASCADE, units=("ops-psd", "dept", "dept2", "oja"), actor=scene.FLOW)
        await work.commit()
    assert len(table((await (await come(scene.SECRETARIAT)).get(f"/cases/{CASCADE}/board")).text)) == 4
    of_one = await (await come("oja-plan.1")).get(f"/cases/{CASCADE}/board")
    assert of_one.status_code == 200
    assert "กรม (ตัวอย่างที่ 2)" not in of_one.text


async def test_a_case_that_is_called_for_a_unit_is_that_units_row(
    ledger: Ledger, clock: ClockThatIsSet, come: Browsers
) -> None:
    """What the agency's groups do stands with the agency; on the agency's own board the groups have their rows."""
    await cascade_under_way(ledger, clock)
    page = (await (await come(scene.SECRETARIAT)).get(f"/cases/{CASCADE}/board")).text
    head, *rows = table(page)
    assert head == ["หน่วยงาน", "sign", "accept"]  # no model is approved for it: the steps have their keys
    assert re.findall(r'<a href="(/\w+)" aria-current="page">', page) == ["/boards"]
    assert [row[0] for row in rows] == ["กรม (ตัวอย่าง)", "สำนักงานกิจการยุติธรรม", "กรม (ตัวอย่างที่ 2)"]
    assert all("กำหนด 23 เม.ย. 2561" in cell for row in rows for cell in row[1:])
    assert f'<a href="/cases/{CASCADE}-oja">' in page


async def test_a_name_that_all_keys_share_tells_no_rows_apart(
    ledger: Ledger, clock: ClockThatIsSet, come: Browsers
) -> None:
    """A province's case names the province around its heads; each head has its row all the same."""
    await scene.opened(ledger, CASCADE, process="efficiency-measures", title="มาตรการ", data={}, units=("ops-psd",))
    for number, unit in enumerate(("dept-div-b", "dept-div-a", "dept-div-c")):
        key = f"provinces[dept]/reports[{unit}]/report"
        order = scene.directive_order(key, element="report", unit=unit if number else "dept", subject=CASCADE)
        await scene.handed_off(ledger, order, case_id=CASCADE)
    _, *rows = table((await (await come(scene.SECRETARIAT)).get(f"/cases/{CASCADE}/board")).text)
    assert [row[0] for row in rows] == ["กอง (ตัวอย่าง ก)", "กอง (ตัวอย่าง ข)", "สำนัก (ตัวอย่าง ค)"]


async def test_links_of_cells_lead_to_the_work_or_for_who_does_not_do_it_to_the_case(
    framework: str, come: Browsers
) -> None:
    work = hand_off_id(FRAMEWORK, "provinces[dept3-plan]/draft")
    for officer, landed in (("dept3-plan.1", f"/hand-offs/{work}"), (scene.SECRETARIAT, f"/cases/{FRAMEWORK}")):
        browser = await come(officer)
        assert f'href="/hand-offs/{work}"' in (await browser.get(framework)).text
        opened = await browser.get(f"/hand-offs/{work}", follow_redirects=True)
        assert (opened.status_code, opened.url.path) == (200, landed)


async def test_the_case_leads_to_its_board_where_many_units_do_a_step(
    framework: str, ledger: Ledger, come: Browsers
) -> None:
    await scene.opened(ledger)
    await scene.handed_off(ledger, scene.directive_order("receive"))
    browser = await come(scene.SECRETARIAT)
    assert f'href="{framework}"' in (await browser.get(f"/cases/{FRAMEWORK}")).text
    assert "/board" not in (await browser.get(f"/cases/{scene.DIRECTIVE}")).text.partition("<main")[2]
    assert "ยังไม่มีขั้นตอนที่หลายหน่วยงานต้องดำเนินการ" in (await browser.get(f"/cases/{scene.DIRECTIVE}/board")).text


async def test_the_index_has_the_open_cases_the_latest_first_and_called_ones_where_asked_for(
    framework: str, ledger: Ledger, clock: ClockThatIsSet, come: Browsers
) -> None:
    await cascade_under_way(ledger, clock)
    await scene.opened(ledger)
    await scene.handed_off(ledger, scene.directive_order("receive"))

    async def listed(officer: str, asked: str = "") -> list[str]:
        page = (await (await come(officer)).get(f"/boards{asked}")).text
        return re.findall(r'href="/cases/([^"]+)/board"', page)

    assert await listed(scene.SECRETARIAT) == [CASCADE, FRAMEWORK]
    assert await listed(scene.SECRETARIAT, "?process=circular") == [CIRCULAR]
    assert await listed("oja-plan.1") == [FRAMEWORK]
    assert await listed(scene.STRANGER) == []
    line = read((await (await come(scene.SECRETARIAT)).get("/boards?process=kpi-framework")).text)
    # With the drafting of the framework 6 of 11 are done; what was taken back is neither.
    assert "3 หน่วยงาน" in line
    assert "เกินกำหนด 3 งาน ดำเนินการแล้วร้อยละ 54" in line


async def test_the_workbook_has_what_the_board_shows_and_days_that_sort(framework: str, come: Browsers) -> None:
    answer = await (await come(scene.SECRETARIAT)).get(f"{framework}.xlsx?late=1")
    assert "%E0%B8%81" in answer.headers["content-disposition"]
    matrix, work = load_workbook(io.BytesIO(answer.content)).worksheets
    lines = [[cell.value for cell in row] for row in matrix.iter_rows(min_row=5)]
    assert [line[0] for line in lines[2:]] == [DEPT, DEPT3]
    assert [said for said in lines[0] if said] == ["กรอบการประเมินและตัวชี้วัดจังหวัด", "หนังสือเวียน"]
    assert lines[2][1] == "✓ ส่ง 19 เม.ย. 2561\nช้า 1 วัน"
    assert str(lines[2][3]).endswith("2 ครั้ง")
    (draft,) = [
        row for row in work.iter_rows(min_row=2) if row[0].value == lines[2][0] and "ร่างตัวชี้วัด" in str(row[2].value)
    ]
    assert [f"{cell.value:%Y-%m-%d}" for cell in draft[6:9]] == ["2018-04-16", "2018-04-18", "2018-04-19"]
    assert draft[9].value == 1


async def test_a_board_and_its_workbook_are_readings_of_the_case(
    ledger: Ledger, framework: str, come: Browsers
) -> None:
    browser = await come(scene.SECRETARIAT)
    await browser.get(framework)
    await browser.get(f"{framework}.xlsx")
    async with ledger.read() as connection:
        found = await readings.latest(connection, case_id=FRAMEWORK, limit=9)
        logged, *_ = await security.recent(connection, 1)
    assert [each.what for each in found] == ["printout", "case"]
    assert (logged.kind, logged.detail) == ("read:document", f"{FRAMEWORK} board.xlsx")


async def test_a_board_costs_a_fixed_small_number_of_questions(
    database: AsyncEngine, framework: str, ledger: Ledger, clock: ClockThatIsSet, come: Browsers
) -> None:
    browser = await come(scene.SECRETARIAT)
    costs = []
    for number in range(2):
        for path in (framework, "/boards"):
            with statements(database) as said:
                assert (await browser.get(path)).status_code == 200
            costs.append(len([each for each in said if each.startswith(("SELECT", "WITH"))]))
        if not number:
            for unit in ("dept2-plan", "dept4-plan", "dept5-plan"):
                order = scene.directive_order(f"provinces[{unit}]/draft", element="draft", unit=unit, subject=FRAMEWORK)
                await scene.handed_off(ledger, order, case_id=FRAMEWORK)
    assert costs[:2] == costs[2:]
    assert costs[0] <= 8
    assert costs[1] <= 4
