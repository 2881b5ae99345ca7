"""What became of each recipient: against real servers that refuse, break, sleep and come back."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import cast

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from notifications.errors import MailerClosed
from notifications.mailer import Mailer, Outcome, Security
from tests.notifications.conftest import PLANNING, to

TO = ["plan@correct.go.th", "director@correct.go.th"]


class Office:
    """A handler for aiosmtpd's server: some addresses are refused, and DATA answers as told."""

    def __init__(self, refusals=None, data="250 2.0.0 taken", sender="250 OK"):
        self.refusals = refusals or {}
        self.data = data
        self.sender = sender
        self.taken: list[tuple[str, ...]] = []
        self.transports = []
        self.reached = {"MAIL": asyncio.Event(), "DATA": asyncio.Event()}

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        self.transports.append(server.transport)
        self.reached["MAIL"].set()
        if self.sender.startswith("250"):
            envelope.mail_from = address
        return self.sender

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        answer = self.refusals.get(address, "250 OK")
        if answer == "hang up":
            server.transport.abort()
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.reached["DATA"].set()
        if self.data.startswith("250") or self.data == "take and hang up":
            self.taken.append(tuple(envelope.rcpt_tos))
        if self.data == "take and hang up":
            server.transport.abort()
        if self.data == "sleep":
            await asyncio.sleep(60)
        return self.data


@asynccontextmanager
async def listening(office, port=0, **settings) -> AsyncIterator[int]:
    loop, servers = asyncio.get_running_loop(), []

    def factory():
        servers.append(SMTP(office, hostname="localhost", loop=loop, **settings))
        return servers[-1]

    listener = await loop.create_server(factory, "127.0.0.1", port)
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        listener.close()
        for server in servers:
            if server.transport is not None:
                cast(asyncio.WriteTransport, server.transport).abort()
        await listener.wait_closed()
        await asyncio.sleep(0.02)


@asynccontextmanager
async def raw_server(talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]):
    """A server that says only what the test tells it to say."""

    async def serve(reader, writer):
        try:
            await talk(reader, writer)
        finally:
            writer.close()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        listener.close()
        await listener.wait_closed()
        await asyncio.sleep(0.02)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def outcomes(delivery):
    return [(result.outcome, result.code) for result in delivery.results]


async def test_everybody_is_accepted(mail):
    office = Office()
    async with listening(office) as port, Mailer(to(port)) as mailer:
        delivery = await mailer.send(mail(), TO)
    assert delivery.is_complete
    assert delivery.message_id == mail()["Message-ID"]
    assert outcomes(delivery) == [(Outcome.ACCEPTED, 250)] * 2
    assert office.taken == [tuple(TO)]


@pytest.mark.parametrize(
    ("answer", "outcome", "code"),
    [
        ("550 5.1.1 no such user", Outcome.REFUSED, 550),
        ("553 5.1.3 bad address", Outcome.REFUSED, 553),
        ("452 4.2.2 mailbox full", Outcome.DEFERRED, 452),
        ("530 5.7.0 Authentication required", Outcome.DEFERRED, 530),  # the operator can put that right
    ],
)
async def test_one_bad_address_never_stops_the_others(mail, answer, outcome, code):
    office = Office({"plan@correct.go.th": answer})
    async with listening(office) as port, Mailer(to(port)) as mailer:
        bad, good = (await mailer.send(mail(), TO)).results
    assert (bad.outcome, bad.code, bad.text) == (outcome, code, answer[4:])
    assert good.outcome is Outcome.ACCEPTED
    assert office.taken == [("director@correct.go.th",)]


async def test_an_address_that_cannot_be_written_does_not_stop_the_others(mail):
    office = Office()
    async with listening(office) as port, Mailer(to(port)) as mailer:
        delivery = await mailer.send(mail(), ["a@b c.th", "x@y.th>\r\nRSET", *TO])
    assert [outcome for outcome, _ in outcomes(delivery)] == [Outcome.REFUSED] * 2 + [Outcome.ACCEPTED] * 2
    assert office.taken == [tuple(TO)]


