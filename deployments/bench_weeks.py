"""Reporting weeks for the benchmarks of auditors: opened by the real flow, asked for by mail, all reports handed in.

`python -m deployments.bench_process weeks WEEKS EACH` writes them, in a process of its own, into SANGKAN_DATABASE_URL.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from deployments.bench_load import weekly_report
from deployments.bench_ministry import directives, furnish, officer_of
from deployments.bench_runs import opened_weeks, run_in_place
from deployments.bench_stack import Say
from engine.intake import Intake
from engine.mail_out import MailOut
from engine.runtime import Runtime
from engine.settings import Settings
from ledger import migrate, reading
from ledger.clock import RealClock
from ledger.database import open_database
from ledger.work import Ledger
from notifications.mailbox import Mailbox
from notifications.mailer import Mailer, MailServer
from rules.calendar import bangkok_date


async def write_weeks(url: str, weeks: int, each: int, say: Say) -> None:
    """Write them into an empty database."""
    async with migrated(url) as ledger:
        await reported_weeks(ledger, weeks, each, say)


@asynccontextmanager
async def migrated(url: str) -> AsyncIterator[Ledger]:
    engine = open_database(url)
    try:
        await migrate.upgrade(engine)
        yield Ledger(engine, RealClock())
    finally:
        await engine.dispose()


async def runtime_over(ledger: Ledger) -> Runtime:
    """The engine over a ledger that holds an organisation."""
    runtime = Runtime(Settings(secret_key=SecretStr("0" * 40)), ledger)
    await runtime.refresh(at_once=True)
    return runtime


async def reported_weeks(ledger: Ledger, weeks: int, each: int, say: Say) -> Runtime:
    """Weeks that the real flow has opened, with `each` reports that are asked for by mail and all handed in."""
    await furnish(ledger, directives(each, bangkok_date(datetime.now(UTC)) - timedelta(days=14)))
    runtime = await runtime_over(ledger)
    async with Intake(runtime) as intake, _post(runtime) as mail_out:
        async for number, case_id in opened_weeks(runtime, "week", weeks):
            await _all_sent(mail_out)
            await _hand_in(runtime, intake, case_id)
            await run_in_place(runtime, case_id)
            await _all_sent(mail_out)
            if number % 10 == 0:
                say(f"{number} of {weeks} weeks are reported")
    return runtime


@asynccontextmanager
async def _post(runtime: Runtime) -> AsyncIterator[MailOut]:
    """The mail loop of a worker, before a mail server of its own: a history has the mails that left."""
    with tempfile.TemporaryDirectory() as folder:
        mailbox = Mailbox(Path(folder))
        try:
            async with Mailer(MailServer(host="127.0.0.1", port=mailbox.start())) as mailer:
                yield MailOut(runtime, mailer)
        finally:
            mailbox.stop()


async def _all_sent(mail_out: MailOut) -> None:
    while await mail_out.once():
        pass


async def _hand_in(runtime: Runtime, intake: Intake, case_id: str) -> None:
    async with runtime.ledger.read() as connection:
        found = [h for h in await reading.hand_offs_of_case(connection, case_id) if h.form == "WeeklyReport"]
    await asyncio.gather(*(
        intake.submit(
            h.id, weekly_report(h.subject).model_dump(mode="json", exclude_none=True), officer=officer_of(h.unit),
            through="session",
        )
        for h in found
    ))  # fmt: skip
