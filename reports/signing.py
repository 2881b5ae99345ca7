"""Signature blocks: name, position, day; what is not known yet is a dotted line."""

from __future__ import annotations

from rules.thai import Digits, thai_date
from schemas.base import Record
from schemas.letters import Signatory


class Signature(Record):
    role: str
    """«ผู้ทำคำรับรอง»; empty in letters and orders."""
    name: str
    position: str
    date: str
    dated: bool = True
    """Whether there is a line for the day; letters and orders carry theirs elsewhere."""


def signature(of: Signatory, role: str, digits: Digits) -> Signature:
    """A block with a line for the day."""
    day = thai_date(of.signed_on, digits) if of.signed_on else ""
    return Signature(role=role, name=of.name, position=of.position, date=day)


def undated(of: Signatory) -> Signature:
    """A block as letters, orders and announcements have it."""
    return Signature(role="", name=of.name, position=of.position, date="", dated=False)
