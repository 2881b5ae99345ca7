"""The access log as administrators and auditors read it: in words, by person, kind and period."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update

from engine.runtime import Runtime
from ledger import security, tables
from ledger.clock import machine_now
from ledger.work import Ledger
from portal import access_log
from portal.access_log import GROUPS
from portal.texts import TEXTS
from rules.calendar import bangkok_date
from rules.thai import thai_date
from tests.portal.conftest import Browsers
from tests.portal.scene import (
    ADMINISTRATOR,
    AUDITOR,
    DIRECTIVE,
    DIVISION,
    PLANNING,
    SECRETARIAT,
    STRANGER,
    directive_order,
    handed_off,
    opened,
    send,
)
from tests.portal.test_sign_in import by_link

HERE = "/audit/access"
CELL = re.compile(r"<td.*?</td>", re.DOTALL)


def rows(page: httpx.Response) -> list[list[str]]:
    """The cells of each entry, without their marks."""
    found = re.findall(r"<tr class=\"(?:bad)?\">(.*?)</tr>", page.text, re.DOTALL)
    return [
        [
            re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip()
            for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)
        ]
        for row in found
    ]


def accounts(page: httpx.Response) -> list[str]:
    return [cells[2].split()[-1] for cells in rows(page)]


async def aged(ledger: Ledger, officer: str, days: int) -> None:
    """The entries of an officer were made so many days ago."""
    async with ledger.begin() as work:
        s = tables.security_events
        before = machine_now() - timedelta(days=days)
        await work.connection.execute(update(s).where(s.c.officer == officer).values(at=before))
        await work.commit()


async def test_an_entry_says_who_did_what_and_what_it_was_about(
    ledger: Ledger, runtime: Runtime, come: Browsers
) -> None:
    await opened(ledger)
    work = await handed_off(ledger, directive_order("receive"))
    secretariat = await come(SECRETARIAT)
    await secretariat.get(f"/cases/{DIRECTIVE}")
    await (await come(STRANGER)).get(f"/hand-offs/{work}")
    await by_link(runtime, work, PLANNING, await come())
    await (await come()).get("/l/not-a-link")
    await (await come(DIVISION)).get("/start/registration")
    await send(await come(ADMINISTRATOR), f"/officers/{STRANGER}/invite", {})
    auditor = await come(AUDITOR)
    await auditor.get("/audit?q=%E0%B8%87%E0%B8%9A&since=1/4/2561")
    names = {officer.id: officer.name for officer in runtime.directory.organisation.officers}
    page = await auditor.get(HERE)
    said = {(cells[1], cells[2].split()[-1]): cells for cells in rows(page)}
    read = said["เปิดอ่านเรื่อง", SECRETARIAT]
    assert names[SECRETARIAT] in read[2]
    assert read[3].startswith("เร่งรัดการใช้จ่ายงบประมาณ")
    refused = said["ปฏิเสธ: ไม่ใช่งานหรือเรื่องของหน่วยงาน", STRANGER]
    assert refused[3].startswith("รับทราบข้อสั่งการ · เร่งรัดการใช้จ่ายงบประมาณ")
    assert said["เข้าจากลิงก์ในอีเมล", PLANNING][3].startswith("รับทราบข้อสั่งการ")
    (link,) = (cells for cells in rows(page) if cells[1] == "ปฏิเสธ: ลิงก์ใช้ไม่ได้")
    assert link[2] == "ไม่ได้เข้าสู่ระบบ"
    assert link[3].startswith("ลิงก์ในอีเมล /l/…")
    assert said["ปฏิเสธ: ไม่มีหน้าที่นี้", DIVISION][3] == "ลงทะเบียนข้อสั่งการ /start/registration"
    invited = said["ออกลิงก์ตั้งรหัสผ่าน", ADMINISTRATOR]
    assert f"ให้ {names[STRANGER]} ({STRANGER})" in invited[3]
    looked = next(cells for cells in rows(page) if "/audit" in cells[3] and "เงื่อนไข" in cells[3])
    assert "เงื่อนไข: เลขที่หรือชื่อเรื่อง งบ · ตั้งแต่วันที่ 1/4/2561" in looked[3]
    assert f'href="/cases/{DIRECTIVE}"' in page.text


async def test_an_account_that_is_nobodys_is_shown_as_it_was_typed(come: Browsers) -> None:
    browser = await come()
    await send(browser, "/sign-in", {"account": "root", "password": "no"}, seen="/sign-in")
    page = await (await come(AUDITOR)).get(f"{HERE}?kind=sign_in:fail")
    assert rows(page)[0][1:3] == ["ชื่อผู้ใช้หรือรหัสผ่านผิด", "ไม่ใช่บัญชีในระบบ root"]


async def test_the_log_is_searched_by_person_kind_and_period(ledger: Ledger, runtime: Runtime, come: Browsers) -> None:
    await (await come(DIVISION)).get("/start/registration")
    await (await come(STRANGER)).get("/audit")
    await aged(ledger, STRANGER, 3)
    auditor = await come(AUDITOR)
    assert set(accounts(await auditor.get(f"{HERE}?officer={DIVISION}"))) == {DIVISION}
    (name,) = (officer.name for officer in runtime.directory.organisation.officers if officer.id == STRANGER)
    assert set(accounts(await auditor.get(HERE, params={"officer": name}))) >= {STRANGER}
    assert accounts(await auditor.get(f"{HERE}?kind=refused")) == [STRANGER, DIVISION]
    assert accounts(await auditor.get(f"{HERE}?kind=sign_in&officer={STRANGER}")) == [STRANGER]
    assert rows(await auditor.get(f"{HERE}?kind=sign_out")) == []
    today = bangkok_date(machine_now())
    old = thai_date(today - timedelta(days=3), style="short")
    assert accounts(await auditor.get(HERE, params={"kind": "refused", "until": old})) == [STRANGER]
    assert accounts(await auditor.get(HERE, params={"kind": "refused", "since": old, "until": old})) == [STRANGER]
    since = thai_date(today - timedelta(days=2), style="short")
    assert accounts(await auditor.get(HERE, params={"kind": "refused", "since": since})) == [DIVISION]
    async with ledger.read() as connection:
        latest, *_ = await security.recent(connection, 1)
    assert (latest.kind, latest.officer) == ("read:audit", AUDITOR)
    assert latest.detail.startswith("kind=refused&since=")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"since": "เมื่อวาน"}, "อ่านวันที่ไม่ได้"),
        ({"since": "2/4/2561", "until": "1/4/2561"}, "วันสุดท้ายอยู่ก่อนวันแรก"),
        ({"officer": "ไม่มีผู้ใดชื่อนี้"}, "ไม่พบเจ้าหน้าที่ชื่อนี้"),
    ],
)
async def test_what_cannot_be_read_is_said_beside_its_field(come: Browsers, asked: dict[str, str], said: str) -> None:
    page = await (await come(AUDITOR)).get(HERE, params=asked)
    assert (page.status_code, said in page.text) == (422, True)
    assert rows(page) == []


async def test_a_search_goes_on_over_its_pages_and_nothing_found_is_said(
    come: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_log, "PER_PAGE", 1)
    division = await come(DIVISION)
    for _ in range(2):
        await division.get("/start/registration")
    administrator = await come(ADMINISTRATOR)
    first = await administrator.get(f"{HERE}?kind=refused")
    assert accounts(first) == [DIVISION]
    assert "/audit/access?kind=refused&amp;page=2" in first.text
    assert "ไม่พบรายการตามเงื่อนไข" in (await administrator.get(f"{HERE}?kind=sign_out")).text


def test_every_group_of_kinds_has_its_words_and_some_kinds() -> None:
    for group in GROUPS:
        assert f"access.group.{group}" in TEXTS
        assert len([kind for kind in security.KINDS if kind.startswith(f"{group}:")]) > 1
