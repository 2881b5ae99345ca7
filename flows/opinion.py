"""P4: agencies write opinions on a draft strategy; the ministry's overview is assigned later (P4; S0 line 40)."""

from __future__ import annotations

from typing import Any

from engine.case import Case
from engine.process import process
from engine.waits import Lane
from rules.attachment import each_once
from rules.thai import thai_moment
from schemas.base import UnitId
from schemas.deadline import At
from schemas.form import Facts, FormContext
from schemas.office import Secretariat
from schemas.opinion import (
    AgencyOpinion,
    CollectionClosing,
    Opinion,
    OpinionApproval,
    OpinionCase,
    OpinionOutcome,
    Overview,
    OverviewOrder,
)
from schemas.organisation import Duty
from schemas.weekly import ReviewDecision
from tasks.office import look_up_office, look_up_secretariat
from tasks.opinion import print_opinions


@process("opinion-collection", title_th="รวบรวมความเห็นต่อร่างยุทธศาสตร์", data=OpinionCase, result=OpinionOutcome)
async def opinion_collection(case: Case[OpinionCase]) -> OpinionOutcome:
    """Every agency writes, its head approves; then the permanent secretary says who writes the overview."""
    secretariat = await case.step("look_up", look_up_secretariat)
    received: dict[UnitId, AgencyOpinion] = {}

    async def everyone() -> None:
        members = {agency: opinion_of(case, secretariat, agency, received) for agency in case.data.agencies}
        await case.all_of("agencies", members)

    await case.race("collected", {"everyone": everyone(), "closed": closing(case, secretariat)})
    opinions = tuple(received[agency] for agency in case.data.agencies if agency in received)

    # S0 line 40: «อยู่ระหว่างรอข้อสั่งการจากปยธ. ว่าจะมอบหน่วยงานใด»; no date is given, so none is set.
    order = await case.hand_off(
        "order_overview", to=Lane(unit=secretariat.permanent_secretary, duty=Duty.HEAD), form=OverviewOrder,
        asked_by=secretariat.th,
        context=FormContext(
            facts=facts(case.data, len(opinions)), files=case.data.attachments, choices={"units": secretariat.units}
        ),
    )  # fmt: skip
    overview = await case.hand_off(
        "write_overview", to=order.unit, form=Overview, asked_by="ปลัดกระทรวง",
        context=FormContext(
            facts=facts(case.data, len(opinions)) + tuple((o.agency_th, o.opinion) for o in opinions), note=order.note,
            files=each_once((*case.data.attachments, *(file for given in opinions for file in given.attachments))),
        ),
    )  # fmt: skip
    outcome = OpinionOutcome(opinions=opinions, overview=overview.overview, overview_by=order.unit)
    await case.step("print_book", print_opinions, case.data, outcome)
    return outcome


async def opinion_of(
    case: Case[OpinionCase], secretariat: Secretariat, agency: UnitId, received: dict[UnitId, AgencyOpinion]
) -> None:
    """One agency: the planning unit writes, the head approves or sends it back."""
    office = await case.step("look_up_agency", look_up_office, agency)
    note = ""
    prefill: dict[str, Any] = {}
    while True:
        written = await case.hand_off(
            "write", to=office.planning_unit, form=Opinion, due=At(moment=case.data.due), asked_by=secretariat.th,
            context=FormContext(facts=facts(case.data), note=note, prefill=prefill, files=case.data.attachments),
        )  # fmt: skip
        approval = case.hand_off(
            "approve", to=Lane(unit=agency, duty=Duty.HEAD), form=OpinionApproval, due=At(moment=case.data.due),
            asked_by=office.planning_unit_th,
            context=FormContext(
                facts=(*facts(case.data), ("ประเด็น", written.item), ("ความเห็น", written.opinion)),
                files=each_once((*written.attachments, *case.data.attachments)),
            ),
        )  # fmt: skip
        verdict = await approval
        if verdict.decision is ReviewDecision.APPROVE:
            received[agency] = AgencyOpinion(
                agency=agency, agency_th=office.agency_th, item=written.item, opinion=written.opinion,
                attachments=written.attachments, approved_at=approval.at,
            )  # fmt: skip
            return
        note, prefill = f"ส่งคืนแก้ไข: {verdict.comment}", written.model_dump(mode="json")


async def closing(case: Case[OpinionCase], secretariat: Secretariat) -> None:
    """After the due date the secretariat may go on without the agencies that are missing."""
    await case.until("due", case.data.due)
    await case.hand_off(
        "close_collection", to=secretariat.unit, form=CollectionClosing,
        context=FormContext(facts=facts(case.data)),
    )  # fmt: skip


def facts(call: OpinionCase, received: int | None = None) -> Facts:
    said = (("เรื่อง", call.subject), ("รายละเอียด", call.text), ("กำหนดส่ง", thai_moment(call.due)))
    return said if received is None else (*said, ("ได้รับความเห็นแล้ว", f"{received} ส่วนราชการ"))
