"""คำสั่งจ่ายเงินรางวัล: the order, and its annexes of units and persons (requirements 4.5, P10).

Neither salaries nor those who get nothing stand in it: an order is read by everybody, and why somebody is left out
(a disciplinary penalty, say) is told to that person only.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from reports.errors import NothingToPay
from reports.figures import NONE, dated_with_era, money, number, score, sentence
from reports.names import Names
from reports.register import written
from reports.signing import Signature, undated
from reports.typesetting import NEUTRAL, Letterhead, Sheet, typeset
from rules.baht_words import baht_words
from rules.thai import Digits, thai_fiscal_year
from schemas.award import POOL_KIND_TH, Award, PersonAward, PoolAward, PoolKind
from schemas.base import Moment, Record
from schemas.exact import Money
from schemas.letters import Notice

TITLE = "คำสั่งจ่ายเงินรางวัล"
UNIT_COLUMNS = ("ลำดับ", "หน่วยงาน", "คะแนนของหน่วยงาน", "ตัวคูณตามคะแนน", "จำนวนเงิน (บาท)")
PERSON_COLUMNS = ("ลำดับ", "ชื่อ–สกุล", "ตำแหน่ง", "เดือนที่ปฏิบัติงาน", "จำนวนเงิน (บาท)")


class UnitLine(Record):
    serial: str
    unit: str
    score: str
    factor: str
    amount: str


class PersonLine(Record):
    serial: str
    name: str
    position: str
    months: str
    amount: str


class PersonGroup(Record):
    """The persons of a unit in a pot."""

    unit: str
    lines: tuple[PersonLine, ...]
    sum: str


class PoolAnnex(Record):
    """A pot: its units (operators only) and its persons."""

    name: str
    units: tuple[UnitLine, ...]
    groups: tuple[PersonGroup, ...]
    sum: str
    words: str


class AwardOrderSheet(Sheet):
    issuer: str
    no: str
    subject: str
    grounds: str
    clauses: tuple[str, ...]
    """Without their numbers."""
    effect: str
    ordered: str
    """«สั่ง ณ วันที่ …»."""
    signature: Signature
    unit_columns: tuple[str, ...] = UNIT_COLUMNS
    person_columns: tuple[str, ...] = PERSON_COLUMNS
    pools: tuple[PoolAnnex, ...]
    sum: str
    words: str


def award_order_pdf(
    award: Award, notice: Notice, *, payer_th: str, names: Names, dated: Moment, digits: Digits = "thai",
    letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """The order with its annexes. `payer_th` pays out («กองคลัง»). Raises NothingToPay and other ReportErrors."""
    sheet = award_order_sheet(
        award, notice, payer_th=payer_th, names=names, dated=dated, digits=digits, letterhead=letterhead
    )
    return typeset("award_order", sheet, digits=digits)


def award_order_sheet(
    award: Award, notice: Notice, *, payer_th: str, names: Names, dated: Moment, digits: Digits = "thai",
    letterhead: Letterhead = NEUTRAL,
) -> AwardOrderSheet:  # fmt: skip
    """What goes onto the pages. Raises NothingToPay."""
    whole = total(award.persons)
    if not award.eligible or not whole:
        raise NothingToPay(award.th if not award.eligible else ", ".join(filter(None, (p.th for p in award.pools))))
    day = notice.signatory.signed_on
    return AwardOrderSheet(
        title=f"คำสั่ง{notice.issuer_th}",
        author=notice.issuer_th,
        dated=dated,
        letterhead=letterhead,
        issuer=notice.issuer_th,
        no=written(notice.no, digits),
        subject=sentence(notice.subject, digits),
        grounds=sentence(notice.grounds, digits),
        clauses=_clauses(award, payer_th, digits),
        effect="ทั้งนี้ ตั้งแต่บัดนี้เป็นต้นไป",
        ordered=f"สั่ง ณ วันที่ {dated_with_era(day, digits)}" if day else "",
        signature=undated(notice.signatory),
        pools=tuple(_annex(award, pool, names, digits) for pool in award.pools if pool.distributed),
        sum=money(whole, digits),
        words=baht_words(whole),
    )


def total(shares: Iterable[PersonAward]) -> Money:
    return sum((share.amount for share in shares), Decimal(0))


def persons_of(award: Award, pool: PoolAward) -> tuple[PersonAward, ...]:
    return tuple(share for share in award.persons if share.pool == pool.pool)


def _heads(shares: Iterable[PersonAward]) -> int:
    """Persons, each once, though they may have shares from several units."""
    return len({share.person for share in shares})


def _clauses(award: Award, payer_th: str, digits: Digits) -> tuple[str, ...]:
    year = thai_fiscal_year(award.fiscal_year, digits)
    return (
        f"ผลการประเมินการปฏิบัติราชการประจำ{year}: {sentence(award.th, digits)}",
        *(_pool_clause(award, pool, digits) for pool in award.pools),
        f"ให้{payer_th}เบิกจ่ายเงินให้แก่ผู้มีรายชื่อตามบัญชีแนบท้ายคำสั่งนี้ รวม {written(_heads(award.persons), digits)} ราย "
        f"เป็นเงินทั้งสิ้น {in_full(total(award.persons), digits)}",
    )


def _pool_clause(award: Award, pool: PoolAward, digits: Digits) -> str:
    shares = persons_of(award, pool)
    text = f"{POOL_KIND_TH[pool.kind]} วงเงิน {in_full(pool.amount, digits)} "
    units = len({share.unit for share in shares})
    text += written(f"จัดสรรให้ {units} หน่วยงาน {_heads(shares)} ราย ", digits)
    text += f"เป็นเงิน {in_full(pool.distributed, digits)}"
    if pool.undistributed:
        text += f" คงเหลือ {in_full(pool.undistributed, digits)} {sentence(pool.th, digits)}"
    return text


def in_full(amount: Money, digits: Digits) -> str:
    """«120,000.00 บาท (หนึ่งแสนสองหมื่นบาทถ้วน)»."""
    return f"{money(amount, digits)} บาท ({baht_words(amount)})"


def pool_name(pool: PoolAward) -> str:
    """«เงินรางวัลผู้ปฏิบัติงาน»; the pot's id tells two of a kind apart."""
    return f"{POOL_KIND_TH[pool.kind]} ({pool.pool})"


