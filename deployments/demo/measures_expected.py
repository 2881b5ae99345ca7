"""What must come of the story of the six measures, written down by hand from S3 and the story's own words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from deployments.demo.checks import Check, common_checks, listed
from deployments.demo.measures_findings import MeasuresFindings, ProvinceFound
from deployments.demo.measures_story import NAKHON_PATHOM, SAMUT_SAKHON, SAMUT_SONGKHRAM
from rules.calendar import bangkok_date
from rules.thai import thai_date, thai_moment
from schemas.measures import CATEGORIES, Source

HEADS = (
    "ผู้บังคับการตำรวจภูธรจังหวัดสมุทรสาคร", "ปลัดจังหวัดสมุทรสาคร", "หัวหน้าสำนักงานจังหวัดสมุทรสาคร", "ท้องถิ่นจังหวัดสมุทรสาคร",
    "โยธาธิการและผังเมืองจังหวัดสมุทรสาคร", "นายแพทย์สาธารณสุขจังหวัดสมุทรสาคร", "ผู้บัญชาการเรือนจำจังหวัดสมุทรสาคร",
    "ขนส่งจังหวัดสมุทรสาคร", "ผู้อำนวยการสำนักงานทรัพยากรธรรมชาติและสิ่งแวดล้อมจังหวัดสมุทรสาคร", "ประมงจังหวัดสมุทรสาคร",
    "แรงงานจังหวัดสมุทรสาคร", "จัดหางานจังหวัดสมุทรสาคร", "ประกันสังคมจังหวัดสมุทรสาคร", "อุตสาหกรรมจังหวัดสมุทรสาคร",
    "สวัสดิการและคุ้มครองแรงงานจังหวัดสมุทรสาคร", "พัฒนาการจังหวัดสมุทรสาคร", "ป้องกันและบรรเทาสาธารณภัยจังหวัดสมุทรสาคร",
    "เจ้าพนักงานที่ดินจังหวัดสมุทรสาคร", "คลังจังหวัดสมุทรสาคร", "พัฒนาสังคมและความมั่นคงของมนุษย์จังหวัดสมุทรสาคร",
    "เกษตรและสหกรณ์จังหวัดสมุทรสาคร", "เกษตรจังหวัดสมุทรสาคร", "สหกรณ์จังหวัดสมุทรสาคร", "ปศุสัตว์จังหวัดสมุทรสาคร",
    "สถิติจังหวัดสมุทรสาคร", "พาณิชย์จังหวัดสมุทรสาคร", "พลังงานจังหวัดสมุทรสาคร", "ผู้อำนวยการกลุ่มงานศูนย์ดำรงธรรมจังหวัด",
    "ผู้อำนวยการกลุ่มงานบริหารทรัพยากรบุคคล",
)  # fmt: skip
"""The list at the end of the letter (S3)."""
DUE_DAYS = (
    "2 พ.ย. 2560", "2 ธ.ค. 2560", "2 ม.ค. 2561", "2 ก.พ. 2561", "2 มี.ค. 2561", "2 เม.ย. 2561", "2 พ.ค. 2561",
    "2 มิ.ย. 2561", "2 ก.ค. 2561", "2 ส.ค. 2561", "2 ก.ย. 2561", "2 ต.ค. 2561",
)  # fmt: skip
"""«ก่อนวันที่ ๓ ของเดือนถัดไป» from October 2560 to September 2561 (S3, 3.2)."""
SAVED = {
    SAMUT_SAKHON: "กระดาษ 12.67 ถึง, งบประมาณ 7.00 ไม่ถึง",
    SAMUT_SONGKHRAM: "กระดาษ 10.00 ถึง, งบประมาณ 15.00 ถึง",
    NAKHON_PATHOM: "กระดาษ 9.00 ไม่ถึง, งบประมาณ 15.00 ถึง",
}
"""Samut Sakhon's paper: (4 · 1000 + 8 · 960 − 12 · 850) / 11680 = 12.671… per cent."""
REPORTS = {SAMUT_SAKHON: 71, SAMUT_SONGKHRAM: 66, NAKHON_PATHOM: 54}


