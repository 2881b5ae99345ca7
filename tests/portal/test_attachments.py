"""Evidence files of a form: attached, kept with the draft, handed in, fetched; on both databases."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.runtime import Runtime
from ledger import documents, drafts, hand_offs, organisations, reading, tables, uploads
from ledger.errors import DocumentIsMissing
from ledger.hand_offs import Submission, hand_off_id
from ledger.restore import differences_everywhere
from ledger.verify import verify_all
from ledger.work import Ledger
from portal.multipart import MultipartReader
from rules.attachment import take_file
from schemas.attachment import MEBIBYTE, FileLimits
from schemas.form import FormContext
from schemas.policy import Policy
from tests import files
from tests.conftest import ClockThatIsSet
from tests.portal import scene
from tests.portal.conftest import Browsers
from tests.portal.scene import ACTING, DIVISION, FLOW, PLANNING, REPORT, STRANGER, WEEK, token_of
from tests.portal.test_form import a_report, submissions

THAI_NAME = "ผลการเบิกจ่าย ไตรมาส ๒ (ฉบับแก้ไข).pdf"
SHA256 = hashlib.sha256(files.PDF).hexdigest()

Sent = list[tuple[str, tuple[str, bytes, str]]]


@pytest.fixture
async def ledger(database: AsyncEngine, clock: ClockThatIsSet) -> Ledger:
    ledger = Ledger(database, clock)
    await scene.furnished(ledger)
    return ledger


def sent(*named: tuple[str, bytes]) -> Sent:
    return [("attachments", (name, content, "application/octet-stream")) for name, content in named]


async def post(
    browser: httpx.AsyncClient, work: str, action: str, *named: tuple[str, bytes], data: dict[str, Any] = REPORT
) -> httpx.Response:
    """Press a button of the form as a browser without script does, with these files chosen."""
    token = token_of(await browser.get(f"/hand-offs/{work}"))
    body = {"csrf": token, "action": action, **data}
    return await browser.post(f"/hand-offs/{work}", data=body, files=sent(*named) or [("attachments", ("", b"", ""))])


async def attach(browser: httpx.AsyncClient, work: str, *named: tuple[str, bytes], **more: Any) -> httpx.Response:
    return await post(browser, work, "files:attach:attachments", *named, **more)


async def standing(ledger: Ledger, work: str, officer: str = DIVISION) -> list[str]:
    async with ledger.read() as connection:
        found = await uploads.of_officer(connection, work, officer)
    return [file.name for file in found.get("attachments", ())]


async def kept(ledger: Ledger) -> set[str]:
    async with ledger.read() as connection:
        return set(await connection.scalars(tables.documents.select().with_only_columns(tables.documents.c.sha256)))


# --- attaching ---------------------------------------------------------------------------------------------


async def test_a_file_is_attached_to_the_draft_with_all_that_was_typed(ledger: Ledger, come: Browsers) -> None:
    work, browser = await a_report(ledger), await come(DIVISION)
    answer = await attach(browser, work, (THAI_NAME, files.PDF), ("ภาพ.PNG", files.png()))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/hand-offs/{work}?saved#attachments-files")
    form = await browser.get(f"/hand-offs/{work}")
    assert THAI_NAME in form.text
    assert f'name="attachments" value="{SHA256}"' in form.text
    assert f'value="files:remove:attachments:{SHA256}"' in form.text
    assert all(text in form.text for text in REPORT.values())
    assert await standing(ledger, work) == [THAI_NAME, "ภาพ.PNG"]
    assert await submissions(ledger) == []


async def test_attached_files_become_documents_of_the_case_with_the_submission(ledger: Ledger, come: Browsers) -> None:
    work, browser = await a_report(ledger), await come(DIVISION)
    await attach(browser, work, (THAI_NAME, files.PDF), ("ทิ้ง.xlsx", files.xlsx()))
    answer = await browser.post(
        f"/hand-offs/{work}",
        data={"csrf": token_of(await browser.get("/")), **REPORT, "attachments": SHA256},
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/hand-offs/{work}/receipt")
    (event,) = await submissions(ledger)
    file = {"name": THAI_NAME, "media_type": "application/pdf", "size": len(files.PDF), "sha256": SHA256}
    assert event.content["data"]["attachments"] == [file]
    async with ledger.read() as connection:
        (added,) = [e for e in await reading.history(connection, WEEK) if e.kind == "document:add"]
        (document,) = await documents.of_case(connection, WEEK)
    assert (added.seq, added.by.officer, added.at) == (event.seq + 1, DIVISION, event.at)
    assert added.content == file
    assert (document.name, document.sha256) == (THAI_NAME, SHA256)
    assert await standing(ledger, work) == []
    assert await kept(ledger) == {SHA256}, "what was attached and not handed in is forgotten"
    assert (await verify_all(ledger)).whole
    assert await differences_everywhere(ledger) == ()


async def test_without_a_script_files_may_be_handed_in_at_once(ledger: Ledger, come: Browsers) -> None:
    work, browser, content = await a_report(ledger), await come(DIVISION), files.docx()
    answer = await post(browser, work, "submit", ("หลักฐาน.docx", content))
    assert answer.headers["location"] == f"/hand-offs/{work}/receipt"
    receipt = await browser.get(answer.headers["location"])
    assert "หลักฐาน.docx" in receipt.text
    assert await kept(ledger) == {hashlib.sha256(content).hexdigest()}


async def test_a_form_without_files_may_come_either_way(ledger: Ledger, come: Browsers) -> None:
    work, browser = await a_report(ledger), await come(DIVISION)
    assert (await post(browser, work, "submit")).headers["location"] == f"/hand-offs/{work}/receipt"
    (event,) = await submissions(ledger)
    assert event.content["data"]["attachments"] == []
    assert event.content["data"]["impact"] == REPORT["impact"]


async def test_a_file_is_taken_out_again_and_forgotten(ledger: Ledger, come: Browsers) -> None:
    work, browser = await a_report(ledger), await come(DIVISION)
    await attach(browser, work, (THAI_NAME, files.PDF), ("b.pdf", files.pdf("2")))
    both = [SHA256, hashlib.sha256(files.pdf("2")).hexdigest()]
    data = REPORT | {"attachments": both, "impact": "พิมพ์เพิ่มก่อนลบ"}
    answer = await post(browser, work, f"files:remove:attachments:{SHA256}", data=data)
    assert answer.status_code == 303
    form = await browser.get(f"/hand-offs/{work}")
    assert THAI_NAME not in form.text
    assert "b.pdf" in form.text
    assert "พิมพ์เพิ่มก่อนลบ" in form.text
    assert await kept(ledger) == {both[1]}


async def test_nothing_attached_is_lost_when_the_form_is_not_accepted(ledger: Ledger, come: Browsers) -> None:
    work, browser = await a_report(ledger), await come(DIVISION)
    await attach(browser, work, (THAI_NAME, files.PDF))
    wrong = REPORT | {"impact": "", "attachments": SHA256}
    answer = await post(browser, work, "submit", ("อีกฉบับ.xlsx", files.xlsx()), data=wrong)
    assert answer.status_code == 422
    assert 'id="impact-error"' in answer.text
    assert answer.text.count('name="attachments" value="') == 2
    assert THAI_NAME in answer.text
    assert "อีกฉบับ.xlsx" in answer.text
    again = await browser.get(f"/hand-offs/{work}")
    assert again.text.count('name="attachments" value="') == 2


async def test_a_draft_saved_by_an_older_page_takes_no_file_away(ledger: Ledger, come: Browsers) -> None:
    work, browser = await a_report(ledger), await come(DIVISION)
    await attach(browser, work, (THAI_NAME, files.PDF))
    saved = await browser.post(
        f"/hand-offs/{work}/draft",
        data={"csrf": token_of(await browser.get("/")), **REPORT, "attachments": ""},
        headers={"accept": "application/json"},
    )
    assert saved.json()["saved"]
    assert THAI_NAME in (await browser.get(f"/hand-offs/{work}")).text


async def test_a_file_does_not_count_as_draft(ledger: Ledger, come: Browsers) -> None:
    work, browser = await a_report(ledger), await come(DIVISION)
    large = files.PDF.ljust(3 * drafts.LARGEST, b" ")
    assert (await attach(browser, work, ("ใหญ่.pdf", large))).status_code == 303
    assert await standing(ledger, work) == ["ใหญ่.pdf"]


async def test_a_session_that_ends_keeps_the_text_and_says_that_the_file_must_be_chosen_again(
    ledger: Ledger, come: Browsers, clock: ClockThatIsSet
) -> None:
    work, browser = await a_report(ledger), await come(DIVISION)
    token = token_of(await browser.get(f"/hand-offs/{work}"))
    clock.advance(hours=11)
    body = {"csrf": token, "action": "submit", **REPORT}
    answer = await browser.post(f"/hand-offs/{work}", data=body, files=sent((THAI_NAME, files.PDF)))
    assert answer.status_code == 401
    assert quote(REPORT["impact"]) in answer.text
    assert "ไฟล์ที่เพิ่งเลือกยังไม่ได้แนบ" in answer.text
    assert await kept(ledger) == set()


# --- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("setup.exe", files.EXE, "ไม่รับไฟล์"),
        ("หน้า.html", files.HTML, "ไม่รับไฟล์"),
        ("รายงาน.pdf", files.HTML, "เนื้อหาของไฟล์"),
        ("รายงาน.pdf", files.xlsx(), "แต่เนื้อหาเป็น xlsx"),
        ("งาน.docx", files.docm(), "มีแมโคร"),
        ("ว่าง.pdf", b"", "ไม่มีข้อมูล"),
        ("ใหญ่.pdf", files.PDF.ljust(2 * MEBIBYTE, b" "), "เกินที่กำหนดไว้ไม่เกิน 1 MB"),
    ],
)
async def test_what_cannot_be_attached_is_said_beside_the_field_and_the_rest_is_kept(
    ledger: Ledger, come: Browsers, name: str, content: bytes, said: str
) -> None:
    async with ledger.begin() as work_:
        policy = Policy(files=FileLimits(megabytes=1))
        organisation = (await organisations.latest(work_.connection)).organisation  # type: ignore[union-attr]
        await organisations.store(work_, organisation, policy, actor=FLOW, reason="จำกัดขนาดไฟล์")
        await work_.commit()
    work, browser = await a_report(ledger), await come(DIVISION)
    answer = await attach(browser, work, (name, content), ("ดี.pdf", files.PDF))
    assert answer.status_code == 422
    assert 'href="#attachments"' in answer.text
    assert said in answer.text
    assert name in answer.text
    assert "«เอกสารแนบ»" in answer.text
    assert REPORT["impact"] in answer.text
    assert await standing(ledger, work) == ["ดี.pdf"]


async def test_twenty_files_and_not_one_more(ledger: Ledger, come: Browsers) -> None:
    work, browser = await a_report(ledger), await come(DIVISION)
    answer = await attach(browser, work, *((f"{n}.pdf", files.pdf(str(n))) for n in range(22)))
    assert answer.status_code == 422
    assert answer.text.count("แนบได้ไม่เกิน 20 ไฟล์ จึงไม่ได้แนบ") == 2 * 2, "in the summary and beside the field"
    assert len(await standing(ledger, work)) == 20


async def test_pressing_attach_without_a_file_says_so(ledger: Ledger, come: Browsers) -> None:
    work, browser = await a_report(ledger), await come(DIVISION)
    answer = await attach(browser, work)
    assert answer.status_code == 422
    assert "กรุณาเลือกไฟล์ก่อน" in answer.text


async def test_a_hash_that_was_never_attached_here_is_refused_beside_the_field(ledger: Ledger, come: Browsers) -> None:
    """The content lies in the ledger, as another officer's draft; knowing its hash gives no right to it."""
    work = await a_report(ledger)
    await attach(await come(ACTING), work, (THAI_NAME, files.PDF))
    browser = await come(DIVISION)
    for forged in (SHA256, "f" * 64, '{"sha256": 1}'):
        answer = await post(browser, work, "submit", data=REPORT | {"attachments": forged})
        assert answer.status_code == 422
        assert "ไม่พบไฟล์ที่แนบไว้กับงานนี้" in answer.text
        assert 'id="attachments-error"' in answer.text
        assert THAI_NAME not in answer.text
    assert await submissions(ledger) == []
    assert (await browser.get(f"/hand-offs/{work}/files/{SHA256}")).status_code == 404


