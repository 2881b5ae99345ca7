"""An allocation of award money, worked out by hand to the satang.

A pot of 120,000.00 baht for the operators of two units, and one of 1,000.50 baht for executives.

    unit      salaries x months                               score / 5        weight
    bureau    30,000 x 12 + 20,000 x 12 = 600,000             4.0 / 5 = 0.8    480,000
    finance   25,000 x 12               = 300,000             3.0 / 5 = 0.6    180,000
                                                                               660,000
    bureau    120,000 x 480 / 660 = 87,272.7272...   rounded down 87,272.72
    finance   120,000 x 180 / 660 = 32,727.2727...   rounded down 32,727.27
    one satang is left; the larger remainder (0.72 of a satang) is the bureau's: 87,272.73 and 32,727.27

    person    salary x months x role                 of the unit's amount
    keeper    30,000 x 12 x 1.00 = 360,000           360 / 540 of 87,272.73 = 58,181.82
    second    20,000 x 12 x 0.75 = 180,000           180 / 540 of 87,272.73 = 29,090.91
    payer     25,000 x 12 x 0.50 = 150,000           all of 32,727.27
    group     executive, alone in the pot            1,000.50

    paid out: 120,000.00 + 1,000.50 = 121,000.50 to four persons.
"""

from __future__ import annotations

from decimal import Decimal

from reports.names import Person
from rules.award import allocate
from schemas.award import AwardBasis, AwardPerson, AwardPool, AwardUnit, PersonGroup, PoolKind, Stint
from schemas.kpi import OwnerRole
from tests.reports.agreement_year import NAMES as YEAR_NAMES


def _person(name: str, salary: int, unit: str, role: OwnerRole | None = None, **more: object) -> AwardPerson:
    given = {"id": name, "group": PersonGroup.CIVIL_SERVANT, "salary": salary, "role": role}
    return AwardPerson.model_validate({**given, "stints": [Stint(unit=unit, months=12)], **more})


NAMES = YEAR_NAMES.replace(
    persons={
        **YEAR_NAMES.persons,
        "payer": Person(name="นายจ่าย ตรง", position="นักวิชาการเงินและบัญชี"),
        "fined": Person(name="FINED-PERSON", position="นักวิชาการ"),
    }
)
BASIS = AwardBasis(
    fiscal_year=2555,
    agency="dept",
    total=Decimal("3.1777"),
    units=(AwardUnit(id="bureau", score=Decimal(4)), AwardUnit(id="finance", score=Decimal(3))),
    persons=(
        _person("keeper", 30_000, "bureau", OwnerRole.MAIN_OWNER),
        _person("second", 20_000, "bureau", OwnerRole.CO_OWNER),
        _person("payer", 25_000, "finance", OwnerRole.SUPPORTER),
        _person("group", 61_234, "bureau", executive=True),
        _person("fined", 18_000, "bureau", under_penalty=True),
    ),
    pools=(
        AwardPool(id="central", kind=PoolKind.OPERATORS, amount=Decimal(120_000), units=("bureau", "finance")),
        AwardPool(id="executives", kind=PoolKind.EXECUTIVES, amount=Decimal("1000.50"), units=("bureau",)),
    ),
)
AWARD = allocate(BASIS)
