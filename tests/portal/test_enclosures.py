"""Files on a page that starts something: kept under the page's key, sent with the form, shown to who works on it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from engine.runtime import Runtime
from ledger import documents, enclosures, organisations, reading, tables
from ledger.restore import differences_everywhere
from ledger.verify import verify_all
from ledger.work import Ledger
from schemas.policy import OfficePolicy, Policy
from tests import files
from tests.conftest import ClockThatIsSet
from tests.portal import scene
from tests.portal.conftest import Browsers
from tests.portal.scene import DIVISION, FLOW, PLANNING, SECRETARIAT, token_of
from tests.portal.test_pages import CALL, LETTER, REGISTRATION, key_of
from tests.portal.test_province_doors import SIX_MEASURES

ORDER = "บันทึกสั่งการ ลงวันที่ ๑๘ เมษายน ๒๕๖๑.pdf"
SHA256 = hashlib.sha256(files.PDF).hexdigest()
PATH = "/start/registration"

Typed = Mapping[str, object]


@pytest.fixture
async def ledger(database: AsyncEngine, clock: ClockThatIsSet) -> Ledger:
    ledger = Ledger(database, clock)
    await scene.furnished(ledger)
    return ledger


async def press(
    browser: httpx.AsyncClient, page: httpx.Response, action: str, *named: tuple[str, bytes], path: str = PATH,
    data: Typed = REGISTRATION, field: str = "attachments",
) -> httpx.Response:  # fmt: skip
    """Press a button of the page as a browser without script does, with these files chosen."""
    body = {"csrf": token_of(page), "once": key_of(page), "action": action, **data}
    sent = [(field, (name, content, "application/octet-stream")) for name, content in named]
    return await browser.post(path, data=body, files=sent or [(field, ("", b"", ""))])


async def with_file(browser: httpx.AsyncClient) -> httpx.Response:
    """The page of registration with one file attached."""
    return await press(browser, await browser.get(PATH), "files:attach:attachments", (ORDER, files.PDF))


async def kept(ledger: Ledger) -> set[str]:
    async with ledger.read() as connection:
        return set(await connection.scalars(select(tables.documents.c.sha256)))


async def names_of(ledger: Ledger, case_id: str) -> list[str]:
    async with ledger.read() as connection:
        return [each.name for each in await documents.of_case(connection, case_id)]


async def test_a_file_stands_on_the_page_with_all_that_was_typed_and_may_be_looked_at(
    ledger: Ledger, come: Browsers
) -> None:
    browser = await come(SECRETARIAT)
    page = await with_file(browser)
    assert page.status_code == 200
    assert ORDER in page.text
    assert f'name="attachments" value="{SHA256}"' in page.text
    assert 'data-focus-on="attachments-files"' in page.text
    assert "ให้เร่งรัด" in page.text
    assert await kept(ledger) == {SHA256}
    link = f"/start/files/{key_of(page)}/{SHA256}"
    assert f'href="{link}"' in page.text
    assert (await browser.get(link)).content == files.PDF
    assert (await (await come(PLANNING)).get(link)).status_code == 404, "it is the officer's own"
    async with ledger.read() as connection:
        assert await reading.count_cases_where(connection) == 0


async def test_what_is_sent_becomes_a_document_of_every_case_and_stands_beside_its_forms(
    ledger: Ledger, come: Browsers
) -> None:
    browser = await come(SECRETARIAT)
    page = await with_file(browser)
    sent = REGISTRATION | {"csrf": token_of(page), "once": key_of(page), "attachments": [SHA256]}
    first = await browser.post(PATH, data=sent)
    again = await browser.post(PATH, data=sent)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["location"] == again.headers["location"]
    async with ledger.read() as connection:
        opened = await reading.cases_named(connection, ["directive-2561-0001-dept", "directive-2561-0001-oja"])
    assert len(opened) == 2
    for case in opened.values():
        assert await names_of(ledger, case.id) == [ORDER]
        assert case.data["directive"]["attachments"] == [
            {"name": ORDER, "media_type": "application/pdf", "size": len(files.PDF), "sha256": SHA256}
        ]
    assert (await verify_all(ledger)).whole
    assert await differences_everywhere(ledger) == ()


async def test_without_a_script_files_may_be_sent_at_once_and_outlive_a_mistake(ledger: Ledger, come: Browsers) -> None:
    browser = await come(SECRETARIAT)
    page = await browser.get(PATH)
    wrong = REGISTRATION | {"ordered_on": "เมื่อวาน"}
    refused = await press(browser, page, "", (ORDER, files.PDF), data=wrong)
    assert (refused.status_code, ORDER in refused.text) == (422, True)
    started = await press(browser, refused, "", data=REGISTRATION | {"attachments": [SHA256], "agencies": ["dept"]})
    assert started.status_code == 303
    assert await names_of(ledger, "directive-2561-0001-dept") == [ORDER]


async def test_a_file_is_taken_out_again_and_forgotten(ledger: Ledger, come: Browsers) -> None:
    browser = await come(SECRETARIAT)
    page = await with_file(browser)
    data = REGISTRATION | {"attachments": [SHA256]}
    page = await press(browser, page, f"files:remove:attachments:{SHA256}", data=data)
    assert (page.status_code, ORDER in page.text) == (200, False)
    assert await kept(ledger) == set()
    late = await press(browser, page, "", data=data)
    assert (late.status_code, "attachments-error" in late.text) == (422, True)


async def test_no_file_chosen_one_that_is_none_and_one_for_another_field_are_refused(
    ledger: Ledger, come: Browsers
) -> None:
    browser = await come(SECRETARIAT)
    page = await browser.get(PATH)
    nothing = await press(browser, page, "files:attach:attachments")
    assert (nothing.status_code, "attachments-error" in nothing.text) == (422, True)
    program = await press(browser, page, "files:attach:attachments", ("โปรแกรม.pdf", files.EXE))
    assert (program.status_code, "โปรแกรม.pdf" in program.text) == (422, True)
    elsewhere = await press(browser, page, "files:attach:title", (ORDER, files.PDF), field="title")
    assert elsewhere.status_code == 422
    assert await kept(ledger) == set()


async def test_a_page_that_was_used_for_something_else_gives_its_files_to_a_new_one(
    ledger: Ledger, come: Browsers
) -> None:
    browser = await come(SECRETARIAT)
    page = await with_file(browser)
    sent = REGISTRATION | {"agencies": ["dept"], "attachments": [SHA256]}
    assert (await press(browser, page, "", data=sent)).status_code == 303
    used = await press(browser, page, "", data=sent | {"title": "อีกเรื่องหนึ่ง"})
    assert (used.status_code, ORDER in used.text) == (409, True)
    assert key_of(used) != key_of(page)
    assert (await press(browser, used, "", data=sent | {"title": "อีกเรื่องหนึ่ง"})).status_code == 303
    assert await names_of(ledger, "directive-2561-0002-dept") == [ORDER]


async def test_the_draft_goes_to_every_agency_and_the_enclosures_to_every_recipient(
    ledger: Ledger, come: Browsers
) -> None:
    browser = await come(SECRETARIAT)
    call = await browser.get("/start/opinion-call")
    opened = await press(browser, call, "", ("ร่างยุทธศาสตร์.docx", files.docx()), path="/start/opinion-call", data=CALL)
    assert opened.status_code == 303
    assert await names_of(ledger, "opinion-2561-0001") == ["ร่างยุทธศาสตร์.docx"]
    planning, path = await come(PLANNING), "/start/circular"
    letter, page = LETTER | {"recipients": ["dept-div-a"]}, await planning.get(path)
    unnamed = await press(planning, page, "", ("สรุป.pdf", files.PDF), path=path, data=letter, field="files")
    assert (unnamed.status_code, 'id="enclosures-error"' in unnamed.text) == (422, True)
    named = letter | {"files": [SHA256], "enclosures": "สรุปผลการประชุม จำนวน 1 ชุด"}
    assert (await press(planning, unnamed, "", path=path, data=named, field="files")).status_code == 303
    assert await names_of(ledger, "circular-2561-0001") == ["สรุป.pdf"]


async def test_the_letter_that_orders_the_six_measures_is_attached_where_they_begin(
    ledger: Ledger, runtime: Runtime, come: Browsers
) -> None:
    async with ledger.begin() as work:
        policy = Policy(office=OfficePolicy(six_measures=True))
        await organisations.store(work, runtime.directory.organisation, policy, actor=FLOW, reason="จังหวัด")
        await work.commit()
    planning, path = await come(PLANNING), "/start/six-measures"
    page = await planning.get(path)
    attached = await press(planning, page, "files:attach:attachments", (ORDER, files.PDF), path=path, data=SIX_MEASURES)
    assert (attached.status_code, ORDER in attached.text) == (200, True)
    typed = SIX_MEASURES | {"attachments": [SHA256], "order": "หนังสือที่ นร 1200/ว 20"}
    letter = ("สรุป.docx", files.docx())
    unnamed = await press(planning, attached, "", letter, path=path, data=typed, field="files")
    assert (unnamed.status_code, 'id="enclosures-error"' in unnamed.text) == (422, True)
    named = typed | {"files": [hashlib.sha256(letter[1]).hexdigest()], "enclosures": "สรุปผลการประชุม จำนวน 1 ชุด"}
    begun = [await press(planning, unnamed, "", path=path, data=named) for _ in range(2)]
    assert {sent.headers["location"] for sent in begun} == {"/cases/six-measures-2561-dept?done=started"}
    assert await names_of(ledger, "six-measures-2561-dept") == [ORDER, "สรุป.docx"]
    shown = (await planning.get("/cases/six-measures-2561-dept")).text
    assert "หนังสือที่ นร 1200/ว 20" in shown


async def test_what_is_attached_to_a_page_stays_while_another_form_lets_the_same_content_go(
    ledger: Ledger, come: Browsers
) -> None:
    browser = await come(SECRETARIAT)
    page, other = await with_file(browser), await with_file(browser)
    await press(browser, other, f"files:remove:attachments:{SHA256}", data=REGISTRATION | {"attachments": [SHA256]})
    assert await kept(ledger) == {SHA256}
    async with ledger.read() as connection:
        assert list(await enclosures.of_officer(connection, key_of(page), SECRETARIAT)) == ["attachments"]
        assert await enclosures.of_officer(connection, key_of(page), DIVISION) == {}
