"""Sends what is queued: claims, composes, hands to the mail server, and records in the case what became of it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from engine.prefect_run import RUNNER
from engine.runtime import Runtime
from ledger import documents, mails, tables
from ledger.clock import machine_now
from ledger.database import passes_by_itself
from ledger.mails import ClaimedMail, QueuedMail, Settled, UnreadableMail
from ledger.work import Work
from notifications.backoff import next_attempt
from notifications.compose import compose
from notifications.envelope import envelope, message_id
from notifications.mailer import Mailer, Outcome, RecipientResult
from schemas.actor import system
from schemas.mail import DigestLine, Message, Recipient, TaskMail, UndeliverableMail

AT_ONCE = 100
CLAIM_SECONDS = 120
LONGEST_TROUBLE = 300
MAIL = system("mail")

log = logging.getLogger("sangkan.mail")


@dataclass(slots=True)
class _Batch:
    """Mails that are settled in one transaction; every connection that brought one learns how it ended."""

    mails: list[Settled] = field(default_factory=list)
    outcome: asyncio.Task[None] | None = None


class MailOut:
    """The mail loop of one worker."""

    def __init__(self, runtime: Runtime, mailer: Mailer) -> None:
        self.runtime = runtime
        self.mailer = mailer
        address = runtime.settings.mail_from
        self.sender = Recipient(name=runtime.settings.system_name, email=address)
        self.domain = address.rpartition("@")[2]
        self._ready = _Batch()
        self._settling = asyncio.Lock()

    async def once(self) -> int:
        """Send what is due; returns how many mails were claimed.

        A mail is settled before its connection takes the next: whenever the process dies, the server has taken at
        most one mail for each connection of which the ledger does not know.
        """
        claimed = await mails.claim(self.runtime.ledger, claimed_by=RUNNER, limit=AT_ONCE, seconds=CLAIM_SECONDS)
        if not (claimed.mails or claimed.unreadable):
            return 0
        await self.runtime.refresh()
        closed = await self._closed_work(claimed.mails)
        skipped = [
            Settled(mail=mail, outcome="skip", reason="งานนี้มีผู้ดำเนินการแล้วหรือถูกถอนก่อนส่งอีเมล")
            for mail in claimed.mails
            if mail.hand_off_id in closed and isinstance(mail.message, TaskMail)
        ]
        skipped_ids = {s.mail.id for s in skipped}
        await self._settle(skipped)
        to_send = iter([mail for mail in claimed.mails if mail.id not in skipped_ids])
        async with self._held([*claimed.mails, *claimed.unreadable]):
            connections = range(self.runtime.settings.smtp_connections)
            ends = await asyncio.gather(*(self._send_all(to_send) for _ in connections), return_exceptions=True)
            await self._settle([self._unreadable(mail) for mail in claimed.unreadable])
        for trouble in ends:
            if isinstance(trouble, BaseException):
                raise trouble
        return len(claimed.mails) + len(claimed.unreadable)

    @staticmethod
    def _unreadable(mail: UnreadableMail) -> Settled:
        """Somebody has written into its row: it is never sent, and the others went out before."""
        log.error("mail %s cannot be read: %s", mail.once, mail.trouble)
        why = " ".join(mail.trouble.split())[:LONGEST_TROUBLE]
        return Settled(mail=mail, outcome="fail", reason=f"อ่านอีเมลฉบับนี้ในฐานข้อมูลไม่ได้ จึงไม่ได้ส่ง: {why}")

    @contextlib.asynccontextmanager
    async def _held(self, claimed: Sequence[ClaimedMail]) -> AsyncIterator[None]:
        """Keep the claim for as long as the mail server takes: when it runs out, another worker sends the mails."""

        async def keep() -> None:
            while True:
                await asyncio.sleep(CLAIM_SECONDS / 3)
                try:
                    await mails.hold(self.runtime.ledger, claimed, claimed_by=RUNNER, seconds=CLAIM_SECONDS)
                except Exception as trouble:
                    log.warning("claimed mails: %r", trouble)

        keeper = asyncio.create_task(keep(), name="claimed mails")
        try:
            yield
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)

    async def _send_all(self, to_send: Iterator[QueuedMail]) -> None:
        """What one connection does: mail after mail, each settled together with those of the others."""
        for mail in to_send:
            if (settled := await self._send(mail)) is not None:
                await self._settle_together(settled)

    async def _closed_work(self, claimed: Sequence[QueuedMail]) -> set[str]:
        """Hand-offs that are no longer open: a mail that asks for them would only annoy."""
        h = tables.hand_offs.c
        ids = {mail.hand_off_id for mail in claimed if mail.hand_off_id}
        if not ids:
            return set()
        async with self.runtime.ledger.read() as connection:
            return set((await connection.scalars(select(h.id).where(h.id.in_(ids), h.state != "open"))).all())

    async def _send(self, mail: QueuedMail) -> Settled | None:
        """Send one mail; None when it is to be tried again. One bad mail never stops the others.

        Trouble of ours that passes is raised, and the mail is sent once its claim has run out.
        """
        try:
            composed = compose(self._with_links(mail), system_name=self.runtime.settings.system_name)
            letter = envelope(
                composed,
                sender=self.sender,
                recipients=[mail.recipient],
                message_id=message_id(mail.once, self.domain),
                date=mail.queued_at,
                thread=message_id(f"thread:{mail.hand_off_id or mail.case_id}", self.domain),
                attachments=await self._attachments(mail),
            )
            delivery = await self.mailer.send(letter, [mail.recipient.email])
        except Exception as trouble:
            if passes_by_itself(trouble):
                raise
            log.exception("mail %s", mail.once)
            return Settled(mail=mail, outcome="fail", reason=f"{type(trouble).__name__}: {trouble}")
        return await self._judge(mail, delivery.results[0], composed.subject, delivery.message_id)

    async def _judge(self, mail: QueuedMail, result: RecipientResult, subject: str, sent_id: str) -> Settled | None:
        reason = f"{result.code or ''} {result.text}".strip()
        if result.outcome is Outcome.ACCEPTED:
            return Settled(mail=mail, outcome="send", subject=subject, message_id=sent_id)
        if result.outcome is Outcome.REFUSED:
            return Settled(mail=mail, outcome="fail", reason=reason, subject=subject, message_id=sent_id)
        # Uncertain ones are repeated under the same Message-ID: twice is better than never.
        again = next_attempt(mail.attempts + 1, now=machine_now())
        if again is None:
            return Settled(mail=mail, outcome="fail", reason=reason, subject=subject, message_id=sent_id)
        await mails.postpone(self.runtime.ledger, mail, until=again, reason=reason)
        return None

    async def _attachments(self, mail: QueuedMail) -> list[tuple[str, str, bytes]]:
        if not mail.attachments:
            return []
        async with self.runtime.ledger.read() as connection:
            return [
                (a.name, a.media_type, (await documents.get(connection, a.sha256)).content) for a in mail.attachments
            ]

    def _with_links(self, mail: QueuedMail) -> Message:
        """Paths of the portal become addresses; a path of a form becomes this officer's signed link."""

        def absolute(path: str) -> str:
            officer, issued_at = mail.recipient.officer, mail.queued_at
            return self.runtime.links.absolute(path, officer=officer, issued_at=issued_at)

        changes: dict[str, object] = {}
        link = getattr(mail.message, "link", None)
        if link is not None:
            changes["link"] = absolute(link)
        lines: tuple[DigestLine, ...] = getattr(mail.message, "lines", ())
        if lines:
            changes["lines"] = tuple(line.replace(link=absolute(line.link)) for line in lines)
        return mail.message.replace(**changes)

    # --- settling --------------------------------------------------------------------------------------

    async def _settle_together(self, one: Settled) -> None:
        """Settle one mail; those that become ready while a transaction is under way share the next, and its failure."""
        batch = self._ready
        batch.mails.append(one)
        async with self._settling:
            if batch.outcome is None:  # not taken along by another
                self._ready = _Batch()
                batch.outcome = asyncio.create_task(self._settle(batch.mails), name="settling mails")
            await batch.outcome

    async def _settle(self, settled: Sequence[Settled]) -> None:
        if not settled:
            return
        async with self.runtime.ledger.begin() as work:
            for failed in await mails.settle(work, settled, actor=MAIL):
                if failed.outcome == "fail" and work.held(failed.mail.case_id) is None:
                    log.error("mail %s: %s", failed.mail.once, failed.reason)
                elif failed.outcome == "fail" and failed.mail.folder != UndeliverableMail.folder:
                    await self._tell_the_secretariat(work, failed)
            await work.commit()

    async def _tell_the_secretariat(self, work: Work, failed: Settled) -> None:
        """A mail that bounced: the director of the secretariat is told (requirements P1, step 2)."""
        directory, mail = self.runtime.directory, failed.mail
        secretariat = directory.secretariat()
        directors = directory.supervisors_of(secretariat.id)
        told = directors or directory.officers_of(secretariat.id)
        (head,) = await work.lock(mail.case_id)
        message = UndeliverableMail(
            addressee=f"ผู้อำนวยการ{secretariat.th}" if directors else secretariat.th,
            recipient=f"{mail.name} <{mail.email}>",
            subject=failed.subject,
            reason=failed.reason,
            title=head.title,
            link=f"/cases/{mail.case_id}",
        )
        others = [officer for officer in told if officer.email != mail.email]
        self.runtime.post.send(work, mail.case_id, others, f"undeliverable:{mail.id}", message)
