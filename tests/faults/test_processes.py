"""The real processes under SIGKILL while forms come in: what was receipted is in the ledger, and the cases go on."""

from __future__ import annotations

import asyncio
import random
import re
import shutil
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import StateType
from sqlalchemy import select, update

import flows
from engine.lease import dispatched_by
from engine.runtime import Runtime, ledger_of
from flows import starting
from ledger import organisations, reading, restore, tables, verify
from ledger.clock import machine_now
from ledger.event import from_row
from notifications.envelope import message_id
from rules.organisation_file import load_organisation
from schemas.actor import system
from schemas.directive import Registration
from schemas.policy import Policy
from tests.engine.driver import ACTOR
from tests.faults.machines import Machines

assert flows.__all__  # the processes enter the register
pytestmark = pytest.mark.stack
T = TypeVar("T")
SAMPLE = Path(__file__).parents[2] / "deployments" / "ministries" / "sample.yaml"
SECRET = "k" * 40
GOES_ON, IS_GIVEN_BACK = ("dept", "dept2", "dept3"), ("oja", "dept4", "dept5")
SECONDS = 150.0
"""Patience; on a quiet machine a third of it is enough."""
WORKERS = ("worker-1", "worker-2")


@dataclass
class Ministry:
    """The officers at their screens: what they were promised, and what they do when no answer comes."""

    machines: Machines
    runtime: Runtime
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The form by its hand-off, once the browser has been sent on to the receipt."""
    broken: Counter[str] = field(default_factory=Counter)
    """What browsers met instead of an answer."""

    async def hand_in(self, subject: str, element: str, data: Mapping[str, Any]) -> None:
        """Open the link of the mail, and send the form again and again until the receipt comes."""
        work, holder = await until(lambda: self._open_work(subject, element), self.machines)
        link = self.runtime.links.form(work, holder, issued_at=await self.runtime.ledger.now())
        async with httpx.AsyncClient(timeout=10, base_url=self.machines.portal_url) as browser:
            await self._answer(browser, "GET", link, 303)
            page = await self._answer(browser, "GET", f"/hand-offs/{work}", 200)
            token = re.search(r'name="csrf" value="([^"]+)"', page.text)
            assert token
            sent = await self._answer(browser, "POST", f"/hand-offs/{work}", 303, data={"csrf": token[1], **data})
        assert sent.headers["location"] == f"/hand-offs/{work}/receipt"
        self.receipts[work] = dict(data)

    async def _answer(
        self, browser: httpx.AsyncClient, method: str, path: str, wanted: int, **form: Any
    ) -> httpx.Response:
        """What the portal answers, once it does."""
        while True:
            try:
                answer = await browser.request(method, path, **form)
            except httpx.TransportError as trouble:
                self.broken[type(trouble).__name__] += 1
            else:
                if answer.status_code == wanted:
                    return answer
                assert answer.status_code >= 500, answer.text
                self.broken[str(answer.status_code)] += 1
            await asyncio.sleep(0.2)

    async def _open_work(self, subject: str, element: str) -> tuple[str, str] | None:
        async with self.runtime.ledger.read() as connection:
            found = await reading.hand_offs_of_subject(connection, subject)
        for h in found:
            if h.state == "open" and h.element == element:
                return h.id, self.runtime.post.holders_of(h)[0].id
        return None

    async def carry_on(self, agency: str, subject: str) -> None:
        """An agency takes the directive and its division reports."""
        division = f"{agency}-div-a"
        await self.hand_in(subject, "receive", {"decision": "accept"})
        await self.hand_in(subject, "assign", {"divisions": division, "lead": division, "mode": "division_keys"})
        await self.hand_in(subject, "accept", {"decision": "accept"})
        await self.hand_in(subject, "report", {"level": "in_progress", "goal": "เป้าหมาย", "plan": "แผน"})
        await self.hand_in(subject, "check", {"decision": "approve"})

    async def give_back(self, _agency: str, subject: str) -> None:
        """An agency says that the directive is not its own, and the secretariat withdraws it."""
        await self.hand_in(subject, "receive", {"decision": "not_ours", "reason": "ไม่ใช่ภารกิจ"})
        await self.hand_in(subject, "reroute", {"decision": "withdraw", "reason": "เห็นชอบ"})


async def until(look: Callable[[], Awaitable[T | None]], machines: Machines, *, seconds: float = SECONDS) -> T:
    give_up = time.monotonic() + seconds
    while not (found := await look()):
        assert time.monotonic() < give_up, f"{found!r}\n{machines.logs()}"
        await asyncio.sleep(0.2)
    return found


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, migrated_file: Path, tmp_path: Path) -> str:
    if request.param == "sqlite":
        shutil.copyfile(migrated_file, tmp_path / "ledger.db")
        return f"sqlite+aiosqlite:///{tmp_path / 'ledger.db'}"
    request.getfixturevalue("postgres")
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest_asyncio.fixture
async def ministry(database_url: str, tmp_path: Path) -> AsyncIterator[Ministry]:
    machines = Machines(tmp_path, database_url, SECRET)
    runtime = Runtime(machines.settings, ledger_of(machines.settings))
    async with runtime.ledger.begin() as work:
        organisation = load_organisation(SAMPLE.read_text())
        await organisations.store(work, organisation, Policy(), actor=system("test"), reason="test")
        await work.commit()
    await runtime.refresh(at_once=True)
    machines.sink.start()
    try:
        for name in ("prefect", "portal", *WORKERS):
            machines.start(name)
        await asyncio.to_thread(machines.wait_for_portal)
        yield Ministry(machines, runtime)
    finally:
        machines.kill_all()
        machines.sink.stop()
        await runtime.close()


STRIKES = {2: "worker-1", 4: "portal", 6: "smtp", 8: "worker-2", 10: "prefect", 13: "portal", 16: "worker-1"}
"""Who dies once so many forms are receipted."""


async def strike(ministry: Ministry, officers: list[asyncio.Task[None]], dice: random.Random) -> None:
    """One part after the other dies without warning, while officers send their forms."""
    machines = ministry.machines
    for receipts, part in STRIKES.items():
        while len(ministry.receipts) < receipts:
            if all(officer.done() for officer in officers):
                return
            await asyncio.sleep(0.02)
        await asyncio.sleep(dice.uniform(0, 0.6))
        if part == "smtp":
            await asyncio.to_thread(machines.sink.stop)
            machines.deaths += 1
            await asyncio.sleep(1)
            await asyncio.to_thread(machines.sink.start)
        else:
            dead = await asyncio.to_thread(machines.kill, part)
            machines.start(part)
            await grant_has_run_out(ministry, dead)


async def keep_alive(machines: Machines) -> None:
    while True:
        machines.start_again_what_ended()
        await asyncio.sleep(0.5)


async def grant_has_run_out(ministry: Ministry, dead: int) -> None:
    """What a dead process holds is taken over in half a minute (a case) or two (a mail); here, at once."""
    c, m, past = tables.cases.c, tables.mails.c, machine_now() - timedelta(seconds=1)
    runner = f"{socket.gethostname()}:{dead}"
    async with ministry.runtime.ledger.begin() as work:
        held = update(tables.cases).where(c.runner.in_([runner, dispatched_by(runner)]), c.lease_until.is_not(None))
        await work.connection.execute(held.values(lease_until=past))
        await work.connection.execute(held.where(c.wanted.is_not(None)).values(wanted_at=past))
        claimed = update(tables.mails).where(m.claimed_by == runner, m.claimed_until.is_not(None))
        await work.connection.execute(claimed.values(claimed_until=past))
        await work.commit()


async def pauses_are_over(ministry: Ministry) -> None:
    """A mail that met no server is tried again after a minute, a case that met no Prefect after some seconds."""
    m = tables.mails.c
    async with ministry.runtime.ledger.begin() as work:
        waiting = update(tables.mails).where(m.state == "queued", m.claimed_until.is_(None))
        await work.connection.execute(waiting.values(available_at=machine_now()))
        await work.commit()


async def test_what_was_receipted_is_in_the_ledger_and_the_cases_go_on(ministry: Ministry) -> None:
    machines, runtime, dice = ministry.machines, ministry.runtime, random.Random(2561)
    form = Registration(
        title="เร่งรัดคดีค้าง", text="ให้เร่งรัดคดีค้าง", ordered_by="รัฐมนตรีว่าการกระทรวงยุติธรรม",
        ordered_on="2018-02-06", agencies=(*GOES_ON, *IS_GIVEN_BACK),
    )  # fmt: skip
    await starting.ensure_week_open(runtime, actor=ACTOR)
    subjects = await starting.register_directive(runtime, form, actor=ACTOR)
    acts = dict.fromkeys(GOES_ON, ministry.carry_on) | dict.fromkeys(IS_GIVEN_BACK, ministry.give_back)
    officers = [
        asyncio.create_task(acts[agency](agency, subject))
        for agency, subject in zip(form.agencies, subjects, strict=True)
    ]
    keeping = asyncio.create_task(keep_alive(machines))
    try:
        await asyncio.wait_for(strike(ministry, officers, dice), SECONDS)
        await asyncio.wait_for(asyncio.gather(*officers), SECONDS)
        await pauses_are_over(ministry)
        await until(lambda: at_rest(ministry), machines)
        await until(lambda: prefect_agrees(ministry), machines)
    except BaseException as failure:
        failure.add_note(machines.logs())
        raise
    finally:
        keeping.cancel()
        for officer in officers:
            officer.cancel()
        await asyncio.gather(keeping, *officers, return_exceptions=True)
    await receipts_are_kept(ministry)
    await mails_have_arrived(ministry)
    assert (await verify.verify_all(runtime.ledger)).whole
    assert await restore.differences_everywhere(runtime.ledger) == ()


async def at_rest(ministry: Ministry) -> bool:
    """Nothing is wanted, no mail waits."""
    c, m = tables.cases.c, tables.mails.c
    async with ministry.runtime.ledger.read() as connection:
        wanted = (await connection.scalars(select(c.id).where(c.wanted.is_not(None)))).all()
        queued = (await connection.scalars(select(m.id).where(m.state == "queued"))).all()
    return not wanted and not queued


async def prefect_agrees(ministry: Ministry) -> bool:
    """Operators see in Prefect what the ledger says: one run a case, asleep or completed."""
    async with ministry.runtime.ledger.read() as connection:
        cases = await reading.cases_where(connection, limit=50)
    shown = {StateType.PAUSED: "asleep", StateType.COMPLETED: "closed"}
    async with PrefectClient(ministry.machines.api_url) as client:
        for view in cases:
            assert view.run_state not in {"failed", "detached"}, view.run_error
            run = await client.read_flow_run(UUID(view.flow_run_id))
            if run.state_type is None or shown.get(run.state_type) != view.run_state:
                return False
        return len(await client.read_flow_runs()) == len(cases)


async def receipts_are_kept(ministry: Ministry) -> None:
    e = tables.events.c
    async with ministry.runtime.ledger.read() as connection:
        cases = await reading.cases_where(connection, limit=50)
        rows = (await connection.execute(select(tables.events).where(e.kind == "hand_off:submit"))).all()
    kept = [from_row(row).content for row in rows]
    assert Counter(said["id"] for said in kept) == Counter(dict.fromkeys(ministry.receipts, 1))
    for said in kept:
        for name, value in ministry.receipts[said["id"]].items():
            assert said["data"][name] in (value, [value])
    ends = Counter(view.state for view in cases if view.process == "directive-lifecycle")
    assert ends == {"open": len(GOES_ON), "completed": len(IS_GIVEN_BACK)}
    assert all(view.phase == "reporting" for view in cases if view.state == "open" and view.process != "weekly-cycle")


async def mails_have_arrived(ministry: Ministry) -> None:
    """Each once; at most one mail for each death was in flight, and came again under its Message-ID."""
    async with ministry.runtime.ledger.read() as connection:
        mails = (await connection.execute(select(tables.mails.c.once, tables.mails.c.state))).all()
    domain = ministry.runtime.settings.mail_from.rpartition("@")[2]
    sent = {message_id(mail.once, domain) for mail in mails if mail.state == "sent"}
    assert {mail.state for mail in mails} <= {"sent", "skipped"}
    arrived = ministry.machines.sink.counts()
    assert sent <= arrived.keys()
    twice = sum(n - 1 for n in arrived.values())
    assert twice <= ministry.machines.deaths
