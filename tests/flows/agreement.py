"""The Community Development Department of FY2555 and a small agreement, for the flows of the agreement year."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine import actions
from ledger import hand_offs, tables
from ledger.hand_offs import HandOff
from rules.organisation_file import load_organisation, load_policy
from schemas.criteria import Composite, External, Milestones, Part, Quantitative
from schemas.kpi import Holding, Kpi, KpiBook, Round
from schemas.organisation import Organisation
from schemas.policy import Policy
from schemas.sar import SarRoundCase, sar_case_id
from tests.engine.driver import ACTOR, Stage
from tests.flows.people import settle

MINISTRIES = Path(__file__).parents[2] / "deployments" / "ministries"


def department() -> tuple[Organisation, Policy]:
    organisation = load_organisation((MINISTRIES / "cdd.yaml").read_text(encoding="utf-8"))
    return organisation, load_policy((MINISTRIES / "cdd-policy.yaml").read_text(encoding="utf-8"))


def held(unit: str, share: int) -> Holding:
    return Holding(unit=unit, weight_share=Decimal(share))


BOOK = KpiBook(
    fiscal_year=2555,
    agency="cdd",
    kpis=(
        Kpi(
            number="1.1.1", th="ร้อยละของหมู่บ้านที่มีแผนชุมชน", weight=Decimal(40), unit_of_measure="ร้อยละ",
            target=Decimal(80), criteria=Quantitative(points=tuple(map(Decimal, (60, 65, 70, 75, 80)))),
            holdings=(held("cdd-community", 40),),
        ),
        Kpi(
            number="7", th="การเบิกจ่ายเงินงบประมาณ", weight=Decimal(20), holdings=(held("cdd-finance", 20),),
            criteria=Composite(
                parts=(
                    Part(number="7.1", th="รายจ่ายลงทุน", weight=Decimal(2),
                         criteria=Quantitative(points=tuple(map(Decimal, (68, 70, 72, 74, 76))))),
                    Part(number="7.2", th="รายจ่ายภาพรวม", weight=Decimal(1),
                         criteria=Quantitative(points=tuple(map(Decimal, (90, 91, 92, 93, 94))))),
                )
            ),
        ),
        Kpi(
            number="10", th="ระดับความสำเร็จของการพัฒนาบุคลากร", weight=Decimal(20),
            criteria=Milestones(steps=("วางแผน", "อนุมัติแผน", "ดำเนินการ", "ประเมินผล", "รายงาน")),
            holdings=(held("cdd-personnel", 10), held("cdd-institute", 10)),
        ),
        Kpi(
            number="11", th="ความพึงพอใจของผู้รับบริการ", weight=Decimal(20), holdings=(held("cdd-information", 20),),
            criteria=External(assessor="สำนักงานสถิติแห่งชาติ"), starts_at=Round.TWELVE,
        ),
    ),
)  # fmt: skip
"""Four KPIs, one of each kind; the last one is measured once a year."""

SAID: dict[str, Any] = {"explanation": "ดำเนินการตามแผนครบถ้วน"}
CERTIFIED: dict[str, Any] = {"decision": "certify"}


async def open_round(stage: Stage, round_: Round, *, book: KpiBook = BOOK, **more: Any) -> str:
    case_id = sar_case_id(book.agency, book.fiscal_year, round_)
    await actions.start_case(
        stage.runtime, "sar-round", SarRoundCase(book=book, round=round_, **more), case_id=case_id,
        title=f"SAR รอบ {round_} เดือน", units=("cdd",), actor=ACTOR,
    )  # fmt: skip
    await settle(stage)
    await stage.sweep()  # a period that is over already
    await settle(stage)
    return case_id


# --- a whole year ------------------------------------------------------------------------------------------

Answer = dict[str, Any]

REPORTED: dict[str, Answer] = {
    "1.1.1": {"value": "72"}, "7.1": {"value": "73"}, "7.2": {"value": "94"}, "10": {"done": ["1", "2", "3", "4"]},
}  # fmt: skip
"""72 lies between 70 (level 3) and 75 (level 4): 3.4; (2·3.5 + 1·5)/3 = 4; four steps without a gap: 4."""


USUAL: dict[str, Answer] = {
    "baselines": {"last_year": "70", "two_years_ago": "65", "data_source": "ระบบรายงานของกรม"},
    "choose": {"kpis": [kpi.number for kpi in BOOK.kpis]},
    "consult": {},
    "receive_book": {},
    "negotiate": {},
    "notify_result": {"reference": "นร 1204/1"},
    "draft": {"wish": "none"},
    "sign_maker": {"signed_on": "2011-12-20"},
    "sign_receiver": {"signed_on": "2011-12-20"},
    "write_details": {"description": "คำอธิบายตัวชี้วัด", "data_source": "ระบบรายงานของกรม"},
    "check_details": {"decision": "approve"},
    "check_change": {"decision": "approve"},
    "decide_change": {"decision": "approve"},
    "approve": {"decision": "approve"},
    "brief": {"held_on": "2012-02-09", "channel": "ระบบ Web Conference", "attended": "๑๒๐"},
    "budget": {"amount": "150000.00", "note": "กิจกรรมหมู่บ้าน"},
    "gather_evidence": {"activities": "ประชุมประชาคม", "evidence": "รายงานการประชุม"},
    "certify_supervisor": CERTIFIED,
    "certify_psdg": CERTIFIED,
    "progress": {"percent": "50", "done": "ตามแผน", "problem": "ไม่มี", "next_step": "ดำเนินการต่อ"},
    "prepare": {"agenda": "รับฟังภาพรวม", "evidence": "แผนชุมชน", "provinces": []},
    "ready": {"evidence": "แฟ้มที่ 1"},
    "record": {"finding": "ครบถ้วน"},
    "close_visit": {"remark": "เรียบร้อย"},
    "send": {"reference": "มท 0409.2/1"},
    "acknowledge": {"reference": "นร 1204/2"},
}
"""What the officers of a year without trouble answer, by element."""


def answer_of(hand_off: HandOff) -> Answer:
    of = hand_off.key.rpartition("[")[2].removesuffix("]")
    match hand_off.element:
        case "keep":
            return SAID | REPORTED.get(of, {})
        case "minute":
            return {"held_on": hand_off.context.limits["opened_on"], "resolutions": "รับทราบ"}
        case "schedule":
            limits = hand_off.context.limits
            return {"first_day": limits["first_day"], "last_day": limits["first_day"]}
        case "announce":
            return {"score": hand_off.context.prefill["score"]}
        case element:
            return USUAL[element]


async def answer_everything(stage: Stage, *, but: Collection[str] = (), **instead: Answer) -> None:
    """All open work of all cases is answered, again and again, until nothing is left but `but` (elements or keys).

    :param instead: by element, an answer other than the usual one.
    """
    while True:
        async with stage.runtime.ledger.read() as connection:
            table = tables.hand_offs.c
            rows = await connection.execute(hand_offs.query().where(table.state == "open").order_by(table.opened_seq))
            found = [hand_offs.view(row) for row in rows]
        todo = [h for h in found if h.element not in but and h.key not in but]
        if not todo:
            return
        for hand_off in todo:
            (holder, *_) = stage.runtime.post.holders_of(hand_off)
            answer = instead.get(hand_off.element) or answer_of(hand_off)
            await stage.intake.submit(hand_off.id, answer, officer=holder.id, through="test")
        await settle(stage)
