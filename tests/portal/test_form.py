"""The form of one piece of work, from the inbox to the receipt; nothing that was typed is ever lost."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from engine.runtime import Runtime
from ledger import drafts, hand_offs, reading
from ledger.work import Ledger
from portal import body
from portal.errors import Unreadable
from schemas.form import FormContext
from tests.conftest import ClockThatIsSet
from tests.portal.conftest import Browsers
from tests.portal.scene import (
    ACTING,
    CHOICES,
    DIRECTIVE,
    DIVISION,
    FLOW,
    ORDER,
    PASSWORD,
    PLANNING,
    REPORT,
    WEEK,
    directive_order,
    handed_off,
    opened,
    report_order,
    send,
    token_of,
)


async def a_report(ledger: Ledger, **changes: Any) -> str:
    await opened(ledger, WEEK, process="weekly-cycle", title="สัปดาห์วันที่ 14–20 เมษายน 2561", units=())
    return await handed_off(ledger, report_order(**changes), case_id=WEEK)


async def hand_in(browser: httpx.AsyncClient, work: str, data: dict[str, Any]) -> httpx.Response:
    return await send(browser, f"/hand-offs/{work}", data, seen=f"/hand-offs/{work}")


async def submissions(ledger: Ledger, case_id: str = WEEK) -> list[Any]:
    async with ledger.read() as connection:
        return [e for e in await reading.history(connection, case_id) if e.kind == "hand_off:submit"]


async def test_officer_signs_in_finds_the_form_hands_it_in_and_gets_a_receipt(ledger: Ledger, come: Browsers) -> None:
    work = await a_report(ledger)
    browser = await come(DIVISION)
    inbox = await browser.get("/")
    assert f'href="/hand-offs/{work}"' in inbox.text
    assert "วันนี้ ก่อน 16.00 น." in inbox.text

    form = await browser.get(f"/hand-offs/{work}")
    assert REPORT["goal"] in form.text
    answer = await hand_in(browser, work, REPORT)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/hand-offs/{work}/receipt")

    receipt = await browser.get(answer.headers["location"])
    (event,) = await submissions(ledger)
    assert "รับเรื่องเรียบร้อยแล้ว" in receipt.text
    assert "20 เม.ย. 2561 12.00 น." in receipt.text
    assert f"{WEEK} / {event.seq}" in receipt.text
    assert event.hash[:12] in receipt.text
    assert f'href="/hand-offs/{work}"' not in (await browser.get("/")).text
    assert f'href="/hand-offs/{work}"' in (await browser.get("/?show=done")).text


async def test_what_was_asked_stands_beside_what_was_answered_when_the_form_is_closed_and_on_its_receipt(
    ledger: Ledger, come: Browsers
) -> None:
    facts = (("รายงานของ", "กอง (ตัวอย่าง ก)"), ("ระดับที่รายงาน", "ต่อเนื่อง"))
    work = await a_report(ledger, context=report_order().context.replace(facts=facts, note="รายงานนี้ส่งหลังกำหนด"))
    browser = await come(DIVISION)
    await hand_in(browser, work, REPORT)
    for path in (f"/hand-offs/{work}", f"/hand-offs/{work}/receipt"):
        page = (await browser.get(path)).text
        assert "รายงานนี้ส่งหลังกำหนด" in page
        assert "<dt>รายงานของ</dt><dd>กอง (ตัวอย่าง ก)</dd>" in page
        assert page.index("ระดับที่รายงาน") < page.index(REPORT["outcome"])


async def test_a_double_click_is_one_submission_and_one_receipt(ledger: Ledger, come: Browsers) -> None:
    work = await a_report(ledger)
    browser = await come(DIVISION)
    token = token_of(await browser.get(f"/hand-offs/{work}"))
    data = {"csrf": token, **REPORT}
    answers = await asyncio.gather(*(browser.post(f"/hand-offs/{work}", data=data) for _ in range(2)))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(await submissions(ledger)) == 1


async def test_what_is_wrong_stands_beside_its_field_and_in_a_summary_that_takes_focus(
    ledger: Ledger, come: Browsers
) -> None:
    work = await a_report(ledger)
    answer = await hand_in(await come(DIVISION), work, REPORT | {"impact": "", "level": "completed"})
    assert answer.status_code == 422
    assert '<a href="#impact">ต้องกรอกหัวข้อ 4.6 ผลกระทบ' in answer.text
    assert 'id="impact-error"' in answer.text
    assert 'aria-describedby="impact-error" aria-invalid="true"' in answer.text
    assert "data-focus" in answer.text
    assert REPORT["outcome"] in answer.text
    assert await submissions(ledger) == []


async def test_the_form_speaks_english_to_those_who_chose_it(ledger: Ledger, come: Browsers) -> None:
    work = await a_report(ledger)
    browser = await come(DIVISION)
    await browser.get("/language/en?next=/")
    form = await browser.get(f"/hand-offs/{work}")
    assert '<html lang="en">' in form.text
    assert "4.6 Impact" in form.text
    answer = await hand_in(browser, work, REPORT | {"goal": ""})
    assert "Fill in 4.1 Goal" in answer.text


async def test_a_date_is_read_as_thai_officials_write_it(ledger: Ledger, come: Browsers) -> None:
    work = await a_report(ledger)
    data = REPORT | {"level": "completed", "completed_on": "๑๘ เม.ย. ๒๕๖๑"}
    assert (await hand_in(await come(DIVISION), work, data)).status_code == 303
    (event,) = await submissions(ledger)
    assert event.content["data"]["completed_on"] == "2018-04-18"


async def test_only_levels_that_may_follow_are_offered(ledger: Ledger, come: Browsers) -> None:
    form = await (await come(DIVISION)).get(f"/hand-offs/{await a_report(ledger)}")
    assert 'value="in_progress"' in form.text
    assert 'value="general"' not in form.text


async def test_ticked_boxes_and_a_chosen_unit_come_in(ledger: Ledger, come: Browsers) -> None:
    await opened(ledger)
    work = await handed_off(ledger, directive_order("assign", form="Assignment", context=CHOICES))
    data = {"divisions": ["dept-div-a", "dept-div-b"], "lead": "dept-div-a", "mode": "division_keys"}
    assert (await hand_in(await come(PLANNING), work, data)).status_code == 303
    (event,) = await submissions(ledger, DIRECTIVE)
    assert event.content["data"]["divisions"] == ["dept-div-a", "dept-div-b"]


# --- drafts ------------------------------------------------------------------------------------------------


async def test_a_draft_is_kept_for_its_officer_and_gone_once_the_form_is_accepted(
    ledger: Ledger, come: Browsers
) -> None:
    work = await a_report(ledger)
    browser = await come(DIVISION)
    saved = await hand_in(browser, work, {"action": "draft", "level": "continuous", "result": "กำลังเขียน"})
    assert saved.headers["location"] == f"/hand-offs/{work}?saved"
    again = await browser.get(f"/hand-offs/{work}")
    assert "กำลังเขียน" in again.text
    assert "เปิดร่างที่บันทึกไว้" in again.text
    await hand_in(browser, work, REPORT)
    async with ledger.read() as connection:
        assert await drafts.load(connection, work, DIVISION) is None


async def test_the_script_saves_drafts_as_json_and_hears_when_the_work_is_closed(
    ledger: Ledger, come: Browsers
) -> None:
    work = await a_report(ledger)
    browser = await come(DIVISION)
    token = token_of(await browser.get(f"/hand-offs/{work}"))

    async def save() -> httpx.Response:
        data = {"csrf": token, "result": "ร่าง"}
        return await browser.post(f"/hand-offs/{work}/draft", data=data, headers={"accept": "application/json"})

    first = await save()
    assert (first.status_code, first.json()) == (200, {"saved": True, "at": "12.00 น."})
    await hand_in(browser, work, REPORT)
    assert (await save()).status_code == 409


# --- when it cannot be handed in -----------------------------------------------------------------------------


async def test_a_form_that_comes_second_is_shown_for_copying(ledger: Ledger, come: Browsers) -> None:
    work = await a_report(ledger)
    first, second = await come(DIVISION), await come("dept-div-a.head")
    token = token_of(await second.get(f"/hand-offs/{work}"))
    await hand_in(first, work, REPORT)
    answer = await second.post(f"/hand-offs/{work}", data={"csrf": token, **REPORT, "goal": "ของข้าพเจ้า"})
    assert answer.status_code == 409
    assert "ของข้าพเจ้า" in answer.text
    assert "ส่งแล้วเมื่อ" in answer.text


async def test_withdrawn_work_says_why_and_shows_what_was_typed(ledger: Ledger, come: Browsers) -> None:
    work = await a_report(ledger)
    browser = await come(DIVISION)
    token = token_of(await browser.get(f"/hand-offs/{work}"))
    async with ledger.begin() as unit:
        found = await reading.hand_off(unit.connection, work)
        await hand_offs.withdraw(unit, [found], reason="รัฐมนตรียกเลิกข้อสั่งการ", actor=FLOW)
        await unit.commit()
    answer = await browser.post(f"/hand-offs/{work}", data={"csrf": token, **REPORT})
    assert answer.status_code == 409
    assert "รัฐมนตรียกเลิกข้อสั่งการ" in answer.text
    assert REPORT["impact"] in answer.text


async def test_when_the_ledger_is_out_of_reach_all_that_was_typed_can_be_sent_again(
    ledger: Ledger, come: Browsers, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = await a_report(ledger)
    browser = await come(DIVISION)
    token = token_of(await browser.get(f"/hand-offs/{work}"))

    def out_of_reach() -> None:
        raise OperationalError("BEGIN", None, Exception("disk is gone"))

    with monkeypatch.context() as broken:
        broken.setattr(runtime.ledger, "begin", out_of_reach)
        broken.setattr(runtime.ledger, "read", out_of_reach)
        answer = await browser.post(f"/hand-offs/{work}", data={"csrf": token, **REPORT})
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert all(text in answer.text for text in REPORT.values())
    assert f'action="/hand-offs/{work}"' in answer.text
    assert (await browser.post(f"/hand-offs/{work}", data={"csrf": token, **REPORT})).status_code == 303


async def test_a_session_that_ends_while_typing_loses_nothing(
    ledger: Ledger, come: Browsers, clock: ClockThatIsSet
) -> None:
    work = await a_report(ledger)
    browser = await come(DIVISION)
    token = token_of(await browser.get(f"/hand-offs/{work}"))
    clock.advance(hours=11)
    answer = await browser.post(f"/hand-offs/{work}", data={"csrf": token, **REPORT})
    assert answer.status_code == 401
    kept = httpx.QueryParams(REPORT)
    page = answer.text.replace("&amp;", "&")
    assert f'name="kept" value="{kept}"' in page
    data = {"csrf": token_of(answer), "account": DIVISION, "password": PASSWORD, "kept": str(kept)}
    signed = await browser.post("/sign-in", data=data | {"next": f"/hand-offs/{work}"})
    assert signed.headers["location"] == f"/hand-offs/{work}"
    assert REPORT["impact"] in (await browser.get(f"/hand-offs/{work}")).text


async def test_ten_megabytes_are_refused_with_a_clear_sentence(ledger: Ledger, come: Browsers) -> None:
    work = await a_report(ledger)
    typed = b"result=" + b"%E0%B8%81" * 1_200_000
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = await (await come(DIVISION)).post(f"/hand-offs/{work}", content=typed, headers=form)
    assert answer.status_code == 413
    assert "20,000 ตัวอักษร" in answer.text


async def test_too_long_a_text_is_refused_beside_its_field_and_kept(ledger: Ledger, come: Browsers) -> None:
    work = await a_report(ledger)
    answer = await hand_in(await come(DIVISION), work, REPORT | {"result": "ก" * 20_001})
    assert answer.status_code == 422
    assert "20,001 ตัวอักษร" in answer.text
    assert "ก" * 20_001 in answer.text


async def test_an_acting_officer_is_receipted_with_the_order_of_delegation(ledger: Ledger, come: Browsers) -> None:
    work = await a_report(ledger)
    browser = await come(ACTING)
    assert f'href="/hand-offs/{work}"' in (await browser.get("/")).text
    await hand_in(browser, work, REPORT)
    assert ORDER in (await browser.get(f"/hand-offs/{work}/receipt")).text
    (event,) = await submissions(ledger)
    assert event.by.instrument == ORDER


async def test_scripts_in_what_people_write_are_text(ledger: Ledger, come: Browsers) -> None:
    work = await a_report(ledger)
    browser = await come(DIVISION)
    await hand_in(browser, work, REPORT | {"result": "<script>alert(1)</script>"})
    receipt = await browser.get(f"/hand-offs/{work}/receipt")
    assert "<script>alert(1)" not in receipt.text
    assert "&lt;script&gt;" in receipt.text


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        (b"a=1&b=%E0%B8%81+x", {"a": "1", "b": "ก x"}),
        (b"a=1&a=2&a=3", {"a": ["1", "2", "3"]}),
        (b"a=&b", {"a": "", "b": ""}),
        (b"", {}),
        (b"a=x%20%20&b=%0D%0A=", {"a": "x  ", "b": "\r\n="}),
    ],
)
def test_a_body_is_read_as_browsers_write_it(sent: bytes, typed: dict[str, Any]) -> None:
    assert body.parse(sent) == typed


TYPED = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
"""All but the character 0, which is dropped (`test_zeros`)."""


@given(st.lists(st.tuples(TYPED.filter(bool), TYPED), unique_by=lambda pair: pair[0]))
def test_whatever_is_typed_comes_in_as_it_was(pairs: list[tuple[str, str]]) -> None:
    assert body.parse(urlencode(pairs).encode()) == dict(pairs)


@pytest.mark.parametrize(
    "sent", [b"a=%FF", b"a=100%", b"a=%\n", b"a=%%41", b"a=b c", "a=ก".encode(), b"&".join(b"a=1" for _ in range(3000))]
)
def test_what_no_browser_sends_is_refused(sent: bytes) -> None:
    with pytest.raises(Unreadable):
        body.parse(sent)


async def test_a_decision_stands_open_until_the_officer_has_chosen(ledger: Ledger, come: Browsers) -> None:
    """It was chosen on opening, so that one click approved unread."""
    await opened(ledger)
    work = await handed_off(ledger, directive_order("check", form="ReportReview", title="ตรวจรายงานประจำสัปดาห์"))
    browser = await come(PLANNING)
    form = (await browser.get(f"/hand-offs/{work}")).text
    assert '<input type="hidden" name="decision" value="">' in form
    assert " checked" not in form
    unread = await hand_in(browser, work, {"decision": "", "comment": ""})
    assert (unread.status_code, "กรุณาเลือก «ผลการตรวจ»" in unread.text) == (422, True)
    assert await submissions(ledger, DIRECTIVE) == []
    assert (await hand_in(browser, work, {"decision": ["", "approve"], "comment": ""})).status_code == 303
    assert [event.content["data"]["decision"] for event in await submissions(ledger, DIRECTIVE)] == ["approve"]


async def test_the_inbox_says_what_was_returned_and_of_what_there_is_a_draft(ledger: Ledger, come: Browsers) -> None:
    note = "ส่งคืนแก้ไข: ขอผลกระทบที่เกิดแล้วจริง"
    work = await a_report(ledger, context=FormContext(note=note))
    await handed_off(ledger, report_order("report[new]", context=FormContext(note="เรื่องนี้เคยส่งคืน")), case_id=WEEK)
    browser = await come(DIVISION)
    inbox = (await browser.get("/")).text
    assert (inbox.count(">ส่งคืนแก้ไข</span>"), inbox.count(">มีร่าง</span>")) == (1, 0)
    await send(browser, f"/hand-offs/{work}/draft", {"goal": "ร่าง"})
    assert (await browser.get("/")).text.count(">มีร่าง</span>") == 1
    assert ">มีร่าง</span>" not in (await (await come(ACTING)).get("/")).text


async def test_what_was_refused_is_there_again_for_who_leaves_the_page_to_look_something_up(
    ledger: Ledger, come: Browsers
) -> None:
    await opened(ledger)
    form = f"/hand-offs/{await handed_off(ledger, report_order(), case_id=DIRECTIVE)}"
    browser = await come(DIVISION)
    refused = await send(browser, form, REPORT | {"goal": "", "outcome": "ข้อความยาวที่คัดลอกมาจากรายงาน"})
    assert refused.status_code == 422
    assert "ข้อความยาวที่คัดลอกมาจากรายงาน" in (await browser.get(form)).text
