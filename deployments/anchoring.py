"""`sangkan audit anchor`, `anchors` and the keys: witnesses of all histories, and how they leave the house."""

from __future__ import annotations

import asyncio
from pathlib import Path

from deployments.errors import KeeperIsNotSet, KeyIsNotSet, NoAnchorYet
from deployments.opening import runtime_here
from deployments.tables import folding, show
from deployments.wording import say
from deployments.writing import writing
from engine.anchoring import make_anchor as anchor_and_tell
from engine.anchoring import ministry_of, queue_anchor
from engine.runtime import Runtime
from engine.settings import Settings
from ledger import anchors
from ledger.anchor_key import AnchorKey, read_key
from ledger.anchor_key import make_key as make_key_file
from ledger.anchors import Anchor
from reports.anchor import PrintedAnchor, anchor_pdf
from rules.thai import thai_moment
from tasks.letterhead import house_style


def make_key(settings: Settings) -> None:
    """:raises KeyIsNotSet, AnchorKeyStands:"""
    made = make_key_file(_key_file(settings))
    say("key_made", {"file": _key_file(settings), "key": _spoken(made.public)})


async def rotate_key(settings: Settings) -> None:
    """A last anchor of the old key names the new one; whatever moment this is broken off at, it can be repeated.

    :raises KeyIsNotSet, AnchorKeyIsMissing, AnchorKeyDoesNotFollow:
    """
    file = _key_file(settings)
    fresh, old = file.with_suffix(".next"), read_key(file)
    new = read_key(fresh) if fresh.exists() else make_key_file(fresh)
    async with runtime_here(settings) as runtime:
        async with runtime.ledger.read() as connection:
            last = await anchors.latest(connection)
        if last is None or last.successor != new.public:
            last = await _made(runtime, old, hand_over_to=new.public)
    file.replace(file.with_suffix(f".until-{last.number}"))
    fresh.replace(file)
    say("key_rotated", {"number": last.number, "key": _spoken(new.public)})


async def _made(runtime: Runtime, key: AnchorKey, *, hand_over_to: str) -> Anchor:
    made = await anchor_and_tell(runtime, key, hand_over_to=hand_over_to)
    assert made is not None, "an anchor that hands over is always made"
    return made


async def make_anchor(settings: Settings, *, first: bool = False) -> None:
    """:raises KeyIsNotSet, AnchorKeyIsMissing, AnchorKeyDoesNotFollow, AnchorsBeginAnew:"""
    key = read_key(_key_file(settings))
    async with runtime_here(settings) as runtime:
        made = await anchor_and_tell(runtime, key, first=first)
    if made is None:
        say("nothing_to_anchor", {})
        return
    say("anchored", {"number": made.number, "cases": made.cases, "events": made.events, "hash": _spoken(made.hash)})
    for case_id in made.refused:
        say("anchor_refuses", {"case": case_id})


async def list_anchors(settings: Settings, limit: int) -> None:
    """The latest anchors, the newest first."""
    async with runtime_here(settings, furnished=False) as runtime, runtime.ledger.read() as connection:
        found = await anchors.last_ones(connection, limit)
    table = folding("หมุดที่\nanchor", "เวลา\nat", "เรื่อง\ncases", "รายการ\nevents", "ค่าแฮช\nhash", "ไม่รับรอง\nrefused")
    for one in found:
        table.add_row(
            str(one.number), thai_moment(one.at), f"{one.cases:,}", f"{one.events:,}", _spoken(one.hash),
            str(len(one.refused)) if one.refused else "",
        )  # fmt: skip
    show(table)


async def hand_out(settings: Settings, number: int | None, *, file: Path | None, mail: bool) -> None:
    """Print an anchor, or queue its mail. :raises NoAnchorYet, UnknownAnchor, KeeperIsNotSet, CannotBeWritten:"""
    if mail and settings.anchor_keeper is None:
        raise KeeperIsNotSet
    async with runtime_here(settings) as runtime:
        async with runtime.ledger.read() as connection:
            wanted = await (anchors.latest(connection) if number is None else anchors.numbered(connection, number))
        if wanted is None:
            raise NoAnchorYet
        if file is not None:
            with writing(file):
                await asyncio.to_thread(file.write_bytes, print_out(runtime, wanted))
            say("anchor_printed", {"number": wanted.number, "file": file})
        if mail:
            await _mail(runtime, wanted, str(settings.anchor_keeper))


async def _mail(runtime: Runtime, wanted: Anchor, keeper: str) -> None:
    facts = {"number": wanted.number, "keeper": keeper}
    async with runtime.ledger.begin() as work:
        if not await anchors.mark_posted(work, wanted.number):
            say("anchor_was_mailed", facts)
            return
        queue_anchor(work, wanted, keeper=keeper, ministry=ministry_of(runtime))
        await work.commit()
    say("anchor_mailed", facts)


def print_out(runtime: Runtime, wanted: Anchor) -> bytes:
    """The page for an outside keeper."""
    printed = PrintedAnchor(
        number=wanted.number, at=wanted.at, cases=wanted.cases, events=wanted.events, refused=len(wanted.refused),
        hash=wanted.hash, previous=wanted.previous, key=wanted.key, signature=wanted.signature,
    )  # fmt: skip
    return anchor_pdf(printed, system_name=runtime.settings.system_name, **house_style(runtime))


def _key_file(settings: Settings) -> Path:
    if settings.anchor_key is None:
        raise KeyIsNotSet
    return settings.anchor_key


def _spoken(digest: str) -> str:
    return " ".join(anchors.in_groups(digest))
