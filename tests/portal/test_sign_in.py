"""Who comes in, who is refused, and that the security log says so."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from datetime import timedelta

import httpx
import pytest

from engine.runtime import Runtime
from ledger import organisations, security
from ledger.clock import machine_now
from ledger.security import SecurityEvent
from ledger.work import Ledger
from portal import visitor
from portal.app import create_app
from portal.errors import SecretKeyTooShort
from portal.middleware import HEADERS
from portal.sign_in import local_path
from portal.turns import AT_ONCE
from schemas.policy import Policy
from tests.conftest import ClockThatIsSet
from tests.portal.conftest import Browsers
from tests.portal.scene import (
    ADMINISTRATOR,
    AUDITOR,
    DIRECTIVE,
    DIVISION,
    FLOW,
    PASSWORD,
    PLANNING,
    REPORT,
    STRANGER,
    directive_order,
    handed_off,
    opened,
    report_order,
    send,
    settings,
    sign_in,
    token_of,
)


async def log(ledger: Ledger, kind: str) -> tuple[SecurityEvent, ...]:
    async with ledger.read() as connection:
        return await security.recent(connection, 100, kinds=[kind])


async def test_nobody_sees_a_page_without_signing_in(come: Browsers) -> None:
    browser = await come()
    answer = await browser.get("/cases?q=ก")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fcases%3Fq%3D%25E0%25B8%2581"


async def test_wrong_password_and_unknown_account_are_told_the_same(ledger: Ledger, come: Browsers) -> None:
    browser = await come()
    wrong = await sign_in(browser, DIVISION, "ไม่ใช่รหัสผ่านนี้")
    unknown = await sign_in(browser, "nobody.1", "ไม่ใช่รหัสผ่านนี้")
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert wrong.text.replace(DIVISION, "") == unknown.text.replace("nobody.1", "")
    assert [event.officer for event in await log(ledger, "sign_in:fail")] == ["nobody.1", DIVISION]


async def test_after_five_failures_even_the_right_password_waits(
    ledger: Ledger, come: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = machine_now()
    for module in ("portal.sign_in", "ledger.security"):
        monkeypatch.setattr(f"{module}.machine_now", lambda: moment)
    browser = await come()
    for _ in range(5):
        await sign_in(browser, DIVISION, "wrong")
        moment += timedelta(minutes=2)
    limited = await sign_in(browser, DIVISION)
    assert limited.status_code == 429
    # The first of the five was ten minutes ago: five more, and only four count.
    assert limited.headers["retry-after"] == "300"
    assert "กรุณารอ 5 นาทีแล้วลองใหม่" in limited.text
    assert "คัดลอกไปใช้ต่อได้" not in limited.text
    moment += timedelta(minutes=4, seconds=59.5)
    last_minute = await sign_in(browser, DIVISION)
    assert (last_minute.headers["retry-after"], "กรุณารอ 1 นาที" in last_minute.text) == ("1", True)
    assert len(await log(ledger, "sign_in:limited")) == 2
    assert (await sign_in(browser, PLANNING)).status_code == 303
    assert (await sign_in(await come(address="10.0.0.2"), DIVISION)).status_code == 303
    moment += timedelta(seconds=0.5)
    assert (await sign_in(await come(), DIVISION)).status_code == 303


async def test_of_many_attempts_at_once_no_more_are_verified_than_one_after_another(
    ledger: Ledger, come: Browsers
) -> None:
    browsers = [await come() for _ in range(20)]
    answers = await asyncio.gather(*(sign_in(browser, DIVISION, "wrong") for browser in browsers))
    assert Counter(answer.status_code for answer in answers) == {401: 5, 429: 15}
    assert len(await log(ledger, "sign_in:fail")) == 5


async def test_few_passwords_are_hashed_at_once_whoever_asks(come: Browsers, monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, all_there = 0, 0, asyncio.Event()

    async def slowly(password: str, password_hash: str | None) -> bool:
        nonlocal running, most
        running += 1
        most = max(most, running)
        if running == AT_ONCE:
            all_there.set()
        await all_there.wait()
        await asyncio.sleep(0.1)
        running -= 1
        return False

    monkeypatch.setattr("portal.sign_in.is_password", slowly)
    browsers = [await come() for _ in range(3 * AT_ONCE)]
    await asyncio.gather(*(sign_in(browser, f"nobody.{n}") for n, browser in enumerate(browsers)))
    assert most == AT_ONCE


async def test_a_session_ends_after_its_hours_on_the_ledgers_clock(come: Browsers, clock: ClockThatIsSet) -> None:
    browser = await come(DIVISION)
    clock.advance(hours=9, minutes=59)
    assert (await browser.get("/")).status_code == 200
    clock.advance(minutes=1)
    assert (await browser.get("/")).status_code == 303


async def test_a_forged_or_altered_cookie_is_nobody(come: Browsers) -> None:
    browser = await come(DIVISION)
    cookie = browser.cookies["session"]
    outsider = await come()
    outsider.cookies.set("session", cookie[:-3] + "abc")
    assert (await outsider.get("/")).status_code == 303


async def test_a_new_password_ends_every_other_session(come: Browsers) -> None:
    here, elsewhere = await come(DIVISION), await come(DIVISION)
    new = "ทุเรียนหมอนทองลูกใหญ่"
    data = {"current": PASSWORD, "password": new, "repeated": new}
    assert (await send(here, "/password", data)).status_code == 303
    assert (await here.get("/")).status_code == 200
    assert (await elsewhere.get("/")).status_code == 303
    assert (await sign_in(await come(), DIVISION, new)).status_code == 303


@pytest.mark.parametrize(
    ("current", "password", "repeated"),
    [
        ("wrong", "a good long phrase", "a good long phrase"),
        (PASSWORD, "short", "short"),
        (PASSWORD, "a" * 12, "b" * 12),
    ],
)
async def test_a_password_that_will_not_do_is_refused(
    come: Browsers, current: str, password: str, repeated: str
) -> None:
    browser = await come(DIVISION)
    data = {"current": current, "password": password, "repeated": repeated}
    assert (await send(browser, "/password", data)).status_code == 422


async def test_an_invitation_is_good_once(ledger: Ledger, come: Browsers) -> None:
    administrator = await come(ADMINISTRATOR)
    shown = await send(administrator, f"/officers/{STRANGER}/invite", {})
    link = shown.text.partition('value="http://portal.test')[2].partition('"')[0]
    guest = await come()
    token = token_of(await guest.get(link))
    data = {"csrf": token, "password": "มะม่วงน้ำดอกไม้สุก", "repeated": "มะม่วงน้ำดอกไม้สุก"}
    assert (await guest.post(link, data=data)).status_code == 303
    assert (await guest.get("/")).status_code == 200
    again = await (await come()).get(link)
    assert (again.status_code, "ลิงก์ตั้งรหัสผ่านนี้ใช้แล้ว" in again.text) == (410, True)
    assert "หากท่านไม่ได้เป็นผู้ตั้งรหัสผ่าน ให้แจ้งผู้ดูแลระบบทันที" in again.text
    assert STRANGER not in again.text
    assert len(await log(ledger, "invitation:make")) == 1


async def test_signing_out_forgets_the_session(ledger: Ledger, come: Browsers) -> None:
    browser = await come(DIVISION)
    await send(browser, "/sign-out", {})
    assert (await browser.get("/")).status_code == 303
    assert len(await log(ledger, "sign_out")) == 1


async def test_a_form_without_the_pages_token_is_refused_and_recorded(ledger: Ledger, come: Browsers) -> None:
    await opened(ledger)
    work = await handed_off(ledger, directive_order("receive"))
    browser = await come(PLANNING)
    for data in ({"decision": "accept"}, {"decision": "accept", "csrf": "0" * 64}):
        assert (await browser.post(f"/hand-offs/{work}", data=data)).status_code == 403
    assert {event.officer for event in await log(ledger, "refused:csrf")} == {PLANNING}


async def test_work_of_another_unit_is_refused_and_recorded(ledger: Ledger, come: Browsers) -> None:
    await opened(ledger)
    work = await handed_off(ledger, report_order())
    browser = await come(STRANGER)
    assert (await browser.get(f"/hand-offs/{work}")).status_code == 403
    assert (await send(browser, f"/hand-offs/{work}", REPORT)).status_code == 403
    assert (await send(browser, f"/hand-offs/{work}/draft", REPORT)).status_code == 403
    assert [event.officer for event in await log(ledger, "refused:not_holder")] == [STRANGER] * 3


# --- links of mails ----------------------------------------------------------------------------------------


async def by_link(runtime: Runtime, work: str, officer: str, browser: httpx.AsyncClient) -> httpx.Response:
    await runtime.refresh()
    link = runtime.links.form(work, officer, issued_at=await runtime.ledger.now())
    return await browser.get(link.removeprefix("http://portal.test"))


async def test_a_link_opens_its_one_form_and_nothing_else(ledger: Ledger, runtime: Runtime, come: Browsers) -> None:
    await opened(ledger)
    work = await handed_off(ledger, report_order())
    other = await handed_off(ledger, report_order("report[other]"))
    browser = await come()
    assert (await by_link(runtime, work, DIVISION, browser)).headers["location"] == f"/hand-offs/{work}"
    assert (await send(browser, f"/hand-offs/{work}", REPORT, seen=f"/hand-offs/{work}")).status_code == 303
    assert "รับเรื่องเรียบร้อยแล้ว" in (await browser.get(f"/hand-offs/{work}/receipt")).text
    for path in ("/", f"/hand-offs/{other}", f"/cases/{DIRECTIVE}", "/password"):
        assert (await browser.get(path)).status_code == 303, path
    assert [event.officer for event in await log(ledger, "sign_in:link")] == [DIVISION]


async def test_a_session_by_link_begins_now_and_not_when_the_officer_was_last_seen(
    ledger: Ledger, runtime: Runtime, come: Browsers, clock: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    await opened(ledger)
    work = await handed_off(ledger, report_order())
    monkeypatch.setattr(visitor, "FRESH_SECONDS", 3600)
    browser = await come()
    await by_link(runtime, work, DIVISION, browser)
    clock.moment += timedelta(hours=runtime.settings.session_hours)
    await by_link(runtime, work, DIVISION, browser)
    monkeypatch.setattr(visitor, "FRESH_SECONDS", 0)
    assert (await browser.get(f"/hand-offs/{work}")).status_code == 200


async def test_forged_expired_and_anothers_links_are_refused_and_recorded(
    ledger: Ledger, runtime: Runtime, come: Browsers, clock: ClockThatIsSet
) -> None:
    await opened(ledger)
    work = await handed_off(ledger, report_order())
    unknown = await (await come()).get("/l/not-a-link")
    assert (unknown.status_code, "ลิงก์นี้ไม่ถูกต้อง" in unknown.text) == (404, True)
    assert "คัดลอกลิงก์ให้ครบตั้งแต่ต้นจนจบ" in unknown.text
    assert 'href="/sign-in"' in unknown.text
    assert (await by_link(runtime, work, DIVISION, await come(STRANGER))).status_code == 403
    link = runtime.links.form(work, DIVISION, issued_at=clock.moment - timedelta(days=31))
    expired = await (await come()).get(link.removeprefix("http://portal.test"))
    assert (expired.status_code, "ลิงก์นี้หมดอายุแล้ว" in expired.text) == (410, True)
    assert f'href="/sign-in?next=/hand-offs/{work}"' in expired.text
    assert "ใช้ได้ 30 วัน" in expired.text
    assert DIVISION not in expired.text
    assert [event.officer for event in await log(ledger, "refused:link")] == [None, STRANGER, None]


async def test_who_is_signed_in_goes_on_from_an_expired_link_to_the_work(
    ledger: Ledger, runtime: Runtime, come: Browsers, clock: ClockThatIsSet
) -> None:
    await opened(ledger)
    work = await handed_off(ledger, report_order())
    await runtime.refresh()
    link = runtime.links.form(work, DIVISION, issued_at=clock.moment - timedelta(days=31))
    expired = await (await come(DIVISION)).get(link.removeprefix("http://portal.test"))
    assert (expired.status_code, f'href="/hand-offs/{work}"' in expired.text) == (410, True)
    assert "/sign-in" not in expired.text


async def test_what_is_said_of_a_link_tells_nobody_which_accounts_there_are(
    ledger: Ledger, runtime: Runtime, come: Browsers
) -> None:
    """Of an officer who has left and of one who never was the same is said, and the work is not named either."""
    await opened(ledger)
    work = await handed_off(ledger, report_order())
    await runtime.refresh(at_once=True)
    gone = runtime.directory.organisation
    left = tuple(o.replace(active=False) if o.id == DIVISION else o for o in gone.officers)
    async with ledger.begin() as unit:
        await organisations.store(unit, gone.replace(officers=left), Policy(), actor=FLOW, reason="ย้าย")
        await unit.commit()
    said = [await by_link(runtime, w, o, await come()) for w, o in ((work, DIVISION), (work, "no.1"), ("no", PLANNING))]
    assert [page.status_code for page in said] == [410] * 3
    assert len({re.sub(r'(value|next)="?[^"&]*|next=[^"]*', "", page.text) for page in said}) == 1
    assert "ลิงก์นี้ใช้ไม่ได้แล้ว" in said[0].text
    invited = runtime.links.invitation("no.1", epoch=0, issued_at=await runtime.ledger.now())
    assert (await (await come()).get(invited.removeprefix("http://portal.test"))).status_code == 410


async def test_the_page_of_a_link_speaks_english_too(come: Browsers) -> None:
    browser = await come()
    await browser.get("/language/en")
    unknown = await browser.get("/l/not-a-link")
    assert "This link is not valid" in unknown.text
    assert "Open the link from the mail again" in unknown.text
    assert (await browser.get("/invitation/not-one")).status_code == 404


async def test_no_log_holds_a_link_with_which_somebody_could_come_in(
    ledger: Ledger, runtime: Runtime, come: Browsers, clock: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """Two uses of one link are seen to be of one, whoever used it and whatever came of it."""
    await opened(ledger)
    work = await handed_off(ledger, report_order())
    await runtime.refresh()
    first, second = (
        runtime.links.form(work, DIVISION, issued_at=clock.moment + timedelta(hours=n)).removeprefix(
            "http://portal.test"
        )
        for n in range(2)
    )
    for path in (first, second):
        assert (await (await come()).get(path)).status_code == 303
    assert (await (await come(STRANGER)).get(first)).status_code == 403
    invitation = runtime.links.invitation(STRANGER, epoch=0, issued_at=clock.moment).removeprefix("http://portal.test")
    assert (await (await come()).get(invitation)).status_code == 410
    assert (await (await come()).post(invitation, data={})).status_code == 403
    came, refused = await log(ledger, "sign_in:link"), await log(ledger, "refused:link")
    (by_form,) = (event for event in await log(ledger, "refused:csrf"))
    assert [event.path for event in refused] == [by_form.path, came[1].path]
    assert came[0].path != came[1].path
    assert all(event.path.startswith(("/l/…", "/invitation/…")) for event in (*came, *refused))
    shown = (await (await come(AUDITOR)).get("/audit/access")).text
    assert came[0].path in shown

    def out_of_reach(*_: object, **__: object) -> None:
        raise OSError("nobody there")

    browser = await come()
    monkeypatch.setattr("portal.sign_in.reading.hand_off", out_of_reach)
    assert (await browser.get(first)).status_code == 503
    assert came[1].path in caplog.text
    for path in (first, second, invitation):
        assert path.rpartition("/")[2] not in shown + caplog.text


async def test_an_invitation_that_was_taken_is_not_logged_in_clear(
    ledger: Ledger, runtime: Runtime, come: Browsers, clock: ClockThatIsSet
) -> None:
    link = runtime.links.invitation(STRANGER, epoch=1, issued_at=clock.moment).removeprefix("http://portal.test")
    guest, new = await come(), "มะม่วงน้ำดอกไม้สุก"
    token = token_of(await guest.get(link))
    taken = await guest.post(link, data={"csrf": token, "password": new, "repeated": new})
    assert taken.status_code == 303
    (event,) = await log(ledger, "password:change")
    assert event.path.startswith("/invitation/…")


# --- every answer ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/health", "/l/forged"])
async def test_every_answer_carries_the_security_headers(come: Browsers, path: str) -> None:
    answer = await (await come()).get(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in answer.headers["content-security-policy"]


async def test_cookies_are_kept_from_scripts_and_other_sites(come: Browsers) -> None:
    answer = await sign_in(await come(), DIVISION)
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("session="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\nb"])
def test_no_sign_in_leads_to_another_site(path: str) -> None:
    assert local_path(path) == "/"


async def test_a_portal_without_a_secret_key_does_not_start(ledger: Ledger) -> None:
    told = settings(secret_key="short")
    with pytest.raises(SecretKeyTooShort):
        create_app(Runtime(told, ledger))
