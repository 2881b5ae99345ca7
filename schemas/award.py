"""Award money (เงินรางวัล): the policy, who could get a share, and the allocation (requirements 4.5, P10).

No source states how award money is shared out within a department; every rule of `AwardPolicy` that is marked [D] is
this project's proposal, and a setting.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from schemas.base import FiscalYear, Identifier, OfficerId, Record, UnitId
from schemas.exact import Exact, Figures, Money, Score, ScoreAsPrinted
from schemas.kpi import OwnerRole
from schemas.refusal import refusal, refuse_repeats

Factor = Annotated[Decimal, Figures(ge=0, le=100)]

Salary = Annotated[Decimal, Figures(gt=0, places=2)]
"""Per month, in baht."""

Months = Annotated[int, Field(strict=True, ge=1, le=12)]


class PersonGroup(StrEnum):
    CIVIL_SERVANT = "civil_servant"
    PERMANENT_EMPLOYEE = "permanent_employee"
    GOVERNMENT_EMPLOYEE = "government_employee"
    TEMPORARY_EMPLOYEE = "temporary_employee"


PERSON_GROUP_TH = {
    PersonGroup.CIVIL_SERVANT: "ข้าราชการ",
    PersonGroup.PERMANENT_EMPLOYEE: "ลูกจ้างประจำ",
    PersonGroup.GOVERNMENT_EMPLOYEE: "พนักงานราชการ",
    PersonGroup.TEMPORARY_EMPLOYEE: "ลูกจ้างชั่วคราว",
}
PERSON_GROUP_EN = {
    PersonGroup.CIVIL_SERVANT: "Civil servant",
    PersonGroup.PERMANENT_EMPLOYEE: "Permanent employee",
    PersonGroup.GOVERNMENT_EMPLOYEE: "Government employee",
    PersonGroup.TEMPORARY_EMPLOYEE: "Temporary employee",
}


class PoolKind(StrEnum):
    """The two pots of [W-1354]."""

    OPERATORS = "operators"
    """เงินรางวัล."""
    EXECUTIVES = "executives"
    """เงินเพิ่มพิเศษ."""


POOL_KIND_TH = {PoolKind.OPERATORS: "เงินรางวัลผู้ปฏิบัติงาน", PoolKind.EXECUTIVES: "เงินเพิ่มพิเศษผู้บริหาร"}
POOL_KIND_EN = {
    PoolKind.OPERATORS: "Award money for operators",
    PoolKind.EXECUTIVES: "Special increment for executives",
}


class Base(StrEnum):
    SALARY = "salary"
    HEAD_COUNT = "head_count"


class UnitFactor(StrEnum):
    LINEAR = "linear"
    """Score of the unit / 5."""
    EQUAL = "equal"
    """The score decides only whether the unit takes part."""


class RoleFactors(Record):
    """What a person's part in the KPIs counts for (O&S, S1:L75)."""

    main_owner: Factor = Decimal("1.00")
    co_owner: Factor = Decimal("0.75")
    supporter: Factor = Decimal("0.50")
    none: Factor = Decimal("0.25")

    def of(self, role: OwnerRole | None) -> Exact:
        match role:
            case OwnerRole.MAIN_OWNER:
                return self.main_owner
            case OwnerRole.CO_OWNER:
                return self.co_owner
            case OwnerRole.SUPPORTER:
                return self.supporter
            case None:
                return self.none


class AwardPolicy(Record):
    """How award money is shared out."""

    threshold: ScoreAsPrinted = Decimal("3.0000")
    """The agency's total must not be less («ไม่น้อยกว่า» [W-516])."""
    unit_threshold: ScoreAsPrinted = Decimal("3.0000")
    """A unit below it gets nothing for its operators [D]."""
    unit_base: Base = Base.SALARY
    """What a unit's share goes by: Σ salary · months / 12 of those eligible, or Σ months / 12 [D]."""
    unit_factor: UnitFactor = UnitFactor.LINEAR
    """[D]"""
    unit_without_score: Literal["agency_total", "nothing"] = "agency_total"
    """A unit that holds no KPI counts with the agency's total, or gets nothing [D]."""
    personal_base: Base = Base.SALARY
    """What a person's share goes by, times months / 12, role and performance [D]."""
    roles: RoleFactors = RoleFactors()
    """[D]; executives share by base and performance alone."""
    groups: tuple[PersonGroup, ...] = (PersonGroup.CIVIL_SERVANT, PersonGroup.PERMANENT_EMPLOYEE)
    """The two groups that [W-516] names."""
    months_at_least: Months = 4
    """In one unit, in the fiscal year [D]."""
    excludes_penalty: bool = True
    """A disciplinary penalty in the fiscal year excludes [D]."""
    personnel: UnitId | None = None
    """Checks the lists of persons (กองการเจ้าหน้าที่); กพร. where none is named [D]."""
    committee: UnitId | None = None
    """Approves the shares; the agency's head where none is named [D]."""
    finance: UnitId | None = None
    """Pays (กองคลัง); กพร. confirms the payment where none is named [D]."""
    objection_days: Annotated[int, Field(ge=1)] = 15
    """Calendar days in which a person may object to the shares, from their announcement [D]."""
    rank_amounts: dict[Annotated[int, Field(ge=1)], Money] = Field(default_factory=dict)
    """A province's extra award by rank in disbursement (S2-09 ranks 1 to 3; the amounts are the province's)."""

    def entitles(self, total: Score) -> bool:
        """Whether an agency's total entitles it to award money («ไม่น้อยกว่า» [W-516])."""
        return total >= self.threshold


