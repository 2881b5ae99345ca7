"""What the system itself has written in Thai into cases and forms, for pages in English.

The ledger keeps what was said, in Thai, as evidence; titles, facts, notes and reasons that code has put together are
read back here. What people wrote stays as they wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from portal.english_labels import LABELS, WRITTEN_BY_PEOPLE
from portal.english_names import EnglishNames
from rules.english import english_date, english_date_range, english_month
from rules.errors import UnreadableDate
from rules.measures import source_th
from rules.thai_reading import parse_thai_date
from rules.thai_words import MONTHS
from schemas.appeal import APPEAL_KIND_EN, APPEAL_KIND_TH
from schemas.cascade import DutyKind
from schemas.directive import LEVEL_EN, LEVEL_TH, URGENCY_EN, URGENCY_TH
from schemas.duty import DUTY_EN, DUTY_TH
from schemas.form import FORMS
from schemas.labels import label as label_of
from schemas.measures import CANCELLED_TH, Source

VALUES = {
    "ยังไม่เคยรายงาน": "not reported yet",
    "ยังไม่ได้รับอนุมัติ": "not approved yet",
    "นับเป็น 6 ใน 12 กิจกรรม": "counted as 6 of the 12 activities",
    "ไม่นับ แต่ยังดำเนินการครบทั้ง 6 เรื่อง": "not counted, and carried out all the same",
    CANCELLED_TH: (
        "The conditions of groups A and B are cancelled, also that at least 3 of the 12 activities come from group A"
    ),
    **{source_th(source): label_of(source, "en") for source in Source},
    **{th: LEVEL_EN[level] for level, th in LEVEL_TH.items()},
    **{th: URGENCY_EN[urgency] for urgency, th in URGENCY_TH.items()},
    **{th: APPEAL_KIND_EN[kind] for kind, th in APPEAL_KIND_TH.items()},
}

_SOURCES = {
    "ข้อมูลปัจจุบัน (ยังไม่ปิดรับรายงาน)": "as they stand before the cut-off,",
    "ข้อมูล ณ เวลาปิดรับรายงาน": "frozen at the cut-off,",
    "ข้อมูลที่ตรึง ณ เวลาปิดรับรายงาน": "frozen at the cut-off,",  # as it was said before
}
_DAY = rf"\d{{1,2}} (?:{'|'.join(MONTHS)}) \d{{4}}"
_MOMENT = re.compile(rf"(?:วัน\S+ที่ )?({_DAY})(?: เวลา (\d\d)\.(\d\d) น\.)?")
_KPI = re.compile(r"ตัวชี้วัด(?:ที่ | \()([\d.]+)")
_ROUND = re.compile(r"รอบ (\d+) เดือน")
_TIMES = re.compile(r"ครั้งที่ (\d+)")
_MONTH = re.compile(rf"({'|'.join(MONTHS)}) (\d{{4}})")
_ACTIVITY = re.compile(r"กิจกรรมที่ (\d+)")
_FROM = re.compile(rf"เริ่ม ((?:{'|'.join(MONTHS)}) \d{{4}})")
_SAVED = re.compile(r"ประหยัดร้อยละ ([\d.,]+)")
_COUNTS = tuple(
    (re.compile(pattern), turn)
    for pattern, turn in (
        (r"(\d+) (?:เรื่อง|ส่วนราชการ)", r"\1"),
        (r"(\d+) จาก (\d+) หน่วยงาน", r"\1 of \2 units"),
        (r"ฉบับที่ (\d+)", r"version \1"),
        (r"พ\.ศ\. (\d{4})", r"\1"),
        (r"ร้อยละ ([\d.,]+)", r"\1 per cent"),
        (r"([\d.,]+) บาท", r"\1 baht"),
        (r"คะแนนรวม ([\d.]+) ไม่น้อยกว่า ([\d.]+) มีสิทธิได้รับเงินรางวัล", r"Total score \1, not below \2: entitled"),
        (r"คะแนนรวม ([\d.]+) น้อยกว่า ([\d.]+) ไม่มีสิทธิได้รับเงินรางวัล", r"Total score \1, below \2: not entitled"),
    )
)
"""Values that hold a number, and how they read; under «Fiscal year (B.E.)» the era stands in the label."""
_YEAR_BEFORE = re.compile(r"\d{4} ")
NO_NAMES = EnglishNames()
_WEEK = re.compile(rf"สัปดาห์วันที่ ([\d–]+ \S+ \d{{4}}|\d+ \S+(?: \d{{4}})? – {_DAY}|{_DAY})")

_MONTHLY = {
    "บันทึกการใช้พลังงานไฟฟ้าและน้ำมันเชื้อเพลิง": "Electricity and fuel",
    "รายงานปริมาณที่ใช้": "What was used",
    "รายงานความก้าวหน้าของกิจกรรม": "Progress",
}
"""Monthly reports of the six measures, as their titles begin."""

Turn = Callable[[re.Match[str]], str]


def _turns() -> tuple[tuple[str, str | Turn], ...]:
    """(a whole sentence, its English)."""
    return (
        # titles of cases
        (r"ข้อสั่งการที่ (.+)", r"Directive \1"),
        (r"รายงานข้อสั่งการ (สัปดาห์.+)", lambda m: f"Directive reports, {_dates(m[1]).replace('Week', 'week', 1)}"),
        (r"ความเห็นที่ (.+)", r"Opinions \1"),
        (r"หนังสือเวียน (.+)", r"Circular \1"),
        (r"กรอบการประเมินและตัวชี้วัดจังหวัด ปีงบประมาณ พ.ศ. (.+)", r"KPI framework of provinces, fiscal year (B.E.) \1"),
        (r"ถ่ายทอดตัวชี้วัดสู่ระดับบุคคล (.+) ปีงบประมาณ พ.ศ. (.+)", r"KPI cascade to persons, \1, fiscal year (B.E.) \2"),
        *((rf"{DUTY_TH[kind]} ปีงบประมาณ พ.ศ. (.+)", rf"{DUTY_EN[kind]}, fiscal year (B.E.) \1") for kind in DutyKind),
        (r"Big Cleaning Day (\d.+)", lambda m: f"Big Cleaning Day, {_dates(m[1])}"),
        (r"มาตรการ 6 เรื่อง ปีงบประมาณ พ.ศ. (.+)", r"Six measures, fiscal year (B.E.) \1"),
        (r"คำขอ User เพิ่ม (.+)", r"Request for a further user: \1"),
        (r"คำรับรองการปฏิบัติราชการ ปีงบประมาณ พ.ศ. (.+)", r"Performance agreement, fiscal year (B.E.) \1"),
        (r"คำรับรอง(.+) ปีงบประมาณ พ.ศ. (\d+)", r"Agreement of \1, fiscal year (B.E.) \2"),
        (r"อุทธรณ์ผลการเจรจา ปีงบประมาณ พ.ศ. (.+)", r"Appeals on the negotiation, fiscal year (B.E.) \1"),
        (r"อุทธรณ์ผลคะแนน ปีงบประมาณ พ.ศ. (.+)", r"Appeals on the scores, fiscal year (B.E.) \1"),
        (r"เงินรางวัล ปีงบประมาณ พ.ศ. (.+)", r"Award money, fiscal year (B.E.) \1"),
        (r"SAR รอบ (\d+) เดือน ปีงบประมาณ พ.ศ. (.+)", r"SAR of \1 months, fiscal year (B.E.) \2"),
        (r"เอกสารประกอบการประชุมผู้บริหาร (\d.+)", lambda m: f"Print-out for the executive meeting, {_dates(m[1])}"),
        (r"ตรวจประเมินครั้งที่ (\d+) \((.+?)\) (.+)", r"Site visit no. \1 (\2), \3"),
        (
            r"ติดตามผล ครั้งที่ (\d+) \(ก่อนรายงานผลรอบ (\d+) เดือน\) (.+)",
            r"Follow-up no. \1 (before the report of \2 months), \3",
        ),
        (
            rf"ติดตามผล ประจำเดือน({_MONTH.pattern}) (.+)",
            lambda m: f"Follow-up of {_month(_MONTH.fullmatch(m[1]))}, {m[4]}",
        ),
        # labels with a number
        (r"ตัวชี้วัดที่ ([\d.]+)", r"KPI \1"),
        (r"เกณฑ์ตัวชี้วัดที่ ([\d.]+)", r"Criteria of KPI \1"),
        (r"เชื่อมโยงตัวชี้วัดที่ ([\d.]+)", r"Of KPI \1"),
        (r"คะแนนรอบ (\d+) เดือน", r"Score of \1 months"),
        (r"ข้อ (\d+)", r"Line \1"),
        (r"ผลข้อ (\d+)", r"Result of line \1"),
        (r"อันดับ (\d+)", r"Rank \1"),
        # work of the six measures: which activity, and which month
        (r"จัดทำแผนของกิจกรรม (.+)", lambda m: f"Plan the activity: {_source(m[1])}"),
        (r"ปรับแผนของกิจกรรม (.+)", lambda m: f"Plan the activity anew: {_source(m[1])}"),
        (
            rf"({'|'.join(_MONTHLY)}) ({_MONTH.pattern}): (.+)",
            lambda m: f"{_MONTHLY[m[1]]}, {_month(_MONTH.fullmatch(m[2]))}: {_source(m[5])}",
        ),
        # whom a case waits for (engine.wording)
        (r"รอรายงานประจำสัปดาห์จนแล้วเสร็จ", "Waits for weekly reports until the directive is completed"),
        (r"รอข้อความจากกระบวนงานอื่น", "Waits for a message of another case"),
        (r"รอกระบวนงานย่อย (\d+) เรื่อง", r"Waits for called cases: \1"),
        (r"รอถึง(.+)", lambda m: f"Waits until {_dates(m[1])}"),
        (
            r"รอ (\d+) งาน จาก (\d+) หน่วยงาน \((.+?)( และหน่วยงานอื่น)?\)(?: กำหนดแรก(.+))?",
            lambda m: (
                f"Waits for {m[1]} pieces of work of {m[2]} units ({m[3]}{' and others' if m[4] else ''})"
                + (f", the first due {_dates(m[5])}" if m[5] else "")
            ),
        ),
        (
            r"รอ(.+?): (.+?)(?: ภายใน(วัน.+))?",
            _waits_for,
        ),
        (r"รอหลักเกณฑ์จากสำนักงาน ก.พ.ร. หรือสิ้นปีงบประมาณ", "Waits for criteria of OPDC, or the end of the year"),
        # notes and reasons
        (r"แผนฉบับที่ (\d+)", r"Version \1 of the plan"),
        (r"อธิบดีส่งคืน: (.*)", r"Returned by the director-general: \1"),
        (r"ผู้ว่าราชการจังหวัดส่งคืน: (.*)", r"Returned by the governor: \1"),
        (r"หัวหน้าหน่วยงานส่งคืน: (.*)", r"Returned by the head of the agency: \1"),
        (r"ผู้บังคับบัญชาส่งคืน: (.*)", r"Returned by the supervisor: \1"),
        (r"ประเมินซ้ำแล้วได้ ([\d.]+) ยังน้อยกว่า ([\d.]+)", r"Assessed again at \1, still below \2"),
        (r"ส่งคืนแก้ไข: (.*)", r"Returned for correction: \1"),
        (r"(.+) แจ้งว่าไม่ใช่ภารกิจของหน่วยงาน: (.*)", r"\1 says that it is not for this agency: \2"),
        (r"(.+) ยืนยันมอบหมาย: (.*)", r"\1 confirms the assignment: \2"),
        (r"ส่งคืนโดย (.+)", r"Returned by \1"),
        (
            r"ไม่ต้องดำเนินการต่อ เนื่องจากกระบวนงานไปขั้นตอนถัดไปแล้ว",
            "Need not be done: the process has gone on to its next stage",
        ),
        (
            r"งานนี้มีผู้ดำเนินการแล้วหรือถูกถอนก่อนส่งอีเมล",
            "The work was done or withdrawn before the mail was sent",
        ),
        (
            r"ข้อสั่งการแล้วเสร็จตามรายงานล่าช้าของสัปดาห์ก่อน ไม่ต้องรายงานอีก",
            "The directive was completed by a late report of the week before; no more reports are needed",
        ),
    )


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], str | Turn], ...]:
    return tuple((re.compile(pattern, re.DOTALL), turn) for pattern, turn in _turns())


@cache
def _form_titles() -> dict[str, str]:
    return {form.title_th: form.title_en for form in FORMS.values() if form.title_en}


def in_english(said: str, names: EnglishNames = NO_NAMES) -> str:
    """A title, a note or a reason in English, if it is one that code puts together; otherwise as it stands."""
    for pattern, turn in _compiled():
        if found := pattern.fullmatch(said):
            found = pattern.fullmatch(_with_units(found, names)) or found
            return found.expand(turn) if isinstance(turn, str) else turn(found)
    return said


def _with_units(found: re.Match[str], names: EnglishNames) -> str:
    """The sentence with the English names of the units that it names, alone or after a year; other words stay."""
    said = found.string
    for start, end in sorted({found.span(n) for n in range(1, found.re.groups + 1) if found[n]}, reverse=True):
        part = said[start:end]
        year = _YEAR_BEFORE.match(part)
        before = year[0] if year else ""
        said = f"{said[:start]}{before}{names.of(part.removeprefix(before))}{said[end:]}"
    return said


def choice_in_english(value: str, label: str, names: EnglishNames) -> str:
    """A choice of a form: a unit, a month or a measure; what people have named stays as it stands."""
    if month := _MONTH.fullmatch(label):
        return _month(month)
    return VALUES.get(label) or names.of_choice(value, label)


def which(title: str) -> str:
    """«, KPI 6, 12 months»: what tells a piece of work from others of its form, out of its title."""
    found = ((_KPI.search(title), "KPI"), (_ROUND.search(title), ""), (_TIMES.search(title), "no."))
    said = [f"{name} {match[1]}".strip() + (" months" if not name else "") for match, name in found if match]
    return "".join(f", {each}" for each in said)


def fact_in_english(label: str, value: str, names: EnglishNames = NO_NAMES) -> tuple[str, str]:
    """A fact above a form: the label, and its value where code has written it."""
    if numbered := _ACTIVITY.fullmatch(label):
        return f"Activity {numbered[1]}", " · ".join(_of_activity(part, names) for part in value.split(" · "))
    english = LABELS.get(label) or in_english(label, names)
    if value in VALUES or label in WRITTEN_BY_PEOPLE or label not in LABELS:
        return english, VALUES.get(value, value)
    return english, _value(value, names)


def _value(value: str, names: EnglishNames) -> str:
    """A count, a share, a version, a year, a month, a unit, or words with dates within them."""
    for pattern, turn in _COUNTS:
        if found := pattern.fullmatch(value):
            return found.expand(turn)
    if month := _MONTH.fullmatch(value):
        return _month(month)
    if (units := _units(value, names)) != value:
        return units
    for th, en in _SOURCES.items():
        value = value.replace(th, en)
    return _dates(value)


def _units(value: str, names: EnglishNames) -> str:
    """A unit, or one above another: «กรม / กอง»."""
    return " / ".join(names.of(part) for part in value.split(" / "))


def _of_activity(part: str, names: EnglishNames) -> str:
    """A part of the line in which the governor reads an activity (`flows.measures_wording`)."""
    if month := _FROM.fullmatch(part):
        return f"from {_month(_MONTH.fullmatch(month[1]))}"
    if saved := _SAVED.fullmatch(part):
        return f"saving {saved[1]} per cent"
    return VALUES.get(part) or names.of(part)


def _source(said: str) -> str:
    """A measure by its name; what people have called an activity stays as it is."""
    return VALUES.get(said, said)


def _month(found: re.Match[str] | None) -> str:
    assert found is not None
    return english_month(int(found[2]) - 543, MONTHS.index(found[1]) + 1)


def _dates(said: str) -> str:
    """Weeks, days and moments within a text; a date that cannot be read stays as it stands."""
    return _MOMENT.sub(_moment, _WEEK.sub(_week, said))


def _waits_for(found: re.Match[str]) -> str:
    unit, title, due = found.groups()
    read = _form_titles().get(title) or in_english(title)
    if read == title:
        return found[0]  # a remark that begins like one of these sentences
    return f"Waits for {unit}: {read}" + (f", by {_dates(due)}" if due else "")


def _week(found: re.Match[str]) -> str:
    try:
        days = parse_thai_date(found[1])
    except UnreadableDate:
        return found[0]
    return f"Week of {english_date_range(days.start, days.end)}"


def _moment(found: re.Match[str]) -> str:
    try:
        day = english_date(parse_thai_date(found[1]).start)
    except UnreadableDate:
        return found[0]
    return f"{day}, {found[2]}:{found[3]}" if found[2] else day
