"""What the office puts on every document."""

from __future__ import annotations

from typing import TypedDict

from engine.runtime import Runtime
from reports.typesetting import Letterhead
from schemas.policy import Digits


class HouseStyle(TypedDict):
    """How a print-out of this office looks; letters, orders and announcements are always in Thai digits."""

    letterhead: Letterhead
    digits: Digits


def house_style(runtime: Runtime) -> HouseStyle:
    """Letterhead and digits of a print-out, as the policy has them (requirements 3.2)."""
    return HouseStyle(letterhead=letterhead_of(runtime), digits=runtime.policy.office.digits)


def letterhead_of(runtime: Runtime) -> Letterhead:
    """The ministry's Thai name, and its emblem where one is configured."""
    organisation = runtime.directory.organisation
    name = runtime.directory.unit(organisation.ministry).th
    emblem = runtime.settings.emblem
    return Letterhead(ministry_th=name) if emblem is None else Letterhead(ministry_th=name, emblem=emblem)