class Stint(Record):
    """Months that a person served in a unit within the fiscal year."""

    unit: UnitId
    months: Months


class AwardPerson(Record):
    """A person who may get a share. Leavers and transferees have fewer months, or several stints."""

    id: OfficerId
    group: PersonGroup
    executive: bool = False
    """Executives share in the pot for executives only."""
    salary: Salary
    stints: tuple[Stint, ...] = Field(min_length=1)
    role: OwnerRole | None = None
    """The highest part in any KPI."""
    performance: Factor = Decimal(1)
    under_penalty: bool = False

    @field_validator("stints")
    @classmethod
    def _one_year(cls, stints: tuple[Stint, ...]) -> tuple[Stint, ...]:
        refuse_repeats("", (stint.unit for stint in stints))
        if (months := sum(stint.months for stint in stints)) > 12:
            raise refusal("more_than_a_year", months=months)
        return stints


class AwardUnit(Record):
    id: UnitId
    score: ScoreAsPrinted | None = None
    """Over all KPIs that it holds; None when it holds none."""


class AwardPool(Record):
    """A pot of money and the units that draw on it; central and regional pots are separate [W-516]."""

    id: Identifier
    kind: PoolKind
    amount: Money
    units: tuple[UnitId, ...]


class AwardBasis(Record):
    """Everything an allocation rests on."""

    fiscal_year: FiscalYear
    agency: UnitId
    total: ScoreAsPrinted
    units: tuple[AwardUnit, ...]
    persons: tuple[AwardPerson, ...]
    pools: tuple[AwardPool, ...]
    policy: AwardPolicy = AwardPolicy()

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        refuse_repeats("units", (unit.id for unit in self.units))
        refuse_repeats("persons", (person.id for person in self.persons))
        refuse_repeats("pools", (pool.id for pool in self.pools))
        known = {unit.id for unit in self.units}
        for pool in self.pools:
            refuse_repeats(f"pools[{pool.id}].units", pool.units)
            if unknown := set(pool.units) - known:
                raise refusal("unknown_unit", f"pools[{pool.id}].units", what=min(unknown))
        for person in self.persons:
            if unknown := {stint.unit for stint in person.stints} - known:
                raise refusal("unknown_unit", f"persons[{person.id}].stints", what=min(unknown))
        for kind in PoolKind:
            drawn = [unit for pool in self.pools if pool.kind is kind for unit in pool.units]
            refuse_repeats("pools", drawn)
        return self


# --- the allocation ----------------------------------------------------------------------------------------


class LeftOutReason(StrEnum):
    GROUP = "group"
    PENALTY = "penalty"
    MONTHS = "months"
    NO_POOL = "no_pool"
    UNIT_SCORE = "unit_score"
    FACTOR_ZERO = "factor_zero"


class LeftOut(Record):
    """A person who gets nothing, for the time in a unit or altogether, and why."""

    person: OfficerId
    unit: UnitId | None
    """None: for the whole year, in whatever unit."""
    reason: LeftOutReason
    th: str
    en: str


class UnitAward(Record):
    """What a unit's operators get from a pot."""

    pool: Identifier
    unit: UnitId
    score: ScoreAsPrinted
    base: Exact
    """Σ salary · months in baht-months, or Σ months; of those eligible."""
    factor: Exact
    """By the unit's score; four decimals shown, exact in the computation."""
    amount: Money
    extra_satang: Literal[0, 1]
    """1 where a satang of the remainder was added to the amount rounded down."""


class PersonAward(Record):
    """What a person gets for the time in a unit."""

    pool: Identifier
    unit: UnitId
    person: OfficerId
    salary: Money
    months: Months
    role_factor: Factor
    performance: Factor
    amount: Money
    extra_satang: Literal[0, 1]


class PoolAward(Record):
    """A pot after the allocation: `distributed` + `undistributed` = `amount`."""

    pool: Identifier
    kind: PoolKind
    amount: Money
    distributed: Money
    undistributed: Money
    th: str = ""
    en: str = ""
    """Why money was left, when it was."""


class Award(Record):
    """The allocation, in the order of the ids."""

    fiscal_year: FiscalYear
    agency: UnitId
    total: ScoreAsPrinted
    eligible: bool
    th: str
    en: str
    """Whether the agency gets award money, and why."""
    pools: tuple[PoolAward, ...]
    units: tuple[UnitAward, ...]
    persons: tuple[PersonAward, ...]
    left_out: tuple[LeftOut, ...]

    def of(self, person: OfficerId) -> tuple[PersonAward, ...]:
        """The shares of a person, from whatever pots and units."""
        return tuple(share for share in self.persons if share.person == person)


class RankAward(Record):
    """A province's extra award for a rank; equal rates share the rank, and each gets the amount of it."""

    unit: UnitId
    rank: int
    rate: Exact
    amount: Money
