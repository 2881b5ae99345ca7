"""What the agreement year's rehearsal shows: warning of the weights, calendar, scores, endings and award money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from rich import box
from rich.table import Table

from deployments.demo.screen import Screen
from deployments.demo.year_checks import scores_of
from deployments.demo.year_findings import LivedDay, YearFindings
from rules.calendar import bangkok_date
from rules.thai import thai_date, thai_time, year_be
from rules.thai_words import MONTHS
from schemas.agreement import CHANGE_ENDING_TH
from schemas.appeal import APPEAL_ENDING_TH, AppealEnding, AppealOutcome
from schemas.award import PersonAward, PoolKind
from schemas.award_case import AwardOrder
from schemas.base import UnitId
from schemas.scorecard import Scorecard, ScoreRow
from schemas.visit_record import VISIT_TH

BLANK = "–"


def show_year(screen: Screen, found: YearFindings, units: Mapping[UnitId, str]) -> None:
    """:param units: the abbreviation of each unit, in protocol order."""
    out = screen.console
    out.print("")
    for warning in found.weights:
        out.print(f"[bold yellow]คำเตือน[/] {warning}")
    out.print("", _calendar(found), "", sep="\n")
    if (card := found.year.score_appeal.scorecard) is not None:
        out.print(_scores(found, card), "", sep="\n")
    out.print(_endings(found), "", sep="\n")
    award = found.year.award
    if award is not None and award.order is not None:
        out.print(_award(award.order, units), sep="\n")
        out.print(_left_out(award.order), "", sep="\n")


# --- the calendar ------------------------------------------------------------------------------------------


def _calendar(found: YearFindings) -> Table:
    table = _table("ปฏิทินของปี")
    table.add_column("วันตามปฏิทิน", ratio=1)
    table.add_column("วันที่พิมพ์", no_wrap=True)
    table.add_column("วันที่ใช้", no_wrap=True)
    table.add_column("เริ่มจริง (เวลา)", no_wrap=True)
    table.add_column("เสร็จจริง (เวลา)", no_wrap=True)
    for lived in found.days.values():
        table.add_row(*_day(lived))
    for name, outcome in (("ผลการเจรจา", found.negotiation), ("ผลคะแนน", found.year.score_appeal)):
        window = outcome.window
        settled = max((r.decided_at for r in outcome.results if r.decided_at is not None), default=None)
        table.add_row(
            f"[dim]อุทธรณ์{name} (15 วันนับแต่วันได้รับแจ้ง)[/]", BLANK, _date(window.ends), _moment(window.opens),
            _moment(settled),
        )  # fmt: skip
    return table


def _day(lived: LivedDay) -> tuple[str, ...]:
    printed, holds = thai_date(lived.printed, style="short"), _date(lived.holds)
    late = lived.ended is not None and lived.ended > lived.holds
    ended = _moment(lived.ended)
    return (
        lived.th, printed, holds if holds == printed else f"[yellow]{holds}[/]", _moment(lived.began),
        f"[yellow]{ended}[/]" if late else ended,
    )  # fmt: skip


def _date(moment: datetime) -> str:
    return thai_date(bangkok_date(moment), style="short")


def _moment(moment: datetime | None) -> str:
    return BLANK if moment is None else f"{_date(moment)} {thai_time(moment).removesuffix(' น.')}"


# --- the scores --------------------------------------------------------------------------------------------


def _scores(found: YearFindings, card: Scorecard) -> Table:
    table = _table(f"คะแนนตัวชี้วัด (น้ำหนักรวมร้อยละ {card.weight:f})")
    table.add_column("ตัวชี้วัด")
    for name in ("น้ำหนัก", "6 เดือน", "9 เดือน", "12 เดือน", "ประกาศ", "อุทธรณ์ขอ", "สุดท้าย", "ถ่วงน้ำหนัก"):
        table.add_column(name, justify="right")
    rounds = [scores_of(outcome) for outcome in found.year.rounds]
    announced = {each.number: each.score for each in found.year.announced}
    requested = {result.kpi: result.requested for result in found.year.score_appeal.results}
    for row in card.rows:
        known = (*(of.get(row.number) for of in rounds), announced.get(row.number), requested.get(row.number))
        table.add_row(row.number, _weight(row), *map(_score, known), _score(row.score), _score(row.weighted_all))
    table.add_section()
    totals = (outcome.final.card.total_all for outcome in found.year.rounds)
    appealed = found.year.score_appeal
    table.add_row(
        "[bold]คะแนนรวม[/]", f"{card.weight:f}", *map(_score, totals), _score(appealed.total_noticed), BLANK,
        f"[bold]{_score(found.year.final_score)}[/]", "",
    )  # fmt: skip
    return table


def _weight(row: ScoreRow) -> str:
    return BLANK if row.weight is None else f"{row.weight:f}"


def _score(score: Decimal | None) -> str:
    return BLANK if score is None else f"{score:.4f}"


# --- what became of appeals, changes and visits ------------------------------------------------------------


def _endings(found: YearFindings) -> Table:
    table = _table("อุทธรณ์ คำขอเปลี่ยนแปลง และเรื่องล่าช้า")
    table.add_column("เรื่อง", no_wrap=True)
    table.add_column("ผล", ratio=1)
    for name, outcome, places in (
        ("อุทธรณ์ผลการเจรจา", found.negotiation, 0), ("อุทธรณ์ผลคะแนน", found.year.score_appeal, 4),
    ):  # fmt: skip
        for kpi, ending in _appealed(outcome, places):
            table.add_row(f"{name} ตัวชี้วัดที่ {kpi}", ending)
    for change in found.year.changes:
        said = f"{CHANGE_ENDING_TH[change.ending]} · {change.reason}"
        table.add_row(f"ขอเปลี่ยนแปลงตัวชี้วัดที่ {change.request.kpi}", said)
    for round_ in found.year.rounds:
        late = ", ".join(round_.final.late)
        notes = (f"รับรองหลังกำหนด: ตัวชี้วัดที่ {late}" if late else "", "ส่งหลังกำหนด" if round_.sent_late else "")
        table.add_row(f"SAR รอบ {round_.round} เดือน", " · ".join(filter(None, notes)) or "ครบและทันกำหนด")
    for followed in found.follow_ups.values():
        if followed.agenda.missing:
            name = f"ติดตามเดือน{MONTHS[followed.month.month - 1]} {year_be(followed.month)}"
            table.add_row(name, f"ไม่รายงานทันกำหนด: ตัวชี้วัดที่ {', '.join(followed.agenda.missing)}")
    for visited in found.visits.values():
        if visited.unanswered:
            name = f"ตรวจประเมิน{VISIT_TH[visited.kind]}"
            table.add_row(name, f"ไม่ตอบข้อซักถาม: ตัวชี้วัดที่ {', '.join(visited.unanswered)}")
    return table


def _appealed(outcome: AppealOutcome, places: int) -> Iterator[tuple[str, str]]:
    for result in outcome.results:
        if result.ending is not AppealEnding.NOT_WANTED:
            changed = result.value != result.noticed
            values = f" จาก {result.noticed:.{places}f} เป็น {result.value:.{places}f}" if changed else ""
            said = APPEAL_ENDING_TH[result.ending] + values
            yield result.kpi, f"{said} · {result.reason}" if result.reason else said


# --- the award money ---------------------------------------------------------------------------------------


def _award(order: AwardOrder, units: Mapping[UnitId, str]) -> Table:
    table = _table("เงินรางวัล (บาท)")
    table.add_column("หน่วยงาน", no_wrap=True)
    table.add_column("ผู้ได้รับ", ratio=1)
    for name in ("คะแนน", "เดือน", "ผู้ปฏิบัติงาน", "ผู้บริหาร"):
        table.add_column(name, justify="right", no_wrap=True)
    award = order.award
    for unit in sorted(award.units, key=lambda each: list(units).index(each.unit)):
        shares = [share for share in award.persons if share.unit == unit.unit]
        own = [share for share in shares if share.pool == PoolKind.EXECUTIVES]
        table.add_row(
            f"[bold]{units.get(unit.unit, unit.unit)}[/]", f"[dim]วงเงินหน่วยงาน[/] {len(shares)} ราย",
            f"{unit.score:.4f}", "", f"[bold]{unit.amount:,.2f}[/]", f"[bold]{_sum(own)}[/]",
        )  # fmt: skip
        for share in sorted(shares, key=lambda share: (share.pool, share.person)):
            amount = f"{share.amount:,.2f}"
            executive = share.pool == PoolKind.EXECUTIVES
            table.add_row(
                "", order.names.get(share.person, share.person), "", str(share.months),
                "" if executive else amount, amount if executive else "",
            )  # fmt: skip
    table.add_section()
    pots = {pool.kind: pool.distributed for pool in award.pools}
    table.add_row(
        "[bold]รวม[/]", f"{len(award.persons)} รายการ", "", "", f"[bold]{pots[PoolKind.OPERATORS]:,.2f}[/]",
        f"[bold]{pots[PoolKind.EXECUTIVES]:,.2f}[/]",
    )  # fmt: skip
    return table


def _sum(shares: list[PersonAward]) -> str:
    return f"{sum((share.amount for share in shares), Decimal()):,.2f}"


def _left_out(order: AwardOrder) -> str:
    said = (f"{order.names.get(each.person, each.person)}: {each.th}" for each in order.award.left_out)
    return "ไม่ได้รับ: " + " · ".join(said)


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