async def test_a_file_gone_between_check_and_transaction_writes_nothing(ledger: Ledger, clock: ClockThatIsSet) -> None:
    work = await a_report(ledger)
    gone = take_file("a.pdf", files.PDF, SHA256, FileLimits(), ())
    late = Submission(hand_off=work, case_id=WEEK, data={}, actor=FLOW, files=(gone,))
    async with ledger.begin() as unit:
        (answer,) = await hand_offs.submit_all(unit, [late])
        await unit.commit()
    assert isinstance(answer, DocumentIsMissing)
    assert await submissions(ledger) == []
    assert await differences_everywhere(ledger) == ()


async def test_two_officers_may_attach_the_same_content_and_it_is_kept_once(ledger: Ledger, come: Browsers) -> None:
    work = await a_report(ledger)
    await attach(await come(DIVISION), work, ("ของเรา.pdf", files.PDF))
    acting = await come(ACTING)
    await attach(acting, work, ("ของผู้ปฏิบัติหน้าที่แทน.pdf", files.PDF))
    assert await kept(ledger) == {SHA256}
    await post(acting, work, f"files:remove:attachments:{SHA256}", data=REPORT | {"attachments": SHA256})
    assert await standing(ledger, work, ACTING) == []
    assert await kept(ledger) == {SHA256}, "the other draft still names it"
    assert await standing(ledger, work) == ["ของเรา.pdf"]


