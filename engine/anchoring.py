"""Keeping the word about anchors: one is made when it is due, and the latest goes to the outside keeper once a day."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Collection
from datetime import timedelta
from functools import partial

from engine.runtime import Runtime
from engine.settings import ClockKind
from ledger import anchors, mails
from ledger.anchor_key import AnchorKey, read_key
from ledger.anchoring import anchor
from ledger.anchors import Anchor
from ledger.findings import REGISTER
from ledger.work import SKEW, Work
from rules.directory import DirectoryIndex
from schemas.mail import AnchorMail, Notice, Recipient
from schemas.organisation import Duty, Officer

log = logging.getLogger("sangkan.anchor")


async def anchor_when_due(runtime: Runtime) -> int:
    """Make an anchor when the last one is old enough and a case has changed; 1 when one was made.

    Without a key (`SANGKAN_ANCHOR_KEY`) none is made.

    :raises AnchorKeyIsMissing, AnchorKeyDoesNotFollow, AnchorsBeginAnew:
    """
    settings = runtime.settings
    if settings.anchor_key is None:
        return 0
    async with runtime.ledger.read() as connection:
        last = await anchors.latest(connection)
        now = await runtime.ledger.clock.now(connection)
    made = None
    # One of later than now was made by a clock that was ahead; it keeps none from being made.
    if last is None or not -SKEW <= now - last.at < timedelta(minutes=settings.anchor_minutes):
        # A simulated clock may have gone on for days before the first is made; then nothing was taken away.
        first = settings.clock is ClockKind.SIMULATED
        made = await make_anchor(runtime, read_key(settings.anchor_key), first=first)
    await _post_when_due(runtime, made or last)
    return int(made is not None)


async def make_anchor(
    runtime: Runtime, key: AnchorKey, *, hand_over_to: str = "", first: bool = False
) -> Anchor | None:
    """Make an anchor over all cases; who must know of those that it refuses is told in the same unit of work.

    :param hand_over_to: public key that signs from the next anchor on.
    :param first: there was never an anchor, however old the history is.
    :raises AnchorKeyDoesNotFollow, AnchorsBeginAnew:
    """
    await runtime.refresh()
    alarm = partial(_tell_of_refused, runtime)
    return await anchor(runtime.ledger, key, hand_over_to=hand_over_to, first=first, alarm=alarm)


async def _post_when_due(runtime: Runtime, latest: Anchor | None) -> None:
    """One mail with the latest anchor: it holds the hashes of all before it."""
    keeper = runtime.settings.anchor_keeper
    if keeper is None or latest is None:
        return
    await runtime.refresh()
    async with runtime.ledger.begin() as work:
        posted = await anchors.last_posted(work.connection, work.now)
        if posted is not None and work.now - posted < timedelta(hours=runtime.settings.anchor_keeper_hours):
            return
        if await anchors.mark_posted(work, latest.number):
            queue_anchor(work, latest, keeper=keeper, ministry=ministry_of(runtime))
            await work.commit()


def ministry_of(runtime: Runtime) -> str:
    """The Thai name of the ministry whose ledger this is."""
    return runtime.directory.unit(runtime.directory.organisation.ministry).th


def queue_anchor(work: Work, latest: Anchor, *, keeper: str, ministry: str) -> None:
    """Queue the mail that an outside keeper keeps; it belongs to no case."""
    message = AnchorMail(
        ministry=ministry, number=latest.number, at=latest.at, cases=latest.cases, events=latest.events,
        refused=len(latest.refused), groups=tuple(anchors.in_groups(latest.hash)), statement=latest.text.decode(),
        signature=latest.signature,
    )  # fmt: skip
    recipient = Recipient(name="ผู้เก็บรักษาหลักฐาน", email=keeper)
    mails.queue(work, once=f"anchor:{latest.number}", case_id="", message=message, recipient=recipient)


def guardians(directory: DirectoryIndex) -> tuple[Officer, ...]:
    """Who is told when what is stored cannot be right: administrators and auditors, each once."""
    found = {o.id: o for duty in (Duty.ADMINISTRATOR, Duty.AUDITOR) for o in directory.officers_with(duty)}
    return tuple(found.values())


async def _tell_of_refused(runtime: Runtime, work: Work, made: Anchor, fresh: Collection[str]) -> None:
    """A history, or the register of findings, does not continue what was seen: administrators and auditors are told."""
    log.error("anchor %s refuses %s", made.number, ", ".join(sorted(fresh)))
    told = guardians(runtime.directory)
    if REGISTER in fresh and told:
        notice = Notice(
            subject="ทะเบียนข้อตรวจพบไม่ตรงกับหมุดหลักฐาน", title="ทะเบียนข้อตรวจพบ", link="/audit/findings",
            body="ทะเบียนข้อตรวจพบไม่ต่อเนื่องจากที่หมุดหลักฐานบันทึกไว้ หมุดหลักฐานที่ "
            f"{made.number} จึงไม่รับรองทะเบียนนี้ โปรดตรวจสอบด้วยคำสั่ง sangkan audit verify",
        )  # fmt: skip
        runtime.post.send(work, "", told, await _free(work, f"refused:{made.number}", REGISTER), notice)
    for head in await work.lock(*sorted(set(fresh) - {REGISTER})):
        notice = Notice(
            subject="ประวัติของเรื่องไม่ตรงกับหมุดหลักฐาน", title=head.title, link=f"/cases/{head.id}",
            body="ประวัติของเรื่องไม่ต่อเนื่องจากที่หมุดหลักฐานบันทึกไว้ หมุดหลักฐานที่ "
            f"{made.number} จึงไม่รับรองเรื่องนี้ โปรดตรวจสอบด้วยคำสั่ง sangkan audit verify {head.id}",
        )  # fmt: skip
        runtime.post.send(work, head.id, told, await _free(work, f"refused:{made.number}", head.id), notice)


async def _free(work: Work, occasion: str, about: str) -> str:
    """A name for mails that nobody has taken: one that was put in beforehand keeps no anchor from being made."""
    taken = await mails.has_occasion(work.connection, f"{occasion}:{about}")
    return f"{occasion}+{secrets.token_hex(4)}:{about}" if taken else f"{occasion}:{about}"
