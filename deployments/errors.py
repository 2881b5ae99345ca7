"""Errors of starting and operating. The docstring says it in English, `thai` in Thai, facts are attributes."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any, ClassVar


class DeploymentError(Exception):
    """The system could not be started or operated."""

    thai: ClassVar[str] = "เริ่มหรือดำเนินการระบบไม่ได้"

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        vars(self).update(facts)
        super().__init__(f"{self.th}\n{self.en}")

    @property
    def th(self) -> str:
        return self.thai.format_map(self.facts)

    @property
    def en(self) -> str:
        return cleandoc(type(self).__doc__ or "").format_map(self.facts)


class PortIsBusy(DeploymentError):
    """Port {port}, meant for {what_en}, is in use by another program. Choose another: {option} {suggested}"""

    thai = "พอร์ต {port} สำหรับ{what_th} มีโปรแกรมอื่นใช้อยู่ เลือกพอร์ตอื่นได้ด้วย {option} {suggested}"
    port: int
    option: str


class AlreadyRunning(DeploymentError):
    """The system is running already on the data in {folder}. Stop it first, or give other data: --data FOLDER"""

    thai = "ระบบกำลังทำงานบนข้อมูลใน {folder} อยู่แล้ว ให้หยุดก่อน หรือเลือกโฟลเดอร์อื่นด้วย --data โฟลเดอร์"


class PartDidNotStart(DeploymentError):
    """{what_en} did not start within {seconds} seconds. Its log: {log}"""

    thai = "{what_th}ไม่เริ่มทำงานภายใน {seconds} วินาที ดูบันทึกที่ {log}"


class StepFailed(DeploymentError):
    """Preparing the data failed. The log: {log}"""

    thai = "เตรียมข้อมูลไม่สำเร็จ ดูบันทึกที่ {log}"


class LedgerIsBehind(DeploymentError):
    """The ledger stands at revision {found}, this version needs {needed}. Run: sangkan migrate"""

    thai = "ฐานข้อมูลอยู่ที่รุ่น {found} แต่โปรแกรมต้องการรุ่น {needed} ให้เรียก sangkan migrate"


class DatabaseFails(DeploymentError):
    """The database did not do what was asked of it: {why}"""

    thai = "ฐานข้อมูลทำตามคำสั่งไม่ได้: {why}"


class DatabaseIsMissing(DatabaseFails):
    """The database cannot be opened: no file is where SANGKAN_DATABASE_URL says, or it may not be read ({why})."""

    thai = "เปิดฐานข้อมูลไม่ได้ ไม่มีแฟ้มตามที่ระบุใน SANGKAN_DATABASE_URL หรือไม่มีสิทธิอ่าน ({why})"


class NotADatabase(DatabaseFails):
    """The file that SANGKAN_DATABASE_URL names is not a database, or it is damaged ({why})."""

    thai = "แฟ้มที่ระบุใน SANGKAN_DATABASE_URL ไม่ใช่ฐานข้อมูล หรือเสียหาย ({why})"


class DatabaseIsLocked(DatabaseFails):
    """Another program holds the database; try again when it has ended ({why})."""

    thai = "มีโปรแกรมอื่นถือฐานข้อมูลอยู่ โปรดลองอีกครั้งเมื่อโปรแกรมนั้นทำงานเสร็จ ({why})"


def of_database(why: str) -> DatabaseFails:
    """The sentence for what a database said."""
    kind = next((kind for said, kind in _SAID_BY_SQLITE.items() if said in why), DatabaseFails)
    return kind(why=why)


_SAID_BY_SQLITE = {
    "unable to open database file": DatabaseIsMissing,
    "file is not a database": NotADatabase,
    "database is locked": DatabaseIsLocked,
}


class CannotBeWritten(DeploymentError):
    """{file} cannot be written: {why}"""

    thai = "เขียนแฟ้ม {file} ไม่ได้: {why}"


class PrefectIsNotSet(DeploymentError):
    """PREFECT_API_URL is not set; it names the Prefect server, for example http://127.0.0.1:4280/api"""

    thai = "ยังไม่ได้กำหนด PREFECT_API_URL ซึ่งเป็นที่อยู่ของเซิร์ฟเวอร์ Prefect เช่น http://127.0.0.1:4280/api"


