"""The agreement year as it was expected, compared with what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from deployments.demo import year_expected as expected
from deployments.demo import year_expected_award as expected_award
from deployments.demo.checks import Check, common_checks, listed, there, yes
from deployments.demo.year_findings import YearFindings
from rules.calendar import in_bangkok
from schemas.agreement import CHANGE_ENDING_TH, ChangeEnding
from schemas.appeal import APPEAL_ENDING_TH, AppealEnding, AppealOutcome
from schemas.criteria import KpiNumber
from schemas.exact import Score
from schemas.sar import SarOutcome

CASES = 20
"""The year itself, eleven follow-ups, three rounds, two visits, two windows for appeals, the award money."""


def checks(found: YearFindings) -> tuple[Check, ...]:
    return (
        *_of_calendar(found), *_of_rounds(found), *_of_scores(found), *_of_appeals(found), *_of_course(found),
        *_of_award(found), *_of_mail(found), *_of_cases(found), *common_checks(found),
    )  # fmt: skip


def _of_calendar(found: YearFindings) -> Iterator[Check]:
    for day, wanted in expected.DAYS.items():
        lived = found.days[day]
        said = f"{lived.printed} · {_day(lived.holds)} · {_moment(lived.began)} – {_moment(lived.ended)}"
        yield Check(
            f"ปฏิทิน: {lived.th}", f"{wanted.printed} · {wanted.holds} · {wanted.began} – {wanted.ended}", said
        )  # fmt: skip
    for name, outcome, ends in (
        ("ผลการเจรจา", found.negotiation, expected.NEGOTIATION_WINDOW),
        ("ผลคะแนน", found.year.score_appeal, expected.SCORE_WINDOW),
    ):
        yield Check(f"วันสุดท้ายที่อุทธรณ์ได้: {name}", ends, _day(outcome.window.ends))


def _of_rounds(found: YearFindings) -> Iterator[Check]:
    for outcome in found.year.rounds:
        name, card = str(int(outcome.round)), outcome.final.card
        yield Check(f"รอบ {name} เดือน: คะแนนรวม", expected.TOTALS[name], _score(card.total_all))
        yield Check(f"รอบ {name} เดือน: น้ำหนักรวม", expected.WEIGHTS[name], f"{card.weight:f}")
        yield Check(f"รอบ {name} เดือน: รับรองหลังกำหนด", listed(expected.LATE[name]), listed(outcome.final.late))
        yield Check(f"รอบ {name} เดือน: ส่งหลังกำหนด", yes(expected.SENT_LATE[name]), yes(outcome.sent_late))
    yield Check("รอบ 6 เดือน: ยังไม่รายงานเมื่อเสนออธิบดี", expected.MISSING_AT_APPROVAL, found.missing_at_approval)


def _of_scores(found: YearFindings) -> Iterator[Check]:
    card = found.year.score_appeal.scorecard
    rows = {row.number: row for row in card.rows} if card else {}
    announced = {each.number: each.score for each in found.year.announced}
    by_round = [scores_of(outcome) for outcome in found.year.rounds]
    for number, wanted in expected.SCORES.items():
        row = rows[number]
        said = (
            f"{row.weight:f}" if row.weight is not None else "", *(_score(of.get(number)) for of in by_round),
            _score(announced.get(number)), _score(row.score), _score(row.weighted_all),
        )  # fmt: skip
        hoped = (
            str(wanted.weight),
            wanted.six,
            wanted.nine,
            wanted.twelve,
            wanted.announced,
            wanted.final,
            wanted.weighted,
        )
        yield Check(f"คะแนนตัวชี้วัดที่ {number}", " · ".join(hoped), " · ".join(said))
    totals = found.year.score_appeal
    yield Check("คะแนนรวมที่ประกาศ", expected.TOTALS["announced"], _score(totals.total_noticed))
    yield Check("คะแนนรวมสุดท้าย", expected.TOTALS["final"], _score(found.year.final_score))


def scores_of(outcome: SarOutcome) -> Mapping[KpiNumber, Score]:
    """The scores of a round by KPI."""
    return {card.number: card.score for card in outcome.final.cards if card.score is not None}


def _of_appeals(found: YearFindings) -> Iterator[Check]:
    for name, hoped, outcome, places in (
        ("ผลการเจรจา", expected.NEGOTIATION, found.negotiation, 0),
        ("ผลคะแนน", expected.SCORE_APPEALS, found.year.score_appeal, 4),
    ):
        yield Check(f"อุทธรณ์{name}", _endings(hoped), _endings(_wanted(outcome, places=places)))


def _wanted(outcome: AppealOutcome, *, places: int) -> dict[KpiNumber, tuple[AppealEnding, str]]:
    """All but those whose unit wanted no appeal."""
    return {
        result.kpi: (result.ending, f"{result.noticed:.{places}f} → {result.value:.{places}f}")
        for result in outcome.results
        if result.ending is not AppealEnding.NOT_WANTED
    }


def _of_course(found: YearFindings) -> Iterator[Check]:
    changes = [(each.request.kpi, each.ending) for each in found.year.changes]
    yield Check("คำขอเปลี่ยนแปลงรายละเอียด", _changes(expected.CHANGES), _changes(changes))
    for why, (case, key) in expected.ASKED_AGAIN.items():
        again = any(c == case and k.startswith(key) for c, k in found.asked_again)
        yield Check(f"ทำใหม่: {why}", "มี", there(again))
    missing = {name: outcome.agenda.missing for name, outcome in found.follow_ups.items() if outcome.agenda.missing}
    yield Check("การติดตามที่มีผู้ไม่รายงาน", _by_name(expected.NOT_REPORTED), _by_name(missing))
    unanswered = {name: outcome.unanswered for name, outcome in found.visits.items()}
    yield Check("ข้อซักถามที่ไม่ตอบ", _by_name(expected.UNANSWERED), _by_name(unanswered))


def _of_award(found: YearFindings) -> Iterator[Check]:
    outcome = found.year.award
    if outcome is None or outcome.order is None:
        yield Check("คำสั่งจ่ายเงินรางวัล", "มี", "ไม่มี")
        return
    award = outcome.order.award
    operators = {unit.unit: unit for unit in award.units}
    for unit, wanted in expected_award.UNITS.items():
        persons = {p.person: f"{p.amount:.2f}" for p in award.persons if p.unit == unit and p.pool == "operators"}
        executives = sum((p.amount for p in award.persons if p.unit == unit and p.pool == "executives"), Decimal())
        share = operators[unit]
        hoped = f"{wanted.score} · {wanted.operators} · {wanted.executives} · {_amounts(wanted.persons)}"
        said = f"{share.score:.4f} · {share.amount:.2f} · {executives:.2f} · {_amounts(persons)}"
        yield Check(f"เงินรางวัล {wanted.th}", hoped, said)
    distributed = {pool.pool: f"{pool.distributed:.2f}" for pool in award.pools}
    yield Check("เงินรางวัลทั้งสิ้น", _amounts(expected_award.POTS), _amounts(distributed))
    yield Check("ผู้ไม่มีสิทธิ", listed(expected_award.LEFT_OUT), listed(sorted(o.person for o in award.left_out)))
    yield Check("วันที่จ่าย", expected_award.PAID_ON, str(outcome.paid_on))


def _of_mail(found: YearFindings) -> Iterator[Check]:
    hoped = sorted(f"{day} 09:00 {unit}.{who}" for unit, day in expected.DIGESTS for who in ("group", "head"))
    digests = sorted(f"{_moment(mail.queued_at)} {mail.officer}" for mail in found.mails if mail.folder == "digest")
    yield Check("รายการงานค้างถึงผู้บังคับบัญชา", "\n".join(hoped), "\n".join(digests))
    told = sorted(mail.officer or "" for mail in found.mails if mail.folder == "replanned")
    yield Check("แจ้งการเลื่อนกำหนดถึงผู้ถืองาน", listed(expected.TOLD_OF_THE_MOVE), listed(told))


def _of_cases(found: YearFindings) -> Iterator[Check]:
    completed = sum(case.state == "completed" for case in found.cases.values())
    yield Check("เรื่องที่เสร็จสิ้น", f"{CASES} จาก {CASES}", f"{completed} จาก {len(found.cases)}")
    yield Check("คำเตือนน้ำหนักรวมร้อยละ 92", "มี", there(any("92" in warning for warning in found.weights)))


# --- as people read it -------------------------------------------------------------------------------------


def _day(moment: datetime) -> str:
    return in_bangkok(moment).date().isoformat()


def _moment(moment: datetime | None) -> str:
    return "ยังไม่มี" if moment is None else f"{in_bangkok(moment):%Y-%m-%d %H:%M}"


def _score(score: Decimal | None) -> str:
    return expected.NOT_YET if score is None else f"{score:.4f}"


def _endings(results: Mapping[KpiNumber, tuple[AppealEnding, str]]) -> str:
    return "\n".join(f"{n}: {APPEAL_ENDING_TH[ending]} {said}" for n, (ending, said) in sorted(results.items()))


def _changes(changes: Iterable[tuple[KpiNumber, ChangeEnding]]) -> str:
    return "\n".join(f"{kpi}: {CHANGE_ENDING_TH[ending]}" for kpi, ending in changes)


def _by_name(found: Mapping[str, Iterable[KpiNumber]]) -> str:
    return "\n".join(f"{name}: {listed(kpis)}" for name, kpis in sorted(found.items()))


def _amounts(amounts: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {amount}" for name, amount in sorted(amounts.items()))
