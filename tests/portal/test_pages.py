"""Cases, weeks, starting, officers, the access log, the mailbox; and who may open which."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from prefect.settings import PREFECT_UI_URL, temporary_settings

import portal
from engine.runtime import Runtime
from ledger import cases, documents, organisations, reading
from ledger.event import KINDS, Event, from_row
from ledger.security import KINDS as SECURITY_KINDS
from ledger.work import Ledger
from portal import texts
from portal.texts import PARTS, TEXTS
from portal.timeline import kinds_with_words
from portal.week_part import EVENTS_SHOWN
from schemas.mail import MESSAGES
from schemas.policy import OfficePolicy, Policy
from tests.conftest import ClockThatIsSet
from tests.portal.conftest import Browsers
from tests.portal.scene import (
    ADMINISTRATOR,
    AUDITOR,
    DIVISION,
    FLOW,
    PASSWORD,
    PLANNING,
    SECRETARIAT,
    STRANGER,
    WEEK,
    ministry_at_work,
    send,
    token_of,
    week_recorded,
)

CASE = "directive-2561-0007-dept"
OTHERS_CASE = "directive-2561-0007-oja"
PLACES = ("/", "/cases", f"/cases/{CASE}", "/weeks", "/weeks/2018-04-20", "/officers", "/audit/access",
          "/start/registration", "/start/printout", "/start/user-request", "/mailbox", "/audit", "/audit/deviations",
          "/audit/findings", f"/audit/cases/{CASE}/findings", "/audit/readings")  # fmt: skip
AUDITORS = {place for place in PLACES if place.startswith("/audit") and place != "/audit/access"}


@pytest.mark.parametrize(
    ("officer", "open_places"),
    [
        (DIVISION, {"/", "/cases", f"/cases/{CASE}", "/mailbox", "/start/user-request"}),
        (STRANGER, {"/", "/cases", "/mailbox", "/start/user-request"}),
        (
            PLANNING,
            {
                "/",
                "/cases",
                f"/cases/{CASE}",
                "/weeks",
                "/weeks/2018-04-20",
                "/start/printout",
                "/start/user-request",
                "/mailbox",
            },
        ),
        (SECRETARIAT, set(PLACES) - {"/officers", "/audit/access", "/start/printout"} - AUDITORS),
        (ADMINISTRATOR, set(PLACES) - {"/start/registration", "/start/printout"} - AUDITORS),
        (AUDITOR, set(PLACES) - {"/start/registration", "/start/printout", "/start/user-request"}),
    ],
)
async def test_each_duty_has_its_own_places(
    ledger: Ledger, come: Browsers, officer: str, open_places: set[str]
) -> None:
    await ministry_at_work(ledger)
    browser = await come(officer)
    found = {place: (await browser.get(place)).status_code for place in PLACES}
    assert found == {place: 200 if place in open_places else 403 for place in PLACES}


async def test_an_english_page_says_in_english_what_the_system_wrote(ledger: Ledger, come: Browsers) -> None:
    await ministry_at_work(ledger)
    browser = await come(DIVISION)
    await browser.get("/language/en")
    inbox = await browser.get("/")
    assert "Directive reports, week of 12–20 April 2018" in inbox.text
    assert "Directive 2561-0009 จัดทำแผนปฏิรูป" in inbox.text
    (form,) = re.findall(r'href="(/hand-offs/\w+)"', inbox.text)
    page = await browser.get(form)
    assert '<dt>Subject</dt><dd lang="th">เร่งรัดการใช้จ่ายงบประมาณ</dd>' in page.text


@pytest.mark.parametrize("language", ["th", "en"])
async def test_every_page_is_made_in_both_languages(ledger: Ledger, come: Browsers, language: str) -> None:
    await ministry_at_work(ledger)
    for officer in (SECRETARIAT, AUDITOR, PLANNING):
        browser = await come(officer)
        await browser.get(f"/language/{language}")
        for place in (*PLACES, f"/cases/{WEEK}", "/?show=done", "/password", "/nowhere"):
            page = await browser.get(place)
            assert page.status_code in (200, 403, 404), place
            assert f'<html lang="{language}">' in page.text


async def test_the_case_page_tells_what_happened_and_folds_the_system_away(ledger: Ledger, come: Browsers) -> None:
    await ministry_at_work(ledger)
    page = await (await come(PLANNING)).get(f"/cases/{CASE}")
    week = await (await come(SECRETARIAT)).get(f"/cases/{WEEK}")
    about = f'href="/cases/{CASE}">ข้อสั่งการที่ 2561-0007 เร่งรัดการใช้จ่ายงบประมาณ</a>'
    assert (about in week.text, about in page.text) == (True, False)
    assert "มอบงาน «รับทราบข้อสั่งการ» ให้กลุ่มงานแผนและงบประมาณ ภายใน 17 เม.ย. 2561 16.00 น." in page.text
    assert "การทำงานของระบบ 1 รายการ" in page.text
    assert "รัฐมนตรีว่าการกระทรวงยุติธรรม" in page.text


@pytest.mark.parametrize(("days", "th", "en"), [
    (("2018-04-13", "2018-04-20"), "สัปดาห์วันที่ 13–20 เมษายน 2561", "week of 13–20 April 2018"),
    (None, "สัปดาห์วันศุกร์ที่ 20 เมษายน 2561", "week of Friday 20 April 2018"),
])  # fmt: skip
async def test_the_history_says_of_which_week_and_at_which_level_a_report_was_recorded(
    ledger: Ledger, come: Browsers, days: tuple[str, str] | None, th: str, en: str
) -> None:
    await ministry_at_work(ledger)
    await week_recorded(ledger, CASE, days=days)
    browser = await come(PLANNING)
    page = await browser.get(f"/cases/{CASE}")
    assert f"บันทึกรายงาน{th} เข้าเรื่อง: 2.2 ต่อเนื่อง (ทันกำหนด)" in page.text
    await browser.get("/language/en")
    page = await browser.get(f"/cases/{CASE}")
    assert f"The report of the {en} was recorded: 2.2 Continuous (On time)" in page.text


async def test_a_long_history_is_read_a_page_at_a_time_and_is_complete(
    ledger: Ledger, come: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ministry_at_work(ledger)
    async with ledger.begin() as work:
        await work.lock(WEEK)
        for _ in range(2 * EVENTS_SHOWN):
            await cases.note_phase(work, WEEK, phase="collecting", actor=FLOW)
        head = work.events_of(WEEK)[-1].seq
        await work.commit()
    read: list[int] = []

    def counted(row: Any) -> Event:
        read.append(row.seq)
        return from_row(row)

    monkeypatch.setattr(reading, "from_row", counted)
    browser = await come(SECRETARIAT)
    shown: list[int] = []
    address = f"/cases/{WEEK}"
    while address:
        read.clear()
        page = await browser.get(address)
        numbers = [int(seq) for seq in re.findall(r'id="event-(\d+)"', page.text)]
        assert read == numbers
        shown = numbers + shown
        earlier = re.search(r'rel="prev" href="([^"]+)"', page.text)
        address = f"/cases/{WEEK}{earlier[1]}" if earlier else ""
    assert shown == list(range(1, head + 1))
    assert f"เหตุการณ์ที่ 1–{head - 2 * EVENTS_SHOWN} จากทั้งหมด {head}" in page.text


async def test_the_list_of_cases_holds_only_what_concerns_the_unit(ledger: Ledger, come: Browsers) -> None:
    await ministry_at_work(ledger)
    own = await (await come(PLANNING)).get("/cases")
    assert CASE in own.text
    assert OTHERS_CASE not in own.text
    every = await (await come(SECRETARIAT)).get("/cases?q=0007&state=open")
    assert OTHERS_CASE in every.text
    assert "2561-0009" not in every.text


async def test_the_week_board_counts_every_standing(ledger: Ledger, come: Browsers, clock: ClockThatIsSet) -> None:
    await ministry_at_work(ledger)
    browser = await come(SECRETARIAT)

    async def tiles() -> dict[str, int]:
        page = await browser.get("/weeks/2018-04-20")
        return {name: int(n) for n, name in re.findall(r'class="number">(\d+)</span> ([^<]+)</li>', page.text)}

    assert await tiles() == {
        "รายงานแล้ว": 1, "รอกลุ่มแผนตรวจ": 1, "ส่งคืนแก้ไข": 1, "ยังไม่รายงาน": 2, "ไม่รายงาน": 0,
    }  # fmt: skip
    assert "ข้อมูล ณ 20 เม.ย. 2561 12.00 น." in (await browser.get("/weeks/2018-04-20")).text
    clock.advance(hours=4)
    assert (await tiles())["ไม่รายงาน"] == 2


async def test_a_planning_unit_sees_its_agencys_part_of_the_week_only(ledger: Ledger, come: Browsers) -> None:
    await ministry_at_work(ledger)
    browser = await come(PLANNING)
    page = await browser.get("/weeks/2018-04-20")
    assert CASE in page.text
    assert OTHERS_CASE not in page.text
    assert (await browser.get("/weeks/2018-04-20?agency=oja")).status_code == 403
    assert (await browser.get("/weeks/2018-04-20/printout.pdf?agency=oja")).status_code == 403


@pytest.mark.parametrize(("kind", "magic"), [("pdf", b"%PDF-"), ("xlsx", b"PK")])
async def test_the_table_of_the_week_is_printed(ledger: Ledger, come: Browsers, kind: str, magic: bytes) -> None:
    await ministry_at_work(ledger)
    answer = await (await come(SECRETARIAT)).get(f"/weeks/2018-04-20/printout.{kind}")
    assert answer.status_code == 200
    assert answer.content.startswith(magic)
    assert "attachment" in answer.headers["content-disposition"]


async def test_the_secretariat_cancels_a_case_with_a_reason_only(ledger: Ledger, come: Browsers) -> None:
    await ministry_at_work(ledger)
    browser = await come(SECRETARIAT)
    assert (await send(browser, f"/cases/{CASE}/cancel", {"reason": " "})).status_code == 422
    assert (await send(browser, f"/cases/{CASE}/cancel", {"reason": "รัฐมนตรีสั่งยกเลิก"})).status_code == 303
    async with ledger.read() as connection:
        assert (await reading.case(connection, CASE)).state == "cancelled"
    assert "รัฐมนตรีสั่งยกเลิก" in (await browser.get(f"/cases/{CASE}")).text
    assert (await send(await come(AUDITOR), f"/cases/{OTHERS_CASE}/cancel", {"reason": "x"})).status_code == 403


async def test_only_an_administrator_is_led_to_the_run_which_anybody_could_stop_there(
    ledger: Ledger, come: Browsers
) -> None:
    await ministry_at_work(ledger)
    async with ledger.begin() as work:
        await work.lock(CASE)
        work.set_run(CASE, run_state="running", flow_run_id="0190c5a8-0000-7000-8000-000000000001")
        await work.commit()
    browsers = {each: await come(each) for each in (ADMINISTRATOR, PLANNING, DIVISION)}
    with temporary_settings({PREFECT_UI_URL: "http://prefect.test"}):
        pages = {each: (await browser.get(f"/cases/{CASE}")).text for each, browser in browsers.items()}
    assert {each for each, page in pages.items() if "http://prefect.test/runs/" in page} == {ADMINISTRATOR}


async def test_the_history_names_what_the_system_does_as_the_model_names_it(ledger: Ledger, come: Browsers) -> None:
    await ministry_at_work(ledger)
    async with ledger.begin() as work:
        await work.lock(OTHERS_CASE)
        work.append(OTHERS_CASE, "step:done", "look_up", FLOW, {"result": None})
        work.append(OTHERS_CASE, "step:done", "begin_reporting#2", FLOW, {"result": None})
        await work.commit()
    browser = await come(SECRETARIAT)
    page = (await browser.get(f"/cases/{OTHERS_CASE}")).text
    assert "ระบบดำเนินการ «ค้นหน่วยงานและกำหนดเวลา»" in page
    assert "ระบบดำเนินการ «เข้าทะเบียนรายงานประจำสัปดาห์»" in page
    await browser.get("/language/en?next=/")
    assert "The system did “Begin reporting”" in (await browser.get(f"/cases/{OTHERS_CASE}")).text


async def test_an_administrator_takes_up_a_case_whose_run_stopped(ledger: Ledger, come: Browsers) -> None:
    await ministry_at_work(ledger)
    async with ledger.begin() as work:
        await work.lock(CASE)
        work.set_run(CASE, run_state="failed", run_error="ValueError: boom")
        await work.commit()
    browser = await come(ADMINISTRATOR)
    assert "ValueError: boom" in (await browser.get(f"/cases/{CASE}")).text
    assert (await send(browser, f"/cases/{CASE}/take-up", {})).status_code == 303
    assert (await send(browser, f"/cases/{CASE}/take-up", {})).status_code == 422


async def test_a_document_is_fetched_by_those_who_may_read_its_case(ledger: Ledger, come: Browsers) -> None:
    await ministry_at_work(ledger)
    async with ledger.begin() as work:
        digest = await documents.put(work, b"%PDF-1.7", "application/pdf")
        await documents.attach(
            work, CASE, name="ตาราง.pdf", sha256=digest, media_type="application/pdf", size=8, actor=FLOW
        )
        await work.commit()
    path = f"/cases/{CASE}/documents/{digest}"
    assert (await (await come(PLANNING)).get(path)).content == b"%PDF-1.7"
    assert (await (await come(STRANGER)).get(path)).status_code == 403
    assert (await (await come(PLANNING)).get(f"/cases/{CASE}/documents/{'0' * 64}")).status_code == 404


REGISTRATION = {
    "title": "ติดตามงบประมาณ", "text": "ให้เร่งรัด", "source_meeting": "การประชุมผู้บริหาร", "ordered_by": "รมว.ยธ.",
    "ordered_on": "18 เม.ย. 2561", "nature": "general", "urgency": "urgent", "agencies": ["dept", "oja"],
}  # fmt: skip
CALL = {"subject": "ร่างกฎกระทรวง", "text": "ขอความเห็น", "due_on": "27 เม.ย. 2561"}
ORDER = {"meeting_on": "30 เม.ย. 2561"}
USER = {"name": "นางสาวสมศรี ใจดี", "position": "นักวิชาการ", "email": "somsri@dept.example", "reason": "แทนผู้ที่ย้าย"}
FRAMEWORK = {
    "fiscal_year": "2563", "briefing_on": "6 ก.ย. 62", "workshop_from": "11 ก.ย. 62", "workshop_to": "19 ก.ย. 62",
}  # fmt: skip
LETTER = {
    "no": "ยธ 0204/ว 120", "on": "18 เม.ย. 2561", "urgency": "normal", "subject": "สรุปผลการประชุม",
    "text": "เพื่อโปรดทราบ",
}  # fmt: skip


async def test_the_secretariat_registers_a_directive_for_two_agencies(ledger: Ledger, come: Browsers) -> None:
    browser = await come(SECRETARIAT)
    refused = await send(browser, "/start/registration", REGISTRATION | {"ordered_on": "เมื่อวาน"})
    assert refused.status_code == 422
    assert "ให้เร่งรัด" in refused.text
    assert (await send(browser, "/start/registration", REGISTRATION)).status_code == 303
    async with ledger.read() as connection:
        assert await reading.count_cases_where(connection, process="directive-lifecycle") == 2


def key_of(page: httpx.Response) -> str:
    """The key of a page on which something is started."""
    (found,) = re.findall(r'name="once" value="([^"]+)"', page.text)
    return str(found)


@pytest.mark.parametrize(
    ("officer", "path", "data", "opens"),
    [
        (SECRETARIAT, "/start/registration", REGISTRATION, 2),
        (SECRETARIAT, "/start/registration", REGISTRATION | {"agencies": ["dept"]}, 1),
        (SECRETARIAT, "/start/opinion-call", CALL, 1),
        (PLANNING, "/start/printout", ORDER, 1),
        (PLANNING, "/start/circular", LETTER | {"recipients": ["dept-div-a", "dept-div-b"]}, 1),
        (SECRETARIAT, "/start/circular", LETTER | {"recipients": ["oja"]}, 1),
        (DIVISION, "/start/user-request", USER, 1),
    ],
)
async def test_a_form_that_is_sent_twice_starts_once(
    ledger: Ledger, come: Browsers, officer: str, path: str, data: dict[str, object], opens: int
) -> None:
    browser = await come(officer)
    page, another = await browser.get(path), await browser.get(path)
    assert key_of(page) != key_of(another)
    sent = data | {"csrf": token_of(page), "once": key_of(page)}
    first, second = await asyncio.gather(browser.post(path, data=sent), browser.post(path, data=sent))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    async with ledger.read() as connection:
        assert await reading.count_cases_where(connection) == opens


async def test_a_unit_sends_circulars_to_those_to_whom_it_may_write(ledger: Ledger, come: Browsers) -> None:
    assert (await (await come(DIVISION)).get("/start/circular")).status_code == 403
    planning, secretariat = await come(PLANNING), await come(SECRETARIAT)
    assert 'href="/start/circular"' in (await planning.get("/")).text
    page = (await planning.get("/start/circular")).text
    assert re.findall(r'name="recipients" value="([^"]+)"', page)[:3] == ["dept-sec", "dept-div-a", "dept-div-b"]
    refused = await send(planning, "/start/circular", LETTER | {"recipients": ["oja"]})
    assert refused.status_code == 422
    assert "จากรายการที่กำหนด" in refused.text
    assert (
        re.findall(r'name="recipients" value="([^"]+)"', (await secretariat.get("/start/circular")).text)[0] == "dept"
    )
    started = await send(planning, "/start/circular", LETTER | {"recipients": ["dept-div-a"]})
    case = await planning.get(started.headers["location"])
    assert "หนังสือเวียน ยธ 0204/ว 120 สรุปผลการประชุม" in case.text
    await planning.get("/language/en")
    assert "Circular ยธ 0204/ว 120" in (await planning.get(started.headers["location"])).text


async def test_the_door_of_the_framework_stands_open_in_the_central_office_only(
    ledger: Ledger, runtime: Runtime, come: Browsers
) -> None:
    secretariat = await come(SECRETARIAT)
    assert (await secretariat.get("/start/framework")).status_code == 403
    assert "/start/framework" not in (await secretariat.get("/")).text
    async with ledger.begin() as work:
        policy = Policy(office=OfficePolicy(drafts_framework=True))
        await organisations.store(work, runtime.directory.organisation, policy, actor=FLOW, reason="สำนักงานกลาง")
        await work.commit()
    assert (await (await come(PLANNING)).get("/start/framework")).status_code == 403
    assert 'href="/start/framework"' in (await secretariat.get("/")).text
    sent = await send(secretariat, "/start/framework", FRAMEWORK)
    assert sent.headers["location"] == "/cases/framework-2563?done=started"
    assert "กรอบการประเมินและตัวชี้วัดจังหวัด" in (await secretariat.get("/cases/framework-2563")).text


async def test_a_used_form_with_other_content_is_asked_about_and_keeps_what_was_typed(
    ledger: Ledger, come: Browsers
) -> None:
    browser = await come(SECRETARIAT)
    page = await browser.get("/start/opinion-call")
    sent = CALL | {"csrf": token_of(page), "once": key_of(page)}
    await browser.post("/start/opinion-call", data=sent)
    asked = await browser.post("/start/opinion-call", data=sent | {"subject": "ร่างระเบียบ"})
    assert asked.status_code == 409
    assert "opinion-2561-0001" in asked.text
    assert "ร่างระเบียบ" in asked.text
    again = sent | {"subject": "ร่างระเบียบ", "once": key_of(asked)}
    assert (await browser.post("/start/opinion-call", data=again)).status_code == 303
    async with ledger.read() as connection:
        assert await reading.count_cases_where(connection) == 2


async def test_a_case_begun_in_a_session_that_has_ended_is_sent_again_after_signing_in(
    ledger: Ledger, come: Browsers, clock: ClockThatIsSet
) -> None:
    browser = await come(SECRETARIAT)
    page = await browser.get("/start/opinion-call")
    clock.advance(hours=11)
    text = "ขอให้เสนอความเห็นต่อร่างกฎกระทรวงฉบับแก้ไขเพิ่มเติม พร้อมเหตุผลรายมาตรา"
    sent = CALL | {"text": text, "csrf": token_of(page), "once": key_of(page)}
    ended = await browser.post("/start/opinion-call", data=sent)
    kept = httpx.QueryParams({name: value for name, value in sent.items() if name != "csrf"})
    assert (ended.status_code, f'name="kept" value="{kept}"' in ended.text.replace("&amp;", "&")) == (401, True)
    signing = {"csrf": token_of(ended), "account": SECRETARIAT, "password": PASSWORD, "kept": str(kept)}
    signed = await browser.post("/sign-in", data=signing | {"next": "/start/opinion-call"})
    assert (signed.status_code, text in signed.text) == (200, True)
    assert re.findall(r'<label for="kept-\d+">(.+?)</label>', signed.text) == ["รายละเอียด"]
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', signed.text)) | {"text": text}
    assert (await browser.post("/start/opinion-call", data=again)).status_code == 303
    assert text in (await browser.get("/cases/opinion-2561-0001")).text


async def test_ready_says_whether_the_ledger_answers(come: Browsers, runtime: Runtime) -> None:
    browser = await come()
    assert (await browser.get("/ready")).json() == {"status": "ready"}
    assert (await browser.post("/health")).status_code == 405


async def test_a_page_that_does_not_exist_knows_who_is_signed_in(come: Browsers) -> None:
    browser = await come(PLANNING)
    lost = await browser.get("/nowhere")
    assert (lost.status_code, 'action="/sign-out"' in lost.text, 'href="/sign-in"' in lost.text) == (404, True, False)
    stranger = await (await come()).get("/nowhere")
    assert (stranger.status_code, 'href="/sign-in"' in stranger.text) == (404, True)


async def test_what_a_refused_form_held_is_given_back_under_the_names_of_its_fields(come: Browsers) -> None:
    browser = await come(SECRETARIAT)
    sent = REGISTRATION | {"once": "0123456789abcdefghijkl"}
    refused = await browser.post("/start/registration", data=sent)
    assert refused.status_code == 403
    assert re.findall(r'<label for="kept-\d+">(.+?)</label>', refused.text) == []
    text = "ให้ทุกส่วนราชการเร่งรัดการใช้จ่ายงบประมาณ"
    refused = await browser.post(
        "/start/registration", data=REGISTRATION | {"text": text, "once": "0123456789abcdefghijkl"}
    )
    assert re.findall(r'<label for="kept-\d+">(.+?)</label>', refused.text) == ["ข้อสั่งการ"]


# --- the catalogue -----------------------------------------------------------------------------------------


def test_every_sentence_is_there_in_both_languages_with_the_same_facts() -> None:
    for key, (th, en) in TEXTS.items():
        assert th.strip(), key
        assert en.strip(), key
        assert set(re.findall(r"\{(\w+)\}", th)) == set(re.findall(r"\{(\w+)\}", en)), key


def test_no_sentence_of_the_pages_is_written_twice() -> None:
    said = [key for part in PARTS for key in part]
    assert [key for key, n in Counter(said).items() if n > 1] == []
    written = re.findall(
        r'^    "([^"]+)": Text\(', Path(texts.__file__).read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    assert sorted({*written} & {*said}) == []
    assert len(TEXTS) == len(written) + len(said)


def test_every_kind_of_event_mail_and_security_entry_has_its_words() -> None:
    assert kinds_with_words() == KINDS.keys()
    assert {key.removeprefix("security.") for key in TEXTS if key.startswith("security.")} == SECURITY_KINDS.keys()
    assert {key.removeprefix("mail.kind.") for key in TEXTS if key.startswith("mail.kind.")} == MESSAGES.keys()


def test_every_sentence_that_a_page_asks_for_exists() -> None:
    folder = Path(portal.__file__).parent
    asked = {
        key
        for template in (folder / "templates").glob("*.html")
        for key in re.findall(r"\bt\('([a-z_0-9]+\.[a-z_0-9.\-]*[a-z_0-9])'[,) ]", template.read_text("utf-8"))
    }
    assert len(asked) > 100
    assert asked <= TEXTS.keys()
