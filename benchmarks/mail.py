"""The mails of the process, the same for every engine. Light to import: plain Prefect imports it at every run."""

from __future__ import annotations

import os
from email.message import EmailMessage
from typing import Literal

import aiosmtplib

Step = Literal["report", "check"]

SMTP_PORT = "BENCHMARK_SMTP_PORT"
DATABASE_URL = "BENCHMARK_DATABASE_URL"
"""Environment variables from which a contender's processes learn where they stand."""

DIRECTIVE_HEADER = "X-Directive"
STEP_HEADER = "X-Step"

_ASKED: dict[Step, tuple[str, str, str]] = {
    "report": (
        "division@ministry.example",
        "ขอให้รายงานผลการดำเนินงานตามข้อสั่งการที่ {directive}",
        "เรียน ผู้อำนวยการสำนัก/กอง\n\nขอให้รายงานผลการดำเนินงานตามข้อสั่งการที่ {directive} ก่อนเวลา 16.00 น. ของวันศุกร์\n",
    ),
    "check": (
        "planning@ministry.example",
        "ขอให้ตรวจรายงานประจำสัปดาห์ ข้อสั่งการที่ {directive}",
        "เรียน หัวหน้ากลุ่มแผนงาน\n\nสำนัก/กองได้รายงานผลการดำเนินงานตามข้อสั่งการที่ {directive} แล้ว ขอให้ตรวจรายงานดังกล่าว\n",
    ),
}


def compose(directive: str, step: Step) -> EmailMessage:
    """Asks the division to report, or the planning unit to check."""
    to, subject, body = _ASKED[step]
    mail = EmailMessage()
    mail["From"] = "directives@ministry.example"
    mail["To"] = to
    mail["Subject"] = subject.format(directive=directive)
    mail[DIRECTIVE_HEADER] = directive
    mail[STEP_HEADER] = step
    mail.set_content(body.format(directive=directive))
    return mail


async def send(directive: str, step: Step) -> None:
    """aiosmtplib.SMTPException or OSError when the mail server does not take it."""
    await aiosmtplib.send(
        compose(directive, step),
        hostname="127.0.0.1",
        port=int(os.environ[SMTP_PORT]),
        start_tls=False,
        timeout=30,
    )