async def test_another_unit_neither_attaches_nor_fetches_and_the_attempt_is_recorded(
    ledger: Ledger, come: Browsers
) -> None:
    work, browser = await a_report(ledger), await come(DIVISION)
    await attach(browser, work, (THAI_NAME, files.PDF))
    stranger = await come(STRANGER)
    body = {"csrf": token_of(await stranger.get("/")), "action": "files:attach:attachments", **REPORT}
    assert (
        await stranger.post(f"/hand-offs/{work}", data=body, files=sent(("b.pdf", files.pdf("2"))))
    ).status_code == 403
    assert (await stranger.get(f"/hand-offs/{work}/files/{SHA256}")).status_code == 403
    assert (await (await come()).get(f"/hand-offs/{work}/files/{SHA256}")).status_code == 303
    assert await kept(ledger) == {SHA256}
    async with ledger.read() as connection:
        noted = await connection.execute(
            tables.security_events.select().where(tables.security_events.c.officer == STRANGER)
        )
        assert [row.kind for row in noted].count("refused:not_holder") == 2


async def test_a_file_from_another_page_is_refused(ledger: Ledger, come: Browsers) -> None:
    work, browser = await a_report(ledger), await come(DIVISION)
    body = {"csrf": "forged", "action": "files:attach:attachments", **REPORT}
    assert (await browser.post(f"/hand-offs/{work}", data=body, files=sent(("a.pdf", files.PDF)))).status_code == 403
    assert await kept(ledger) == set()


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\ncontent-disposition: form-data; name=a\r\n\r\ncut off"),
        ("multipart/form-data; boundary=x", b"no boundary at all"),
        ("multipart/form-data; boundary=x", b"--x\r\ncontent-type: text/plain\r\n\r\nno name\r\n--x--\r\n"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--\r\n',
        ),
    ],
)
async def test_what_is_no_form_is_refused(ledger: Ledger, come: Browsers, head: str, body: bytes) -> None:
    work, browser = await a_report(ledger), await come(DIVISION)
    answer = await browser.post(f"/hand-offs/{work}", content=body, headers={"content-type": head})
    assert answer.status_code == 415