class PrefectDoesNotAnswer(DeploymentError):
    """The Prefect server at {url} does not answer: {why}"""

    thai = "เซิร์ฟเวอร์ Prefect ที่ {url} ไม่ตอบ: {why}"


class OtherKindOfPool(DeploymentError):
    """Work pool «{pool}» is of type {found}, but dispatch «{dispatch}» needs {needed}. Choose another name
    (SANGKAN_WORK_POOL), or delete the pool in Prefect."""

    thai = (
        "work pool «{pool}» เป็นชนิด {found} แต่การจ่ายงานแบบ «{dispatch}» ต้องใช้ชนิด {needed} "
        "ให้ใช้ชื่ออื่น (SANGKAN_WORK_POOL) หรือลบ pool เดิมใน Prefect"
    )


class ClockIsReal(DeploymentError):
    """The clock is real; only a simulated one (SANGKAN_CLOCK=simulated) can be set."""

    thai = "ระบบใช้เวลาจริง ตั้งเวลาได้เฉพาะเมื่อใช้นาฬิกาจำลอง (SANGKAN_CLOCK=simulated)"


class ClockGoesForward(DeploymentError):
    """The clock only goes forward: {why}"""

    thai = "นาฬิกาจำลองเดินหน้าได้อย่างเดียว: {why}"


class ClockIsNotSet(DeploymentError):
    """The simulated clock was never set. Run: sangkan clock set 2018-04-20T09:00"""

    thai = "ยังไม่ได้ตั้งนาฬิกาจำลอง ให้เรียก sangkan clock set 2018-04-20T09:00"


class NoMailboxFolder(DeploymentError):
    """SANGKAN_MAILBOX_FOLDER is not set; it names the folder in which the local mailbox keeps its mail."""

    thai = "ยังไม่ได้กำหนด SANGKAN_MAILBOX_FOLDER ซึ่งเป็นโฟลเดอร์ของกล่องจดหมายในเครื่อง"


class FileIsMissing(DeploymentError):
    """There is no file {file}."""

    thai = "ไม่พบแฟ้ม {file}"


class FileStands(DeploymentError):
    """{file} stands there already and is not overwritten."""

    thai = "มีแฟ้ม {file} อยู่แล้ว จึงไม่เขียนทับ"


class PasswordIsNotGoodEnough(DeploymentError):
    """The password is not good enough: at least {shortest} characters, and not one that everybody guesses."""

    thai = "รหัสผ่านยังไม่ดีพอ ต้องมีอย่างน้อย {shortest} ตัวอักษร และไม่ใช่รหัสที่เดาง่าย"


class PasswordsDiffer(DeploymentError):
    """The two passwords differ."""

    thai = "รหัสผ่านทั้งสองครั้งไม่ตรงกัน"


class SecretIsMissing(DeploymentError):
    """SANGKAN_SECRET_KEY is not set, or has fewer than 32 characters; it signs sessions and links."""

    thai = "ยังไม่ได้กำหนด SANGKAN_SECRET_KEY หรือสั้นกว่า 32 ตัวอักษร ใช้ลงลายมือชื่อการเข้าระบบและลิงก์"


class SampleDoesNotFit(DeploymentError):
    """The sample directive «{title}» did not come to the step «{element}» within {seconds} seconds."""

    thai = "ข้อสั่งการตัวอย่าง «{title}» ไม่ถึงขั้นตอน «{element}» ภายใน {seconds} วินาที"


class UnreadableMoment(DeploymentError):
    """«{text}» is no date and time; write it like 2018-04-20T15:59 (Bangkok time)."""

    thai = "อ่านเวลา «{text}» ไม่ได้ ให้ระบุเช่น 2018-04-20T15:59 (เวลาประเทศไทย)"


class HistoryIsNotWhole(DeploymentError):
    """{count} findings; the ledger is not what it should be."""

    exit_code = 3
    thai = "พบความไม่ถูกต้อง {count} รายการ"


class WrittenWithDamage(DeploymentError):
    """{file} is written, and the ledger is not what it should be: {count} findings, named above."""

    exit_code = 3
    thai = "เขียนแฟ้ม {file} แล้ว แต่ข้อมูลในระบบไม่ถูกต้อง {count} รายการ ดูรายการข้างบน"


class NameTheCases(DeploymentError):
    """Name cases, or give --all; --until goes with one case."""

    exit_code = 2
    thai = "ให้ระบุรหัสเรื่อง หรือใช้ --all และใช้ --until กับเรื่องเดียวเท่านั้น"


