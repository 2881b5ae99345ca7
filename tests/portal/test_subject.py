"""Who reports on a directive, or checks a report, has the directive's text and papers beside the form."""

from __future__ import annotations

import hashlib
import re

from ledger import documents
from ledger.work import Ledger
from schemas.attachment import AttachedFile
from tests import files
from tests.portal import scene
from tests.portal.conftest import Browsers
from tests.portal.scene import DIVISION, FLOW, REPORT, STRANGER, directive_in_week, week_opened

TEXT = "ให้ทุกส่วนราชการเร่งรัดการใช้จ่ายงบประมาณให้เป็นไปตามเป้าหมาย"
ORDER = AttachedFile(
    name="บันทึกสั่งการ.pdf", media_type="application/pdf", size=len(files.PDF),
    sha256=hashlib.sha256(files.PDF).hexdigest(),
)  # fmt: skip


async def reporting(ledger: Ledger, *, with_papers: bool = False) -> None:
    """A directive whose report is open; with papers it came with a file."""
    await week_opened(ledger)
    told = scene.DIRECTIVE_DATA["directive"]
    if with_papers:
        scene.DIRECTIVE_DATA["directive"] = told | {"attachments": [ORDER.model_dump(mode="json")]}
    try:
        case = await directive_in_week(ledger, "2561-0007", "dept", "เร่งรัดการใช้จ่ายงบประมาณ")
    finally:
        scene.DIRECTIVE_DATA["directive"] = told
    if with_papers:
        async with ledger.begin() as work:
            await documents.put(work, files.PDF, ORDER.media_type)
            await documents.enclose(work, [case], [ORDER], actor=FLOW)
            await work.commit()


async def form_of(come: Browsers) -> str:
    (form,) = re.findall(r'href="(/hand-offs/\w+)"', (await (await come(DIVISION)).get("/")).text)
    return str(form)


async def test_the_form_of_a_report_has_the_directives_text_and_leads_to_its_case(
    ledger: Ledger, come: Browsers
) -> None:
    await reporting(ledger)
    page = await (await come(DIVISION)).get(await form_of(come))
    assert f">{TEXT}</p>" in page.text
    assert 'href="/cases/directive-2561-0007-dept">เปิดเรื่องของข้อสั่งการนี้</a>' in page.text


async def test_the_text_still_stands_there_when_the_report_was_handed_in(ledger: Ledger, come: Browsers) -> None:
    await reporting(ledger)
    form, browser = await form_of(come), await come(DIVISION)
    answer = await scene.send(browser, form, REPORT, seen=form)
    assert answer.status_code == 303
    assert f">{TEXT}</p>" in (await browser.get(form)).text


async def test_its_papers_are_opened_from_the_form_by_whoever_has_the_work_and_nobody_else(
    ledger: Ledger, come: Browsers
) -> None:
    await reporting(ledger, with_papers=True)
    form = await form_of(come)
    browser = await come(DIVISION)
    path = f"{form}/files/{ORDER.sha256}"
    assert path in (await browser.get(form)).text
    assert (await browser.get(path)).content == files.PDF
    assert (await (await come(STRANGER)).get(path)).status_code == 403
    assert (await browser.get(f"{form}/files/{'0' * 64}")).status_code == 404
