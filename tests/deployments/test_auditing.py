"""The auditor's and the modeller's commands."""

from __future__ import annotations

import asyncio
import os
import pwd
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from audit.approved import FOLDER
from deployments.auditing import verify_history
from deployments.recording import reader, record_readings
from engine.actions import start_case
from engine.runtime import Runtime, ledger_of
from engine.settings import ClockKind, Settings
from ledger import migrate
from ledger.anchor_key import make_key
from ledger.anchoring import anchor
from ledger.canonical import sha256
from ledger.clock import RealClock
from ledger.database import open_database
from ledger.work import Ledger
from schemas.actor import system
from schemas.printout import PrintoutCase
from tests.conftest import FRIDAY_NOON, ClockThatIsSet
from tests.deployments.test_cli import SECRET, Shell, ministry, refused, shell
from tests.flows.people import at
from tests.ledger.anchored import note
from tests.ledger.scene import DIRECTIVE, opened

__all__ = ["ministry", "shell"]
CASE = "printout-2018-02-20-dept"


async def printed_at_once(runtime: Runtime) -> None:
    """A print-out whose first recorded step is that it was printed."""
    data = PrintoutCase(
        agency="dept", meeting_at=at("2018-02-20"), prepare_at=at("2018-02-19"), due=at("2018-02-19", "16:00")
    )
    await start_case(runtime, "meeting-printout", data, case_id=CASE, title="เอกสาร", units=(), actor=system("test"))
    async with runtime.ledger.begin() as work:
        await work.lock(CASE)
        said = {"element": "print", "branch": "", "result": None}
        work.append(CASE, "step:done", "print", system("command-line"), said)
        await work.commit()
    await runtime.close()


def test_a_case_that_departs_from_its_model_is_named_with_element_time_and_actor(ministry: Shell) -> None:
    settings = Settings(database_url=ministry.environment["SANGKAN_DATABASE_URL"], secret_key=SECRET, _env_file=None)
    asyncio.run(printed_at_once(Runtime(settings, ledger_of(settings))))
    for arguments in ((CASE,), ("--all",)):
        done = ministry.run("audit", "conformance", *arguments)
        refused(done, "1 depart from their approved models", "1 เรื่องไม่เป็นไปตามแบบจำลอง", code=3)
        assert f"{CASE} #2 " in done.out
        assert "ขั้นตอนที่แบบจำลองรออยู่: ค้นหน่วยงาน" in done.out
        assert "«print»: the model is not at this step (the model awaits: look_up)" in done.out


def test_whoever_may_only_read_reads_and_is_told_that_nothing_says_so(
    ministry: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    async def read() -> None:
        engine = open_database(ministry.environment["SANGKAN_DATABASE_URL"], connections=1, read_only=True)
        await record_readings(Ledger(engine, RealClock()), [CASE], "export")
        await engine.dispose()

    asyncio.run(read())
    said = capsys.readouterr().out
    assert "บันทึกว่าอ่านเรื่องเหล่านี้ไม่ได้" in said
    assert "could not be recorded; the database says: attempt to write a readonly database" in said


@pytest.mark.parametrize("clock", ClockKind)
def test_a_simulated_clock_jumps_over_days_in_which_no_anchor_was_missing(
    clock: ClockKind, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'ledger.db'}"

    async def verified() -> None:
        engine, time = open_database(url), ClockThatIsSet(FRIDAY_NOON)
        ledger, key = Ledger(engine, time), make_key(tmp_path / "anchor.pem")
        await migrate.upgrade(engine)
        await opened(ledger)
        for _ in range(2):
            time.advance(days=3)
            await anchor(ledger, key, first=True)
            time.advance(hours=1)
            await note(ledger, DIRECTIVE, "a")
        await engine.dispose()
        await verify_history(Settings(database_url=url, secret_key=SECRET, clock=clock, _env_file=None))

    asyncio.run(verified())
    said = capsys.readouterr().out
    assert "The history is whole" in said
    for remark in ("The first anchor was made at", "Events waited for an anchor for more than a day, 1 times"):
        assert (remark in said) is (clock is ClockKind.REAL)


def test_an_account_without_a_name_is_named_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_uid: int) -> str:
        raise KeyError("uid not found")

    monkeypatch.setenv("SUDO_USER", "")
    monkeypatch.setenv("LOGNAME", "somebody-else")
    assert reader() == f"command-line:{pwd.getpwuid(os.getuid()).pw_name}"
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    assert reader() == f"command-line:{os.getuid()}"


def test_a_name_that_is_mistyped_hides_nothing_of_the_others(ministry: Shell) -> None:
    done = ministry.run("audit", "conformance", "mistyped", CASE)
    refused(done, "1 depart from their approved models", code=3)
    assert f"{CASE} #2 " in done.out
    assert "There is no case «mistyped»" in done.out


def test_a_case_without_a_history_could_not_be_compared(ministry: Shell) -> None:
    with closing(sqlite3.connect(ministry.folder / "ledger.db")) as database, database:
        database.execute("DELETE FROM events WHERE case_id = ?", (CASE,))
    done = ministry.run("audit", "conformance", CASE)
    refused(done, "1 could not be compared", code=3)
    assert f"Case «{CASE}» has no history left" in done.out


def test_the_command_wants_cases_or_all_of_them(shell: Shell) -> None:
    for arguments in ((), (CASE, "--all")):
        refused(shell.run("audit", "conformance", *arguments), "--all", code=2)


def test_an_empty_ledger_conforms_and_an_unknown_case_is_named(shell: Shell) -> None:
    assert shell.run("migrate").code == 0
    done = shell.run("audit", "conformance", "--all")
    assert (done.code, done.err) == (0, "")
    assert "0 เรื่อง" in done.out
    done = shell.run("audit", "conformance", CASE)
    refused(done, f"There is no case «{CASE}»", f"ไม่พบเรื่อง «{CASE}»", code=1)


def test_the_models_are_listed_and_drawn(shell: Shell) -> None:
    done = shell.run("model", "list")
    assert (done.code, done.out.count("✓"), done.err) == (0, len([*FOLDER.rglob("*.bpmn")]), "")
    approved = (FOLDER / "meeting-printout.bpmn").read_bytes()
    file = shell.folder / "model.bpmn"
    file.write_bytes(approved.replace(b'width="140"', b'width="240"'))
    done = shell.run("model", "layout", str(file))
    assert (done.code, done.out.split()[-1]) == (0, sha256(approved))
    assert file.read_bytes() == approved
    refused(shell.run("model", "layout", "nowhere.bpmn"), "ไม่พบแฟ้ม nowhere.bpmn")
