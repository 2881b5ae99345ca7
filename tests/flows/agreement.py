"""The Community Development Department of FY2555 and a small agreement, for the flows of the agreement year."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from engine import actions
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
