"""`sangkan case`: what an operator does with cases."""

from __future__ import annotations

import asyncio
from typing import Annotated

from cyclopts import App, Parameter

from deployments.arguments import All, CaseId, Officer, Reason

app = App(name="case", help_format="plaintext")


@app.command(name="list")
def list_cases(
    *,
    process: str | None = None,
    state: str | None = "open",
    run_state: Annotated[str | None, Parameter(name="--run")] = None,
    text: str | None = None,
    limit: int = 50,
) -> None:
    """รายการเรื่อง · List cases, the latest first.

    Parameters
    ----------
    process
        กระบวนงาน · The process, for example `directive-lifecycle`.
    state
        สถานะของเรื่อง · `open`, `completed`, `cancelled`, `superseded`; an empty string means all.
    run_state
        สถานะของ run · State of the run, for example `failed` or `detached`.
    text
        คำค้นในเลขเรื่อง ชื่อเรื่อง หรือข้อมูลตั้งต้น · Stands in id, title or input.
    limit
        จำนวนไม่เกิน · At most so many.
    """
    from deployments.case_list import print_cases
    from deployments.cli import settings_here

    asyncio.run(
        print_cases(settings_here(), limit, process=process, state=state or None, run_state=run_state, text=text)
    )


@app.command
def show(case_id: CaseId) -> None:
    """เรื่องหนึ่งพร้อมประวัติ · One case and its history."""
    from deployments.case_list import print_case
    from deployments.cli import settings_here

    asyncio.run(print_case(settings_here(), case_id))


@app.command(name="take-up")
def take_up(*case_ids: str, by: Officer, all_stopped: All = False) -> None:
    """รับเรื่องที่หยุดดำเนินการต่อ · Give cases whose run failed or was stopped in Prefect a new run.

    Parameters
    ----------
    case_ids
        เลขเรื่อง · Ids of the cases.
    all_stopped
        ทุกเรื่องที่หยุดดำเนินการ · Every case that has stopped, for example after Prefect's database was lost.
    """
    from deployments.cli import settings_here
    from deployments.operating import take_up as take

    asyncio.run(take(settings_here(), case_ids, all_stopped=all_stopped, by=by))


@app.command
def cancel(case_id: CaseId, *, by: Officer, reason: Reason) -> None:
    """ยกเลิกเรื่อง · Cancel a case; all open work on it is withdrawn and its holders are told."""
    from deployments.cli import settings_here
    from deployments.operating import cancel as cancel_one

    asyncio.run(cancel_one(settings_here(), case_id, by=by, reason=reason))


@app.command
def rehearse(
    *case_ids: str,
    version: int | None = None,
    all_open: All = False,
) -> None:
    """ซ้อมดำเนินเรื่องโดยไม่มีผลจริง · Does this code fit what has happened in the cases? Exit code 3 if not.

    Nothing is written, sent or carried out.

    Parameters
    ----------
    case_ids
        เลขเรื่อง · Ids of the cases.
    version
        รุ่นของกระบวนงาน หากไม่ระบุ ใช้รุ่นของแต่ละเรื่อง · Version of the process; each case's own by default.
    all_open
        ทุกเรื่องที่ยังไม่เสร็จ ใช้ตรวจก่อนติดตั้งโปรแกรมรุ่นใหม่ · Every open case: the check before new code is put into
        service.
    """
    from deployments.cli import settings_here
    from deployments.rehearsing import rehearse_cases

    asyncio.run(rehearse_cases(settings_here(), case_ids, all_open=all_open, version=version))


@app.command(name="migrate")
def migrate_one(*case_ids: str, version: int, by: Officer) -> None:
    """ย้ายเรื่องไปใช้กระบวนงานรุ่นอื่น · Move open cases to another version of their process, if it fits.

    Parameters
    ----------
    case_ids
        เลขเรื่อง · Ids of the cases.
    version
        รุ่นของกระบวนงาน · Version of the process.
    """
    from deployments.cli import settings_here
    from deployments.rehearsing import migrate_cases

    asyncio.run(migrate_cases(settings_here(), case_ids, version=version, by=by))
