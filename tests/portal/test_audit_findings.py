"""Departures are judged, findings are signed for good, and each names what its auditor saw (decision 35)."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from audit.checking import compare
from ledger import conformances, findings, reading, readings, security
from ledger.conformances import Kept
from ledger.findings import Finding, Judgement
from ledger.verify import verify_all
from ledger.work import Ledger
from tests.conftest import ClockThatIsSet
from tests.portal import scene
from tests.portal.audit_ministry import CHECKING, OLD, REPORTED, WAITING
from tests.portal.conftest import Browsers

PAGE = f"/audit/cases/{REPORTED}/findings"
REMARK = "บันทึกข้อความที่ ยธ 0201/ว 123 ให้รายงานโดยไม่ต้องรับทราบก่อน"


@pytest.fixture
def ledger(audited: Ledger) -> Ledger:
    return audited


def hidden(page: str) -> dict[str, str]:
    """What the page's form carries of what stood on it."""
    return dict(re.findall(r'<input type="hidden" name="(seen|departure)" value="([^"]*)"', page))


async def signed(browser: httpx.AsyncClient, path: str = PAGE, **changes: str) -> httpx.Response:
    page = await browser.get(path)
    said = {"about": "deviation", "judgement": "accepted", "remark": REMARK}
    return await scene.send(browser, path, hidden(page.text) | said | changes, seen=path)


async def register(ledger: Ledger) -> tuple[Finding, ...]:
    async with ledger.read() as connection:
        return await findings.register(connection, limit=9)


def departing(page: httpx.Response) -> list[str]:
    return re.findall(r'class="work-title" href="/audit/cases/([^"]+)"', page.text)


async def test_departures_wait_to_be_judged_and_say_which_event_when_and_by_whom(come: Browsers) -> None:
    browser = await come(scene.AUDITOR)
    page = await browser.get("/audit/deviations")
    assert sorted(departing(page)) == sorted([CHECKING, REPORTED, OLD])
    assert "แบบจำลองยังไม่ถึงขั้นตอนนี้" in page.text
    assert "เหตุการณ์ที่ 2 · " in page.text
    assert departing(await browser.get("/audit/deviations?process=weekly-cycle")) == []
    assert departing(await browser.get("/audit/deviations?standing=judged")) == []


async def test_a_judged_departure_leaves_the_list_and_stands_in_the_register(
    ledger: Ledger, come: Browsers, clock: ClockThatIsSet
) -> None:
    browser = await come(scene.AUDITOR)
    answer = await signed(browser)
    assert answer.headers["location"] == f"{PAGE}?done=1"
    (finding,) = await register(ledger)
    async with ledger.read() as connection:
        case = await reading.case(connection, REPORTED)
        kept = (await conformances.of_cases(connection, [REPORTED]))[REPORTED]
    assert (finding.case_id, finding.judgement, finding.remark) == (REPORTED, Judgement.ACCEPTED, REMARK)
    assert finding.by is not None
    assert (finding.by.officer, finding.by.unit, finding.at) == (scene.AUDITOR, "ops-audit", clock.moment)
    assert (finding.head_seq, finding.head_hash) == (case.head_seq, case.head_hash)
    assert finding.deviation == kept.deviation
    assert REPORTED not in departing(await browser.get("/audit/deviations"))
    assert departing(await browser.get("/audit/deviations?standing=judged")) == [REPORTED]
    done = await browser.get(answer.headers["location"])
    assert "ลงนามแล้ว เป็นข้อตรวจพบที่ 1" in done.text
    listed = await browser.get("/audit/findings?judgement=accepted")
    assert REMARK in listed.text
    assert finding.hash[:12] in listed.text
    assert REMARK not in (await browser.get("/audit/findings?judgement=refer")).text
    assert "ไม่เป็นไปตามแบบจำลอง · ลงนามแล้ว" in (await browser.get("/audit")).text
    assert (await verify_all(ledger)).findings == 1


