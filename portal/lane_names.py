"""English names of the lanes of the process models, which are named in Thai only."""

from __future__ import annotations

_LANES = {
    "ระบบ": "System",
    "สำนักงาน ก.พ.ร.": "OPDC",
    "กลุ่มพัฒนาระบบบริหาร (กพร.)": "Public Sector Development Group (PSDG)",
    "กพร. และคณะทำงาน": "PSDG and working group",
    "ผู้ว่าราชการจังหวัด": "Governor",
    "หัวหน้าหน่วยงาน": "Head of the unit",
    "หัวหน้าส่วนราชการ": "Head of the agency",
    "หน่วยงานผู้รับผิดชอบตัวชี้วัด": "Units that hold the KPI",
    "หน่วยงานผู้รับผิดชอบตัวชี้วัด และจังหวัด": "Units that hold the KPI, and provinces",
    "หนังสือเวียน": "Circular",
    "สำนักงานจังหวัด": "Provincial office",
    "สำนักงานจังหวัดและเจ้าภาพตัวชี้วัด": "Provincial office and hosts of KPIs",
    "ฝ่ายเลขานุการ (สนย.)": "Secretariat",
    "ผู้ดูแลระบบ": "Administrator",
    "กลุ่มแผน/กองแผน": "Planning unit",
    "อธิบดี": "Director-general",
    "อธิบดี และปลัดกระทรวง": "Director-general and permanent secretary",
    "หน่วยงานและเจ้าภาพตัวชี้วัด": "Units and hosts of KPIs",
    "หน่วยงานเจ้าของเรื่อง": "Unit in charge",
    "หน่วยงานที่ได้รับมอบ": "Unit that is assigned",
    "หน่วยงาน": "Unit",
    "หน่วยงาน กพร. อธิบดีและสำนักงาน ก.พ.ร.": "Units, PSDG, director-general and OPDC",
    "ส่วนราชการในจังหวัด": "Agencies of the province",
    "ส่วนราชการในจังหวัด (พร้อมกัน)": "Agencies of the province (at the same time)",
    "ส่วนราชการ และฝ่ายเลขานุการ": "Agencies and secretariat",
    "สำนัก/กอง/ศูนย์ และจังหวัด": "Divisions and provinces",
    "สำนัก/กอง": "Division",
    "สำนัก/กอง และกลุ่มแผน": "Division and planning unit",
    "ผู้ส่ง": "Sender",
    "ผู้รับ": "Recipient",
    "ผู้รับ และหน่วยงานผู้ส่ง": "Recipients and sender",
    "ผู้รวบรวม": "Who compiles",
    "ปลัดกระทรวง": "Permanent secretary",
    "จังหวัด (ทุกจังหวัดพร้อมกัน)": "Provinces (all at the same time)",
    "คณะกรรมการ": "Committee",
    "กองคลัง": "Finance division",
    "กองการเจ้าหน้าที่": "Personnel division",
    "กลุ่มงานและบุคคล": "Groups and persons",
    "กลุ่มแผน": "Planning unit",
    "ล่าช้า": "Late reports",
    "ฝ่ายเลขานุการ": "Secretariat",
    "เจ้าภาพ": "Host",
    "เจ้าภาพตัวชี้วัด": "Host of the KPI",
    "กพร.": "PSDG",
    "กรม": "Department",
    "จังหวัด": "Province",
    "ผู้จัดเก็บข้อมูล": "Data keeper",
    "ผู้กำกับดูแลตัวชี้วัด": "Supervisor of the KPI",
    "หัวหน้ากลุ่มงาน": "Head of the group",
    "บุคคล": "Person",
    "ผู้บังคับบัญชา": "Supervisor",
    "ส่วนราชการ": "Agency",
}
_BARE = {"".join(th.split()): en for th, en in _LANES.items()}
"""A lane's name is broken into lines on its model, also within a word."""


def lane_in_english(th: str) -> str:
    """The English name of a lane; one that a later model brings is shown as it stands."""
    return _BARE.get("".join(th.split()), th)