async def test_text_beyond_the_limit_is_refused_with_files_as_without(ledger: Ledger, come: Browsers) -> None:
    work, browser = await a_report(ledger), await come(DIVISION)
    answer = await attach(browser, work, ("a.pdf", files.PDF), data={"result": "ก" * 1_400_000})
    assert answer.status_code == 413
    assert await kept(ledger) == set()


async def test_half_a_gigabyte_is_counted_and_never_held(ledger: Ledger, come: Browsers) -> None:
    work, browser = await a_report(ledger), await come(DIVISION)
    token = token_of(await browser.get(f"/hand-offs/{work}"))

    async def body() -> AsyncIterator[bytes]:
        for name, value in {"csrf": token, "action": "files:attach:attachments", **REPORT}.items():
            yield f'--x\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        yield b'--x\r\ncontent-disposition: form-data; name="attachments"; filename="a.pdf"\r\n\r\n%PDF-'
        for _ in range(500):
            yield b" " * MEBIBYTE
        yield b"\r\n--x--\r\n"

    head = {"content-type": "multipart/form-data; boundary=x"}
    answer = await browser.post(f"/hand-offs/{work}", content=body(), headers=head)
    assert answer.status_code == 422
    assert "มีขนาด 500.0 MB เกินที่กำหนดไว้ไม่เกิน 20 MB" in answer.text
    assert REPORT["impact"] in answer.text


