"""From the lists of the units to shares that add up, before and after an objection (P10, decision 21).

The pots are split to the units once, by the personnel records. A unit's quota is then a pot of its own: its persons
share it among themselves, so a corrected list changes nothing outside the unit, and every sum stays exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from rules.award import allocate
from rules.award_reasons import of_agency
from rules.errors import ListsDisagree
from schemas.award import (
    Award,
    AwardBasis,
    AwardPerson,
    AwardPolicy,
    AwardPool,
    PersonAward,
    PoolAward,
    PoolKind,
    Stint,
)
from schemas.award_case import (
    AwardAmounts,
    AwardApproval,
    AwardCase,
    AwardLine,
    AwardListCheck,
    AwardObjection,
    AwardPayment,
    AwardProposal,
    AwardSplit,
    Eligibility,
    Lists,
    ObjectionWish,
    ProposedShares,
    UnitFrame,
    UnitQuota,
    UnitShares,
)
from schemas.base import OfficerId, UnitId
from schemas.form import FormContext, Problem, asked
from schemas.kpi import OwnerRole
from schemas.labels import label
from schemas.weekly import ReviewDecision


def eligibility(case: AwardCase, policy: AwardPolicy) -> Eligibility:
    th, en = of_agency(case.total, policy.threshold)
    return Eligibility(eligible=policy.entitles(case.total), th=th, en=en)


# --- the lists ---------------------------------------------------------------------------------------------


def conflicts(lists: Mapping[UnitId, Iterable[AwardLine]]) -> tuple[str, ...]:
    """Where two lists do not agree about a person, and who would have served more than a year; in Thai."""
    found = []
    for lines in _by_person(lists).values():
        name, months = lines[0].name, sum(line.months for line in lines)
        found += [
            f"{name}: {what}ในบัญชีของแต่ละหน่วยงานไม่ตรงกัน"
            for what, said in AGREED.items()
            if len({getattr(line, said) for line in lines}) > 1
        ]
        if months > 12:
            found.append(f"{name}: รวมทุกหน่วยงาน {months} เดือน เกิน 12 เดือน")
    return tuple(found)


AGREED = {
    "ประเภทบุคลากร": "group", "การเป็นผู้บริหาร": "executive", "เงินเดือน": "salary",
    "ผลการปฏิบัติงาน": "performance", "โทษทางวินัย": "under_penalty",
}  # fmt: skip
"""What must be the same wherever a person is listed; the part in the KPIs need not, the highest one counts."""


def _by_person(lists: Mapping[UnitId, Iterable[AwardLine]]) -> dict[OfficerId, list[AwardLine]]:
    found: dict[OfficerId, list[AwardLine]] = {}
    for unit in sorted(lists):
        for line in lists[unit]:
            found.setdefault(line.id, []).append(line)
    return found


def highest_roles(lists: Mapping[UnitId, Iterable[AwardLine]]) -> dict[OfficerId, OwnerRole]:
    """Each person's highest part in any KPI, in whatever unit."""
    order = list(OwnerRole)
    roles = {who: [line.role for line in lines if line.role is not None] for who, lines in _by_person(lists).items()}
    return {who: min(held, key=order.index) for who, held in roles.items() if held}


def _person(line: AwardLine, stints: Iterable[Stint], role: OwnerRole | None) -> AwardPerson:
    return AwardPerson(
        id=line.id, group=line.group, executive=line.executive, salary=line.salary, stints=tuple(stints), role=role,
        performance=line.performance, under_penalty=line.under_penalty,
    )  # fmt: skip


# --- split and shares --------------------------------------------------------------------------------------


def split(case: AwardCase, staff: Lists, amounts: AwardAmounts, policy: AwardPolicy) -> AwardSplit:
    """The pots split to the units by the personnel records. Raises ListsDisagree."""
    if found := conflicts(staff):
        raise ListsDisagree(places=len(found))
    roles = highest_roles(staff)
    stints: dict[OfficerId, list[Stint]] = {}
    for unit, lines in staff.items():
        for line in lines:
            stints.setdefault(line.id, []).append(Stint(unit=unit, months=line.months))
    persons = [_person(lines[0], stints[who], roles.get(who)) for who, lines in _by_person(staff).items()]
    known = tuple(unit.id for unit in case.units)
    award = allocate(
        AwardBasis(
            fiscal_year=case.fiscal_year, agency=case.agency, total=case.total, units=case.units,
            persons=tuple(persons), policy=policy,
            pools=(_pool(PoolKind.OPERATORS, amounts.operators, known),
                   _pool(PoolKind.EXECUTIVES, amounts.executives, known)),
        )
    )  # fmt: skip
    quotas = (UnitQuota(unit=unit, operators=_of(award, PoolKind.OPERATORS, unit),
                        executives=_of(award, PoolKind.EXECUTIVES, unit)) for unit in known)  # fmt: skip
    return AwardSplit(quotas=tuple(q for q in quotas if q.operators or q.executives), by_records=award)