async def test_when_all_are_refused_the_connection_serves_the_next_mail(mail):
    office = Office(dict.fromkeys(TO, "550 no"))
    async with listening(office) as port, Mailer(to(port), connections=1) as mailer:
        first = await mailer.send(mail("1"), TO)
        second = await mailer.send(mail("2"), ["other@moj.go.th"])
    assert outcomes(first) == [(Outcome.REFUSED, 550)] * 2
    assert second.is_complete
    assert office.transports[0] is office.transports[1]


@pytest.mark.parametrize(
    ("where", "answer", "outcome"),
    [
        ("data", "554 5.7.1 content refused", Outcome.REFUSED),
        ("data", "451 4.3.0 try later", Outcome.DEFERRED),
        ("sender", "550 5.7.1 sender refused", Outcome.REFUSED),
        ("sender", "451 4.3.2 not now", Outcome.DEFERRED),
    ],
)
async def test_an_answer_to_the_whole_mail_goes_to_every_recipient(mail, where, answer, outcome):
    async with listening(Office(**{where: answer})) as port, Mailer(to(port)) as mailer:
        delivery = await mailer.send(mail(), TO)
    assert outcomes(delivery) == [(outcome, int(answer[:3]))] * 2


async def test_a_server_that_is_down_defers_and_the_same_mailer_goes_on_when_it_is_up(mail):
    port = free_port()
    async with Mailer(to(port)) as mailer:
        down = await mailer.send(mail(), TO)
        assert outcomes(down) == [(Outcome.DEFERRED, None)] * 2
        assert "connect" in down.results[0].text.lower()
        async with listening(Office(), port):
            assert (await mailer.send(mail(), TO)).is_complete


async def test_a_kept_connection_that_has_died_is_replaced_without_loss(mail):
    office = Office()
    async with Mailer(to(port := free_port()), connections=1) as mailer:
        async with listening(office, port):
            await mailer.send(mail("1"), TO)
        async with listening(office, port):
            assert (await mailer.send(mail("2"), TO)).is_complete
    assert office.taken == [tuple(TO)] * 2


async def test_a_kept_connection_that_the_server_ended_with_421_is_replaced(mail):
    office = Office()
    async with listening(office) as port, Mailer(to(port), connections=1) as mailer:
        await mailer.send(mail("1"), TO)
        office.sender = "421 4.4.2 idle too long"
        delivery = await mailer.send(mail("2"), TO)
    assert outcomes(delivery) == [(Outcome.DEFERRED, 421)] * 2
    assert office.transports[1] is not office.transports[2]


async def test_a_connection_killed_before_the_content_defers_and_keeps_what_was_refused(mail):
    office = Office({"gone@moj.go.th": "550 gone", "director@correct.go.th": "hang up"})
    async with listening(office) as port, Mailer(to(port)) as mailer:
        delivery = await mailer.send(mail(), ["gone@moj.go.th", *TO])
    assert outcomes(delivery) == [(Outcome.REFUSED, 550), (Outcome.DEFERRED, None), (Outcome.DEFERRED, None)]
    assert office.taken == []


async def test_a_connection_killed_after_the_content_is_uncertain_and_never_repeated(mail):
    office = Office(data="take and hang up")
    async with listening(office) as port, Mailer(to(port)) as mailer:
        delivery = await mailer.send(mail(), TO)
    assert outcomes(delivery) == [(Outcome.UNCERTAIN, None)] * 2
    assert office.taken == [tuple(TO)]


async def test_a_server_that_does_not_answer_the_content_in_time_is_uncertain(mail):
    async with listening(Office(data="sleep")) as port, Mailer(to(port, data_timeout=0.2)) as mailer:
        delivery = await mailer.send(mail(), TO)
    assert outcomes(delivery) == [(Outcome.UNCERTAIN, None)] * 2


async def test_a_server_that_says_nothing_defers(mail):
    async def silence(reader, writer):
        await reader.read()

    async with raw_server(silence) as port, Mailer(to(port, timeout=0.2)) as mailer:
        assert outcomes(await mailer.send(mail(), TO)) == [(Outcome.DEFERRED, None)] * 2


