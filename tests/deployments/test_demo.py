"""What both rehearsals stand on: the stack's own settings, a ministry of the files, the mail as officers find it."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from pathlib import Path

import pytest

from deployments.demo.checks import Check
from deployments.demo.directive_rehearsal import DirectivePlay
from deployments.demo.letters import Letters
from deployments.demo.stack import free_ports, rehearse_in
from deployments.demo.year_rehearsal import YearPlay
from deployments.furnishing import COMMUNITY_DEVELOPMENT, SAMPLE, Ministry, load_ministry
from deployments.parts import standing_of
from engine.runtime import Runtime
from engine.settings import Settings
from ledger import accounts
from ledger.work import Ledger
from notifications.mailbox import Mailbox
from portal.passwords import is_password
from tests.engine.driver import SETTINGS


def letter(message_id: str, text: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = "sangkan@moj.example", "cdd-psdg.1@cdd.example", message_id
    mail["Subject"] = "มอบงาน"
    mail.set_content(text)
    return mail


def test_a_letter_is_found_by_its_message_id_however_many_came_since(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path)
    port = mailbox.start()
    letters = Letters(mailbox)
    try:
        with smtplib.SMTP("127.0.0.1", port) as server:
            server.send_message(letter("<1@x>", "เปิดแบบฟอร์ม http://portal.test/l/first-token"))
            assert letters.link("<1@x>") == "http://portal.test/l/first-token"
            assert letters.link("<2@x>") is None
            server.send_message(letter("<2@x>", "เปิดแบบฟอร์ม http://portal.test/l/second.token"))
            for number in range(3, 40):
                server.send_message(letter(f"<{number}@x>", "ไม่มีลิงก์"))
        assert letters.link("<2@x>") == "http://portal.test/l/second.token"
        assert letters.link("<1@x>") == "http://portal.test/l/first-token"
        assert letters.link("<39@x>") is None
    finally:
        mailbox.stop()


def test_a_rehearsal_knows_nothing_of_the_system_in_use_here() -> None:
    environment = {"SANGKAN_DATABASE_URL": "postgresql://real", "PREFECT_API_URL": "http://real/api", "PATH": "/bin"}
    rehearse_in(environment, YearPlay.settings)
    assert environment["PATH"] == "/bin"
    assert environment["SANGKAN_CLOCK"] == "simulated"
    assert environment["SANGKAN_REPORTING_WEEKS"] == "false"
    assert "SANGKAN_DATABASE_URL" not in environment
    assert "PREFECT_API_URL" not in environment


def test_three_free_ports_are_three() -> None:
    ports = free_ports()
    assert len({ports.prefect, ports.portal, ports.smtp}) == 3


@pytest.mark.parametrize(
    ("ministry", "officer"), [(SAMPLE, "ops-psd.1"), (COMMUNITY_DEVELOPMENT, "cdd-psdg.1")], ids=["sample", "cdd"]
)
async def test_a_ministry_is_loaded_with_an_account_for_each_officer(
    ledger: Ledger, ministry: Ministry, officer: str
) -> None:
    await load_ministry(ledger, ministry, "a-password-that-is-spoken")
    runtime = Runtime(SETTINGS, ledger)
    await runtime.refresh(at_once=True)
    assert runtime.directory.officer(officer).active
    async with ledger.read() as connection:
        standing = await accounts.account(connection, officer)
    assert standing is not None
    assert await is_password("a-password-that-is-spoken", standing.password_hash)


def test_each_play_has_its_own_ministry_and_begins_on_a_working_day() -> None:
    plays = (DirectivePlay(), YearPlay())
    assert [play.ministry for play in plays] == [SAMPLE, COMMUNITY_DEVELOPMENT]
    assert all(play.begins.weekday() < 5 for play in plays)


@pytest.mark.parametrize(("kept", "loops"), [(True, {"week"}), (False, set())])
def test_a_worker_keeps_a_reporting_week_open_unless_told_otherwise(
    ledger: Ledger, kept: bool, loops: set[str]
) -> None:
    settings = Settings(reporting_weeks=kept, _env_file=None)
    assert set(standing_of(Runtime(settings, ledger))) == loops | {"anchor", "conformance", "verify"}


def test_a_check_holds_when_what_was_found_is_what_was_expected() -> None:
    assert Check("คะแนนรวม", "3.9742", "3.9742").holds
    assert not Check("คะแนนรวม", "3.9742", "3.9743").holds
