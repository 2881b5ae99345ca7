"""Mail leaves the house: persistent SMTP connections, and for each recipient what became of it (RFC 5321)."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import EmailPolicy
from enum import StrEnum
from types import TracebackType
from typing import Self

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPHeloError,
    SMTPResponseException,
    SMTPStatus,
)
from pydantic import Field, SecretStr

from notifications.compose import one_line
from notifications.envelope import smtp_address
from notifications.errors import InvalidAddress, MailerClosed
from schemas.base import Record


class Security(StrEnum):
    """How the connection is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    """Upgraded after the greeting; a server that cannot is not used."""
    TLS = "tls"


class MailServer(Record):
    """The server that takes our mail."""

    host: str
    port: int = Field(ge=1, le=65535)
    username: str | None = None
    password: SecretStr | None = None
    security: Security = Security.NONE
    timeout: float = Field(default=30, gt=0)
    """Seconds for the connection and for each reply."""
    data_timeout: float = Field(default=600, gt=0)
    """Seconds for the reply to the content: a server that checks it is slow, and giving up leaves it uncertain
    whether the mail was taken (RFC 5321, 4.5.3.2.6 asks for ten minutes)."""
    local_hostname: str | None = None
    """Our name in EHLO; the machine's own by default."""


class Outcome(StrEnum):
    """What became of one recipient."""

    ACCEPTED = "accepted"
    """The server has taken it over."""
    REFUSED = "refused"
    """Permanently: 5xx, or an address that cannot be written."""
    DEFERRED = "deferred"
    """4xx or a broken connection before the content went: certainly not sent, try again."""
    UNCERTAIN = "uncertain"
    """The connection broke after DATA and before the reply: it may have been sent. The caller decides."""


class RecipientResult(Record):
    """One recipient: the outcome, and the server's reply code and text (code None when there was no reply)."""

    email: str
    outcome: Outcome
    code: int | None = None
    text: str = ""


class Delivery(Record):
    """What became of one mail; one result per recipient, in their order."""

    message_id: str
    results: tuple[RecipientResult, ...]

    def those(self, outcome: Outcome) -> tuple[RecipientResult, ...]:
        return tuple(result for result in self.results if result.outcome is outcome)

    @property
    def is_complete(self) -> bool:
        """Every recipient was accepted."""
        return all(result.outcome is Outcome.ACCEPTED for result in self.results)


_CONFIGURATION_CODES = frozenset({530, 534, 535, 538})
"""5xx about our account, not about the mail: it leaves as soon as the operator has put that right."""


class _Reply(Record):
    outcome: Outcome
    code: int | None = None
    text: str = ""

    def to(self, email: str) -> RecipientResult:
        return RecipientResult(email=email, outcome=self.outcome, code=self.code, text=self.text)


class _Letter:
    """One mail on its way: its bytes, the SMTP address of each recipient, and what became of them so far."""

    def __init__(self, message: EmailMessage, recipients: Sequence[str]) -> None:
        self._cancellations = _cancellations()
        self.message_id = str(message["Message-ID"] or "")
        self.sender = str(message["From"].addresses[0].addr_spec)
        self.content = message.as_bytes()
        self.recipients = tuple(dict.fromkeys(recipients))
        self.results: dict[str, RecipientResult] = {}
        self.addresses = {email: self._address(email) for email in self.recipients}
        policy = message.policy
        self._needs_utf8 = not self.sender.isascii() or (isinstance(policy, EmailPolicy) and policy.utf8)

    def _address(self, email: str) -> str:
        try:
            return smtp_address(email)
        except InvalidAddress as invalid:
            self.say_to((email,), _Reply(outcome=Outcome.REFUSED, text=str(invalid)))
            return ""

    @property
    def waiting(self) -> tuple[str, ...]:
        return tuple(email for email in self.recipients if email not in self.results)

    def say_to(self, emails: Sequence[str], reply: _Reply) -> None:
        for email in emails:
            self.results[email] = reply.to(email)

    def stop_if_cancelled(self) -> None:
        """Before Python 3.12 `wait_for` may swallow a cancellation; the task still knows of it."""
        if _cancellations() > self._cancellations:
            raise asyncio.CancelledError

    def needs_utf8(self, email: str) -> bool:
        return self._needs_utf8 or not self.addresses[email].isascii()

    def options(self, client: SMTP) -> list[str]:
        """Parameters of MAIL FROM: a server that knows the size refuses before the content is sent."""
        wanted = {
            f"SIZE={len(self.content)}": client.supports_extension("size"),
            "BODY=8BITMIME": not self.content.isascii() and client.supports_extension("8bitmime"),
            "SMTPUTF8": any(self.needs_utf8(email) for email in self.waiting),
        }
        return [option for option, is_wanted in wanted.items() if is_wanted]

    def delivery(self) -> Delivery:
        return Delivery(message_id=self.message_id, results=tuple(self.results[email] for email in self.recipients))


