"""The command line: what it does, and that expected errors are sentences in both languages."""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from deployments.cli import main
from deployments.furnishing import COMMUNITY_DEVELOPMENT, SAMPLE
from deployments.home import Home
from deployments.ports import Ports
from deployments.prefect_settings import without_prefect
from deployments.stack import Stack
from engine import process as register
from engine.actions import start_case
from engine.case import Case
from engine.runtime import Runtime, ledger_of
from engine.settings import Settings
from schemas.actor import system
from tests.engine.driver import Stage
from tests.engine.processes import Brief, Outcome, write_down
from tests.portal import department as department_of_award

ORGANISATION, POLICY = SAMPLE.organisation, SAMPLE.policy

SECRET = "s" * 40


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


class Shell:
    """Runs commands on a ledger of its own, in this process: an interpreter for each would take minutes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *arguments: str, typed: str = "", **said: str) -> Done:
        out, err, code = io.StringIO(), io.StringIO(), 0
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.chdir(self.folder)
            patch.setattr(sys, "argv", ["sangkan", *arguments])
            patch.setattr(sys, "stdin", io.StringIO(typed))
            for name in [name for name in os.environ if name.startswith(("SANGKAN_", "PREFECT_"))]:
                patch.delenv(name)
            for name, value in (self.environment | said).items():
                patch.setenv(name, value)
            try:
                main()
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else int(end.code is not None)
        return Done(code, out.getvalue(), err.getvalue())

    @property
    def environment(self) -> dict[str, str]:
        return {
            "SANGKAN_DATABASE_URL": f"sqlite+aiosqlite:///{self.folder / 'ledger.db'}",
            "SANGKAN_SECRET_KEY": SECRET,
        }


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture(scope="module")
def ministry(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A ledger with the sample ministry, made by the commands themselves."""
    made = Shell(tmp_path_factory.mktemp("ministry"))
    for command in (("migrate",), ("organisation", "load", str(ORGANISATION), "--policy", str(POLICY))):
        done = made.run(*command)
        assert done.code == 0, done.err
    return made


def refused(done: Done, *sentences: str, code: int = 1) -> None:
    assert done.code == code, done.out + done.err
    assert "Traceback" not in done.err
    for sentence in sentences:
        assert sentence in done.err


def test_help_names_every_command(shell: Shell) -> None:
    said = shell.run("--help").out
    commands = ("run", "worker", "portal", "mailbox", "migrate", "organisation", "accounts", "case", "prefect", "audit")
    for command in (*commands, "clock"):
        assert command in said


class Unnamed(Shell):
    """No variable names a ledger: commands find the stack of the folder."""

    @property
    def environment(self) -> dict[str, str]:
        return {}


@pytest.fixture
def unnamed(tmp_path: Path) -> Iterator[Unnamed]:
    """Beside a stack that ran here, on port 8780."""
    standing = Home(tmp_path / "var")
    standing.prepare()
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("SANGKAN_", "PREFECT_"))]:
            patch.delenv(name)
        standing.keep_environment(Stack(standing, Ports()).settings())
        patch.setattr(os, "environ", os.environ.copy())
        yield Unnamed(tmp_path)


def test_a_command_works_on_the_stack_of_the_folder(unnamed: Unnamed) -> None:
    assert unnamed.run("migrate").code == 0
    assert Home(unnamed.folder / "var").ledger.exists()


