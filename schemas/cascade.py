"""The cascade of a province's key KPIs to agencies, groups and persons (S2; requirements P11): records of its cases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.actor import Actor
from schemas.attachment import AttachedFile
from schemas.base import CaseId, FiscalYear, Moment, OfficerId, Record, ShortText, UnitId
from schemas.criteria import KpiNumber
from schemas.exact import Exact, Score, Weight
from schemas.form import ask
from schemas.kpi import OwnerRole, Round


class KpiKind(StrEnum):
    """How a KPI is reported (S2, lines 19 and 22)."""

    MILESTONE = "milestone"
    """A level of success of 1 to 5."""
    RATIO = "ratio"
    """A percentage, with its formula and values (R2.3)."""


KPI_KIND_TH = {KpiKind.MILESTONE: "ระดับความสำเร็จ (ระดับ 1–5)", KpiKind.RATIO: "ร้อยละ (ต้องเขียนสูตรและใส่ค่า)"}
KPI_KIND_EN = {KpiKind.MILESTONE: "Milestones (level 1 to 5)", KpiKind.RATIO: "Per cent (with formula and values)"}


class Follow(StrEnum):
    """What becomes of a KPI's score beside the total."""

    REMEDY = "remedy"
    """Below the threshold a remedial plan is called for (R2.1; S2, line 23)."""
    RANKED = "ranked"
    """The agencies are ranked by its result at the end of the year (R2.4; S2, line 22)."""


FOLLOW_TH = {Follow.REMEDY: "ต่ำกว่าเกณฑ์ต้องมีแผนปรับปรุง", Follow.RANKED: "จัดอันดับเมื่อสิ้นปี"}
FOLLOW_EN = {Follow.REMEDY: "Below the threshold: a remedial plan", Follow.RANKED: "Ranked at year's end"}

LEVELS_TH, LEVELS_EN = (
    "เกณฑ์ระดับ 1–5 (คั่นด้วย / เว้นวรรคหน้าหลัง)",
    "Criteria of levels 1 to 5 (divided by a / between blanks)",
)


class KeyKpi(Record):
    """A key KPI of the province, as every agency gets it (S2, lines 17 to 23)."""

    number: KpiNumber = ask("ที่", "No.", width=4)
    th: ShortText = ask("ชื่อตัวชี้วัด", "KPI", width=30)
    kind: KpiKind = ask("ลักษณะ", "Kind", widget="select")
    levels: ShortText = ask(LEVELS_TH, LEVELS_EN, width=24)
    weight: Weight = ask("น้ำหนัก", "Weight", width=6)
    host: UnitId = ask("เจ้าภาพ", "Host", widget="select", choices="hosts")
    follow: Follow | None = ask("การติดตาม", "Followed", widget="select", default=None)


KeyKpis = tuple[KeyKpi, ...]


class IndividualKpi(Record):
    """A KPI of a person (requirements P11: link to the parent KPI, target levels, weight, role)."""

    th: ShortText = ask("ตัวชี้วัด/งานที่รับผิดชอบ", "KPI or task", width=28)
    parent: KpiNumber = ask("เชื่อมโยงตัวชี้วัด", "Of KPI", widget="select", choices="kpis")
    levels: ShortText = ask(LEVELS_TH, LEVELS_EN, width=24)
    weight: Weight = ask("น้ำหนัก", "Weight", width=6)
    role: OwnerRole = ask("บทบาท", "Role", widget="select")


class AgreedKpi(Record):
    """A KPI in the agreement of an agency: the level that it undertakes to reach."""

    number: KpiNumber = ask("ตัวชี้วัด", "KPI", widget="select", choices="kpis")
    level: Annotated[int, Field(ge=1, le=5)] = ask("ระดับเป้าหมาย", "Level aimed at", width=4)


class GroupKpi(Record):
    """A KPI in the agreement of a group within an agency."""

    number: KpiNumber = ask("ตัวชี้วัด", "KPI", widget="select", choices="kpis")
    weight: Weight = ask("น้ำหนัก", "Weight", width=6)