def _cancellations() -> int:
    task = asyncio.current_task()
    return task.cancelling() if task else 0


class Mailer:
    """`async with Mailer(server) as mailer: await mailer.send(message, [address])`.

    Holds up to `connections` connections, opens them when first needed and again when they break.
    """

    def __init__(self, server: MailServer, *, connections: int = 4, tls_context: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._size = connections
        self._tls_context = tls_context
        self._clients: list[SMTP] = []
        self._idle: asyncio.LifoQueue[SMTP] | None = None

    async def __aenter__(self) -> Self:
        if self._server.security is not Security.NONE and self._tls_context is None:
            # Reading the system's certificates takes tens of milliseconds: once, not for each connection.
            self._tls_context = await asyncio.to_thread(ssl.create_default_context)
        self._idle = asyncio.LifoQueue()
        self._clients = [self._client() for _ in range(self._size)]
        for client in self._clients:
            self._idle.put_nowait(client)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._idle = None
        clients, self._clients = self._clients, []
        await asyncio.gather(*(_take_leave(client) for client in clients))

    def _client(self) -> SMTP:
        server = self._server
        return SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password.get_secret_value() if server.password else None,
            use_tls=server.security is Security.TLS,
            start_tls=server.security is Security.STARTTLS,
            tls_context=self._tls_context,
            timeout=server.timeout,
            local_hostname=server.local_hostname,
        )

    async def send(self, message: EmailMessage, recipients: Sequence[str]) -> Delivery:
        """Offer `message` to the server for `recipients` (addresses); the envelope sender is its From.

        SMTP trouble is an answer, never an exception. Raises `MailerClosed` outside the `async with` block.
        When the call is cancelled its connection is dropped, and a mail whose content had gone is uncertain.
        """
        if self._idle is None:
            raise MailerClosed(host=self._server.host)
        idle, letter = self._idle, _Letter(message, recipients)
        client = await idle.get()
        try:
            await self._deliver(client, letter)
            letter.stop_if_cancelled()
        except BaseException:
            client.close()  # in the middle of a conversation; the next mail begins a new one
            raise
        finally:
            idle.put_nowait(client)
        return letter.delivery()

    async def _deliver(self, client: SMTP, letter: _Letter) -> None:
        """Once; and once more when a kept connection turns out to be dead, for nothing was sent over it."""
        was_kept = client.is_connected
        trouble = await self._converse(client, letter)
        if trouble and was_kept:
            trouble = await self._converse(client, letter)
        if trouble:
            letter.say_to(letter.waiting, trouble)

    async def _converse(self, client: SMTP, letter: _Letter) -> _Reply | None:
        """One SMTP transaction; the trouble that broke the connection before the content went, or None."""
        try:
            if not client.is_connected:
                await client.connect()
            accepted = await _announce(client, letter)
            letter.stop_if_cancelled()
        except (SMTPException, OSError) as trouble:
            client.close()
            return _Reply(outcome=Outcome.DEFERRED, code=_code(trouble), text=_text(trouble))
        if accepted:
            letter.say_to(accepted, await _hand_over(client, letter.content, self._server.data_timeout))
        else:
            await _forget(client)
        return None


