"""What must come of the cascade's story, written down by hand from S2 and the story's own words."""

from __future__ import annotations

from collections.abc import Iterator

from deployments.demo import cascade_data as data
from deployments.demo.cascade_findings import CascadeFindings
from deployments.demo.checks import Check, common_checks, listed
from rules.calendar import bangkok_date
from rules.thai import thai_date, thai_moment
from schemas.cascade import DutyKind, RoundMeeting
from schemas.kpi import Round


def checks(found: CascadeFindings) -> tuple[Check, ...]:
    return (
        *_agreements(found), *_rounds(found), *_remedies(found), *_duties(found), *_ranking(found),
        *common_checks(found),
    )  # fmt: skip


def _agreements(found: CascadeFindings) -> Iterator[Check]:
    done = sum(case.state == "completed" for case in found.cases.values())
    yield Check("เรื่องที่เสร็จสิ้น", "44 จาก 44", f"{done} จาก {len(found.cases)}")
    yield Check("ส่วนราชการที่ลงนามกับผู้ว่าฯ (S2: 33)", "33", str(len(found.agencies)))
    groups = [group for agency in found.agencies.values() for group in agency.groups]
    persons = [person for group in groups for person in group.persons]
    yield Check("กลุ่มงานที่ลงนาม", "66", str(len(groups)))
    yield Check("บุคคลที่ลงนาม", "99", str(len(persons)))
    yield Check("ตัวชี้วัดรายบุคคลที่ผู้อื่นลงนามแทน", "0", str(found.signed_by_others))
    yield Check("ผู้บังคับบัญชาส่งคืน", "1", str(sum(person.returned for person in persons)))
    printed = [paper.name for papers in found.papers.values() for paper in papers]
    yield Check("คำรับรองที่พิมพ์", "33", str(sum(name.startswith("คำรับรอง-") for name in printed)))
    yield Check("บุคคลที่ประเมินผลเมื่อสิ้นปี (น้ำหนัก 60 ระดับ 5 และ 40 ระดับ 4)", "99 คน 4.6000", _persons_total(found))
    yield Check("ผลรายบุคคลที่ส่งคืน", "1", str(sum(person.assessed.returned for person in persons)))
    yield Check("แบบประเมินรายบุคคลที่พิมพ์", "99", str(sum(name.startswith("ประเมินผลรายบุคคล-") for name in printed)))
    yield Check("แบบรายบุคคลที่พิมพ์", "99", str(sum(name.startswith("ตัวชี้วัดรายบุคคล-") for name in printed)))


def _persons_total(found: CascadeFindings) -> str:
    groups = [group for agency in found.agencies.values() for group in agency.groups]
    totals = [person.assessed.total for group in groups for person in group.persons]
    return f"{len(totals)} คน {listed(sorted({f'{total:.4f}' for total in totals}))}"


def _rounds(found: CascadeFindings) -> Iterator[Check]:
    meetings = {meeting.summary.round: meeting for meeting in found.outcome.meetings}
    june, july = meetings[Round.SIX], meetings[Round.NINE]
    yield Check("ส่งรายงานก่อนประชุมมิถุนายน (S2: 33)", "33", str(len(june.summary.reported)))
    yield Check("คะแนนต่ำสุดและสูงสุด (S2: ระดับ 2–4)", "2.0000 ถึง 4.0000", _range(june))
    yield Check("วันประชุม (S2)", "8 มิถุนายน 2553", thai_date(june.held_on))
    yield Check("เข้าร่วมประชุม (S2: 32)", "32", str(len(june.attended)))
    yield Check("คะแนนน้อยกว่า 2.5 ในตัวชี้วัดที่ 2.7 (S2: 9)", "9", str(sum("2.7" in s.remedial for s in june.summary.scores)))
    due = {h.due_at for h in found.elements("self_assess") if h.key.startswith("rounds[9]")}
    wanted = "วันศุกร์ที่ 16 กรกฎาคม 2553 เวลา 23.59 น."
    yield Check("กำหนดรอบ 9 เดือน (S2: 16 กรกฎาคม 2553)", wanted, listed(thai_moment(d) for d in due if d))
    late = sum(each.late for each in found.elements("self_assess"))
    yield Check("ส่งรายงานการประเมินตนเองล่าช้า", "0", str(late))
    yield Check("ต่ำกว่า 3.75 ในรอบ 9 เดือน", "5", str(sum(score.warned for score in july.summary.scores)))
    on_target = next(s for s in july.summary.scores if s.unit == data.EXACTLY_ON_TARGET)
    yield Check(
        "3.75 พอดีไม่ต่ำกว่าเป้าหมาย", "3.7500 ไม่เตือน", f"{on_target.total:.4f} {'เตือน' if on_target.warned else 'ไม่เตือน'}"
    )
    yield Check("ผู้ได้รับแจ้งเตือน", listed(sorted(f"{u}.head" for u in data.BELOW_TARGET)), listed(found.warned))
    said = [h for h in found.elements("comment") if h.state == "submitted"]
    yield Check("ข้อสังเกตของเจ้าภาพในเดือนมิถุนายน", "7", str(len(said)))


