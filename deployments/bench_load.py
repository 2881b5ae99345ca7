"""The load of the benchmarks: concurrent clients on raw kept-alive HTTP/1.1 connections.

They live in one event loop and read one clock (`time.perf_counter`, seconds; on Linux the same in every process).
A client costs the machine as little as it can: requests are bytes made beforehand, replies are read by their
Content-Length.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from schemas.directive import Level
from schemas.weekly import HEADINGS, WeeklyReport

REPLY_WITHIN_S = 120
RECEIPT = b"/receipt"


class Reply(NamedTuple):
    status: int
    location: bytes
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One form handed in by a client; moments in seconds on the clock of this process."""

    directive: str
    sent_at: float
    replied_at: float
    status: int
    location: bytes = b""

    @property
    def accepted(self) -> bool:
        """2xx; or, from a portal made for browsers, the way to the receipt and to no other page."""
        return 200 <= self.status < 300 or (self.status == 303 and self.location.endswith(RECEIPT))

    @property
    def latency_ms(self) -> float:
        return (self.replied_at - self.sent_at) * 1000


def clients_for(directives: int) -> int:
    """50 concurrent clients for a ministry's peak, 20 for a small set."""
    return 50 if directives > 50 else min(20, directives)


def weekly_report(directive: str) -> WeeklyReport:
    """A report as divisions write them: six headings, about 1.5 kB of Thai text (UTF-8)."""
    sentence = "ดำเนินการตามข้อสั่งการที่ {no} {heading} ครอบคลุมพื้นที่เป้าหมายครบถ้วน และติดตามผลทุกสัปดาห์"
    texts = {field: sentence.format(no=directive, heading=thai.split(" ", 1)[1]) for field, thai, _english in HEADINGS}
    return WeeklyReport(level=Level.CONTINUOUS, **texts)


class Connection:
    """One kept-alive connection. ConnectionError when the server closes it or replies without a length."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def exchange(self, request: bytes) -> Reply:
        self._writer.write(request)
        try:
            head = await self._reader.readuntil(b"\r\n\r\n")
            headers = _headers(head)
            if b"content-length" not in headers:
                raise ConnectionError("a reply without Content-Length")
            body = await self._reader.readexactly(int(headers[b"content-length"]))
        except asyncio.IncompleteReadError as cut_off:
            raise ConnectionError("the server closed the connection") from cut_off
        return Reply(int(head[9:12]), headers.get(b"location", b""), body)


def _headers(head: bytes) -> dict[bytes, bytes]:
    """The header lines of a reply; names in small letters."""
    lines = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return {name.lower(): value.strip() for name, colon, value in lines if colon}


def request_bytes(
    port: int, method: str, path: str, body: bytes = b"", *, kind: str = "application/json", cookie: str = ""
) -> bytes:
    cookie_line = f"Cookie: {cookie}\r\n" if cookie else ""
    return (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: {kind}\r\n{cookie_line}"
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
        reply = await connection.exchange(request)
    if not 200 <= reply.status < 300:
        raise RuntimeError(f"{method} {path}: {reply.status} {reply.body.decode(errors='replace')}")
    return orjson.loads(reply.body)


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
                reply = await connection.exchange(request)
            replied_at = time.perf_counter()
            handed_in.append(
                Submission(
                    directive=directive, sent_at=sent_at, replied_at=replied_at,
                    status=reply.status, location=reply.location,
                )
            )  # fmt: skip
    return handed_in