def test_a_stack_that_is_started_has_its_own_ledger_secret_and_address(
    unnamed: Unnamed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Started with other data it wrote into the ledger of the stack that stands in `var`, on its clock."""
    own, told = Home(unnamed.folder / "rehearsal"), list[dict[str, str]]()
    own.prepare()
    monkeypatch.setattr(Stack, "run", lambda stack: told.append(stack.settings()))
    done = unnamed.run("run", "--data", "rehearsal", "--port-portal", "9780", SANGKAN_CLOCK="simulated")
    assert done.code == 0, done.err
    settings = told[0]
    assert settings["SANGKAN_DATABASE_URL"].endswith(str(own.ledger))
    assert settings["SANGKAN_SECRET_KEY"] == own.secret_key != Home(unnamed.folder / "var").secret_key
    assert settings["SANGKAN_PORTAL_URL"].endswith(":9780")
    assert settings["SANGKAN_CLOCK"] == "simulated"  # what is set by hand stands
    own.keep_environment(settings)
    assert unnamed.run("run", "--data", "rehearsal").code == 0
    assert told[1]["SANGKAN_CLOCK"] == "simulated"  # and the clock of a ledger stays
    assert told[1]["SANGKAN_PORTAL_URL"].endswith(":8780")


def test_an_organisation_can_be_checked_without_a_ledger(shell: Shell) -> None:
    done = shell.run("organisation", "check", str(ORGANISATION), "--policy", str(POLICY))
    assert done.code == 0, done.err
    assert "37 units" in done.out
    assert not (shell.folder / "ledger.db").exists()


def test_a_broken_organisation_names_the_field(shell: Shell) -> None:
    file = shell.folder / "broken.yaml"
    file.write_text("ministry: moj\nunits: []\nofficers: []\n", encoding="utf-8")
    refused(shell.run("organisation", "check", str(file)), "moj")


def test_a_missing_file_is_named(shell: Shell) -> None:
    refused(shell.run("organisation", "check", "nowhere.yaml"), "ไม่พบแฟ้ม nowhere.yaml", "no file nowhere.yaml")


def test_an_unmigrated_ledger_says_what_to_do(shell: Shell) -> None:
    refused(shell.run("case", "list"), "sangkan migrate", "ฐานข้อมูล")


def test_a_worker_without_prefect_says_what_to_set(shell: Shell) -> None:
    """In a process of its own: a part takes the signals of its process."""
    environment = without_prefect(os.environ) | shell.environment
    command = [sys.executable, "-m", "deployments.cli", "worker"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    refused(Done(done.returncode, done.stdout, done.stderr), "PREFECT_API_URL is not set", "ยังไม่ได้กำหนด")


def test_loading_the_same_organisation_again_adds_no_version(ministry: Shell) -> None:
    again = ministry.run("organisation", "load", str(ORGANISATION), "--policy", str(POLICY), "--by", "ops-ict.admin")
    assert again.code == 0, again.err
    assert "version 1:" in again.out


def test_loading_a_file_names_the_accounts_that_it_leaves_out(shell: Shell) -> None:
    for command in (("migrate",), ("organisation", "load", str(ORGANISATION))):
        assert shell.run(*command).code == 0
    fewer = shell.folder / "fewer.yaml"
    lines = ORGANISATION.read_text("utf-8").splitlines()
    fewer.write_text("\n".join(line for line in lines if "id: dept5-div-b.1," not in line), "utf-8")
    done = shell.run("organisation", "load", str(fewer), "--by", "ops-ict.admin")
    assert done.code == 0, done.err
    assert "เข้าใช้งานไม่ได้อีก 1 บัญชี: dept5-div-b.1" in done.out


@pytest.mark.parametrize(
    "option", [("audit", "--weeks", "0"), ("conformance", "--cases", "-1"), ("scale", "--rounds", "0")]
)
def test_nothing_is_measured_over_nothing(shell: Shell, option: tuple[str, ...]) -> None:
    refused(shell.run("bench", *option), option[1], code=2)


def test_a_change_by_somebody_unknown_is_refused(ministry: Shell) -> None:
    refused(ministry.run("organisation", "load", str(ORGANISATION), "--by", "nobody"), "«nobody»", "ไม่พบเจ้าหน้าที่")


def test_an_empty_ledger_is_whole(ministry: Shell) -> None:
    for command in ("verify", "restore-check"):
        done = ministry.run("audit", command)
        assert done.code == 0, done.err


def test_an_unknown_case_is_named(ministry: Shell) -> None:
    for command in (("show", "nope"), ("take-up", "nope", "--by", "ops-ict.admin")):
        refused(ministry.run("case", *command), "«nope»", "ไม่พบเรื่อง")


async def stop_run(shell: Shell, *case_ids: str) -> None:
    """Open cases whose run has failed, as the ledger holds it."""
    settings = Settings(database_url=shell.environment["SANGKAN_DATABASE_URL"], _env_file=None)
    runtime = Runtime(settings, ledger_of(settings))
    await runtime.refresh(at_once=True)
    for case_id in case_ids:
        await start_case(
            runtime, "trial-sequence", Brief(), case_id=case_id, title="เรื่องทดสอบ", units=(), actor=system("test")
        )
        async with runtime.ledger.begin() as work:
            await work.lock(case_id)
            work.append(case_id, "run:fail", "", system("flow"), {"error": "ValueError: ทดสอบ"})
            work.set_run(case_id, run_state="failed", run_error="ValueError: ทดสอบ", wanted=None, wanted_at=None)
            await work.commit()
    await runtime.close()


def test_every_stopped_case_is_found_and_taken_up_once(ministry: Shell) -> None:
    asyncio.run(stop_run(ministry, "stopped-1", "stopped-2"))
    listed = ministry.run("case", "list", "--run", "failed").out
    assert "stopped-1" in listed
    assert "stopped-2" in listed
    assert "ValueError: ทดสอบ" in ministry.run("case", "show", "stopped-1").out
    taken = ministry.run("case", "take-up", "--all", "--by", "ops-ict.admin")
    assert taken.code == 0, taken.err
    assert "Case stopped-1 is taken up again" in taken.out
    refused(ministry.run("case", "take-up", "stopped-1", "--by", "ops-ict.admin"), "needs no new run")
    assert "stopped-1" not in ministry.run("case", "take-up", "--all", "--by", "ops-ict.admin").out
    assert ministry.run("audit", "restore-check").code == 0


@pytest.fixture
def versions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Version 2 of the sequence begins as version 1 does; version 3 does something else first."""

    async def carries_out_first(case: Case[Brief]) -> Outcome:
        return Outcome(said=(await case.step("another", write_down, "ก"),))

    first = register._REGISTER["trial-sequence"][1]
    known = {1: first, 2: replace(first, version=2), 3: replace(first, version=3, function=carries_out_first)}
    monkeypatch.setitem(register._REGISTER, "trial-sequence", known)


async def note_a_step(shell: Shell, case_id: str, key: str = "unheard-of") -> None:
    """Record that a step, which no version of the sequence begins with, was carried out."""
    ledger = ledger_of(Settings(database_url=shell.environment["SANGKAN_DATABASE_URL"], _env_file=None))
    async with ledger.begin() as work:
        await work.lock(case_id)
        work.append(case_id, "step:done", key, system("flow"), {"branch": "", "result": None})
        await work.commit()
    await ledger.engine.dispose()


@pytest.mark.usefixtures("versions")
def test_cases_are_rehearsed_and_moved_to_a_version_that_fits(ministry: Shell) -> None:
    asyncio.run(stop_run(ministry, "moving", "staying"))
    rehearsed = ministry.run("case", "rehearse", "moving", "--version", "3")
    assert rehearsed.code == 0, rehearsed.err
    assert "Case moving (version 3) fits and would go on: another" in rehearsed.out
    moved = ministry.run("case", "migrate", "moving", "--version", "2", "--by", "ops-ict.admin")
    assert "now runs under version 2" in moved.out, moved.err
    assert "case:migrate" in ministry.run("case", "show", "moving").out
    refused(ministry.run("case", "migrate", "moving", "--version", "9", "--by", "ops-ict.admin"), "version 9", "รุ่น 9")
    asyncio.run(note_a_step(ministry, "staying"))
    refused(ministry.run("case", "rehearse", "--all"), "1 cases do not fit", "มี 1 เรื่อง", code=3)
    refused(ministry.run("case", "migrate", "staying", "--version", "2", "--by", "ops-ict.admin"), "staying", "ไม่ตรง")
    assert "case:migrate" not in ministry.run("case", "show", "staying").out


def test_a_case_is_cancelled_with_its_reason(ministry: Shell) -> None:
    asyncio.run(stop_run(ministry, "to-cancel"))
    refused(ministry.run("case", "cancel", "to-cancel", "--by", "ops-psd.1"), code=2)
    assert ministry.run("case", "cancel", "to-cancel", "--by", "ops-psd.1", "--reason", "ซ้ำ").code == 0
    assert "cancelled" in ministry.run("case", "show", "to-cancel").out
    refused(ministry.run("case", "cancel", "to-cancel", "--by", "ops-psd.1", "--reason", "ซ้ำ"), "ปิดแล้ว")


@pytest.mark.parametrize("password", ["short", "1234567890"])
def test_a_poor_password_is_refused(ministry: Shell, password: str) -> None:
    refused(ministry.run("accounts", "password", "ops-psd.1", typed=f"{password}\n"), "not good enough", "รหัสผ่าน")


def test_a_password_can_be_set_and_an_invitation_made(ministry: Shell) -> None:
    assert ministry.run("accounts", "password", "ops-psd.1", typed="a long enough one\n").code == 0
    invited = ministry.run("accounts", "invite", "ops-psd.2")
    assert "/invitation/" in invited.out
    refused(ministry.run("accounts", "invite", "ops-psd.2", SANGKAN_SECRET_KEY=""), "SANGKAN_SECRET_KEY")


def test_the_real_clock_cannot_be_set(ministry: Shell) -> None:
    refused(ministry.run("clock", "set", "2018-04-20T16:00"), "SANGKAN_CLOCK=simulated")


def test_the_simulated_clock_goes_forward_only(shell: Shell) -> None:
    simulated = {"SANGKAN_CLOCK": "simulated"}
    assert shell.run("migrate").code == 0
    refused(shell.run("clock", "show", **simulated), "never set")
    done = shell.run("clock", "set", "2018-04-20T15:59", **simulated)
    assert "2018-04-20T15:59:00+07:00" in done.out
    assert "20 เมษายน 2561" in done.out
    refused(shell.run("clock", "set", "2018-04-19T09:00", **simulated), "only goes forward", "เดินหน้าได้อย่างเดียว")
    refused(shell.run("clock", "set", "Friday", **simulated), "«Friday»")
    assert "2020-02-29T09:00:00+07:00" in shell.run("clock", "set", "2563-02-29T09:00", **simulated).out


def test_an_unknown_option_is_a_usage_error(shell: Shell) -> None:
    refused(shell.run("case", "list", "--nonsense"), code=2)


# --- the agreement year ------------------------------------------------------------------------------------

CDD, CDD_POLICY = COMMUNITY_DEVELOPMENT.organisation, COMMUNITY_DEVELOPMENT.policy
KPIS = CDD.parent / "cdd-fy2555-kpis.yaml"


@pytest.fixture
def department(shell: Shell) -> Shell:
    assert shell.run("migrate").code == 0
    assert shell.run("organisation", "load", str(CDD), "--policy", str(CDD_POLICY)).code == 0
    return shell


def test_a_year_is_opened_from_its_file_and_says_what_does_not_fit(department: Shell) -> None:
    opened = department.run("year", "open", str(KPIS), "--by", "cdd-psdg.1")
    assert opened.code == 0, opened.err
    assert "agreement-2555-cdd" in opened.out
    assert "15 ตัวชี้วัด" in opened.out
    # กผ. declares 20 % on slide 23 and prints weights of 5 and 3; กจ. and สพช. share KPI 10.
    assert opened.out.count("ข้อสังเกต") >= 5
    listed = department.run("case", "list")
    assert "agreement-2555-cdd" in listed.out


def test_a_score_that_is_none_and_a_kpi_that_nobody_else_measures_are_refused(department: Shell) -> None:
    department.run("year", "open", str(KPIS), "--by", "cdd-psdg.1")
    refused = department.run(
        "year", "survey", "cdd", "2555", "--kpi", "1.1.1", "--score", "7", "--reference", "นร 1", "--by", "cdd-psdg.1"
    )
    assert refused.code != 0
    assert "คะแนนที่ได้รับแจ้ง" in refused.err
    other = department.run(
        "year", "survey", "cdd", "2555", "--kpi", "1.1.1", "--score", "4", "--reference", "นร 1", "--by", "cdd-psdg.1"
    )
    assert other.code != 0
    assert "ตัวชี้วัด" in other.err
    missing = department.run(
        "year", "survey", "cdd", "2599", "--kpi", "11", "--score", "4", "--reference", "นร 1", "--by", "cdd-psdg.1"
    )
    assert missing.code != 0
    assert "agreement-2599-cdd" in missing.err


def test_a_day_of_a_year_is_moved_by_command_and_what_cannot_be_is_refused(department: Shell) -> None:
    simulated = {"SANGKAN_CLOCK": "simulated"}
    department.run("clock", "set", "2012-04-02T09:00", **simulated)

    def move(*said: str) -> Done:
        return department.run("year", "move-day", "cdd", *said, "--reason", "น้ำท่วม", "--by", "cdd-psdg.1", **simulated)

    moved = move("2555", "sar_6_internal", "20 เมษายน 2555")
    assert (moved.code, moved.err) == (0, "")
    assert "sar_6_internal" in moved.out
    assert "2012-04-20" in moved.out
    refused(move("2555", "sar_6_internal", "2012-05-02"), "ต้องไม่หลัง")
    refused(move("2555", "sar_6_internal", "2012-04-01"), "ต้องไม่ก่อนวันนี้")
    refused(move("2555", "songkran", "2012-04-13"), "กำหนดที่ขอเลื่อน")
    refused(move("2599", "sar_6", "2012-05-02"), "2599")


async def allocation_opened(shell: Shell) -> None:
    settings = Settings(database_url=shell.environment["SANGKAN_DATABASE_URL"], _env_file=None)
    runtime = Runtime(settings, ledger_of(settings))
    try:
        await runtime.refresh(at_once=True)
        stage = Stage(runtime)
        async with stage.intake:
            await department_of_award.allocation_opened(stage)
    finally:
        await runtime.close()


def test_personnel_records_are_handed_in_from_a_workbook_or_told_by_row(department: Shell) -> None:
    asyncio.run(allocation_opened(department))
    template = department.folder / "แบบตาราง.xlsx"
    made = department.run("year", "template", "cdd", "2555", str(template))
    assert made.code == 0, made.err
    refused(department.run("year", "template", "cdd", "2555", str(template)), "จึงไม่เขียนทับ")

    rows, folder = department_of_award.ROWS, department.folder
    wrong, good = folder / "ผิด.xlsx", folder / "ถูก.xlsx"
    wrong.write_bytes(department_of_award.filled_in(template.read_bytes(), ({**rows[0], "salary": 0}, *rows[1:])))
    good.write_bytes(department_of_award.filled_in(template.read_bytes()))
    hand_in = ("year", "staff", "cdd", "2555")
    refused(department.run(*hand_in, str(wrong), "--by", "cdd-personnel.1"), "คอลัมน์ F: «เงินเดือน (บาท)» ต้องมากกว่า 0")
    refused(department.run(*hand_in, str(good), "--by", "cdd-finance.1"), "กองการเจ้าหน้าที่")
    refused(department.run(*hand_in, str(folder / "ไม่มี.xlsx"), "--by", "cdd-personnel.1"), "ไม่พบแฟ้ม")
    done = department.run(*hand_in, str(good), "--by", "cdd-personnel.1")
    assert done.code == 0, done.err
    assert "award-2555-cdd แล้ว: 3 คน 2 หน่วยงาน" in done.out
    missing = department.run("year", "staff", "cdd", "2599", str(good), "--by", "cdd-personnel.1")
    refused(missing, "award-2599-cdd")