class AssessedKpi(Record):
    """One KPI in an agency's self-assessment (S2, lines 13 and 22)."""

    number: KpiNumber = ask("ตัวชี้วัด", "KPI", widget="select", choices="kpis")
    level: Annotated[int, Field(ge=1, le=5)] | None = ask("ระดับ 1–5", "Level 1–5", width=4, default=None)
    formula: str = ask("สูตรการคำนวณ", "Formula", width=19, default="")
    numerator: Exact | None = ask("ตัวตั้ง", "Numerator", width=9, default=None)
    denominator: Exact | None = ask("ตัวหาร", "Denominator", width=9, default=None)
    value: Exact | None = ask("ผล (ร้อยละ)", "Result (%)", width=7, default=None)


class AssessedLine(Record):
    """One line of a person's form at the end of the year: the level reached (W-mfa: คะแนนตามระดับค่าเป้าหมาย)."""

    line: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,2}$")] = ask(
        "ตัวชี้วัด/งาน", "KPI or task", widget="select", choices="lines"
    )
    level: Annotated[int, Field(ge=1, le=5)] = ask("ระดับ 1–5", "Level 1–5", width=4)
    result: ShortText = ask("ผลการปฏิบัติงาน", "What was done", width=34)


# --- the province's case -----------------------------------------------------------------------------------


class CascadeRules(Record):
    """The rules of the source as the policy has them when the case begins; a case keeps to its own."""

    remedial_below: Score = Decimal("2.5")
    """R2.1, strictly below; in whole levels on one KPI (S2, line 23)."""
    nine_month_target: Score = Decimal("3.75")
    """R2.2: a score of the ninth month below this is warned of and blocks nothing (S2, line 25)."""
    ranks: Annotated[int, Field(ge=1)] = 3
    """R2.4: the ranks that are awarded; who is equal shares a rank."""
    step_days: Annotated[int, Field(ge=0)] = 5
    """Working days for each signature, plan, recheck and summary."""


class RoundDay(Record):
    """A round of self-assessment reports: when it opens, and by when agencies report."""

    number: Round
    opens: Moment
    due: Moment


class CleaningMonth(Record):
    """A month with a Big Cleaning Day, which lies before payday (S2, line 17)."""

    name: Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")]
    opens: Moment
    payday: date
    paid_at: Moment
    """As payday begins; the day lies before it."""


class DutyKind(StrEnum):
    """What every agency has to do by a day, beside its self-assessment (S2, lines 17 to 21)."""

    CLEANING = "cleaning"
    SATISFACTION = "satisfaction"
    QUESTIONNAIRE = "questionnaire"
    ANTI_CORRUPTION = "anti_corruption"
    SEMINAR = "seminar"
    INTERNAL_CONTROL = "internal_control"


class DutyDay(Record):
    """A duty of the year: from when, until when, and who compiles what agencies report."""

    name: DutyKind
    opens: Moment
    due: Moment
    collector: UnitId


class Member(Record):
    """An agency whose head signs with the governor."""

    unit: UnitId
    th: ShortText


class CascadeCase(Record):
    """Input: one province, one fiscal year."""

    fiscal_year: FiscalYear
    province: UnitId
    """Its head is the governor."""
    province_th: ShortText
    office: UnitId
    """สำนักงานจังหวัด."""
    agencies: tuple[Member, ...] = Field(min_length=1)
    rounds: tuple[RoundDay, ...] = Field(min_length=1)
    months: tuple[CleaningMonth, ...] = ()
    duties: tuple[DutyDay, ...] = ()
    rules: CascadeRules = CascadeRules()

    @property
    def year_ends(self) -> Moment:
        """After the last self-assessment no remedial plan is called for."""
        return self.rounds[-1].due


def agency_case_id(fiscal_year: FiscalYear, agency: UnitId) -> CaseId:
    return f"agency-cascade-{fiscal_year}-{agency}"


class CascadeOffice(Record):
    """Who works for the province, as looked up when the case began."""

    office_th: str
    hosts: tuple[tuple[UnitId, str], ...]
    """Who may host a KPI: the office and the agencies."""


