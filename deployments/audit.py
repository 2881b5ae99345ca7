"""`sangkan audit`: is the history what it was, and who can say so?"""

from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from deployments.arguments import All
from deployments.errors import NameTheCases

app = App(name="audit", help_format="plaintext")
Kept = Annotated[list[str] | None, Parameter(name="--kept", negative="")]


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Much of an auditor's work goes through the whole ledger: as fast as the portal and the worker run."""
    import uvloop

    from engine.collector import spare_the_collector

    spare_the_collector()
    uvloop.run(work)


@app.command
def verify(*case_ids: str, kept: Kept = None) -> None:
    """ตรวจห่วงโซ่หลักฐาน เอกสาร และหมุด · Check chains, documents and anchors; exit code 3 when something is wrong.

    Parameters
    ----------
    case_ids
        เลขเรื่อง หากไม่ระบุ ตรวจทั้งหมด · These cases only; without any, everything.
    kept
        หมุดที่ผู้เก็บรักษาภายนอกถือไว้ ระบุซ้ำได้ · NUMBER=HASH of an anchor as the outside keeper has it, from the mail or
        the printed page; may be repeated.
    """
    from deployments import auditing
    from deployments.cli import settings_here

    _run(auditing.verify_history(settings_here(), case_ids, kept or ()))


@app.command(name="restore-check")
def restore_check() -> None:
    """เทียบตารางกับประวัติ · Rebuild every case from its events and compare; exit code 3 when they differ."""
    from deployments import auditing
    from deployments.cli import settings_here

    _run(auditing.compare_tables(settings_here()))


@app.command
def replay(
    *case_ids: str,
    until: str | None = None,
    every: All = False,
) -> None:
    """ดำเนินเรื่องซ้ำจากประวัติโดยไม่มีผลจริง · Play cases again and compare; exit code 3 when something differs.

    One case is shown step by step: who did what, who was told, what was open.

    Parameters
    ----------
    case_ids
        เลขเรื่อง · Ids of the cases.
    until
        แสดงเรื่องตามที่เป็นอยู่ ณ วันเวลานั้น ปีเป็น ค.ศ. หรือ พ.ศ. · Show one case as it stood then: an ISO date and time,
        without an offset in Bangkok time; a year from 2400 on is one of the Buddhist era.
    every
        ทุกเรื่อง ใช้ตรวจก่อนติดตั้งโปรแกรมรุ่นใหม่ · Every case, by today's code: the check before new code is put into
        service.
    """
    from deployments import replaying
    from deployments.cli import settings_here
    from deployments.operating import moment_of

    if len(case_ids) == 1 and not every:
        moment = None if until is None else moment_of(until)
        _run(replaying.replay_one(settings_here(), case_ids[0], moment))
    elif (case_ids or every) and until is None:
        _run(replaying.replay_all(settings_here(), () if every else case_ids))
    else:
        raise NameTheCases


@app.command
def export(
    *case_ids: str,
    fiscal_year: int | None = None,
    to: Annotated[Path, Parameter(name="--to")] = Path("bundle.zip"),
) -> None:
    """ส่งออกชุดหลักฐานที่ตรวจได้บนเครื่องอื่น · Write one file with cases and all that proves them.

    Parameters
    ----------
    case_ids
        เลขเรื่อง · Ids of the cases.
    fiscal_year
        ทุกเรื่องที่เปิดในปีงบประมาณ พ.ศ. นี้ เรื่องย่อย และเรื่องที่มีงานเกี่ยวกับเรื่องเหล่านั้น แม้เปิดในปีอื่น · Every case that was
        opened in this fiscal year of the Buddhist era, such as 2561, with what it called and the cases whose work is
        about it, be they of another year.
    to
        แฟ้ม ZIP ที่จะเขียน · The ZIP file to write.
    """
    from deployments import exporting
    from deployments.cli import settings_here

    _run(exporting.export_bundle(settings_here(), case_ids, fiscal_year, to))