def _pool(kind: PoolKind, amount: Decimal, units: tuple[UnitId, ...]) -> AwardPool:
    return AwardPool(id=kind.value, kind=kind, amount=amount, units=units)


def _of(award: Award, kind: PoolKind, unit: UnitId) -> Decimal:
    return sum((share.amount for share in award.persons if (share.pool, share.unit) == (kind, unit)), Decimal("0.00"))


def frame_of(case: AwardCase, quota: UnitQuota, policy: AwardPolicy) -> UnitFrame:
    unit = next(unit for unit in case.units if unit.id == quota.unit)
    return UnitFrame(
        agency=case.agency, fiscal_year=case.fiscal_year, total=case.total, unit=unit, quota=quota, policy=policy
    )


def shares_of(frame: UnitFrame, lines: Iterable[AwardLine], roles: Mapping[OfficerId, OwnerRole]) -> Award:
    """A unit's quota shared out among its persons; what nobody can get is left in the pots."""
    unit = frame.unit.id
    persons = (_person(line, (Stint(unit=unit, months=line.months),), roles.get(line.id)) for line in lines)
    return allocate(
        AwardBasis(
            fiscal_year=frame.fiscal_year, agency=frame.agency, total=frame.total, units=(frame.unit,),
            persons=tuple(persons), policy=frame.policy,
            pools=(_pool(PoolKind.OPERATORS, frame.quota.operators, (unit,)),
                   _pool(PoolKind.EXECUTIVES, frame.quota.executives, (unit,))),
        )
    )  # fmt: skip


def proposed(frames: Iterable[UnitFrame], lists: Lists) -> ProposedShares:
    """The shares of the units that have just proposed; `lists` are those of all units."""
    if found := conflicts(lists):
        return ProposedShares(units=(), conflicts=found)
    roles = highest_roles(lists)
    shared = ((frame.unit.id, shares_of(frame, lists[frame.unit.id], roles)) for frame in frames)
    return ProposedShares(
        units=tuple(UnitShares(unit=unit, persons=a.persons, left_out=a.left_out) for unit, a in shared)
    )


def assembled(parts: AwardSplit, lists: Lists, shares: Iterable[UnitShares]) -> Award:
    """The whole allocation: the pots and units as split, the persons as approved."""
    whole, approved = parts.by_records, list(shares)
    persons = sorted((p for each in approved for p in each.persons), key=lambda p: (p.pool, p.unit, p.person))
    asked = {quota.unit for quota in parts.quotas}
    listed = {line.id for unit in asked for line in lists[unit]}
    # Units without a quota propose nothing: who is left out there is known from the records.
    elsewhere = (o for o in whole.left_out if (o.person not in listed if o.unit is None else o.unit not in asked))
    out = {(o.person, o.unit or "", o.reason): o for o in (*elsewhere, *(o for e in approved for o in e.left_out))}
    return Award(
        fiscal_year=whole.fiscal_year, agency=whole.agency, total=whole.total, eligible=whole.eligible,
        th=whole.th, en=whole.en, pools=tuple(_distributed(pool, persons) for pool in whole.pools),
        units=whole.units, persons=tuple(persons), left_out=tuple(out[key] for key in sorted(out)),
    )  # fmt: skip


def distributed(award: Award) -> Decimal:
    """What the order pays altogether."""
    return sum((pool.distributed for pool in award.pools), Decimal("0.00"))


def _distributed(pool: PoolAward, persons: Iterable[PersonAward]) -> PoolAward:
    paid = sum((share.amount for share in persons if share.pool == pool.pool), Decimal("0.00"))
    return pool.replace(distributed=paid, undistributed=pool.amount - paid)


# --- in words ----------------------------------------------------------------------------------------------


def baht(amount: Decimal) -> str:
    return f"{amount:,.2f} บาท"


def shares_th(shares: UnitShares, lines: Iterable[AwardLine]) -> str:
    """Who of a unit gets how much, and who gets nothing and why."""
    names = {line.id: line.name for line in lines}
    paid = [f"{names.get(p.person, p.person)} {baht(p.amount)} ({p.months} เดือน)" for p in shares.persons]
    return "; ".join([*paid, *(f"{names.get(o.person, o.person)} ไม่ได้รับ: {o.th}" for o in shares.left_out)])


def changes_th(records: Iterable[AwardLine], proposal: Iterable[AwardLine]) -> tuple[str, ...]:
    """What a unit's list has otherwise than the personnel records."""
    before, after = {line.id: line for line in records}, {line.id: line for line in proposal}
    added = [f"เพิ่ม {line.name}" for who, line in after.items() if who not in before]
    dropped = [f"ตัดออก {line.name}" for who, line in before.items() if who not in after]
    edited = (edit for who in before.keys() & after.keys() for edit in _edits(before[who], after[who]))
    return (*added, *dropped, *sorted(edited))


def parts_th(roles: Mapping[OfficerId, OwnerRole], lines: Iterable[AwardLine]) -> tuple[str, ...]:
    """Who of a list has which part in the KPIs by the table of owners and supporters."""
    return tuple(f"{line.name} ({label(roles[line.id])})" for line in lines if line.id in roles)