def _annex(award: Award, pool: PoolAward, names: Names, digits: Digits) -> PoolAnnex:
    shares = persons_of(award, pool)
    units = sorted({share.unit for share in shares}, key=names.place)
    groups, numbered = [], dict[str, int]()
    for unit in units:
        of_unit, lines = [share for share in shares if share.unit == unit], []
        for share in of_unit:  # who has a share of several units keeps the number of the first
            again = share.person in numbered
            serial = numbered.setdefault(share.person, len(numbered) + 1)
            lines.append(_person(serial, share, names, digits, again=again))
        groups.append(PersonGroup(unit=names.unit(unit), lines=tuple(lines), sum=money(total(of_unit), digits)))
    return PoolAnnex(
        name=_distinct_name(award, pool), units=_units(award, pool, names, digits), groups=tuple(groups),
        sum=money(total(shares), digits), words=baht_words(total(shares)),
    )  # fmt: skip


def _distinct_name(award: Award, pool: PoolAward) -> str:
    kinds = [each.kind for each in award.pools]
    return pool_name(pool) if kinds.count(pool.kind) > 1 else POOL_KIND_TH[pool.kind]


def _units(award: Award, pool: PoolAward, names: Names, digits: Digits) -> tuple[UnitLine, ...]:
    if pool.kind is PoolKind.EXECUTIVES:
        return ()
    of_pool = sorted((each for each in award.units if each.pool == pool.pool), key=lambda each: names.place(each.unit))
    return tuple(
        UnitLine(
            serial=written(at, digits), unit=names.unit(each.unit), score=score(each.score, digits),
            factor=number(each.factor, digits), amount=money(each.amount, digits),
        )
        for at, each in enumerate(of_pool, start=1)
    )  # fmt: skip


def _person(serial: int, share: PersonAward, names: Names, digits: Digits, *, again: bool) -> PersonLine:
    person, no = names.person(share.person), written(serial, digits)
    return PersonLine(
        serial=f"({no})" if again else no, name=person.name, position=person.position or NONE,
        months=written(share.months, digits), amount=money(share.amount, digits),
    )  # fmt: skip
