"""What the clients of every contender send, and the mail server that takes the time.

Clients and mail server live in one event loop and read one clock; the clients are those of `sangkan bench`.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from email.parser import BytesHeaderParser

from aiosmtpd.smtp import SMTP, Envelope, Session

from benchmarks.mail import DIRECTIVE_HEADER, STEP_HEADER, Step
from deployments.bench_load import weekly_report
from schemas.weekly import ReportReview

MAIL_POLL_S = 0.02


def directive_numbers(count: int) -> tuple[str, ...]:
    return tuple(f"2561-{number:04d}" for number in range(1, count + 1))


def report_body(directive: str) -> bytes:
    return weekly_report(directive).model_dump_json().encode()


def check_body(_directive: str) -> bytes:
    return ReportReview().model_dump_json().encode()


class MailServer:
    """A real SMTP server (aiosmtpd) that keeps of each mail when it came, for which directive and which step."""

    def __init__(self) -> None:
        self._first: dict[Step, dict[str, float]] = {"report": {}, "check": {}}
        self._counted: Counter[Step] = Counter()
        self.port = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        arrived = time.perf_counter()
        content = envelope.content
        headers = BytesHeaderParser().parsebytes(content if isinstance(content, bytes) else b"")
        step: Step = "check" if headers[STEP_HEADER] == "check" else "report"
        self._first[step].setdefault(headers[DIRECTIVE_HEADER], arrived)
        self._counted[step] += 1
        return "250 OK"

    def arrivals(self, step: Step) -> Mapping[str, float]:
        """Directive → when its first mail of this step came."""
        return self._first[step]

    def repeated(self, step: Step) -> int:
        """Mails that came more than once for the same directive and step."""
        return self._counted[step] - len(self._first[step])

    async def wait_for(self, step: Step, directives: Sequence[str], within_s: float) -> None:
        """Until a mail has come for each of `directives`; TimeoutError after `within_s` seconds."""
        async with asyncio.timeout(within_s):
            while len(self._first[step]) < len(directives):  # noqa: ASYNC110 (arrivals are the measured thing)
                await asyncio.sleep(MAIL_POLL_S)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[MailServer]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(self, loop=loop, hostname="127.0.0.1", enable_SMTPUTF8=True), "127.0.0.1", 0
        )
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
