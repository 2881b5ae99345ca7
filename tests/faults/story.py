"""What happens in an office, act by act; and a fortnight in the sample ministry: two agencies report in their two ways,
a third does not answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows import starting
from ledger import reading
from rules.organisation_file import load_organisation
from schemas.directive import Nature, Registration
from schemas.organisation import Organisation
from schemas.policy import Policy
from tests.engine.driver import ACTOR
from tests.faults.office import Office
from tests.flows.people import SIX, TWO

MINISTRIES = Path(__file__).parents[2] / "deployments" / "ministries"
NO = "directive-2561-0001"
KEYS_ITSELF, IS_KEYED_FOR, SILENT = f"{NO}-dept", f"{NO}-dept2", f"{NO}-dept3"
WEEK = "week-2018-02-16"
AGENCIES = ("dept", "dept2", "dept3")


@dataclass(frozen=True)
class Act:
    """Something that people do, or time that passes; done twice it is done once."""

    name: str
    at: datetime
    do: Callable[[Office], Awaitable[None]]

    async def play(self, office: Office) -> None:
        await office.pass_to(self.at)
        await office.patiently(self.do)
        await office.come_to_rest()


@dataclass(frozen=True)
class Story:
    """Acts in their order, in an organisation."""

    organisation: Organisation
    policy: Policy
    acts: tuple[Act, ...]
    every: int
    """Which of the changes of the world are struck at on SQLite: 1 is all of them; on PostgreSQL a fifth of that."""


def at(day: int, time: str) -> datetime:
    """A moment of February 2018 in Bangkok; the 12th is a Monday."""
    return datetime.fromisoformat(f"2018-02-{day}T{time}+07:00").astimezone(UTC)


async def nothing(_office: Office) -> None:
    """Only time passes."""


async def open_week(office: Office) -> None:
    await starting.ensure_week_open(office.runtime, actor=ACTOR)


async def register(office: Office) -> None:
    """An officer who got no answer looks whether the directive is in the register before writing it again."""
    async with office.runtime.ledger.read() as connection:
        if await reading.count_cases_where(connection, text="เร่งรัดคดีค้าง", process="directive-lifecycle"):
            return
    form = Registration(
        title="เร่งรัดคดีค้าง", text="ให้เร่งรัดคดีค้าง", ordered_by="รัฐมนตรีว่าการกระทรวงยุติธรรม",
        ordered_on="2018-02-06", nature=Nature.GENERAL, source_meeting="การประชุมผู้บริหารกระทรวง", agencies=AGENCIES,
    )  # fmt: skip
    await starting.register_directive(office.runtime, form, actor=ACTOR)


def form(
    subject: str, element: str, /, *, unit: str = "", again: bool = False, **data: Any
) -> Callable[[Office], Awaitable[None]]:
    async def hand_in(office: Office) -> None:
        await office.hand_in(subject, element, data, unit=unit, again=again)

    return hand_in


def together(*acts: Callable[[Office], Awaitable[None]]) -> Callable[[Office], Awaitable[None]]:
    async def do(office: Office) -> None:
        for act in acts:
            await act(office)

    return do


FORTNIGHT = (
    Act("the week opens", at(12, "09:00"), open_week),
    Act("the secretariat registers", at(12, "09:30"), register),
    Act(
        "two planning units acknowledge", at(12, "10:00"),
        together(
            form(KEYS_ITSELF, "receive", decision="accept"),
            form(IS_KEYED_FOR, "receive", decision="accept"),
        ),
    ),
    Act(
        "they assign their divisions", at(12, "10:30"),
        together(
            form(
                KEYS_ITSELF, "assign", divisions=["dept-div-a", "dept-div-b"], lead="dept-div-a", mode="division_keys"
            ),
            form(IS_KEYED_FOR, "assign", divisions=["dept2-div-a"], lead="dept2-div-a", mode="planning_keys"),
        ),
    ),
    Act(
        "the divisions accept", at(12, "11:00"),
        together(
            form(KEYS_ITSELF, "accept", unit="dept-div-b", decision="accept"),
            form(KEYS_ITSELF, "accept", unit="dept-div-a", decision="accept"),
            form(IS_KEYED_FOR, "accept", decision="accept"),
        ),
    ),
    Act("reminders on Wednesday", at(14, "09:00"), nothing),
    Act("a division reports", at(14, "10:00"), form(KEYS_ITSELF, "report", level="in_progress", **TWO)),
    Act(
        "the report is sent back", at(14, "11:00"),
        form(KEYS_ITSELF, "check", decision="return", comment="ขอแผนให้ชัดเจน"),
    ),
    Act(
        "it is reported again, and another division reports", at(14, "13:00"),
        together(
            form(KEYS_ITSELF, "report", again=True, level="in_progress", goal="เป้าหมาย", plan="แผนใหม่"),
            form(IS_KEYED_FOR, "report", level="completed", **SIX, completed_on="2018-02-12"),
        ),
    ),
    Act(
        "both are checked", at(15, "14:00"),
        together(
            form(KEYS_ITSELF, "check", again=True, decision="approve"),
            form(IS_KEYED_FOR, "key_in", level="completed", **SIX, completed_on="2018-02-12", decision="approve"),
        ),
    ),
    Act("the silent agency's directors are told", at(16, "09:00"), nothing),
    Act("the cut-off", at(16, "16:00"), nothing),
    Act("the secretariat reviews", at(19, "08:00"), form(WEEK, "consolidate", note="เสนอเพื่อโปรดทราบ")),
    Act("the minister gets the report", at(19, "08:30"), nothing),
)  # fmt: skip


def fortnight() -> Story:
    organisation = load_organisation((MINISTRIES / "sample.yaml").read_text(encoding="utf-8"))
    return Story(organisation, Policy(), FORTNIGHT, every=1)
