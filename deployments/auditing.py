"""The auditor's commands: is every history whole, and are the tables what the histories say?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from audit.differences import short
from deployments.errors import HistoryIsNotWhole, UnreadableKept
from deployments.opening import runtime_here
from deployments.wording import say
from engine.settings import ClockKind, Settings
from ledger import audit_role, tables
from ledger.anchor_key import public_keys
from ledger.errors import LedgerError
from ledger.restore import Difference, differences_everywhere
from ledger.verify import joined, verify_all, verify_one

SHOWN = 50
OF_TIME = frozenset({"anchors_begin_late", "anchors_paused"})
"""Remarks about how long events had waited for an anchor."""
_BLANK = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]")
"""White space, soft hyphens and characters without a width."""


async def verify_history(settings: Settings, case_ids: Sequence[str] = (), kept: Sequence[str] = ()) -> None:
    """Check the histories, documents and anchors of all cases, or of some.

    :param kept: `NUMBER=HASH` of anchors as an outside keeper has them.
    :raises HistoryIsNotWhole: with exit code 3, after naming each damage.
    :raises UnreadableKept, UnknownCase:
    """
    outside, ours = dict(map(_kept, kept)), _keys_here(settings)
    async with runtime_here(settings, furnished=False) as runtime:
        if case_ids:
            found = joined([await verify_one(runtime.ledger, case_id, kept=outside, ours=ours) for case_id in case_ids])
        else:
            found = await verify_all(runtime.ledger, kept=outside, ours=ours)
    for broken in found.broken[:SHOWN]:
        print(f"{broken.message_th}\n  {broken.message_en}")
    for remark in found.remarks:
        # A simulated clock jumps over days: then no anchor came late, and none was taken away.
        if settings.clock is ClockKind.REAL or remark.name not in OF_TIME:
            say(remark.name, remark.facts)
    if not found.whole:
        raise HistoryIsNotWhole(count=len(found.broken))
    say("verified", {
        "cases": found.cases, "events": found.events, "documents": found.documents, "anchors": found.anchors,
        "findings": found.findings,
    })  # fmt: skip
    if found.uncovered:
        say("uncovered", {"events": found.uncovered})


def _keys_here(settings: Settings) -> tuple[str, ...]:
    """The public keys that anchors are compared with; none, said aloud, where the file cannot be read."""
    if settings.anchor_key is None:
        return ()
    try:
        return public_keys(settings.anchor_key)
    except LedgerError as trouble:
        print(f"{trouble.message_th}\n  {trouble.message_en}")
        return ()


def _kept(text: str) -> tuple[int, str]:
    """A hash may be typed in groups, or copied from the page, where it may break at characters that nobody sees."""
    read = re.fullmatch(r"(\d+)[=:]([0-9a-f]{64})", _BLANK.sub("", text.lower()))
    if read is None:
        raise UnreadableKept(text=text)
    return int(read[1]), read[2]


async def compare_tables(settings: Settings) -> None:
    """Rebuild every case from its events and compare. :raises HistoryIsNotWhole:"""
    async with runtime_here(settings, furnished=False) as runtime:
        found = await differences_everywhere(runtime.ledger)
    for difference in found[:SHOWN]:
        say(_kind_of(difference), {
            "table": difference.table, "key": "/".join(map(str, difference.key)), "column": difference.column,
            "stored": short(difference.stored), "restored": short(difference.restored),
        })  # fmt: skip
    if found:
        raise HistoryIsNotWhole(count=len(found))
    say("restorable", {})


def _kind_of(difference: Difference) -> str:
    """Which sentence tells of it."""
    if difference.column is None:
        return "row_is_missing" if difference.stored is None else "row_too_many"
    if difference.restored is None and difference.column == "case_id":
        return "row_of_no_case" if difference.stored else "row_names_no_case"
    return "history_cannot_be_read" if difference.table == tables.events.name else "row_differs"


async def grant_role(settings: Settings, role: str) -> None:
    """Let a role of the database read what auditors' pages show, and print how.

    :raises NotOnPostgreSQL, UnknownRole:
    """
    async with runtime_here(settings, furnished=False) as runtime:
        done = await audit_role.grant(runtime.ledger.engine, role)
    for statement in done:
        print(f"{statement};")
    say("role_granted", {"role": role})
