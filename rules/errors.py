"""Errors of the rules: the docstring is the English sentence, `thai` the Thai one, facts are attributes."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any, ClassVar

from schemas.form import Problem


def _rebuilt(kind: type[RuleError], facts: dict[str, Any]) -> RuleError:
    return kind(**facts)


class RuleError(Exception):
    """The rules do not allow this."""

    thai: ClassVar[str] = "ไม่เป็นไปตามหลักเกณฑ์"

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        vars(self).update(facts)
        super().__init__(f"{self.th} ({self.en})")

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (type(self), self.facts)

    @property
    def th(self) -> str:
        return self.thai.format_map(self.facts)

    @property
    def en(self) -> str:
        return cleandoc(type(self).__doc__ or "").format_map(self.facts)


class NaiveTime(RuleError):
    """The time {moment} does not say its time zone."""

    thai = "เวลา {moment} ไม่ได้ระบุเขตเวลา"


class OfficeHoursBackwards(RuleError):
    """Office hours close at {closes}, which is not after they open at {opens}."""

    thai = "เวลาปิดทำการ {closes} ต้องอยู่หลังเวลาเปิดทำการ {opens}"


class NotAFriday(RuleError):
    """A reporting week is named by its Friday; {day} is not a Friday."""

    thai = "สัปดาห์การรายงานเรียกตามวันศุกร์ แต่ {day} ไม่ใช่วันศุกร์"


class UnreadableDate(RuleError):
    """«{text}» cannot be read as a date; write it like 13 เมษายน 2561 or 13/4/2561."""

    thai = "อ่านวันที่ «{text}» ไม่ได้ กรุณาระบุเป็น เช่น 13 เมษายน 2561 หรือ 13/4/2561"
    text: str


class UnreadableTime(RuleError):
    """«{text}» cannot be read as a time of day; write it like 16.00 น."""

    thai = "อ่านเวลา «{text}» ไม่ได้ กรุณาระบุเป็น เช่น 16.00 น."
    text: str


class BeforeModernCalendar(RuleError):
    """{day} lies before 1 January 1941, when the Thai year began on 1 April; the rules do not convert it."""

    thai = "วันที่ {day} (ค.ศ.) อยู่ก่อนวันที่ 1 มกราคม 2484 ซึ่งปีไทยเริ่มวันที่ 1 เมษายน ระบบจึงไม่แปลงให้"


class UnknownForm(RuleError):
    """There is no form named {form}."""

    thai = "ไม่มีแบบฟอร์มชื่อ {form}"
    form: str


class FileNotTaken(RuleError):
    """The file “{file}” cannot be attached ({reason})."""

    thai = "แนบไฟล์ «{file}» ไม่ได้ ({reason})"
    reason: str
    """Which sentence of `rules.file_sentences` says it beside the field, with the facts of this error."""


class NotAdmitted(RuleError):
    """The form was not accepted: {sentences_en}"""

    thai = "ยังรับแบบฟอร์มไม่ได้: {sentences_th}"
    problems: tuple[Problem, ...]

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(
            problems=problems,
            sentences_th="; ".join(problem.th for problem in problems),
            sentences_en="; ".join(problem.en for problem in problems),
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problems,)


class UnknownUnit(RuleError):
    """There is no unit «{unit}» in the organisation."""

    thai = "ไม่พบหน่วยงาน «{unit}» ในโครงสร้างองค์กร"
    unit: str


class UnknownOfficer(RuleError):
    """There is no officer «{officer}» in the organisation."""

    thai = "ไม่พบเจ้าหน้าที่ «{officer}» ในโครงสร้างองค์กร"
    officer: str


class NoPlanningUnit(RuleError):
    """The agency «{agency}» has no planning unit."""

    thai = "ส่วนราชการ «{agency}» ไม่มีกลุ่มแผน/กองแผน"
    agency: str


class NoYearCalendar(RuleError):
    """There is no calendar of fiscal year {fiscal_year} for «{agency}»."""

    thai = "ไม่มีปฏิทินปีงบประมาณ พ.ศ. {fiscal_year} ของ «{agency}»"
    agency: str
    fiscal_year: int


class NoPsdg(RuleError):
    """The agency «{agency}» has no public sector development group."""

    thai = "ส่วนราชการ «{agency}» ไม่มีกลุ่มพัฒนาระบบบริหาร (กพร.)"
    agency: str


class NoAdministrator(RuleError):
    """The ministry «{ministry}» has no active administrator."""

    thai = "กระทรวง «{ministry}» ไม่มีผู้ดูแลระบบที่ปฏิบัติงานอยู่"
    ministry: str


class NoSecretariat(RuleError):
    """The ministry «{ministry}» has no secretariat unit."""

    thai = "กระทรวง «{ministry}» ไม่มีหน่วยงานฝ่ายเลขานุการ"
    ministry: str


class BrokenFile(RuleError):
    """The file cannot be used: {sentences_en}"""

    thai = "ใช้แฟ้มนี้ไม่ได้: {sentences_th}"
    problems: tuple[Problem, ...]

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(
            problems=problems,
            sentences_th="; ".join(problem.th for problem in problems),
            sentences_en="; ".join(problem.en for problem in problems),
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problems,)


class BrokenOrganisationFile(BrokenFile):
    """The organisation file cannot be used: {sentences_en}"""

    thai = "ใช้แฟ้มโครงสร้างองค์กรไม่ได้: {sentences_th}"


class BrokenStaffFile(BrokenFile):
    """The workbook of personnel records cannot be used: {sentences_en}"""

    thai = "ใช้แฟ้มทะเบียนบุคคลนี้ไม่ได้: {sentences_th}"


class BrokenPolicyFile(BrokenFile):
    """The policy file cannot be used: {sentences_en}"""

    thai = "ใช้แฟ้มนโยบายไม่ได้: {sentences_th}"


class BrokenKpiFile(BrokenFile):
    """The KPI file cannot be used: {sentences_en}"""

    thai = "ใช้แฟ้มตัวชี้วัดไม่ได้: {sentences_th}"


class ResultDoesNotFit(RuleError):
    """What was reported for KPI {number} does not fit its criteria."""

    thai = "ผลที่รายงานของตัวชี้วัดที่ {number} ไม่ตรงกับเกณฑ์การให้คะแนน"
    number: str
    problems: tuple[Problem, ...]


class UnknownKpi(RuleError):
    """There is no KPI «{number}» in the agreement."""

    thai = "ไม่มีตัวชี้วัดที่ «{number}» ในคำรับรอง"
    number: str


class ListsDisagree(RuleError):
    """The personnel records contradict themselves in {places} places; who is concerned is not said here."""

    thai = "ทะเบียนบุคคลขัดกันเอง {places} แห่ง (ไม่แสดงข้อมูลของบุคคลในที่นี้)"
    places: int
