"""A SAR round of six months in the Community Development Department: refused, late, returned, sent and acknowledged."""

from __future__ import annotations

from datetime import UTC, datetime

from engine import actions
from ledger import reading
from ledger.errors import UnknownCase
from schemas.kpi import Round
from schemas.sar import SarRoundCase, sar_case_id
from tests.engine.driver import ACTOR
from tests.faults.office import Office
from tests.faults.story import Act, Story, form, nothing, together
from tests.flows.agreement import BOOK, CERTIFIED, SAID, department

SAR = sar_case_id("cdd", 2555, Round.SIX)
TWO_KPIS = BOOK.replace(kpis=(BOOK.kpis[0], BOOK.kpis[2]))
DATA = SarRoundCase(book=TWO_KPIS, round=Round.SIX)


def at(month: int, day: int, time: str) -> datetime:
    """A moment of 2555 in Bangkok."""
    return datetime.fromisoformat(f"2012-{month:02d}-{day:02d}T{time}+07:00").astimezone(UTC)


async def open_round(office: Office) -> None:
    """Whoever is not sure that the round was opened looks first."""
    async with office.runtime.ledger.read() as connection:
        try:
            await reading.case(connection, SAR)
        except UnknownCase:
            pass
        else:
            return
    await actions.start_case(
        office.runtime, "sar-round", DATA, case_id=SAR, title="SAR รอบ 6 เดือน", units=("cdd",), actor=ACTOR
    )


ACTS = (
    Act("the round is opened before its period is over", at(3, 30, "09:00"), open_round),
    Act("the period is over", at(4, 2, "08:30"), nothing),
    Act(
        "the keepers report", at(4, 3, "10:00"),
        together(
            form(SAR, "keep", unit="cdd-community", **SAID, value="72"),
            form(SAR, "keep", unit="cdd-personnel", **SAID, done=["1", "2"]),
            form(SAR, "keep", unit="cdd-institute", **SAID),
        ),
    ),
    Act("one is certified by its supervisor", at(4, 4, "10:00"),
        form(SAR, "certify_supervisor", unit="cdd-community", **CERTIFIED)),
    Act("กพร. refuses", at(4, 5, "10:00"), form(SAR, "certify_psdg", decision="refuse", remark="ขอหลักฐาน")),
    Act("it is reported again", at(4, 9, "10:00"),
        form(SAR, "keep", unit="cdd-community", again=True, **SAID, value="73")),
    Act("it is late", at(4, 12, "09:00"), nothing),
    Act(
        "it is certified late by both", at(4, 17, "10:00"),
        form(SAR, "certify_supervisor", unit="cdd-community", again=True, **CERTIFIED),
    ),
    Act("by กพร. as well", at(4, 17, "11:00"), form(SAR, "certify_psdg", again=True, **CERTIFIED)),
    Act("the day of the book", at(4, 25, "08:30"), nothing),
    Act("the director-general returns it", at(4, 25, "10:00"),
        form(SAR, "approve", decision="return", remark="ขอให้ตรวจสอบ")),
    Act("it is put up again as it is", at(4, 26, "10:00"), form(SAR, "revise", kpis=[], comment="ตรวจสอบแล้ว")),
    Act("it is approved", at(4, 27, "10:00"), form(SAR, "approve", again=True, decision="approve")),
    Act("it is sent", at(4, 30, "15:00"), form(SAR, "send", reference="มท 0409.2/1234")),
    Act("it is acknowledged", at(5, 8, "10:00"), form(SAR, "acknowledge", reference="นร 1204/55")),
)  # fmt: skip


def sar_round() -> Story:
    return Story(*department(), ACTS, every=4)
