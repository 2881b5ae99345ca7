"""A department's agreement year for the portal's tests: its KPIs, its people, and what they report."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ledger import accounts, cases, organisations
from ledger.hand_offs import HandOffOrder
from ledger.work import Ledger
from rules.appeal import final_card, score_notice
from schemas.agreement import AgreementCase, ChangeEnding, ChangeRequested, ChangeResult
from schemas.appeal import AppealEnding, AppealKind, AppealOutcome, AppealResult, AppealWindow
from schemas.criteria import Composite, External, Milestones, Part, Quantitative
from schemas.form import FORMS, FormContext
from schemas.kpi import Baseline, DataKeeper, Dimension, Holding, Kpi, KpiBook, Owner, OwnerRole, Responsible, Round
from schemas.sar import SarRoundCase
from schemas.scorecard import KpiReport
from tests.conftest import ClockThatIsSet
from tests.flows import agreement
from tests.flows.people import at
from tests.portal.scene import FLOW, handed_off, opened, password_hash, submitted


def levels(*values: float) -> Quantitative:
    one, two, three, four, five = (Decimal(str(value)) for value in values)
    return Quantitative(points=(one, two, three, four, five))


def held(unit: str, share: float) -> Holding:
    return Holding(unit=unit, weight_share=Decimal(str(share)))


def led_by(unit: str, activity: str) -> Responsible:
    return Responsible(
        supervisor=f"{unit}.group", keepers=(DataKeeper(officer=f"{unit}.1", activity=activity),),
        owners=(
            Owner(officer=f"{unit}.head", role=OwnerRole.MAIN_OWNER),
            Owner(officer=f"{unit}.1", role=OwnerRole.SUPPORTER),
        ),
    )  # fmt: skip


def before(*values: float) -> tuple[Baseline, ...]:
    """The results of the years before 2555, the latest first."""
    return tuple(
        Baseline(fiscal_year=2555 - ago, value=Decimal(str(value))) for ago, value in enumerate(values, start=1)
    )


BOOK = KpiBook(
    fiscal_year=2555,
    agency="cdd",
    frame=(
        Dimension(id="external", th="มิติภายนอก", en="External dimension", weight=Decimal(70)),
        Dimension(id="effect", th="การประเมินประสิทธิผล", en="Effectiveness", weight=Decimal(60), parent="external"),
        Dimension(id="quality", th="การประเมินคุณภาพ", en="Quality", weight=Decimal(10), parent="external"),
        Dimension(id="internal", th="มิติภายใน", en="Internal dimension", weight=Decimal(30)),
    ),
    kpis=(
        Kpi(
            number="1.1.1", th="ร้อยละของหมู่บ้านที่มีแผนชุมชนผ่านเกณฑ์มาตรฐาน", dimension="effect", weight=Decimal(15),
            en="Share of villages whose community plan meets the standard",
            unit_of_measure="ร้อยละ", target=Decimal(80), criteria=levels(60, 65, 70, 75, 80),
            baselines=before(71.5, 68, 62.25), holdings=(held("cdd-community", 15),),
            responsible=led_by("cdd-community", "เก็บข้อมูลแผนชุมชนจากทุกอำเภอ"),
        ),
        Kpi(
            number="1.1.2", th="ร้อยละของครัวเรือนยากจนที่พัฒนาคุณภาพชีวิตได้ตามเกณฑ์ จปฐ.", dimension="effect",
            weight=Decimal(15), unit_of_measure="ร้อยละ", target=Decimal(90), criteria=levels(70, 75, 80, 85, 90),
            holdings=(held("cdd-community", 15),), responsible=led_by("cdd-community", "สำรวจครัวเรือนเป้าหมาย"),
        ),
        Kpi(
            number="4.1", th="ร้อยละของกลุ่มออมทรัพย์เพื่อการผลิตที่มีธรรมาภิบาล", dimension="effect", weight=Decimal(15),
            unit_of_measure="ร้อยละ", target=Decimal(75), criteria=levels(55, 60, 65, 70, 75),
            baselines=before(64, 61), holdings=(held("cdd-funds", 15),),
            responsible=led_by("cdd-funds", "ตรวจสุขภาพทางการเงินของกลุ่ม"),
        ),
        Kpi(
            number="4.2", th="ระยะเวลาเฉลี่ยในการรับรองผลิตภัณฑ์ชุมชน", dimension="effect", weight=Decimal(15),
            unit_of_measure="วัน", target=Decimal(30), criteria=levels(50, 45, 40, 35, 30),
            baselines=before(44, 47, 52), holdings=(held("cdd-wisdom", 15),),
            responsible=led_by("cdd-wisdom", "บันทึกวันที่รับคำขอและวันที่รับรอง"),
        ),
        Kpi(
            number="6", th="ร้อยละของระดับความพึงพอใจของผู้รับบริการ", dimension="quality", weight=Decimal(10),
            criteria=External(assessor="สำนักงานสถิติแห่งชาติ"), starts_at=Round.TWELVE,
            holdings=(held("cdd-information", 10),), responsible=led_by("cdd-information", "ประสานการสำรวจ"),
        ),
        Kpi(
            number="7", th="ร้อยละของการเบิกจ่ายเงินงบประมาณ", dimension="internal", weight=Decimal(15),
            unit_of_measure="ร้อยละ", holdings=(held("cdd-finance", 15),),
            responsible=led_by("cdd-finance", "สรุปผลการเบิกจ่าย"),
            criteria=Composite(
                parts=(
                    Part(number="7.1", th="รายจ่ายลงทุน", weight=Decimal(2), criteria=levels(68, 70, 72, 74, 76)),
                    Part(number="7.2", th="รายจ่ายภาพรวม", weight=Decimal(1), criteria=levels(90, 91, 92, 93, 94)),
                )
            ),
        ),
        Kpi(
            number="8", th="ระดับความสำเร็จของการจัดทำต้นทุนต่อหน่วยผลผลิต", dimension="internal", weight=Decimal(5),
            unit_of_measure="ระดับ", holdings=(held("cdd-finance", 5),), starts_at=Round.NINE,
            criteria=Milestones(steps=("กำหนดผลผลิต", "เก็บข้อมูล", "คำนวณต้นทุน", "เปรียบเทียบ", "จัดทำแผน")),
        ),
        Kpi(
            number="10", th="ระดับความสำเร็จของการพัฒนาสมรรถนะบุคลากร", dimension="internal", weight=Decimal(10),
            unit_of_measure="ระดับ", holdings=(held("cdd-personnel", 5), held("cdd-institute", 5)),
            criteria=Milestones(steps=("วางแผน", "อนุมัติแผน", "ดำเนินการ", "ประเมินผล", "รายงาน")),
        ),
    ),
)  # fmt: skip
"""Eight KPIs of every kind, together 100 per cent from the round of twelve months on, 85 at six."""

SAID: dict[str, Any] = {"explanation": "ดำเนินการตามแผนครบถ้วน"}

# --- in the ledger -----------------------------------------------------------------------------------------

YEAR, SIX, APPEAL = "agreement-2555-cdd", "sar-2555-cdd-6", "appeal-2555-cdd-score"
PSDG, HEAD, DEPUTY, SECRETARIAT, SECRETARY = "cdd-psdg.1", "cdd.head", "cdd.deputy-1", "moi-policy.1", "moi-ops.head"
COMMUNITY, FINANCE, PLANNING, PROVINCE, OPDC = (
    "cdd-community.1", "cdd-finance.1", "cdd-planning.1", "cdd-province-a.1", "opdc.1",
)  # fmt: skip
INTERNAL = at("2012-04-11", "23:59:59")
REMARK = "ผู้กำกับดูแลตัวชี้วัดไม่อนุมัติ: ขาดเอกสาร <ตาราง 2>"


async def department(ledger: Ledger) -> None:
    """The Community Development Department with its calendar, and a password for everybody."""
    organisation, policy = agreement.department()
    async with ledger.begin() as work:
        await organisations.store(work, organisation, policy, actor=FLOW, reason="ข้อมูลตัวอย่าง")
        await accounts.create_accounts(work, {o.id: password_hash() for o in organisation.officers})
        await work.commit()


async def handed(ledger: Ledger, case_id: str, key: str, unit: str, form: str, **more: Any) -> None:
    element = key.rpartition("/")[2].partition("[")[0].partition("#")[0]
    order = HandOffOrder(
        key=key, element=element, branch="", unit=unit, duty=more.pop("duty", "officer"), form=form,
        title=FORMS[form].title_th, asked_by="cdd-psdg", subject=case_id, urgency="normal",
        context=FormContext(note=more.pop("note", "")), due_at=more.pop("due", INTERNAL), **more,
    )  # fmt: skip
    await handed_off(ledger, order, case_id=case_id)


async def given(
    ledger: Ledger, case_id: str, key: str, unit: str, form: str, said: dict[str, Any], **more: Any
) -> None:
    """Handed off and answered at once."""
    await handed(ledger, case_id, key, unit, form, **more)
    await submitted(ledger, key, said, case_id=case_id, by=f"{unit}.1")


async def year_opened(ledger: Ledger, clock: ClockThatIsSet) -> None:
    """The year on its first working day: baselines are asked for."""
    clock.moment = at("2011-10-03")
    data = AgreementCase(book=BOOK).model_dump(mode="json")
    await opened(
        ledger, YEAR, process="agreement-cycle", data=data, units=("cdd", "cdd-psdg"),
        title="คำรับรองการปฏิบัติราชการ ปีงบประมาณ พ.ศ. 2555 กรมการพัฒนาชุมชน",
    )  # fmt: skip
    for number, unit in (("1.1.1", "cdd-community"), ("7", "cdd-finance")):
        await handed(ledger, YEAR, f"baselines[{number}]", unit, "BaselineForm", due=at("2011-10-07", "23:59:59"))
    said = {"last_year": "71", "two_years_ago": "69", "data_source": "ระบบรายงานของกรม"}
    await submitted(ledger, "baselines[1.1.1]", said, case_id=YEAR, by=COMMUNITY)


async def at_six_months(ledger: Ledger, clock: ClockThatIsSet) -> None:
    """The morning after the divisions' last day in April: one KPI in each standing."""
    await year_opened(ledger, clock)
    clock.moment = at("2012-04-01", "08:30")
    await opened(
        ledger, SIX, process="sar-round", parent=(YEAR, "rounds[6]/sar"), units=("cdd", "cdd-psdg"),
        title="SAR รอบ 6 เดือน ปีงบประมาณ พ.ศ. 2555 กรมการพัฒนาชุมชน",
        data=SarRoundCase(book=BOOK, round=Round.SIX).model_dump(mode="json"),
    )  # fmt: skip
    clock.moment = at("2012-04-05")
    yes = {"decision": "certify", "remark": ""}
    for number, value in (("1.1.1", "72"), ("1.1.2", "88"), ("4.1", "58")):
        unit = "cdd-community" if number.startswith("1") else "cdd-funds"
        await given(ledger, SIX, f"cards[{number}]/keep[{number}]", unit, "ValueReport", SAID | {"value": value})
    for number in ("1.1.1", "1.1.2"):
        await given(
            ledger, SIX, f"cards[{number}]/certify_supervisor", "cdd-community", "Certification", yes, duty="supervisor"
        )  # fmt: skip
    await given(ledger, SIX, "cards[1.1.1]/certify_psdg", "cdd-psdg", "Certification", yes)
    await handed(ledger, SIX, "cards[1.1.2]/certify_psdg", "cdd-psdg", "Certification")
    no = {"decision": "refuse", "remark": "ขาดเอกสาร <ตาราง 2>"}
    await given(ledger, SIX, "cards[4.1]/certify_supervisor", "cdd-funds", "Certification", no, duty="supervisor")
    await handed(ledger, SIX, "cards[4.1]/keep[4.1]#2", "cdd-funds", "ValueReport", note=REMARK)
    await handed(ledger, SIX, "cards[4.2]/keep[4.2]", "cdd-wisdom", "ValueReport")
    for part, value in (("7.1", "69"), ("7.2", "90.5")):
        await given(ledger, SIX, f"cards[7]/keep[{part}]", "cdd-finance", "ValueReport", SAID | {"value": value})
    await handed(ledger, SIX, "cards[7]/certify_supervisor", "cdd-finance", "Certification", duty="supervisor")
    clock.moment = at("2012-04-12", "10:00")
    await given(ledger, SIX, "cards[10]/keep[10]", "cdd-personnel", "MilestoneReport", SAID | {"done": ["1", "2", "3"]})
    await given(ledger, SIX, "cards[10]/keep[cdd-institute]", "cdd-institute", "SarCardForm", dict(SAID))
    for who, unit in (("supervisor", "cdd-personnel"), ("psdg", "cdd-psdg")):
        await given(ledger, SIX, f"cards[10]/certify_{who}", unit, "Certification", yes)
    await changes_settled(ledger)


