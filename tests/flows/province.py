"""A province of three agencies, as its officers play the cascade of FY2553 (S2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from flows.cascade_opening import open_cascade
from ledger import reading
from ledger.hand_offs import OPEN, HandOff
from rules.organisation_file import load_organisation, load_policy
from schemas.cascade_forms import CascadeOrder
from schemas.organisation import Organisation
from schemas.policy import Policy
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.people import at, pass_to, run_what_wants, settle

MINISTRIES = Path(__file__).parents[2] / "deployments" / "ministries"
OFFICE, TREASURY, STATISTICS, GOVERNOR = "ay-office", "ay-treasury", "ay-statistics", "ayutthaya"
AGENCIES = (OFFICE, TREASURY, STATISTICS)
CASE = "cascade-2553-ayutthaya"
BEGINS = at("2010-05-10")
ORDER = CascadeOrder(
    fiscal_year=2553, sar_6_due=date(2010, 6, 4), sar_9_due=date(2010, 7, 16), sar_12_due=date(2010, 10, 15),
    seminar_on=date(2010, 6, 30), surveys_due=date(2010, 8, 31), control_due=date(2010, 9, 30),
    treasury=TREASURY, statistics=STATISTICS,
)  # fmt: skip
STEPS = "มีคำสั่ง / มีแผน / ดำเนินการครึ่งหนึ่ง / ดำเนินการครบ / ประเมินผลแล้ว"
KPIS: list[dict[str, Any]] = [
    {
        "number": "2.5", "th": "ระดับความสำเร็จของการควบคุมภายใน", "kind": "milestone", "levels": STEPS, "weight": "30",
        "host": OFFICE,
    },
    {
        "number": "2.6", "th": "ร้อยละของอัตราการเบิกจ่ายเงินงบประมาณภาพรวม", "kind": "ratio",
        "levels": "60 / 70 / 80 / 90 / 100", "weight": "40", "host": TREASURY, "follow": "ranked",
    },
    {
        "number": "2.7", "th": "ระดับความสำเร็จของการถ่ายทอดตัวชี้วัดสู่ระดับบุคคล", "kind": "milestone", "levels": STEPS,
        "weight": "30", "host": OFFICE, "follow": "remedy",
    },
]  # fmt: skip
GROUP = {"kpis": [{"number": "2.5", "weight": "60"}, {"number": "2.7", "weight": "40"}]}
OWN: dict[str, Any] = {
    "position": "นักวิเคราะห์นโยบายและแผน",
    "kpis": [
        {"th": "จัดวางระบบควบคุมภายในของกลุ่มงาน", "parent": "2.5", "levels": STEPS, "weight": "100", "role": "main_owner"}
    ],
}


def reached(level: int) -> dict[str, Any]:
    """A person's assessment of the one line of `OWN`."""
    return {"lines": [{"line": "1", "level": level, "result": "วางระบบแล้ว"}], "note": "", "attachments": []}


def organisation() -> tuple[Organisation, Policy]:
    """The province of the rehearsal with three of its agencies."""
    whole = load_organisation((MINISTRIES / "ayutthaya.yaml").read_text("utf-8"))
    kept = {"interior", "interior-psd", GOVERNOR, *AGENCIES}
    units = tuple(unit for unit in whole.units if unit.id in kept or unit.parent in AGENCIES)
    ids = {unit.id for unit in units}
    officers = tuple(officer for officer in whole.officers if officer.unit in ids)
    policy = load_policy((MINISTRIES / "ayutthaya-policy.yaml").read_text("utf-8"))
    return whole.replace(units=units, officers=officers), policy


def line(number: str, level: int | None = None, paid: int | None = None) -> dict[str, Any]:
    """One KPI in a self-assessment; the ratio by what was paid out of a thousand."""
    if paid is None:
        return {"number": number, "level": level}
    return {
        "number": number, "formula": "เงินที่เบิกจ่าย ÷ เงินที่ได้รับ × 100", "numerator": str(paid), "denominator": "1000",
        "value": f"{paid / 10:.2f}",
    }  # fmt: skip


def report(control: int, paid: int, cascade: int) -> dict[str, Any]:
    return {"kpis": [line("2.5", control), line("2.6", paid=paid), line("2.7", cascade)]}


def agency_case(agency: str) -> str:
    return f"agency-cascade-2553-{agency}"


async def opened(stage: Stage) -> str:
    case = await open_cascade(stage.runtime, ORDER, province=GOVERNOR, actor=ACTOR)
    await settle(stage)
    return case


async def asked(stage: Stage, element: str, case: str = "", unit: str | None = None) -> list[HandOff]:
    """Open work of an element, in one case or in all of the province."""
    async with stage.runtime.ledger.read() as connection:
        found = await reading.inbox(connection, [u.id for u in stage.runtime.directory.units()], limit=500)
    return [
        h for h in found
        if h.state == OPEN and h.element == element and case in ("", h.case_id) and unit in (None, h.unit)
    ]  # fmt: skip


Answer = dict[str, Any] | Callable[[HandOff], dict[str, Any] | None]


async def all_do(stage: Stage, element: str, answer: Answer, **which: Any) -> Sequence[HandOff]:
    """Everyone who is asked hands in what `answer` gives; who gets None does not."""
    done = []
    for work in await asked(stage, element, **which):
        said = answer(work) if callable(answer) else answer
        if said is not None:
            (holder, *_) = stage.runtime.post.holders_of(work)
            await stage.intake.submit(work.id, said, officer=holder.id, through="test")
            done.append(work)
    assert done, f"nobody is asked for {element}"
    await run_what_wants(stage)
    return done


async def key_kpis_approved(stage: Stage) -> None:
    await all_do(stage, "propose", {"kpis": KPIS}, case=CASE)
    await all_do(stage, "settle", {"decision": "approve"})


async def agencies_signed(stage: Stage) -> None:
    """Every agency has signed with the governor."""
    await key_kpis_approved(stage)
    await all_do(stage, "propose", lambda work: dict(work.context.prefill))
    await all_do(stage, "sign", {"decision": "sign"})


async def everyone_signed(stage: Stage) -> None:
    await agencies_signed(stage)
    await all_do(stage, "share", GROUP)
    await all_do(stage, "sign_group", {"decision": "sign"})
    await all_do(stage, "agree", OWN)
    await all_do(stage, "endorse", {"decision": "sign"})


async def until(stage: Stage, clock: ClockThatIsSet, day: str, time: str = "09:00") -> None:
    await pass_to(stage, clock, at(day, time))