class NameCasesOrYear(DeploymentError):
    """Name cases, or a fiscal year of the Buddhist era: --fiscal-year 2561"""

    exit_code = 2
    thai = "ให้ระบุรหัสเรื่อง หรือปีงบประมาณ พ.ศ. เช่น --fiscal-year 2561"


class NoCaseOfThatYear(DeploymentError):
    """No case was opened in fiscal year {year} of the Buddhist era; nothing is written."""

    thai = "ไม่มีเรื่องที่เปิดในปีงบประมาณ พ.ศ. {year} จึงไม่ได้เขียนแฟ้ม"


class ReplayDiffers(DeploymentError):
    """{cases} cases are not what today's code makes of their history; the differences are named above."""

    exit_code = 3
    thai = "มี {cases} เรื่องที่ผลการดำเนินซ้ำไม่ตรงกับที่บันทึกไว้ ดูรายการข้างบน"


class KeyIsNotSet(DeploymentError):
    """SANGKAN_ANCHOR_KEY is not set; it names the file of the key that signs anchors, outside of the database."""

    thai = "ยังไม่ได้กำหนด SANGKAN_ANCHOR_KEY ซึ่งเป็นแฟ้มกุญแจลงนามหมุดหลักฐานที่เก็บไว้นอกฐานข้อมูล"


class KeeperIsNotSet(DeploymentError):
    """SANGKAN_ANCHOR_KEEPER is not set; it is the address of the outside keeper of anchors."""

    thai = "ยังไม่ได้กำหนด SANGKAN_ANCHOR_KEEPER ซึ่งเป็นที่อยู่อีเมลของผู้เก็บรักษาหมุดหลักฐานภายนอก"


class NoAnchorYet(DeploymentError):
    """There is no anchor yet. Run: sangkan audit anchor"""

    thai = "ยังไม่มีหมุดหลักฐาน ให้เรียก sangkan audit anchor"


class UnreadableKept(DeploymentError):
    """«{text}» is not the number and hash of an anchor; write them like 12=9f2c04d1… (64 digits)."""

    thai = "อ่าน «{text}» ไม่ได้ ให้ระบุเลขที่หมุดและค่าแฮชเช่น 12=9f2c04d1… (64 หลัก)"


class NoCaseIsNamed(DeploymentError):
    """Name cases, or --all; not both."""

    exit_code = 2
    thai = "โปรดระบุรหัสเรื่อง หรือ --all อย่างใดอย่างหนึ่ง"


class CasesDeviate(DeploymentError):
    """Of {of} cases {deviating} depart from their approved models, {missed} could not be compared; see above."""

    exit_code = 3
    thai = "จาก {of} เรื่อง มี {deviating} เรื่องไม่เป็นไปตามแบบจำลองที่อนุมัติ และเทียบไม่ได้ {missed} เรื่อง ดูรายการข้างบน"


class ModelsAreNotApproved(DeploymentError):
    """{count} model files are not what was approved; they are marked above."""

    exit_code = 3
    thai = "มีแฟ้มแบบจำลอง {count} แฟ้มไม่ตรงกับฉบับที่อนุมัติ ดูรายการที่ทำเครื่องหมายข้างบน"


class DoNotFit(DeploymentError):
    """{cases} cases do not fit this code; they are named above."""

    exit_code = 3
    thai = "มี {cases} เรื่องที่ประวัติไม่ตรงกับกระบวนงานรุ่นนี้ ดูรายการข้างบน"


class RehearsalStuck(DeploymentError):
    """The rehearsal does not go on: {what}"""

    thai = "การซ้อมไม่เดินต่อ: {what}"


class RehearsalIsOff(DeploymentError):
    """{count} of {of} findings are not what was expected; they are marked in the table above."""

    exit_code = 3
    thai = "พบ {count} ข้อจาก {of} ข้อที่ไม่เป็นไปตามที่คาดไว้ ดูรายการที่ทำเครื่องหมายในตารางข้างบน"


class PicturesNeedABrowser(DeploymentError):
    """Pictures need Chromium, pdftoppm (poppler-utils) and the Python package playwright; missing: {missing}"""

    thai = "การถ่ายภาพหน้าจอต้องมี Chromium, pdftoppm (poppler-utils) และแพ็กเกจ playwright ซึ่งยังขาด: {missing}"
