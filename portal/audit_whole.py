"""Is the history of a case whole, and how far do anchors bear witness to it? Auditors' pages of a case say so.

That a case keeps to its model, or comes out the same when it is played again, says nothing of whether its history is
the one that was written: who forges it anew as a whole keeps to the model as well. The chain and the anchors tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ledger.anchor_key import public_keys
from ledger.cases import CaseView
from ledger.errors import LedgerError, UnknownCase
from ledger.verify import Verification, Witnessed, verify_one
from ledger.work import Ledger
from portal.texts import text
from portal.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What a page says of the history of a case."""

    holds: bool
    damage: str
    """The first damage in a sentence; empty where there is none."""
    others: int
    """How many more there are."""
    remarks: tuple[str, ...]
    witness: tuple[str, ...]
    """What anchors say of it, in sentences."""


async def whole_of(ledger: Ledger, case: CaseView, key: Path | None, w: Wording) -> Whole:
    """Verify one case, but for the content of its documents, which the role of auditors' pages may not read.

    :param key: the file of the key that signs anchors; without it nothing is said of keys.
    """
    try:
        found = await verify_one(ledger, case.id, ours=_keys_of(key), contents=False)
    except UnknownCase as gone:  # since the page began to read
        found = Verification(cases=0, events=0, broken=(gone,))
    return Whole(
        holds=found.whole, damage=_said(found.broken[0], w) if found.broken else "",
        others=max(len(found.broken) - 1, 0), remarks=tuple(_remarks(found, w)),
        witness=tuple(_witness(found, case, w)),
    )  # fmt: skip


def _keys_of(file: Path | None) -> tuple[str, ...]:
    """The public keys that anchors are compared with; none where the portal has no such file, or may not read it."""
    try:
        return public_keys(file) if file else ()
    except LedgerError:
        return ()


def _said(error: LedgerError, w: Wording) -> str:
    return w.either(error.message_th, error.message_en)


def _remarks(found: Verification, w: Wording) -> list[str]:
    return [
        text("whole.key_not_held", w.language, number=each.facts["number"], key=each.facts["key"])
        for each in found.remarks if each.name == "key_not_held"
    ]  # fmt: skip


def _witness(found: Verification, case: CaseView, w: Wording) -> list[str]:
    seen = found.witnessed
    said = [_seen(seen, case.head_seq - seen.seq, w, holds=found.whole)]
    said += [text("whole.refused", w.language, n=n, at=w.moment(at)) for n, at in seen.refused]
    return said


def _seen(seen: Witnessed, uncovered: int, w: Wording, *, holds: bool) -> str:
    if not seen.seq:
        return text("whole.unseen", w.language)
    facts = {"n": seen.anchor or "–", "at": w.moment(seen.at) if seen.at else "–", "seq": seen.seq}
    if not holds:
        return text("whole.seen_before", w.language, **facts)
    if not uncovered:
        return text("whole.seen_all", w.language, **facts)
    said = text("whole.seen", w.language, **facts)
    return f"{said} {text('whole.uncovered', w.language, n=uncovered)}" if uncovered > 0 else said
