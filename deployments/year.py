"""`sangkan year`: the year of a performance agreement."""

from __future__ import annotations

import asyncio
from pathlib import Path

from cyclopts import App

from deployments.arguments import Officer

app = App(name="year", help_format="plaintext")


@app.command(name="open")
def open_year(file: Path, *, by: Officer) -> None:
    """เปิดรอบปีจากแฟ้มตัวชี้วัด · Open an agency's agreement year with the KPIs of a file.

    Parameters
    ----------
    file
        แฟ้ม YAML ตัวชี้วัด · YAML file of the KPIs, such as cdd-fy2555-kpis.yaml.
    """
    from deployments import years
    from deployments.cli import settings_here, text_of

    asyncio.run(years.open_year(settings_here(), text_of(file), by=by))


@app.command
def survey(agency: str, fiscal_year: int, *, kpi: str, score: str, reference: str, by: Officer) -> None:
    """บันทึกคะแนนสำรวจความพึงพอใจ · Record the score of a satisfaction survey that came by letter.

    Parameters
    ----------
    agency
        รหัสส่วนราชการ · Id of the agency.
    fiscal_year
        ปีงบประมาณ พ.ศ. · Fiscal year of the Buddhist era, such as 2555.
    kpi
        ลำดับตัวชี้วัดที่ได้คะแนนจากการสำรวจ · Number of the KPI whose score the survey gives.
    score
        คะแนน 0 ถึง 5 ทศนิยมไม่เกินสี่ตำแหน่ง · 0 to 5, at most four decimals.
    reference
        เลขที่หนังสือ · Number of the letter.
    """
    from deployments import years
    from deployments.cli import settings_here

    said = {"kpi": kpi, "score": score, "reference": reference}
    asyncio.run(years.record_survey(settings_here(), agency, fiscal_year, said, by=by))


@app.command
def move_day(
    agency: str, fiscal_year: int, day: str, due: str, *, reason: str, by: Officer, opens: str | None = None
) -> None:
    """เลื่อนกำหนดในปฏิทินของปี · Move a day of the year's calendar; open work follows, its holders are told.

    Parameters
    ----------
    agency
        รหัสส่วนราชการ · Id of the agency.
    fiscal_year
        ปีงบประมาณ พ.ศ. · Fiscal year of the Buddhist era, such as 2555.
    day
        ชื่อกำหนดในปฏิทิน หากไม่รู้จัก ระบบแสดงชื่อทั้งหมด · Name of the day, such as sar_6_internal; an unknown one is
        answered with all of them.
    due
        วันสุดท้ายใหม่ · The new last day, such as 2012-04-20 or "20 เมษายน 2555".
    reason
        เหตุผล หรือคำสั่งที่อ้างถึง · Why, or the order that it rests on.
    opens
        วันแรกใหม่ของช่วงเวลา · The new first day of a period.
    """
    from deployments import years
    from deployments.cli import settings_here

    said = {"day": day, "due": due, "opens": opens or "", "reason": reason}
    asyncio.run(years.move_day(settings_here(), agency, fiscal_year, said, by=by))


@app.command
def staff(agency: str, fiscal_year: int, file: Path, *, by: Officer) -> None:
    """ส่งทะเบียนบุคคลเพื่อจัดสรรเงินรางวัล · Hand in the personnel records by which award money is split.

    Parameters
    ----------
    agency
        รหัสส่วนราชการ · Id of the agency.
    fiscal_year
        ปีงบประมาณ พ.ศ. · Fiscal year of the Buddhist era, such as 2555.
    file
        แฟ้ม XLSX ที่กรอกแล้ว · The filled-in workbook (XLSX); `sangkan year template` makes an empty one.
    """
    from deployments import years
    from deployments.cli import bytes_of, settings_here

    asyncio.run(years.hand_in_staff(settings_here(), agency, fiscal_year, file.name, bytes_of(file), by=by))


@app.command
def template(agency: str, fiscal_year: int, file: Path) -> None:
    """สร้างแบบตารางทะเบียนบุคคล · Make the workbook in which the personnel records are filled in.

    Parameters
    ----------
    agency
        รหัสส่วนราชการ · Id of the agency.
    fiscal_year
        ปีงบประมาณ พ.ศ. · Fiscal year of the Buddhist era, such as 2555.
    file
        แฟ้มที่จะเขียน ไม่เขียนทับแฟ้มเดิม · Where it is written; a file that stands there is not overwritten.
    """
    from deployments import years
    from deployments.cli import settings_here
    from deployments.errors import FileStands
    from deployments.wording import say

    if file.exists():
        raise FileStands(file=file)
    file.write_bytes(asyncio.run(years.template_here(settings_here(), agency, fiscal_year)))
    say("template_written", {"file": file})