async def test_of_a_file_beyond_the_limit_no_more_than_the_limit_is_held() -> None:
    reader = MultipartReader(b"x", text=100, each=10, most=1)

    async def body() -> AsyncIterator[bytes]:
        for name in ("a.pdf", "b.pdf"):
            yield f'--x\r\ncontent-disposition: form-data; name="f"; filename="{name}"\r\n\r\n'.encode()
            for _ in range(100):
                yield b"1234"
            yield b"\r\n"
        yield b"--x--\r\n"

    await reader.read(body(), at_most=10_000)
    first, second = reader.files
    assert (first.size, second.size) == (400, 400)
    assert first.read() == b"12341234"
    assert second.read() == b"", "beyond the number of files nothing is held"
    reader.close()


# --- fetching ----------------------------------------------------------------------------------------------


async def test_a_file_comes_back_under_its_thai_name(ledger: Ledger, come: Browsers) -> None:
    work, browser = await a_report(ledger), await come(DIVISION)
    await attach(browser, work, (THAI_NAME, files.PDF), ("ตาราง.xlsx", files.xlsx()))
    answer = await browser.get(f"/hand-offs/{work}/files/{SHA256}")
    assert answer.content == files.PDF
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    said = answer.headers["content-disposition"]
    assert said.startswith("inline; ")
    assert said.isascii()
    assert f"filename*=UTF-8''{quote(THAI_NAME, safe='')}" in said
    table = await browser.get(f"/hand-offs/{work}/files/{hashlib.sha256(files.xlsx()).hexdigest()}")
    assert table.headers["content-disposition"].startswith("attachment; ")


async def test_who_may_read_the_case_fetches_its_files_and_nobody_else(ledger: Ledger, come: Browsers) -> None:
    work, browser = await a_report(ledger, subject=WEEK), await come(DIVISION)
    await post(browser, work, "submit", (THAI_NAME, files.PDF))
    auditor = await come(scene.AUDITOR)
    page = await auditor.get(f"/cases/{WEEK}")
    assert page.text.count(f'href="/cases/{WEEK}/documents/{SHA256}"') == 2, "in the history and among the documents"
    assert (await auditor.get(f"/cases/{WEEK}/documents/{SHA256}")).content == files.PDF
    assert (await auditor.get(f"/hand-offs/{work}/files/{SHA256}")).status_code == 403
    assert (await browser.get(f"/hand-offs/{work}/files/{SHA256}")).content == files.PDF
    assert (await (await come(STRANGER)).get(f"/cases/{WEEK}/documents/{SHA256}")).status_code == 403