def checks(found: MeasuresFindings) -> tuple[Check, ...]:
    return (*_letter(found), *_plans(found), *_months(found), *_criteria(found), *_year(found), *common_checks(found))


def _letter(found: MeasuresFindings) -> Iterator[Check]:
    province = found.provinces[SAMUT_SAKHON.case]
    letter, receipts = province.letter.letter, province.receipts
    yield Check("เลขที่หนังสือ (S3)", "สค 0017.2/ว 14080", letter.no)
    yield Check("ลงวันที่ (S3)", "11 ตุลาคม 2560", thai_date(letter.on))
    heads = tuple(recipient.addressee for recipient in province.letter.recipients)
    yield Check("หัวหน้าส่วนราชการตามบัญชีแนบท้าย ตรงตามลำดับ (S3)", "29 จาก 29", f"{_same(heads)} จาก {len(heads)}")
    yield Check("กำหนดตอบรับ 2 วันทำการ", "วันจันทร์ที่ 16 ตุลาคม 2560 เวลา 16.30 น.", thai_moment(province.receipts_due))
    yield Check(
        "ตอบรับแล้ว / หลังกำหนด / ส่งซ้ำ",
        "29 / 2 / 1",
        f"{len(receipts.received)} / {province.late_receipts} / {receipts.sent_again}",
    )


def _same(heads: tuple[str, ...]) -> int:
    return sum(a == b for a, b in zip(heads, HEADS, strict=False))


def _plans(found: MeasuresFindings) -> Iterator[Check]:
    due = {thai_moment(province.plan_due) for province in found.provinces.values()}
    yield Check("กำหนดส่งแผน (S3 ข้อ 3.1)", "วันพุธที่ 15 พฤศจิกายน 2560 เวลา 23.59 น.", listed(sorted(due)))
    sent = {p.th: thai_date(bangkok_date(p.plans[0].sent_at), style="short") for p in found.provinces.values()}
    yield Check("ส่งแผนฉบับที่ 1", "14 พ.ย. 2560, 17 พ.ย. 2560, 15 พ.ย. 2560", listed(sent.values()))
    late = [province.th for province in found.provinces.values() if province.plans[0].late]
    yield Check("ส่งแผนหลังกำหนด", "จังหวัดสมุทรสงคราม", listed(late))
    yield Check(
        "มาตรการ + กิจกรรมที่เลือก (S3 ข้อ 2.2)", "6+6, 6+12, 6+6", listed(map(_activities, found.provinces.values()))
    )


def _activities(province: ProvinceFound) -> str:
    chosen = sum(activity.source in CATEGORIES for activity in province.plans[0].activities)
    return f"{len(province.plans[0].activities) - chosen}+{chosen}"