def _range(meeting: RoundMeeting) -> str:
    totals = [score.total for score in meeting.summary.scores if score.total is not None]
    return f"{min(totals):.4f} ถึง {max(totals):.4f}"


def _remedies(found: CascadeFindings) -> Iterator[Check]:
    remedies = [remedy for agency in found.agencies.values() for remedy in agency.remedies]
    plans = found.elements("plan")
    yield Check("แผนปรับปรุง (9 แห่ง และอีกหนึ่งครั้ง)", "10", str(len(plans)))
    yield Check("พ้นเกณฑ์หลังประเมินซ้ำ", "9 จาก 9", f"{sum(remedy.met for remedy in remedies)} จาก {len(remedies)}")
    again = {plan.unit for plan in plans if sum(other.unit == plan.unit for other in plans) > 1}
    yield Check("ต้องปรับปรุงสองครั้ง", listed([data.TWICE]), listed(again))
    checked = {h.unit for h in found.elements("recheck")}
    yield Check("ผู้ตรวจการประเมินซ้ำ (เจ้าภาพตัวชี้วัดที่ 2.7)", data.OFFICE, listed(checked))


def _duties(found: CascadeFindings) -> Iterator[Check]:
    cleaning = found.of_kind(DutyKind.CLEANING)
    before = sum(bangkok_date(at) < bangkok_date(duty.case.due) for duty in cleaning for at in duty.reported)
    yield Check("Big Cleaning Day ก่อนวันรับเงินเดือน (5 เดือน 33 แห่ง)", "165 จาก 165", f"{before} จาก {5 * 33}")
    collectors = {
        kind: listed(duty.case.collector for duty in found.of_kind(kind))
        for kind in (DutyKind.SATISFACTION, DutyKind.QUESTIONNAIRE)
    }
    yield Check("ผู้รวบรวมผลความพึงพอใจ (S2: คลังจังหวัด)", data.TREASURY, collectors[DutyKind.SATISFACTION])
    yield Check("ผู้เก็บแบบสอบถาม (S2: สถิติจังหวัด)", data.STATISTICS, collectors[DutyKind.QUESTIONNAIRE])
    survey = found.of_kind(DutyKind.ANTI_CORRUPTION)[0]
    yield Check("แบบสำรวจป้องกันการทุจริต", "33", str(len(survey.outcome.final.done)))
    seminar = found.of_kind(DutyKind.SEMINAR)[0]
    yield Check("สัมมนา (S2: 30 มิถุนายน 2553)", "30 มิถุนายน 2553", thai_date(bangkok_date(seminar.case.opens)))
    control = found.of_kind(DutyKind.INTERNAL_CONTROL)[0]
    yield Check("กำหนดควบคุมภายใน (S2: 30 กันยายน 2553)", "30 กันยายน 2553", thai_date(bangkok_date(control.case.due)))
    yield Check("ควบคุมภายในภายในกำหนด", "32 จาก 33", f"{33 - len(control.outcome.missing_at_first)} จาก 33")
    yield Check("ควบคุมภายในหลังกำหนด", listed([data.LATE_CONTROL]), listed(control.outcome.final.late))


def _ranking(found: CascadeFindings) -> Iterator[Check]:
    ranking = found.outcome.ranking
    awarded = [each for each in ranking.places if each.awarded] if ranking else []
    said = listed(f"{each.rank} {each.unit} {each.value:.2f}" for each in awarded)
    first = f"1 {data.TREASURY} 98.50, 2 {data.COMMERCE} 97.20"
    tied = ", ".join(f"3 {unit} 96.00" for unit in data.AGENCIES[4:6])
    yield Check("อันดับการเบิกจ่าย 1–3 (เท่ากันร่วมอันดับ)", f"{first}, {tied}", said)
    yield Check("ประกาศผลการจัดอันดับ", "ประกาศผลการจัดอันดับ-2553.pdf", listed(p.name for p in found.outcome.papers))