async def test_evidence_belongs_to_the_directive_and_not_to_the_week_in_which_many_report(
    ledger: Ledger, come: Browsers
) -> None:
    await scene.ministry_at_work(ledger)
    directive = "directive-2561-0009-dept"
    work, browser = hand_off_id(WEEK, f"report[{directive}]"), await come(DIVISION)
    assert (await post(browser, work, "submit", (THAI_NAME, files.PDF))).status_code == 303
    link = f"/cases/{directive}/documents/{SHA256}"
    assert f'href="{link}"' in (await browser.get(f"/cases/{WEEK}")).text
    assert f'href="{link}"' in (await browser.get(f"/cases/{directive}")).text
    assert (await browser.get(link)).content == files.PDF
    assert (await (await come(PLANNING)).get(link)).content == files.PDF
    of_another_agency = await come(STRANGER)
    assert (await of_another_agency.get(f"/cases/{WEEK}")).status_code == 200
    assert (await of_another_agency.get(f"/cases/{WEEK}/documents/{SHA256}")).status_code == 403
    assert (await of_another_agency.get(link)).status_code == 403
    secretariat = await come(scene.SECRETARIAT)
    assert (await secretariat.get(f"/cases/{WEEK}/documents/{SHA256}")).status_code == 404
    assert (await verify_all(ledger)).whole
    assert await differences_everywhere(ledger) == ()


async def test_files_that_were_handed_on_stand_in_the_form_until_they_are_taken_out(
    ledger: Ledger, come: Browsers, runtime: Runtime
) -> None:
    """A report that was sent back keeps its files; what is shown with a form is shown and cannot be taken out."""
    handed_on, shown = (
        take_file(name, content, hashlib.sha256(content).hexdigest(), FileLimits(), ())
        for name, content in (("ครั้งก่อน.pdf", files.PDF), ("ประกอบ.pdf", files.pdf("2")))
    )  # fmt: skip
    context = FormContext(prefill={"attachments": [handed_on.model_dump(mode="json")]}, files=(shown,))
    work = await a_report(ledger, context=context)
    async with ledger.begin() as unit:
        for content in (files.PDF, files.pdf("2")):
            await documents.put(unit, content, "application/pdf")
        for file in (handed_on, shown):
            await documents.attach(unit, WEEK, **file.model_dump(), actor=FLOW)
        await unit.commit()
    browser = await come(DIVISION)
    form = await browser.get(f"/hand-offs/{work}")
    assert f'name="attachments" value="{handed_on.sha256}"' in form.text
    assert f'name="attachments" value="{shown.sha256}"' not in form.text
    assert (await browser.get(f"/hand-offs/{work}/files/{shown.sha256}")).content == files.pdf("2")
    action = f"files:remove:attachments:{handed_on.sha256}"
    await post(browser, work, action, data=REPORT | {"attachments": handed_on.sha256})
    assert f'name="attachments" value="{handed_on.sha256}"' not in (await browser.get(f"/hand-offs/{work}")).text
    assert await kept(ledger) == {handed_on.sha256, shown.sha256}, "the case has them"
    answer = await post(browser, work, "submit", data=REPORT | {"attachments": handed_on.sha256})
    assert answer.headers["location"] == f"/hand-offs/{work}/receipt"
    (event,) = await submissions(ledger)
    assert [file["name"] for file in event.content["data"]["attachments"]] == ["ครั้งก่อน.pdf"]
    assert await differences_everywhere(ledger) == ()


async def test_what_was_attached_to_work_that_is_withdrawn_can_still_be_fetched(ledger: Ledger, come: Browsers) -> None:
    work, browser = await a_report(ledger), await come(DIVISION)
    await attach(browser, work, (THAI_NAME, files.PDF))
    async with ledger.begin() as unit:
        found = await reading.hand_off(unit.connection, work)
        await hand_offs.withdraw(unit, [found], reason="รัฐมนตรียกเลิกข้อสั่งการ", actor=FLOW)
        await unit.commit()
    for page in (
        await browser.get(f"/hand-offs/{work}"),
        await post(browser, work, "submit", ("b.pdf", files.pdf("2"))),
    ):
        assert "รัฐมนตรียกเลิกข้อสั่งการ" in page.text
        assert f'href="/hand-offs/{work}/files/{SHA256}"' in page.text
    assert (await browser.get(f"/hand-offs/{work}/files/{SHA256}")).content == files.PDF
    assert await kept(ledger) == {SHA256}


async def test_work_that_takes_no_files_takes_none(ledger: Ledger, come: Browsers) -> None:
    await scene.opened(ledger)
    work = await scene.handed_off(ledger, scene.directive_order("receive"))
    answer = await post(await come(PLANNING), work, "submit", ("a.pdf", files.PDF), data={"decision": "accept"})
    assert answer.status_code == 422
    assert await kept(ledger) == set()