def departures_th(roles: Mapping[OfficerId, OwnerRole], lines: Iterable[AwardLine]) -> tuple[str, ...]:
    """Whose part in the KPIs a list has otherwise than that table."""
    return tuple(
        f"{line.name}: ตาราง O&S {label(roles[line.id])} บัญชี {_said(line.role)}"
        for line in lines
        if line.id in roles and line.role is not roles[line.id]
    )


def _edits(old: AwardLine, new: AwardLine) -> Iterator[str]:
    for name, field in AwardLine.model_fields.items():
        ask = asked(field)
        if ask is not None and getattr(old, name) != getattr(new, name):
            yield f"{old.name}: {ask.th} {_said(getattr(old, name))} เป็น {_said(getattr(new, name))}"


def _said(value: Any) -> str:
    match value:
        case None:
            return "ไม่มี"
        case bool():
            return "ใช่" if value else "ไม่ใช่"
        case StrEnum():
            return label(value)
        case Decimal():
            return f"{value:,f}"
    return str(value)


# --- what the forms must satisfy ---------------------------------------------------------------------------


def problems_of_amounts(form: AwardAmounts, _context: FormContext, today: date) -> Iterator[Problem]:
    if not form.operators and not form.executives:
        yield Problem(field="operators", th="วงเงินทั้งสองต้องไม่เป็นศูนย์ทั้งคู่", en="One of the pots must hold money")
    if form.notified_on > today:
        yield Problem(field="notified_on", th="วันที่ของหนังสือต้องไม่เป็นวันในอนาคต", en="The letter cannot lie in the future")


def problems_of_proposal(form: AwardProposal, context: FormContext, _today: date) -> Iterator[Problem]:
    """Each person once; and each quota must find somebody who may get it, so that nothing is left over."""
    seen: set[str] = set()
    for place, line in enumerate(form.persons):
        if line.id in seen:
            yield Problem(
                field=f"persons.{place}.id",
                th=f"รหัสประจำตัว «{line.id}» ซ้ำกับแถวก่อนหน้า",
                en=f"The id “{line.id}” is in an earlier line",
            )
        seen.add(line.id)
    if len(seen) < len(form.persons) or "frame" not in context.limits:
        return
    frame = UnitFrame.model_validate(context.limits["frame"])
    award = shares_of(frame, form.persons, highest_roles({frame.unit.id: form.persons}))
    for pool in award.pools:
        if pool.undistributed:
            th, en = _WHO[pool.kind]
            yield Problem(
                field="persons",
                th=f"ไม่มี{th}ที่มีสิทธิได้รับเงิน {baht(pool.undistributed)} ของหน่วยงาน",
                en=f"There is no {en} who may get the unit's {pool.undistributed:,.2f} baht",
            )


_WHO = {PoolKind.OPERATORS: ("ผู้ปฏิบัติงาน", "operator"), PoolKind.EXECUTIVES: ("ผู้บริหาร", "executive")}


def problems_of_list_check(
    form: AwardListCheck | AwardApproval, context: FormContext, _today: date
) -> Iterator[Problem]:
    if form.decision is ReviewDecision.RETURN:
        if not form.units:
            yield Problem(field="units", th="กรุณาเลือกหน่วยงานที่ต้องแก้ไข", en="Choose the units that must correct")
        if not form.comment:
            yield Problem(field="comment", th="กรุณาระบุข้อคิดเห็นเพื่อให้หน่วยงานแก้ไข", en="Say what has to be corrected")
    elif found := context.limits.get("conflicts"):
        yield Problem(
            field="decision",
            th="ยังเห็นชอบไม่ได้ บัญชีของหน่วยงานไม่ตรงกัน: " + "; ".join(found),
            en="The lists do not agree about a person, see above; send them back",
        )


def problems_of_objection(form: AwardObjection, _context: FormContext, _today: date) -> Iterator[Problem]:
    if form.wish is ObjectionWish.OBJECT:
        if not form.person:
            yield Problem(field="person", th="กรุณาระบุชื่อผู้โต้แย้ง", en="Say who objects")
        if not form.reasons:
            yield Problem(field="reasons", th="กรุณาระบุเหตุผลที่โต้แย้ง", en="Say why the person objects")


def problems_of_payment(form: AwardPayment, context: FormContext, today: date) -> Iterator[Problem]:
    if form.paid_on > today:
        yield Problem(field="paid_on", th="วันที่จ่ายต้องไม่เป็นวันในอนาคต", en="The payment cannot lie in the future")
    if (ordered := context.limits.get("amount")) is not None and form.amount != Decimal(ordered):
        yield Problem(
            field="amount",
            th=f"จำนวนเงินไม่ตรงกับคำสั่งจ่าย ({baht(Decimal(ordered))})",
            en=f"This is not the amount ordered ({Decimal(ordered):,.2f} baht)",
        )