async def _announce(client: SMTP, letter: _Letter) -> tuple[str, ...]:
    """MAIL and RCPT: the recipients whom the server takes. A refusal is noted, a broken connection raises."""
    await _greet(client)
    if not client.supports_extension("smtputf8"):
        unknown = _Reply(outcome=Outcome.REFUSED, text="the server does not support SMTPUTF8")
        letter.say_to([email for email in letter.waiting if letter.needs_utf8(email)], unknown)
    if not letter.waiting:
        return ()
    try:
        await client.mail(letter.sender, options=letter.options(client), encoding="utf-8")
    except SMTPResponseException as refused:
        letter.say_to(letter.waiting, _judged(refused))
        return ()
    return tuple([email for email in letter.waiting if await _is_taken(client, letter, email)])


async def _greet(client: SMTP) -> None:
    if client.is_ehlo_or_helo_needed:
        try:
            await client.ehlo()
        except SMTPHeloError:
            await client.helo()


async def _is_taken(client: SMTP, letter: _Letter, email: str) -> bool:
    try:
        await client.rcpt(letter.addresses[email], encoding="utf-8")
    except SMTPResponseException as refused:
        reply = _judged(refused)
        if reply.outcome is not Outcome.ACCEPTED:
            letter.say_to((email,), reply)
        return reply.outcome is Outcome.ACCEPTED
    return True


async def _hand_over(client: SMTP, content: bytes, patience: float) -> _Reply:
    """DATA: one reply for all who were taken. From here on silence does not mean that nothing was sent."""
    if not client.is_connected:
        return _Reply(outcome=Outcome.DEFERRED, text="connection lost before DATA")
    try:
        answer = await client.data(content, timeout=patience)
        return _Reply(outcome=Outcome.ACCEPTED, code=answer.code, text=_clean(answer.message))
    except (SMTPException, OSError) as trouble:
        code = _code(trouble)
        if code is None or code == SMTPStatus.domain_unavailable:
            client.close()
        else:
            await _forget(client)
        outcome = Outcome.UNCERTAIN if code is None else _outcome(code)
        return _Reply(outcome=outcome, code=code, text=_text(trouble))


async def _forget(client: SMTP) -> None:
    """End the transaction; a connection that cannot even do that is dropped."""
    try:
        await client.rset()
    except (SMTPException, OSError):
        client.close()


def _judged(answer: SMTPResponseException) -> _Reply:
    """5xx is for good, unless it speaks of our account; 4xx is for now.

    Raises `answer` when it ends the connection (421) or cannot be read.
    """
    if answer.code < 200 or answer.code == SMTPStatus.domain_unavailable:
        raise answer
    return _Reply(outcome=_outcome(answer.code), code=answer.code, text=_text(answer))


def _outcome(code: int) -> Outcome:
    if code < 300:
        return Outcome.ACCEPTED
    return Outcome.REFUSED if code >= 500 and code not in _CONFIGURATION_CODES else Outcome.DEFERRED


def _code(trouble: Exception) -> int | None:
    """The server's reply code; aiosmtplib says -1 when the reply could not be read."""
    return trouble.code if isinstance(trouble, SMTPResponseException) and trouble.code > 0 else None


def _text(trouble: Exception) -> str:
    return _clean(trouble.message if isinstance(trouble, SMTPException) else str(trouble))


def _clean(text: str) -> str:
    """One line of valid text: a server may answer with any bytes."""
    return one_line(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


async def _take_leave(client: SMTP) -> None:
    try:
        if client.is_connected:
            await client.quit(timeout=5)
    except (SMTPException, OSError):
        pass  # it is gone already
    finally:
        client.close()