class AgencyScore(Record):
    """One agency in a round, as the province sees it."""

    unit: UnitId
    th: str
    total: Score | None
    """None: not reported yet."""
    remedial: tuple[KpiNumber, ...] = ()
    warned: bool = False


class RoundSummary(Record):
    """A round at the day of its meeting."""

    round: Round
    scores: tuple[AgencyScore, ...]
    papers: tuple[AttachedFile, ...] = ()

    @property
    def reported(self) -> tuple[AgencyScore, ...]:
        return tuple(each for each in self.scores if each.total is not None)


class RoundMeeting(Record):
    """A round after its meeting: who came is not who reported (32 and 33, S2, lines 11 and 13)."""

    summary: RoundSummary
    held_on: date
    attended: tuple[UnitId, ...]
    papers: tuple[AttachedFile, ...] = ()


class Placed(Record):
    """An agency in the ranking (R2.4)."""

    unit: UnitId
    th: str
    value: Exact
    rank: int
    awarded: bool


class Ranking(Record):
    kpi: KpiNumber
    kpi_th: str
    places: tuple[Placed, ...]
    missing: tuple[str, ...]
    """Agencies without a result by then."""


class CascadeOutcome(Record):
    meetings: tuple[RoundMeeting, ...]
    ranking: Ranking | None
    papers: tuple[AttachedFile, ...] = ()


# --- an agency's case --------------------------------------------------------------------------------------


class AgencyCascadeCase(Record):
    """Input: one agency of the province, one fiscal year."""

    fiscal_year: FiscalYear
    province: UnitId
    office: UnitId
    agency: UnitId
    kpis: KeyKpis = Field(min_length=1)
    rounds: tuple[RoundDay, ...]
    rules: CascadeRules

    @property
    def year_ends(self) -> Moment:
        return self.rounds[-1].due


class Person(Record):
    """A person who signs an agreement, and the unit whose head signs it as supervisor."""

    name: OfficerId
    th: ShortText
    position: str
    supervisor: UnitId


class Group(Record):
    """A group (กลุ่มงาน/ฝ่าย) of the agency, with the persons who work there."""

    unit: UnitId
    th: ShortText
    persons: tuple[Person, ...]


class Signed(Record):
    """A signature that was given in the system."""

    by: Actor
    at: Moment


class AgencyOffice(Record):
    """Who is in the agency, as looked up when its case began."""

    province_th: str
    agency_th: str
    groups: tuple[Group, ...]


class IndividualScore(Record):
    """What a person's assessment comes to, as the supervisor has confirmed it."""

    levels: tuple[int, ...]
    """By line of the agreement."""
    total: Score
    returned: int
    papers: tuple[AttachedFile, ...] = ()


class IndividualOutcome(Record):
    """The agreement of a person as signed, and how it ended."""

    person: OfficerId
    signed_by: str
    """The person; the head of the group where the person no longer serves there (decision 40)."""
    kpis: tuple[IndividualKpi, ...]
    returned: int
    assessed: IndividualScore


class GroupOutcome(Record):
    unit: UnitId
    kpis: tuple[GroupKpi, ...]
    persons: tuple[IndividualOutcome, ...]


class ScoredKpi(Record):
    number: KpiNumber
    score: Score
    value: Exact | None = None


class RoundScore(Record):
    """What an agency's self-assessment comes to."""

    round: Round
    total: Score
    kpis: tuple[ScoredKpi, ...]
    remedial: tuple[KpiNumber, ...]
    """R2.1: KPIs for which a remedial plan is called for."""
    flagged: tuple[KpiNumber, ...]
    """R2.1: the same by their scores alone; in the last round nothing can be called for any more."""
    warned: bool
    """R2.2."""


class Remedied(Record):
    """A remedial plan after a recheck."""

    kpi: KpiNumber
    score: Score
    met: bool
    over: bool
    """No further plan: the threshold is met, or the year is over."""


class AgencyOutcome(Record):
    agency: UnitId
    groups: tuple[GroupOutcome, ...]
    rounds: tuple[RoundScore, ...]
    remedies: tuple[Remedied, ...]
    papers: tuple[AttachedFile, ...]