async def test_a_judged_case_that_goes_on_is_shown_so_and_another_departure_is_new(
    ledger: Ledger, come: Browsers
) -> None:
    browser = await come(scene.AUDITOR)
    await signed(browser)
    await scene.handed_off(ledger, scene.directive_order("assign_again"))
    page = await browser.get("/audit/deviations?standing=gone_on")
    assert departing(page) == [REPORTED]
    assert "เพิ่มอีก 1 รายการหลังลงนาม" in page.text
    await compare(ledger, [REPORTED])  # the first departure is the same one
    assert departing(await browser.get("/audit/deviations?standing=gone_on")) == [REPORTED]
    await depart_elsewhere(ledger)
    assert REPORTED in departing(await browser.get("/audit/deviations"))
    again = (await browser.get(PAGE)).text
    assert re.search(r'name="about" value="deviation" checked', again)
    assert "ข้อตรวจพบที่ 1" in again


async def depart_elsewhere(ledger: Ledger) -> None:
    """As when the model was approved anew, and the comparison finds another first departure."""
    async with ledger.begin() as work:
        kept = (await conformances.of_cases(work.connection, [REPORTED]))[REPORTED]
        assert kept.deviation is not None
        other = Kept(
            case_id=REPORTED, head_seq=kept.head_seq, model=kept.model, checked_at=work.now,
            deviation=kept.deviation.replace('"seq":3', '"seq":4'),
        )  # fmt: skip
        assert other.deviation != kept.deviation
        await conformances.keep(work, [other])
        await work.commit()


async def test_a_finding_can_be_signed_on_any_case_and_again_with_another_judgement(
    ledger: Ledger, come: Browsers
) -> None:
    path = f"/audit/cases/{WAITING}/findings"
    browser = await come(scene.AUDITOR)
    assert 'name="about"' not in (await browser.get(path)).text
    await signed(browser, path, about="", judgement="correct", remark="ยังไม่ลงเลขรับ")
    await signed(browser, path, about="", judgement="accepted", remark="ลงเลขรับแล้ว\r\nตรวจเมื่อ 20 เม.ย. 2561")
    assert (await signed(browser, path, about="", remark="ลงเลขรับแล้ว\r\nตรวจเมื่อ 20 เม.ย. 2561")).status_code == 303
    last, first = await register(ledger)
    assert (first.judgement, last.judgement) == (Judgement.CORRECT, Judgement.ACCEPTED)
    assert last.remark == "ลงเลขรับแล้ว\nตรวจเมื่อ 20 เม.ย. 2561"
    assert (first.deviation, last.deviation, last.prev_hash) == (None, None, first.hash)


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"judgement": ""}, 422, "กรุณาเลือกความเห็น"),
        ({"judgement": "burn"}, 422, "กรุณาเลือกความเห็น"),
        ({"remark": "  "}, 422, "กรุณาระบุเหตุผล"),
        ({"remark": "ก" * 4001}, 422, "ยาวเกิน 4,000"),
        ({"departure": "0" * 64}, 409, "ผลการเทียบกับแบบจำลองเปลี่ยนไป"),
        ({"seen": "9999"}, 409, "ไม่ตรงกับที่แสดงในหน้าที่ท่านเปิดไว้"),
        ({"seen": "๑"}, 409, "ไม่ตรงกับที่แสดงในหน้าที่ท่านเปิดไว้"),
    ],
)
async def test_what_is_missing_or_out_of_date_is_said_and_nothing_is_signed(
    ledger: Ledger, come: Browsers, changes: dict[str, str], status: int, said: str
) -> None:
    page = await signed(await come(scene.AUDITOR), **changes)
    assert page.status_code == status
    assert said in page.text
    assert changes.get("remark", REMARK).strip() in page.text
    assert await register(ledger) == ()


async def test_the_sign_off_names_what_was_seen_not_what_has_come_since(ledger: Ledger, come: Browsers) -> None:
    browser = await come(scene.AUDITOR)
    said = hidden((await browser.get(PAGE)).text)
    await scene.handed_off(ledger, scene.directive_order("assign_again"))
    form: dict[str, Any] = said | {"about": "deviation", "judgement": "refer", "remark": REMARK}
    assert (await scene.send(browser, PAGE, form, seen=PAGE)).status_code == 303
    (finding,) = await register(ledger)
    async with ledger.read() as connection:
        *_, seen, _new = await reading.history(connection, REPORTED)
    assert (finding.head_seq, finding.head_hash) == (seen.seq, seen.hash)