def _months(found: MeasuresFindings) -> Iterator[Check]:
    days = [thai_date(bangkok_date(at), style="short") for _, at in sorted(found.due_days.items())]
    yield Check("วันสุดท้ายของรายงานทั้ง 12 เดือน (S3 ข้อ 3.2)", listed(DUE_DAYS), listed(days))
    for province, wanted in REPORTS.items():
        here = found.provinces[province.case]
        yield Check(f"รายงานของ{province.th}", str(wanted), str(len(here.reports)))
        always = {len(here.months_of(source)) for source in (Source.ENERGY, Source.PAPER, Source.BUDGET)}
        yield Check(f"พลังงาน กระดาษ งบประมาณ ครบ 12 เดือน {province.th}", "12", listed(map(str, sorted(always))))
    late = [f"{p.th} {r.activity} {r.month}" for p in found.provinces.values() for r in p.reports if r.late]
    yield Check("รายงานหลังกำหนด", "จังหวัดสมุทรสาคร energy 2018-03, จังหวัดนครปฐม energy 2018-01", listed(late))
    samut_sakhon = found.provinces[SAMUT_SAKHON.case]
    units = {report.unit for report in samut_sakhon.reports if report.activity == Source.ENERGY}
    yield Check("ผู้บันทึกพลังงาน (S3 ข้อ 3.2)", "samut-sakhon-energy", listed(units))
    december = next(r for r in samut_sakhon.reports if (r.activity, r.month) == (Source.ENERGY, "2017-12"))
    yield Check(
        "พลังงานเดือนธันวาคม บันทึกวันสุดท้าย ซึ่งเป็นวันหยุด", "วันอังคารที่ 2 มกราคม 2561 เวลา 22.00 น. ทันกำหนด",
        f"{thai_moment(december.at)} {'ล่าช้า' if december.late else 'ทันกำหนด'}",
    )  # fmt: skip
    stopped = samut_sakhon.months_of(Source.IT)
    yield Check("การใช้ระบบสารสนเทศ รายงานจนผลผลิตครบถ้วน (S3 ข้อ 3.3)", "2018-01, 2018-02, 2018-03", listed(stopped))
    starts = {
        source: samut_sakhon.months_of(source)[0] for source in (Source.IT, Source.ANTI_CORRUPTION, Source.INTEGRATION)
    }
    yield Check("เริ่มสามเรื่องระหว่าง ม.ค.–มี.ค. 2561 (S3 ข้อ 1.2)", "2018-01, 2018-02, 2018-03", listed(starts.values()))


def _criteria(found: MeasuresFindings) -> Iterator[Check]:
    provinces = found.provinces.values()
    yield Check("จังหวัดที่ได้รับหลักเกณฑ์ใหม่ (ทุกเรื่องที่กำลังดำเนินการ)", "3", str(sum(p.criteria == 1 for p in provinces)))
    yield Check("จังหวัดที่ปรับแผนเป็นฉบับที่ 2", "3", str(sum((p.revised, p.plans[-1].version) == (1, 2) for p in provinces)))
    samut_sakhon = found.provinces[SAMUT_SAKHON.case]
    versions = Counter(report.version for report in samut_sakhon.reports if report.activity == Source.PAPER)
    yield Check("รายงานกระดาษก่อนมีแผน / ฉบับที่ 1 / ฉบับที่ 2", "1 / 3 / 8", " / ".join(str(versions[n]) for n in range(3)))


def _year(found: MeasuresFindings) -> Iterator[Check]:
    done = sum(case.state == "completed" for case in found.cases.values())
    yield Check("เรื่องที่เสร็จสิ้น", "6 จาก 6", f"{done} จาก {len(found.cases)}")
    for province, wanted in SAVED.items():
        yield Check(f"ประหยัดได้ร้อยละ {province.th} (เป้าหมาย 10)", wanted, _saved(found.provinces[province.case]))
    unfinished = [f"{p.th} {key}" for p in found.provinces.values() for key in p.outcome.unfinished]
    yield Check("ผลผลิตไม่ครบถ้วนเมื่อสิ้นปี", "จังหวัดสมุทรสาคร chosen-6", listed(unfinished))
    names = Counter(paper.name.partition("-")[0] for papers in found.papers.values() for paper in papers)
    wanted_papers = {"หนังสือเวียน": 3, "บัญชีผู้รับ": 3, "แผน": 12, "รายงาน": 36, "สรุปผล": 3}
    yield Check("เอกสาร", str(wanted_papers), str({name: names[name] for name in wanted_papers}))


def _saved(province: ProvinceFound) -> str:
    names = {Source.PAPER: "กระดาษ", Source.BUDGET: "งบประมาณ"}
    return listed(f"{names[s.source]} {s.percent} {'ถึง' if s.met else 'ไม่ถึง'}" for s in province.outcome.saved)