@pytest.mark.parametrize(
    ("greeting", "code"), [(b"554 no service\r\n", 554), (b"HTTP/1.1 200 OK\r\n", None), (b"220 \xff\xfe\r\n", None)]
)
async def test_a_server_that_is_no_use_defers(mail, greeting, code):
    async def greet(reader, writer):
        writer.write(greeting)
        await writer.drain()

    async with raw_server(greet) as port, Mailer(to(port)) as mailer:
        assert outcomes(await mailer.send(mail(), TO)) == [(Outcome.DEFERRED, code)] * 2


async def test_a_reply_in_any_bytes_is_kept_as_text(mail):
    async def talk(reader, writer):
        for answer in (b"220 hello", b"250 hello", b"250 ok", b"550 \xe0\xb9\x84 \xff\x00 no", b"550 no", b"250 ok"):
            writer.write(answer + b"\r\n")
            await writer.drain()
            await reader.readline()

    async with raw_server(talk) as port, Mailer(to(port)) as mailer:
        bad, _ = (await mailer.send(mail(), TO)).results
    assert (bad.outcome, bad.text) == (Outcome.REFUSED, "ไ \ufffd no")


@pytest.mark.parametrize("step", ["MAIL", "DATA"])
async def test_a_cancelled_delivery_gives_its_connection_back_for_a_new_one(mail, step):
    office = Office(data="sleep")
    async with listening(office) as port, Mailer(to(port), connections=1) as mailer:
        sending = asyncio.create_task(mailer.send(mail("1"), TO))
        await office.reached[step].wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        assert office.taken == []
        office.data = "250 taken"
        assert (await mailer.send(mail("2"), TO)).is_complete


async def test_connections_are_few_and_kept(mail):
    office = Office()
    async with listening(office) as port, Mailer(to(port), connections=3) as mailer:
        deliveries = await asyncio.gather(*(mailer.send(mail(f"{n}"), TO[:1]) for n in range(40)))
    assert all(delivery.is_complete for delivery in deliveries)
    assert len(office.taken) == 40
    assert len(set(office.transports)) <= 3


async def test_a_thai_local_part_needs_a_server_that_can(mail):
    thai = [PLANNING.replace(email="แผน@moj.go.th")]
    async with listening(Office(), enable_SMTPUTF8=True) as port, Mailer(to(port)) as mailer:
        assert (await mailer.send(mail(recipients=thai), ["แผน@moj.go.th"])).is_complete
    async with listening(office := Office()) as port, Mailer(to(port)) as mailer:
        bad, good = (await mailer.send(mail(), ["แผน@moj.go.th", TO[0]])).results
    assert (bad.outcome, good.outcome) == (Outcome.REFUSED, Outcome.ACCEPTED)
    assert office.taken == [(TO[0],)]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that signs itself; (server context, client context that trusts it)."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", folder / "key.pem", "-out", folder / "cert.pem"),
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return server, ssl.create_default_context(cafile=folder / "cert.pem")


def only_the_portal(server, session, envelope, mechanism, login):
    return AuthResult(success=(login.login, login.password) == (b"portal", b"secret"), handled=False)


@pytest.mark.parametrize(
    ("password", "result"), [("secret", (Outcome.ACCEPTED, 250)), ("wrong", (Outcome.DEFERRED, 535))]
)
async def test_starttls_and_password(mail, certificate, password, result):
    server, client = certificate
    settings = {
        "tls_context": server,
        "require_starttls": True,
        "auth_required": True,
        "authenticator": only_the_portal,
    }
    account = to(25, security=Security.STARTTLS, username="portal", password=password)
    async with (
        listening(Office(), **settings) as port,
        Mailer(account.replace(port=port), tls_context=client) as mailer,
    ):
        delivery = await mailer.send(mail(), TO)
    assert outcomes(delivery) == [result] * 2


async def test_a_server_without_starttls_or_with_a_strange_certificate_gets_no_mail(mail, certificate):
    server, _ = certificate
    office = Office()
    for settings in ({}, {"tls_context": server}):
        async with listening(office, **settings) as port, Mailer(to(port, security=Security.STARTTLS)) as mailer:
            assert outcomes(await mailer.send(mail(), TO)) == [(Outcome.DEFERRED, None)] * 2
    assert office.taken == []


async def test_the_mailer_is_used_within_its_block(mail):
    with pytest.raises(MailerClosed):
        await Mailer(to(25)).send(mail(), TO)
