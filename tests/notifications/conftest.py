"""Real SMTP servers on the loopback, and the mails that they are sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from notifications.compose import compose
from notifications.envelope import envelope, message_id
from notifications.mailbox import Mailbox
from notifications.mailer import Mailer, MailServer
from schemas.mail import Recipient
from tests.notifications.samples import TASK

SENDER = Recipient(name="ระบบติดตามข้อสั่งการ", email="no-reply@moj.go.th")
PLANNING = Recipient(name="กองยุทธศาสตร์และแผนงาน", email="plan@correct.go.th")
MONDAY_9_00 = datetime(2018, 4, 9, 2, 0, tzinfo=UTC)

MakeMail = Callable[..., EmailMessage]


@pytest.fixture
def mail() -> MakeMail:
    """A task mail with the given key; more arguments of `envelope` replace the usual ones."""

    def make(key: str = "outbox-1", **changes: object) -> EmailMessage:
        usual: dict[str, object] = {
            "sender": SENDER,
            "recipients": [PLANNING],
            "message_id": message_id(key, "moj.go.th"),
            "date": MONDAY_9_00,
        }
        return envelope(compose(TASK), **{**usual, **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    box = Mailbox(tmp_path / "mail")
    yield box
    box.stop()


@pytest.fixture
def server(mailbox: Mailbox) -> MailServer:
    return to(mailbox.start())


@pytest.fixture
async def mailer(server: MailServer) -> AsyncIterator[Mailer]:
    async with Mailer(server, connections=2) as ready:
        yield ready


def to(port: int, **settings: object) -> MailServer:
    usual = {"host": "127.0.0.1", "timeout": 5, "data_timeout": 5, "local_hostname": "portal.moj.go.th"}
    return MailServer.model_validate({**usual, "port": port, **settings})
