"""A small department's agreement year, worked out by hand on paper. No figure below is computed by the product.

Seven KPIs of fiscal year 2555, one of each kind, weights 20 + 10 + 30 + 12 + 10 + 10 = 92, as S1's own sum; the
seventh starts at month twelve only and does not take part in month six.

    KPI   criteria                       reported                       score
    1.1   60 65 70 75 80                 72                             3 + (72 - 70) / 5        = 3.4000
    1.2   <75, 75, 80, 85, from 90       86                             85 to below 90           = 4.0000
    2     parts 2/1/2:
      2.1   10 8 6 4 2, less is better   7                              2 + (8 - 7) / (8 - 6)    = 2.5000
      2.2   milestones, counted          3 of 5                                                  = 3.0000
      2.3   80 85 90 95 100              100                                                     = 5.0000
          (2 x 2.5 + 1 x 3 + 2 x 5) / 5 = (5 + 3 + 10) / 5                                       = 3.6000
          shares in it: 2 x 2.5 / 5 = 1.0000, 1 x 3 / 5 = 0.6000, 2 x 5 / 5 = 2.0000
    3     milestones, consecutive        steps 1, 2 and 4               two without a gap        = 2.0000
    4     score of another body          4.2345                                                  = 4.2345
    5     1 2 3 4 5                      nothing                        floor                      1
    6     from month twelve

Sums of weight times score:

    external dimension  1.1   20 x 3.4    =  68
                        1.2   10 x 4      =  40       108 of weight 30: 108 / 30 = 3.6000
                        2     30 x 3.6    = 108       216 of weight 60: 216 / 60 = 3.6000
    internal dimension  3     12 x 2      =  24
                        4     10 x 4.2345 =  42.345   66.345 of weight 22: 66.345 / 22 = 3.0156818... = 3.0157
                        5     10 x 1      =  10       76.345 of weight 32: 76.345 / 32 = 2.38578...   = 2.3858

    reported: 216 + 66.345 = 282.345 of weight 82: 282.345 / 82 = 3.443231... = 3.4432
    all:      282.345 + 10 = 292.345 of weight 92: 292.345 / 92 = 3.177663... = 3.1777

Weighted scores of the rows:            of 82                                  of 92
    1.1    68     / 82 = 0.829268... = 0.8293          / 92 = 0.739130... = 0.7391
    1.2    40     / 82 = 0.487804... = 0.4878          / 92 = 0.434782... = 0.4348
    2     108     / 82 = 1.317073... = 1.3171          / 92 = 1.173913... = 1.1739
    3      24     / 82 = 0.292682... = 0.2927          / 92 = 0.260869... = 0.2609
    4      42.345 / 82 = 0.516402... = 0.5164          / 92 = 0.460271... = 0.4603
    5      not reported                                10 / 92 = 0.108695... = 0.1087

Traffic light, yellow from 3.0000 and green above 4.0000: 4 green, 1.1, 2 and at exactly 4.0000 1.2 yellow, 3 red.

Baselines of 1.1: 58.5, 61 and 63.1 in 2552 to 2554: (58.5 + 61 + 63.1) / 3 = 182.6 / 3 = 60.8666... = 60.8667.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from reports.names import Names, Person
from rules.scorecard import scorecard
from schemas.criteria import (
    Composite,
    CountResult,
    External,
    ExternalResult,
    MilestoneResult,
    MilestoneRule,
    Milestones,
    Part,
    PartsResult,
    Quantitative,
    StepRange,
    StepTable,
    ValueResult,
)
from schemas.kpi import (
    Aspect,
    Baseline,
    Confidence,
    DataKeeper,
    Dimension,
    Holding,
    Kpi,
    KpiBook,
    Owner,
    OwnerRole,
    Responsible,
    Round,
)
from schemas.letters import AgreementParties, Signatory
from schemas.sar_card import Certification, SarCard
from schemas.scorecard import KpiReport, Scorecard

AGREED_AT = datetime(2011, 9, 30, 3, tzinfo=UTC)
"""Friday 30 September 2554, 10.00 น."""
REPORTED_AT = datetime(2012, 4, 27, 2, tzinfo=UTC)
"""Friday 27 April 2555, 09.00 น."""

PARTIES = AgreementParties(
    maker=Signatory(name="นายสมชาย ใจดี", position="อธิบดีกรมตัวอย่าง", signed_on=date(2011, 9, 29)),
    receiver=Signatory(name="นางสาวสมศรี รักชาติ", position="ปลัดกระทรวงตัวอย่าง", signed_on=date(2011, 9, 30)),
)

NAMES = Names(
    units={
        "dept": "กรมตัวอย่าง",
        "bureau": "สำนักพัฒนาตัวอย่าง",
        "finance": "กองคลัง",
        "psdg": "กลุ่มพัฒนาระบบบริหาร",
    },
    persons={
        "group": Person(name="นางวันดี มีสุข", position="หัวหน้ากลุ่มงาน", phone="0 2141 1111", email="wandee@dept.example"),
        "keeper": Person(name="นายเก่ง ขยัน", position="นักวิชาการชำนาญการ", phone="0 2141 2222"),
        "second": Person(name="นางสาวแก้ว ใส", position="นักวิชาการปฏิบัติการ"),
        "psdg.1": Person(name="นายถูกต้อง ตรวจทาน", position="ผู้อำนวยการกลุ่มพัฒนาระบบบริหาร"),
    },
)  # fmt: skip

_POINTS = ("60", "65", "70", "75", "80")


def _quantitative(*points: str) -> Quantitative:
    return Quantitative.model_validate({"points": [Decimal(point) for point in points]})


def _responsible() -> Responsible:
    return Responsible(
        supervisor="group",
        keepers=(DataKeeper(officer="keeper", activity="รวบรวมข้อมูลจากจังหวัด"),),
        owners=(
            Owner(officer="keeper", role=OwnerRole.MAIN_OWNER),
            Owner(officer="second", role=OwnerRole.CO_OWNER),
            Owner(officer="group", role=OwnerRole.SUPPORTER),
        ),
    )


BOOK = KpiBook(
    fiscal_year=2555,
    agency="dept",
    frame=(
        Dimension(id="external", th="มิติภายนอก", weight=Decimal(70)),
        Dimension(id="effectiveness", th="ประสิทธิผล", parent="external"),
        Dimension(id="internal", th="มิติภายใน", weight=Decimal(30)),
    ),
    kpis=(
        Kpi(
            number="1.1", th="ร้อยละของหมู่บ้านที่ผ่านเกณฑ์การพัฒนา", unit_of_measure="ร้อยละ", dimension="effectiveness",
            description="หมู่บ้านที่ผ่านเกณฑ์ หมายถึง หมู่บ้านที่ผ่านตัวชี้วัดครบทั้ง 6 ด้าน", aspect=Aspect.RESULTS,
            criteria=_quantitative(*_POINTS), weight=Decimal(20), target=Decimal(70),
            formula="จำนวนหมู่บ้านที่ผ่านเกณฑ์ × 100 ÷ จำนวนหมู่บ้านทั้งหมด",
            baselines=(
                Baseline(fiscal_year=2552, value=Decimal("58.5")),
                Baseline(fiscal_year=2553, value=Decimal(61)),
                Baseline(fiscal_year=2554, value=Decimal("63.1")),
            ),
            data_source="ฐานข้อมูลหมู่บ้าน", note="ไม่รวมหมู่บ้านที่ตั้งใหม่ในปี",
            holdings=(Holding(unit="bureau", weight_share=Decimal(20)),), responsible=_responsible(),
        ),
        Kpi(
            number="1.2", th="ร้อยละความพึงพอใจของผู้รับบริการ", unit_of_measure="ร้อยละ", dimension="effectiveness",
            aspect=Aspect.SATISFACTION, weight=Decimal(10), weight_confidence=Confidence.RECONSTRUCTED,
            criteria=StepTable(
                ranges=(
                    StepRange(score=1, below=Decimal(75)),
                    StepRange(score=2, at_least=Decimal(75), below=Decimal(80)),
                    StepRange(score=3, at_least=Decimal(80), below=Decimal(85)),
                    StepRange(score=4, at_least=Decimal(85), below=Decimal(90)),
                    StepRange(score=5, at_least=Decimal(90)),
                )
            ),
            target=Decimal(80), responsible=_responsible(),
            holdings=(Holding(unit="bureau", weight_share=Decimal(10)),),
        ),
        Kpi(
            number="2", th="การเบิกจ่ายเงินงบประมาณ", dimension="effectiveness", weight=Decimal(30), aspect=Aspect.WORTH,
            criteria=Composite(
                parts=(
                    Part(number="2.1", th="ระยะเวลาเบิกจ่ายเฉลี่ย", unit_of_measure="วัน", weight=Decimal(2),
                         criteria=_quantitative("10", "8", "6", "4", "2")),
                    Part(number="2.2", th="มาตรการเร่งรัดการเบิกจ่าย", weight=Decimal(1), criteria=Milestones(
                        steps=("แต่งตั้งคณะทำงาน", "จัดทำแผน", "ประชุมเร่งรัด", "รายงานผล", "สรุปบทเรียน"),
                        rule=MilestoneRule.COUNT,
                    )),
                    Part(number="2.3", th="ร้อยละการเบิกจ่ายงบลงทุน", unit_of_measure="ร้อยละ", weight=Decimal(2),
                         criteria=_quantitative("80", "85", "90", "95", "100")),
                )
            ),
            holdings=(
                Holding(unit="finance", weight_share=Decimal(20)),
                Holding(unit="bureau", weight_share=Decimal(10), confidence=Confidence.GUESS, note="ตกลงด้วยวาจา"),
            ),
            responsible=_responsible(),
        ),
        Kpi(
            number="3", th="ระดับความสำเร็จของการควบคุมภายใน", dimension="internal", weight=Decimal(12), target=Decimal(5),
            unit_of_measure="ระดับ",
            criteria=Milestones(steps=(
                "แต่งตั้งคณะทำงานควบคุมภายใน", "ประเมินความเสี่ยงของทุกสำนัก/กอง", "จัดทำแผนปรับปรุงการควบคุมภายใน",
                "ดำเนินการตามแผนไม่น้อยกว่าร้อยละ 80", "รายงานผลต่ออธิบดีภายใน 30 กันยายน 2555",
            )),
            holdings=(Holding(unit="finance", weight_share=Decimal(12)),), responsible=_responsible(),
        ),
        Kpi(
            number="4", th="ความพึงพอใจจากการสำรวจ", dimension="internal", weight=Decimal(10),
            criteria=External(assessor="สำนักงานสถิติแห่งชาติ"),
            holdings=(Holding(unit="psdg", weight_share=Decimal(10)),),
        ),
        Kpi(
            number="5", th="ต้นทุนต่อหน่วยผลผลิต", dimension="internal", weight=Decimal(10),
            criteria=_quantitative("1", "2", "3", "4", "5"),
            holdings=(Holding(unit="finance", confidence=Confidence.UNKNOWN),),
        ),
        Kpi(
            number="6", th="การถ่ายทอดตัวชี้วัดสู่ระดับบุคคล", dimension="internal", starts_at=Round.TWELVE,
            weight_confidence=Confidence.UNKNOWN,
        ),
    ),
)  # fmt: skip

RESULTS = {
    "1.1": ValueResult(value=Decimal(72)),
    "1.2": ValueResult(value=Decimal(86)),
    "2": PartsResult(
        parts={
            "2.1": ValueResult(value=Decimal(7)),
            "2.2": CountResult(count=3),
            "2.3": ValueResult(value=Decimal(100)),
        }
    ),
    "3": MilestoneResult(done=(1, 2, 4)),
    "4": ExternalResult(score=Decimal("4.2345")),
}
CERTIFIED_ON = datetime(2012, 4, 10, 3, 30, tzinfo=UTC)
"""Tuesday 10 April 2555, 10.30 น."""

REPORTS = {
    number: KpiReport(result=result, certified_by_supervisor=True, certified_by_psdg=True)
    for number, result in RESULTS.items()
}
LONG = (
    "ดำเนินการชี้แจงหลักเกณฑ์แก่สำนักงานพัฒนาชุมชนจังหวัดทุกแห่งผ่านระบบ Web Conference จำนวน 2 ครั้ง "
    "จัดทำคู่มือการปฏิบัติงาน และติดตามผลในที่ประชุมกรมทุกเดือน\n"
    "จัดสรรงบประมาณให้จังหวัดดำเนินกิจกรรมครบทุกหมู่บ้านเป้าหมายภายในไตรมาสที่ 2"
)


def card(number: str) -> SarCard:
    return SarCard(
        number=number, result=RESULTS[number],
        calculation="4,320 × 100 ÷ 6,000 = 72" if number == "1.1" else "",
        measures=LONG, supports="ผู้บริหารให้ความสำคัญและติดตามอย่างต่อเนื่อง", obstacles="บางพื้นที่ประสบอุทกภัย",
        evidence=("รายงานผลการพัฒนาหมู่บ้าน-2555.pdf", "คำสั่งแต่งตั้งคณะทำงาน.pdf"),
        supervisor=Certification(by="group", at=CERTIFIED_ON),
        psdg=Certification(by="psdg.1", at=CERTIFIED_ON, remark="ตรวจสอบหลักฐานครบถ้วน"),
    )  # fmt: skip


CARDS = tuple(card(number) for number in RESULTS)


def six_months(**changes: KpiReport) -> Scorecard:
    """The scorecard of month six; `changes` by «k1_1» for KPI 1.1."""
    changed = {number.removeprefix("k").replace("_", "."): report for number, report in changes.items()}
    return scorecard(BOOK, {**REPORTS, **changed}, Round.SIX)
