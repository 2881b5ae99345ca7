"""What a province sends to สำนักงาน ก.พ.ร. on the six measures: plan, monthly report, summary of the year (S3; P12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from reports.figures import NONE, number, sentence
from reports.register import written
from reports.typesetting import NEUTRAL, Letterhead, Sheet, typeset
from rules.calendar import bangkok_date
from rules.exact import divided
from rules.measures import (
    completed_in,
    month_th,
    months_of,
    output_of,
    output_percent,
    reports_of,
    savings,
    source_th,
)
from rules.thai import Digits, thai_date, thai_fiscal_year, thai_moment
from rules.thai_words import SHORT_MONTHS
from schemas.base import Identifier, Moment, Record
from schemas.measures import (
    ALL_YEAR,
    CANCELLED_TH,
    MEASURES,
    SAVED,
    Activity,
    MeasuresCase,
    MeasuresOffice,
    MeasuresPlan,
    MonthOfYear,
    Source,
)
from schemas.measures_report import EnergyReport, MeasuresOutcome, MonthlyReport, SavedInYear

PLAN, MONTH, YEAR = "แผนการดำเนินงานตามตัวชี้วัดที่ 4.2", "รายงานผลประจำเดือน", "สรุปผลการดำเนินงานทั้งปี"
SIX, CHOSEN = "มาตรการ 6 เรื่องตามข้อสั่งการของนายกรัฐมนตรี", "กิจกรรมที่เลือกจาก 5 ประเภทเรื่อง"
NO_REPORT, DONE = "ยังไม่รายงาน", "ผลการดำเนินงาน"


class Cell(Record):
    text: str
    alert: bool = False


class Grid(Record):
    """A table with its heading; widths as Typst writes them, figures to the right."""

    heading: str
    columns: tuple[str, ...]
    widths: tuple[str, ...]
    figures: tuple[int, ...] = ()
    """Columns of figures, from 0."""
    rows: tuple[tuple[Cell, ...], ...]


class MeasuresSheet(Sheet):
    under: str
    """Beneath the title: province and year."""
    notes: tuple[Cell, ...] = ()
    grids: tuple[Grid, ...]


# --- the plan ----------------------------------------------------------------------------------------------


def plan_pdf(
    data: MeasuresCase, office: MeasuresOffice, plan: MeasuresPlan, *, digits: Digits = "thai",
    letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """A version of the plan. Raises ReportError."""
    return typeset("measures", plan_sheet(data, office, plan, digits=digits, letterhead=letterhead), digits=digits)


def plan_sheet(
    data: MeasuresCase, office: MeasuresOffice, plan: MeasuresPlan, *, digits: Digits = "thai",
    letterhead: Letterhead = NEUTRAL,
) -> MeasuresSheet:  # fmt: skip
    """What goes onto its pages: the activities that count, then the measures that are done without counting."""
    six = [activity for activity in plan.activities if activity.source in MEASURES]
    chosen = [activity for activity in plan.activities if activity.source not in MEASURES]
    counts = written(" (นับเป็น 6 ใน 12 กิจกรรม)" if plan.counted else " (ไม่นับในตัวชี้วัดที่ 4.2 แต่ต้องดำเนินการ)", digits)
    late = f" หลังกำหนดวันที่ {thai_date(bangkok_date(data.plan_due))}" if plan.late else ""
    return MeasuresSheet(
        title=written(f"{PLAN} ฉบับที่ {plan.version}", digits), author=office.province_th, dated=plan.sent_at,
        letterhead=letterhead, under=_under(data, office, digits),
        notes=(
            _said(f"อนุมัติและส่งสำนักงาน ก.พ.ร. เมื่อ{thai_moment(plan.sent_at)}{late}", digits, alert=plan.late),
            *(
                (_said(f"ปรับตามหลักเกณฑ์ หนังสือที่ {plan.criteria.reference} ลงวันที่ {thai_date(plan.criteria.on)}", digits),)
                if plan.criteria
                else ()
            ),
            _said(CANCELLED_TH, digits),
        ),
        grids=(
            _activities(sentence(SIX, digits) + counts, six, office, digits),
            _activities(sentence(CHOSEN, digits), chosen, office, digits, first=first_chosen(plan)),
            _baselines(data, [activity for activity in six if activity.source in SAVED], digits),
        ),
    )  # fmt: skip


def first_chosen(plan: MeasuresPlan) -> int:
    """The number of the first activity that was chosen: the twelve are numbered through where the six are among them.

    Where the six do not count, the chosen ones are the twelve, and begin anew.
    """
    return 1 + sum(activity.source in MEASURES for activity in plan.activities) if plan.counted else 1


def _activities(
    heading: str, activities: Sequence[Activity], office: MeasuresOffice, digits: Digits, *, first: int = 1
) -> Grid:
    owners = dict(office.owners)
    return Grid(
        heading=heading,
        columns=(
            "ที่", "กิจกรรม", "มาตรการหรือประเภทเรื่อง", "หน่วยงานเจ้าของเรื่อง", "เริ่ม", "ผลผลิตและตัวชี้วัด", "ค่าเป้าหมาย", "ขั้นตอน",
        ),
        widths=("0.9cm", "1.1fr", "1fr", "1fr", "1.8cm", "1.4fr", "2.6cm", "1.3fr"),
        rows=tuple(
            _row(
                written(f"{place}", digits), sentence(activity.th, digits), source_th(activity.source),
                owners.get(activity.owner, activity.owner), _short(activity.start, digits),
                f"{sentence(activity.plan.output, digits)}\n{sentence(activity.plan.indicator, digits)}",
                _target(activity, digits), sentence(activity.plan.milestones, digits) or NONE,
            )
            for place, activity in enumerate(activities, start=first)
        ),
    )  # fmt: skip


def _target(activity: Activity, digits: Digits) -> str:
    if activity.source is Source.ENERGY:
        return "รายงานปริมาณการใช้"
    if activity.source in SAVED:
        return f"ประหยัดไม่น้อยกว่าร้อยละ {number(activity.target, digits)}"
    return f"{number(activity.target, digits)} {activity.plan.unit_of_measure}"


def _baselines(data: MeasuresCase, saved: Sequence[Activity], digits: Digits) -> Grid:
    columns = [divided(each.baselines) for each in saved]
    return Grid(
        heading="ค่าฐาน: ปริมาณที่ใช้ในเดือนเดียวกันของปีก่อน",
        columns=("เดือน", *(f"{each.th} ({each.plan.unit_of_measure})" for each in saved)),
        widths=("3.2cm", *["6cm"] * len(saved)), figures=tuple(range(1, len(saved) + 1)),
        rows=tuple(
            _row(written(month_th(month), digits), *(number(column[place], digits) for column in columns))
            for place, month in enumerate(months_of(data.fiscal_year))
        ),
    )  # fmt: skip


# --- the month ---------------------------------------------------------------------------------------------


def month_pdf(
    data: MeasuresCase, office: MeasuresOffice, month: MonthOfYear, plans: Sequence[MeasuresPlan],
    reports: Sequence[MonthlyReport], *, missing: Sequence[Identifier], dated: Moment, digits: Digits = "thai",
    letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """The report of a month as it stood when it was due. Raises ReportError."""
    sheet = month_sheet(
        data, office, month, plans, reports, missing=missing, dated=dated, digits=digits, letterhead=letterhead
    )  # fmt: skip
    return typeset("measures", sheet, digits=digits)


def month_sheet(
    data: MeasuresCase, office: MeasuresOffice, month: MonthOfYear, plans: Sequence[MeasuresPlan],
    reports: Sequence[MonthlyReport], *, missing: Sequence[Identifier], dated: Moment, digits: Digits = "thai",
    letterhead: Letterhead = NEUTRAL,
) -> MeasuresSheet:  # fmt: skip
    """What goes onto its pages."""
    plan = plans[-1] if plans else None
    here = {report.key: report for report in reports if report.month == month.first_day}
    others = [a for a in plan.activities if a.source not in ALL_YEAR] if plan else []
    version = f"แผนฉบับที่ {plan.version}" if plan else "แผนยังไม่ได้รับอนุมัติ"
    count = f"รายงานแล้ว {len(here)} กิจกรรม" + (f" ยังไม่รายงาน {len(missing)} กิจกรรม" if missing else "")
    asked = [activity for activity in others if activity.key in here or activity.key in missing]
    return MeasuresSheet(
        title=written(f"{MONTH}{month_th(month.first_day)}", digits), author=office.province_th, dated=dated,
        letterhead=letterhead, under=_under(data, office, digits),
        notes=(
            _said(f"ข้อมูล ณ {thai_moment(dated)} ตาม{version}", digits),
            _said(count, digits, alert=bool(missing)),
        ),
        grids=(
            _energy(here.get(Source.ENERGY.value), digits),
            _saved(month.first_day, plans, reports, here, digits),
            *((_outputs("กิจกรรมที่รายงานจนกว่าผลผลิตครบถ้วนตามแผน", asked, here, reports, digits),) if asked else ()),
        ),
    )  # fmt: skip


def _energy(report: MonthlyReport | None, digits: Digits) -> Grid:
    said = report.form if report and isinstance(report.form, EnergyReport) else None
    row = (
        (
            Cell(text=number(said.electricity, digits)), Cell(text=number(said.fuel, digits)),
            Cell(text=thai_date(said.recorded_on, digits, "short")), Cell(text=sentence(said.note, digits) or NONE),
        )
        if said
        else (Cell(text=NO_REPORT, alert=True), *[Cell(text=NONE)] * 3)
    )  # fmt: skip
    return Grid(
        heading="การลดพลังงาน (สำนักงานพลังงานจังหวัดบันทึกใน www.e-report.energy.go.th)",
        columns=("ไฟฟ้า (กิโลวัตต์-ชั่วโมง)", "น้ำมันเชื้อเพลิง (ลิตร)", "บันทึกในระบบ", "หมายเหตุ"),
        widths=("1fr", "1fr", "1fr", "2fr"), figures=(0, 1), rows=(row,),
    )  # fmt: skip


def _saved(
    month: date, plans: Sequence[MeasuresPlan], reports: Sequence[MonthlyReport],
    here: dict[Identifier, MonthlyReport], digits: Digits,
) -> Grid:  # fmt: skip
    def row(source: Source) -> tuple[Cell, ...]:
        name = source_th(source)
        if source.value not in here:
            return (Cell(text=name), Cell(text=NO_REPORT, alert=True), *[Cell(text=NONE)] * 6)
        done = Cell(text=_done(here[source.value], digits))
        line = next((s for s in savings(source.value, plans, reports) if s.month == month), None)
        if line is None:
            return (Cell(text=name), Cell(text="รายงานแล้ว ยังไม่มีค่าฐาน"), *[Cell(text=NONE)] * 4, done, Cell(text=NONE))
        target = plans[-1].activity(source.value)
        assert target is not None, source
        met = line.together >= target.target
        return (
            *_row(name, number(line.baseline, digits), number(line.used, digits), _percent(line.percent, digits)),
            Cell(text=_percent(line.together, digits), alert=not met), Cell(text=_percent(target.target, digits)),
            done, Cell(text="ถึงเป้าหมาย" if met else "ไม่ถึงเป้าหมาย", alert=not met),
        )  # fmt: skip

    return Grid(
        heading="การลดกระดาษและการประหยัดงบประมาณ",
        columns=(
            "", "ค่าฐาน", "ใช้", "ประหยัดในเดือน (ร้อยละ)", "ประหยัดสะสม (ร้อยละ)", "เป้าหมาย (ร้อยละ)", DONE, "ผล",
        ),
        widths=("1.4fr", *["1fr"] * 5, "2fr", "1fr"), figures=(1, 2, 3, 4, 5),
        rows=tuple(row(source) for source in SAVED),
    )  # fmt: skip


def _done(report: MonthlyReport, digits: Digits) -> str:
    return sentence(report.form.note, digits) or NONE


def _outputs(
    heading: str, activities: Iterable[Activity], here: dict[Identifier, MonthlyReport],
    reports: Sequence[MonthlyReport], digits: Digits, *, at_the_end: bool = False,
) -> Grid:  # fmt: skip
    unfinished = "ไม่ครบถ้วน" if at_the_end else "กำลังดำเนินการ"

    def row(activity: Activity) -> tuple[Cell, ...]:
        report = here.get(activity.key)
        name = _row(sentence(activity.th, digits), source_th(activity.source), _target(activity, digits))
        if report is None:
            return (*name, Cell(text=NO_REPORT, alert=True), *[Cell(text=NONE)] * 3)
        ended = completed_in(activity, reports)
        return (
            *name, Cell(text=number(output_of(report), digits)),
            Cell(text=_percent(output_percent(activity, report), digits)), Cell(text=_done(report, digits)),
            Cell(text=f"ครบถ้วน {_short(ended, digits)}" if ended else unfinished, alert=at_the_end and not ended),
        )  # fmt: skip

    return Grid(
        heading=heading,
        columns=("กิจกรรม", "มาตรการหรือประเภทเรื่อง", "ผลผลิตตามแผน", "ผลผลิตสะสม", "ร้อยละ", DONE, "สถานะ"),
        widths=("1.6fr", "1.4fr", "1fr", "2.2cm", "1.6cm", "1.8fr", "3cm"), figures=(3, 4),
        rows=tuple(row(activity) for activity in activities),
    )  # fmt: skip


# --- the year ----------------------------------------------------------------------------------------------


def year_pdf(
    data: MeasuresCase, office: MeasuresOffice, outcome: MeasuresOutcome, reports: Sequence[MonthlyReport], *,
    dated: Moment, digits: Digits = "thai", letterhead: Letterhead = NEUTRAL,
) -> bytes:  # fmt: skip
    """The summary of the year. Raises ReportError."""
    sheet = year_sheet(data, office, outcome, reports, dated=dated, digits=digits, letterhead=letterhead)
    return typeset("measures", sheet, digits=digits)


def year_sheet(
    data: MeasuresCase, office: MeasuresOffice, outcome: MeasuresOutcome, reports: Sequence[MonthlyReport], *,
    dated: Moment, digits: Digits = "thai", letterhead: Letterhead = NEUTRAL,
) -> MeasuresSheet:  # fmt: skip
    """What goes onto its pages."""
    plan = outcome.plans[-1]
    latest = {report.key: report for report in sorted(reports, key=lambda report: report.month)}
    outputs = [activity for activity in plan.activities if activity.source not in ALL_YEAR]
    versions = (_version(each) for each in outcome.plans)
    return MeasuresSheet(
        title=YEAR, author=office.province_th, dated=dated, letterhead=letterhead,
        under=_under(data, office, digits),
        notes=(
            *(_result(saved, digits) for saved in outcome.saved),
            _said(f"กิจกรรมที่ผลผลิตครบถ้วน {len(outcome.completed)} จาก {len(outputs)} กิจกรรม", digits),
            _said(f"รายงานทั้งปี {outcome.reports} ครั้ง หลังกำหนด {outcome.late} ครั้ง", digits, alert=outcome.late > 0),
            *(_said(text, digits) for text in versions),
        ),
        grids=(
            _months(data, outcome, reports, digits),
            _outputs("ผลผลิตของกิจกรรม", outputs, latest, reports, digits, at_the_end=True),
        ),
    )  # fmt: skip


def _result(saved: SavedInYear, digits: Digits) -> Cell:
    if saved.percent is None or saved.target is None:
        return _said(f"{source_th(saved.source)}: ไม่มีข้อมูลเปรียบเทียบ", digits, alert=True)
    ending = "ถึงเป้าหมาย" if saved.met else "ไม่ถึงเป้าหมาย"
    return _said(
        f"{source_th(saved.source)}: ประหยัดได้ร้อยละ {saved.percent:f} เป้าหมายไม่น้อยกว่าร้อยละ {saved.target:f} {ending}",
        digits, alert=not saved.met,
    )  # fmt: skip


def _version(plan: MeasuresPlan) -> str:
    sent = f"แผนฉบับที่ {plan.version} ส่งเมื่อวันที่ {thai_date(bangkok_date(plan.sent_at))}"
    if plan.late:
        sent += " (หลังกำหนด)"
    return sent + (f" ปรับตามหลักเกณฑ์ หนังสือที่ {plan.criteria.reference}" if plan.criteria else "")


def _months(
    data: MeasuresCase, outcome: MeasuresOutcome, reports: Sequence[MonthlyReport], digits: Digits
) -> Grid:  # fmt: skip
    """Paper, budget and energy, a month a line; what was not reported stays blank."""
    saved = [{line.month: line for line in savings(source.value, outcome.plans, reports)} for source in SAVED]
    energy = {report.month: report.form for report in reports_of(Source.ENERGY.value, reports)}

    def cells(month: date) -> Iterator[str]:
        yield _short(month, digits)
        for by_month in saved:
            if (line := by_month.get(month)) is None:
                yield from [NONE] * 4
            else:
                yield from (number(line.baseline, digits), number(line.used, digits))
                yield from (_percent(line.percent, digits), _percent(line.together, digits))
        form = energy.get(month)
        if isinstance(form, EnergyReport):
            yield from (number(form.electricity, digits), number(form.fuel, digits))
        else:
            yield from (NONE, NONE)

    four = ("ค่าฐาน", "ใช้", "ประหยัด (ร้อยละ)", "สะสม (ร้อยละ)")
    return Grid(
        heading="กระดาษ งบประมาณ และพลังงาน รายเดือน",
        columns=(
            "เดือน", *(f"{name}\n{head}" for name in ("กระดาษ", "งบประมาณ") for head in four), "ไฟฟ้า\n(กิโลวัตต์-ชั่วโมง)",
            "น้ำมันเชื้อเพลิง\n(ลิตร)",
        ),
        widths=("1.7cm", "1fr", "1fr", "1.9cm", "1.9cm", "1.2fr", "1.2fr", "2.2cm", "2.2cm", "1.1fr", "1.1fr"),
        figures=tuple(range(1, 11)), rows=tuple(_row(*cells(month)) for month in months_of(data.fiscal_year)),
    )  # fmt: skip


# --- cells -------------------------------------------------------------------------------------------------


def _under(data: MeasuresCase, office: MeasuresOffice, digits: Digits) -> str:
    return f"{office.province_th} {thai_fiscal_year(data.fiscal_year, digits)}"


def _row(*texts: str) -> tuple[Cell, ...]:
    return tuple(Cell(text=text) for text in texts)


def _said(text: str, digits: Digits, *, alert: bool = False) -> Cell:
    return Cell(text=sentence(text, digits), alert=alert)


def _percent(value: Decimal, digits: Digits) -> str:
    return written(f"{value:.2f}", digits)


def _short(month: date, digits: Digits) -> str:
    """«ต.ค. 60»: twelve stand beside each other."""
    return written(f"{SHORT_MONTHS[month.month - 1]} {(month.year + 543) % 100:02}", digits)
