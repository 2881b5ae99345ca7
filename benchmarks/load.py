"""The common load: concurrent clients on raw kept-alive HTTP/1.1 connections, and the mail server that takes the time.

Both live in one event loop and read one clock (`time.perf_counter`, seconds). A client costs the machine as little
as it can: requests are bytes made beforehand, replies are read by their Content-Length.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from typing import Any

import orjson
from aiosmtpd.smtp import SMTP, Envelope, Session

from benchmarks.mail import DIRECTIVE_HEADER, STEP_HEADER, Step
from schemas.directive import Level
from schemas.weekly import HEADINGS, ReportReview, WeeklyReport

REPLY_WITHIN_S = 120
MAIL_POLL_S = 0.02


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One form handed in by a client; moments in seconds on the clock of this process."""

    directive: str
    sent_at: float
    replied_at: float
    status: int

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300

    @property
    def latency_ms(self) -> float:
        return (self.replied_at - self.sent_at) * 1000


def directive_numbers(count: int) -> tuple[str, ...]:
    return tuple(f"2561-{number:04d}" for number in range(1, count + 1))


def clients_for(directives: int) -> int:
    """50 concurrent clients for a ministry's peak, 20 for a small set."""
    return 50 if directives > 50 else min(20, directives)


def weekly_report(directive: str) -> WeeklyReport:
    """A report as divisions write them: six headings, about 1.5 kB of Thai text (UTF-8)."""
    sentence = "ดำเนินการตามข้อสั่งการที่ {no} {heading} ครอบคลุมพื้นที่เป้าหมายครบถ้วน และติดตามผลทุกสัปดาห์"
    texts = {field: sentence.format(no=directive, heading=thai.split(" ", 1)[1]) for field, thai, _english in HEADINGS}
    return WeeklyReport(level=Level.CONTINUOUS, **texts)


def report_body(directive: str) -> bytes:
    return weekly_report(directive).model_dump_json().encode()


def check_body(_directive: str) -> bytes:
    return ReportReview().model_dump_json().encode()


# --- clients -----------------------------------------------------------------------------------------------


class Connection:
    """One kept-alive connection. ConnectionError when the server closes it or replies without a length."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def exchange(self, request: bytes) -> tuple[int, bytes]:
        self._writer.write(request)
        try:
            head = await self._reader.readuntil(b"\r\n\r\n")
            return int(head[9:12]), await self._reader.readexactly(_content_length(head))
        except asyncio.IncompleteReadError as cut_off:
            raise ConnectionError("the server closed the connection") from cut_off


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ConnectionError("a reply without Content-Length")


def request_bytes(port: int, method: str, path: str, body: bytes = b"") -> bytes:
    return (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Connection]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Connection(reader, writer)
    finally:
        writer.close()


async def call(port: int, method: str, path: str, body: object = None) -> Any:
    """The JSON answer to one request outside the measured peak; RuntimeError unless it is accepted."""
    request = request_bytes(port, method, path, b"" if body is None else orjson.dumps(body))
    async with asyncio.timeout(REPLY_WITHIN_S), connected(port) as connection:
        status, reply = await connection.exchange(request)
    if not 200 <= status < 300:
        raise RuntimeError(f"{method} {path}: {status} {reply.decode(errors='replace')}")
    return orjson.loads(reply)


async def submit(port: int, requests: Mapping[str, bytes], clients: int) -> tuple[Submission, ...]:
    """`clients` hand in `requests` (directive → request) as fast as they are answered."""
    waiting = iter(requests.items())
    shares = await asyncio.gather(*(_client(port, waiting) for _ in range(clients)))
    return tuple(one for share in shares for one in share)


async def _client(port: int, waiting: Iterator[tuple[str, bytes]]) -> list[Submission]:
    handed_in: list[Submission] = []
    async with connected(port) as connection:
        for directive, request in waiting:
            sent_at = time.perf_counter()
            async with asyncio.timeout(REPLY_WITHIN_S):
                status, _reply = await connection.exchange(request)
            handed_in.append(
                Submission(directive=directive, sent_at=sent_at, replied_at=time.perf_counter(), status=status)
            )
    return handed_in


# --- mail --------------------------------------------------------------------------------------------------


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