async def test_only_an_auditor_signs_and_only_from_the_page(ledger: Ledger, come: Browsers) -> None:
    form = {"judgement": "accepted", "remark": REMARK, "seen": "1"}
    secretariat = await come(scene.SECRETARIAT)
    assert (await scene.send(secretariat, PAGE, form)).status_code == 403
    auditor = await come(scene.AUDITOR)
    forged = await auditor.post(PAGE, data=form | {"csrf": "0" * 64})
    assert forged.status_code == 403
    async with ledger.read() as connection:
        kinds = [entry.kind for entry in await security.recent(connection, 9)]
    assert [kind for kind in kinds if kind.startswith("refused")] == ["refused:csrf", "refused:role"]
    assert await register(ledger) == ()
    assert (await auditor.get("/audit/cases/no-such-case/findings")).status_code == 404


async def test_the_page_of_findings_is_a_reading_of_the_case(ledger: Ledger, come: Browsers) -> None:
    browser = await come(scene.AUDITOR)
    assert 'class="plain card readers"' not in (await browser.get(PAGE)).text
    assert "หน้าข้อตรวจพบ · เห็นถึงเหตุการณ์ที่ 5" in (await browser.get(PAGE)).text
    async with ledger.read() as connection:
        found = await readings.latest(connection, case_id=REPORTED, limit=9)
    assert [(each.officer, each.what) for each in found] == [(scene.AUDITOR, "finding")] * 2


async def test_the_auditors_page_of_the_case_shows_its_findings_and_readers(come: Browsers) -> None:
    browser = await come(scene.AUDITOR)
    await signed(browser)
    page = (await browser.get(PAGE.removesuffix("/findings"))).text
    assert REMARK in page
    assert "หน้าข้อตรวจพบ · เห็นถึงเหตุการณ์ที่ 5" in page
    assert f'href="{PAGE}"' in page


# --- what somebody has spoiled


@pytest.mark.parametrize("spoil", ["judgement = 'excused'", "actor = 'nobody'"])
async def test_a_finding_that_was_spoiled_says_so_and_the_others_are_shown(
    ledger: Ledger, come: Browsers, spoil: str
) -> None:
    browser = await come(scene.AUDITOR)
    await signed(browser)
    await signed(browser, f"/audit/cases/{OLD}/findings", about="case", remark="อีกรายการหนึ่ง")
    async with ledger.engine.begin() as connection:
        await connection.execute(text(f"UPDATE findings SET {spoil} WHERE number = 1"))
    for path in ("/audit", "/audit/findings", "/audit/deviations?standing=all", f"/audit/cases/{REPORTED}", PAGE):
        page = await browser.get(path)
        assert page.status_code == 200, path
        assert path == "/audit" or "ข้อมูลถูกแก้ไข อ่านไม่ได้" in page.text, path
    assert "อีกรายการหนึ่ง" in (await browser.get("/audit/findings")).text


async def test_a_departure_that_was_spoiled_says_so_and_the_case_can_still_be_judged(
    ledger: Ledger, come: Browsers
) -> None:
    browser = await come(scene.AUDITOR)
    async with ledger.engine.begin() as connection:
        await connection.execute(text("UPDATE conformances SET deviation = '{}' WHERE case_id = :c"), {"c": REPORTED})
    for path in ("/audit", "/audit/deviations", f"/audit/cases/{REPORTED}", PAGE):
        page = await browser.get(path)
        assert page.status_code == 200, path
        assert path == "/audit" or "ข้อมูลถูกแก้ไข อ่านไม่ได้" in page.text, path
    assert sorted(departing(await browser.get("/audit/deviations"))) == sorted([CHECKING, REPORTED, OLD])
    assert (await signed(browser)).status_code == 409  # on words that nobody can read
    assert (await signed(browser, about="case", judgement="refer")).status_code == 303