@app.command
def xes(
    *case_ids: str,
    fiscal_year: int | None = None,
    to: Annotated[Path, Parameter(name="--to")] = Path("events.xes"),
) -> None:
    """ส่งออกประวัติเป็น XES สำหรับ process mining · Write the event log as XES (IEEE 1849).

    Parameters
    ----------
    case_ids
        เลขเรื่อง หากไม่ระบุทั้งเรื่องและปี ส่งออกทั้งหมด · Ids of the cases; without any, and without a fiscal year, all.
    fiscal_year
        ทุกเรื่องที่เปิดในปีงบประมาณ พ.ศ. นี้ เรื่องย่อย และเรื่องที่มีงานเกี่ยวกับเรื่องเหล่านั้น แม้เปิดในปีอื่น · Every case that was
        opened in this fiscal year of the Buddhist era, such as 2561, with what it called and the cases whose work is
        about it, be they of another year.
    to
        แฟ้มที่จะเขียน · The file to write.
    """
    from deployments import exporting
    from deployments.cli import settings_here

    _run(exporting.export_xes(settings_here(), case_ids, fiscal_year, to))


@app.command
def role(name: str = "sangkan_audit") -> None:
    """ให้สิทธิอ่านอย่างเดียวแก่บทบาทของหน้าตรวจสอบ (PostgreSQL) · Let the role of auditors' pages read, and nothing else.

    The role must exist; run it again after every migration.

    Parameters
    ----------
    name
        บทบาทที่ระบุใน SANGKAN_AUDIT_DATABASE_URL · The role that SANGKAN_AUDIT_DATABASE_URL names.
    """
    from deployments import auditing
    from deployments.cli import settings_here

    _run(auditing.grant_role(settings_here(), name))


# --- anchors -----------------------------------------------------------------------------------------------


@app.command(name="make-key")
def make_key() -> None:
    """สร้างกุญแจลงนามหมุดหลักฐาน · Make the key that signs anchors, in the file that SANGKAN_ANCHOR_KEY names."""
    from deployments import anchoring
    from deployments.cli import settings_here

    anchoring.make_key(settings_here())


@app.command(name="rotate-key")
def rotate_key() -> None:
    """เปลี่ยนกุญแจลงนาม · Make a new key; an anchor of the old one names it, and the old file is put aside."""
    from deployments import anchoring
    from deployments.cli import settings_here

    _run(anchoring.rotate_key(settings_here()))


@app.command
def anchor(*, first: Annotated[bool, Parameter(negative="")] = False) -> None:
    """บันทึกหมุดหลักฐานทันที · Make an anchor over all histories now.

    Parameters
    ----------
    first
        ยืนยันว่าไม่เคยมีหมุดหลักฐาน หรือเริ่มใหม่เพราะกุญแจสูญหาย · There was never an anchor over this history, or a lost key
        makes you begin anew; without it none is made where anchors may have been taken away.
    """
    from deployments import anchoring
    from deployments.cli import settings_here

    _run(anchoring.make_anchor(settings_here(), first=first))


@app.command
def anchors(
    *,
    limit: int = 20,
    number: int | None = None,
    file: Annotated[Path | None, Parameter(name="--print")] = None,
    mail: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """แสดง พิมพ์ หรือส่งหมุดหลักฐาน · List the anchors, print one for an outside keeper, or mail it.

    Parameters
    ----------
    limit
        จำนวนหมุดล่าสุดที่แสดง · So many of the latest.
    number
        ลำดับหมุดที่จะพิมพ์หรือส่ง ปกติคือหมุดล่าสุด · The anchor to print or mail; the latest by default.
    file
        แฟ้ม PDF หนึ่งหน้าที่จะเขียน · PDF file of one page to write.
    mail
        ส่งถึงผู้เก็บรักษาภายนอก · Send it to SANGKAN_ANCHOR_KEEPER.
    """
    from deployments import anchoring
    from deployments.cli import settings_here

    if file is not None or mail:
        _run(anchoring.hand_out(settings_here(), number, file=file, mail=mail))
    else:
        _run(anchoring.list_anchors(settings_here(), limit))


@app.command
def conformance(*case_ids: str, every: All = False) -> None:
    """เทียบเรื่องกับแบบจำลองที่อนุมัติ · Play cases on their approved BPMN models; exit code 3 when one departs from it.

    Parameters
    ----------
    case_ids
        เลขเรื่อง · Ids of the cases.
    every
        ทุกเรื่องที่กระบวนงานมีแบบจำลอง · Every case of a process that has a model.
    """
    from deployments.cli import settings_here
    from deployments.conforming import check_conformance
    from deployments.errors import NoCaseIsNamed

    if bool(case_ids) == every:
        raise NoCaseIsNamed
    _run(check_conformance(settings_here(), case_ids))
