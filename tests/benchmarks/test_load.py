"""The load: what the clients send, what they time, and what the mail server keeps."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiosmtplib
import orjson
import pytest

from benchmarks.load import MailServer, directive_numbers, report_body
from benchmarks.mail import Step, compose
from deployments.bench_load import call, clients_for, request_bytes, submit
from schemas.weekly import HEADINGS, WeeklyReport

Answer = Callable[[str, bytes], bytes]


@asynccontextmanager
async def http_server(answer: Answer, connections: Counter[str]) -> AsyncIterator[int]:
    """Answers each request with `answer(request line, body)`; counts connections and requests."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections["opened"] += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = int(head.lower().split("content-length: ")[1].split("\r\n")[0])
                body = await reader.readexactly(length)
                connections["requests"] += 1
                writer.write(answer(head.split("\r\n")[0], body))
        except asyncio.IncompleteReadError:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def reply(status: int, body: bytes = b"{}") -> bytes:
    return f"HTTP/1.1 {status} -\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


class TestWhatIsSubmitted:
    def test_the_report_is_six_headings_in_about_a_kilobyte_and_a_half_of_thai(self) -> None:
        body = report_body("2561-0007")
        report = WeeklyReport.model_validate_json(body)
        assert all(getattr(report, field) for field, _thai, _english in HEADINGS)
        assert 1200 <= len(body) <= 2000

    def test_directives_are_numbered_without_repetition(self) -> None:
        assert directive_numbers(3) == ("2561-0001", "2561-0002", "2561-0003")
        assert len(set(directive_numbers(12_000))) == 12_000

    @pytest.mark.parametrize(("directives", "clients"), [(1, 1), (20, 20), (50, 20), (51, 50), (2000, 50)])
    def test_how_many_clients_come_at_once(self, directives: int, clients: int) -> None:
        assert clients_for(directives) == clients


class TestClients:
    async def test_each_request_is_sent_once_and_connections_are_kept(self) -> None:
        seen: Counter[str] = Counter()
        counted: Counter[str] = Counter()

        def answer(line: str, body: bytes) -> bytes:
            seen[f"{line} {body.decode()}"] += 1
            return reply(202)

        async with http_server(answer, counted) as port:
            requests = {no: request_bytes(port, "POST", f"/{no}", no.encode()) for no in directive_numbers(40)}
            submissions = await submit(port, requests, clients=4)
        assert seen == {f"POST /{no} HTTP/1.1 {no}": 1 for no in directive_numbers(40)}
        assert counted == {"opened": 4, "requests": 40}
        assert sorted(one.directive for one in submissions) == sorted(directive_numbers(40))
        assert all(one.accepted and one.latency_ms > 0 for one in submissions)

    async def test_a_refusal_is_kept_as_such(self) -> None:
        def answer(line: str, _body: bytes) -> bytes:
            return reply(503 if "/b " in line else 202)

        async with http_server(answer, Counter()) as port:
            requests = {no: request_bytes(port, "POST", f"/{no}") for no in ("a", "b")}
            submissions = await submit(port, requests, clients=1)
        assert {one.directive: one.accepted for one in submissions} == {"a": True, "b": False}

    async def test_a_reply_without_length_is_an_error_not_a_wait(self) -> None:
        async with http_server(lambda _line, _body: b"HTTP/1.1 200 OK\r\n\r\n", Counter()) as port:
            with pytest.raises(ConnectionError, match="without Content-Length"):
                await submit(port, {"a": request_bytes(port, "POST", "/a")}, clients=1)

    async def test_a_single_call_reads_the_answer_and_raises_what_is_refused(self) -> None:
        def answer(line: str, body: bytes) -> bytes:
            return reply(200, orjson.dumps({"sent": orjson.loads(body)})) if "/ok" in line else reply(409, b"no")

        async with http_server(answer, Counter()) as port:
            assert await call(port, "POST", "/ok", [1]) == {"sent": [1]}
            with pytest.raises(RuntimeError, match="POST /refused: 409 no"):
                await call(port, "POST", "/refused", [1])


class TestMailServer:
    async def test_mails_are_kept_by_directive_and_step(self) -> None:
        async with MailServer().listening() as server:
            for directive, step in (("2561-0001", "report"), ("2561-0001", "check"), ("2561-0002", "report")):
                await deliver(server, directive, "check" if step == "check" else "report")
            await server.wait_for("report", ("2561-0001", "2561-0002"), within_s=5)
            assert set(server.arrivals("report")) == {"2561-0001", "2561-0002"}
            assert set(server.arrivals("check")) == {"2561-0001"}
            assert server.arrivals("check")["2561-0001"] > server.arrivals("report")["2561-0001"]

    async def test_a_repeated_mail_is_counted_and_does_not_move_the_moment(self) -> None:
        async with MailServer().listening() as server:
            await deliver(server, "2561-0001", "check")
            first = server.arrivals("check")["2561-0001"]
            await deliver(server, "2561-0001", "check")
            assert server.arrivals("check")["2561-0001"] == first
            assert (server.repeated("check"), server.repeated("report")) == (1, 0)

    async def test_waiting_for_a_mail_that_does_not_come_has_an_end(self) -> None:
        async with MailServer().listening() as server:
            with pytest.raises(TimeoutError):
                await server.wait_for("check", ("2561-0001",), within_s=0.1)


async def deliver(server: MailServer, directive: str, step: Step) -> None:
    await aiosmtplib.send(compose(directive, step), hostname="127.0.0.1", port=server.port, start_tls=False)