async def changes_settled(ledger: Ledger) -> None:
    """One request in time, one after the closing day."""
    for target, ending, reason in (("77", ChangeEnding.APPROVED, ""), ("70", ChangeEnding.TOO_LATE, "พ้นกำหนด")):
        request = ChangeRequested(
            kpi="1.1.1", unit="cdd-community", officer=COMMUNITY, target=Decimal(target), reason="น้ำท่วมในพื้นที่",
            requested_at=at("2012-04-02"),
        )  # fmt: skip
        result = ChangeResult(request=request, ending=ending, reason=reason)
        async with ledger.begin() as work:
            content = {"result": result.model_dump(mode="json"), "reason": reason}
            await cases.record(work, YEAR, what="kpi_change", content=content, actor=FLOW)
            await work.commit()


async def announced(ledger: Ledger, clock: ClockThatIsSet, *, settled: bool = False) -> None:
    """February 2556: every KPI is announced with 4.0000, one is appealed against; settled, it has 4.5000."""
    clock.moment = at("2013-02-20")
    reports = {kpi.number: KpiReport(decided=Decimal("4.0000")) for kpi in BOOK.kpis}
    for number in reports:
        await given(ledger, YEAR, f"announce[{number}]", "opdc", "AnnouncedKpi", {"score": "4.0000"})
    notice = score_notice(BOOK, reports, clock.moment)
    await opened(
        ledger, APPEAL, process="appeal", parent=(YEAR, "score_appeal"), units=("cdd", "cdd-psdg"),
        title="อุทธรณ์ผลคะแนน ปีงบประมาณ พ.ศ. 2555 กรมการพัฒนาชุมชน", data=notice.model_dump(mode="json"),
    )  # fmt: skip
    ends = at("2013-03-07", "23:59:59")
    async with ledger.begin() as work:
        await cases.note_phase(work, APPEAL, phase="provisional", facts={"ends": ends.isoformat()}, actor=FLOW)
        await work.commit()
    await handed(ledger, APPEAL, "kpis[1.1.1]/decide", "opdc", "AppealDecision", due=at("2013-03-25"))
    if not settled:
        return
    results = tuple(
        AppealResult(
            kpi=number, unit="cdd-community", noticed=Decimal("4.0000"),
            value=Decimal("4.5000" if number == "1.1.1" else "4.0000"),
            ending=AppealEnding.PARTLY if number == "1.1.1" else AppealEnding.NOT_WANTED,
        )
        for number in reports
    )  # fmt: skip
    outcome = AppealOutcome(
        kind=AppealKind.SCORE, results=results, total_noticed=Decimal("4.0000"), scorecard=final_card(notice, results),
        window=AppealWindow(opens=clock.moment, draft_by=ends, check_by=ends, ends=ends),
    )  # fmt: skip
    async with ledger.begin() as work:
        await cases.close_case(
            work, APPEAL, key="close", branch="", result=outcome.model_dump(mode="json"), actor=FLOW
        )  # fmt: skip
        await work.commit()


async def department_at_six_months(ledger: Ledger, clock: ClockThatIsSet) -> None:
    await department(ledger)
    await at_six_months(ledger, clock)
