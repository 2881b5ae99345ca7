"""Who stands beneath a paper: a person by name, an account of an office by its position, an acting officer as such."""

from __future__ import annotations

from datetime import date

import pytest

from rules.directory import DirectoryIndex
from rules.signing import head_signs, in_full, owner_lines, position_of_head, signed_by
from schemas.actor import Actor, ActorKind, system
from schemas.organisation import Duty, Officer, Organisation, Unit, UnitRole

DAY = date(2013, 2, 20)


def officer(id_: str, name: str, position: str, duty: Duty = Duty.OFFICER) -> Officer:
    return Officer(
        id=id_, unit=id_.split(".")[0], name=name, position=position, email=f"{id_}@dept.example", duties={duty}
    )  # fmt: skip


def unit(id_: str, th: str, abbr: str = "") -> Unit:
    return Unit(id=id_, th=th, abbr=abbr, role=UnitRole.AGENCY)


INDEX = DirectoryIndex(
    Organisation(
        ministry="moi",
        units=(
            unit("moi", "กระทรวงตัวอย่าง"), unit("dept", "กรมตัวอย่าง"), unit("ops", "สำนักงานปลัดกระทรวงตัวอย่าง"),
            unit("opdc", "สำนักงานคณะกรรมการ", "สำนักงาน ก.พ.ร."), unit("empty", "กองใหม่"),
        ),
        officers=(
            officer("dept.head", "นายสมชาย ใจดี", "อธิบดี", Duty.HEAD),
            officer("dept.deputy", "นางสาวแก้ว ใส", "รองอธิบดี"),
            officer("ops.head", "ปลัดกระทรวงตัวอย่าง", "ปลัดกระทรวงตัวอย่าง", Duty.HEAD),
            officer("opdc.1", "เจ้าหน้าที่ประเมินผล (สำนักงาน ก.พ.ร.)", "นักพัฒนาระบบราชการ"),
            officer("moi.1", "บัญชีกลาง", ""),
        ),
    )
)  # fmt: skip


def actor(id_: str, instrument: str | None = None) -> Actor:
    who = INDEX.officer(id_)
    return Actor(kind=ActorKind.OFFICER, officer=id_, unit=who.unit, name=who.name, instrument=instrument)


@pytest.mark.parametrize(
    ("position", "of", "full"),
    [
        ("อธิบดี", "กรมการพัฒนาชุมชน", "อธิบดีกรมการพัฒนาชุมชน"),
        ("ผู้อำนวยการ", "กองคลัง", "ผู้อำนวยการกองคลัง"),
        ("ผู้อำนวยการสำนัก", "สำนักนโยบายและแผน", "ผู้อำนวยการสำนักนโยบายและแผน"),
        ("อธิบดีกรมการพัฒนาชุมชน", "กรมการพัฒนาชุมชน", "อธิบดีกรมการพัฒนาชุมชน"),
        ("ปลัดกระทรวงมหาดไทย", "สำนักงานปลัดกระทรวงมหาดไทย", "ปลัดกระทรวงมหาดไทย"),
        ("", "กองคลัง", ""),
    ],
)
def test_a_position_is_written_with_its_unit(position: str, of: str, full: str) -> None:
    assert in_full(position, unit("u", of)) == full


def test_a_position_that_has_the_abbreviation_of_its_unit_stays_as_it_is() -> None:
    assert in_full("เลขาธิการ ก.พ.ร.", unit("opdc", "สำนักงาน ก.พ.ร.", "ก.พ.ร.")) == "เลขาธิการ ก.พ.ร."


def test_a_head_signs_by_hand_until_somebody_has_signed() -> None:
    head = head_signs(INDEX, "dept")
    assert (head.name, head.position, head.signed_on) == ("", "อธิบดีกรมตัวอย่าง", None)
    assert position_of_head(INDEX, "empty") == "หัวหน้ากองใหม่"


@pytest.mark.parametrize(
    ("who", "unit_", "instrument", "name", "position"),
    [
        ("dept.head", "dept", None, "นายสมชาย ใจดี", "อธิบดีกรมตัวอย่าง"),
        ("dept.deputy", "dept", "คำสั่งที่ 1/2556", "นางสาวแก้ว ใส", "รองอธิบดี รักษาราชการแทนอธิบดีกรมตัวอย่าง"),
        ("ops.head", "ops", None, "", "ปลัดกระทรวงตัวอย่าง"),
        ("opdc.1", "opdc", None, "", "นักพัฒนาระบบราชการ"),
        ("moi.1", "moi", None, "", "บัญชีกลาง"),
    ],
)
def test_who_has_signed_is_named(who: str, unit_: str, instrument: str | None, name: str, position: str) -> None:
    signatory = signed_by(INDEX, actor(who, instrument), unit_, DAY)
    assert (signatory.name, signatory.position, signatory.signed_on) == (name, position, DAY)


def test_what_the_system_has_recorded_the_head_signs() -> None:
    assert signed_by(INDEX, system("flow"), "dept", DAY).position == "อธิบดีกรมตัวอย่าง"


def test_the_unit_in_charge_stands_beneath_its_office_and_not_beneath_the_issuer() -> None:
    """«สำนักงานจังหวัด / กลุ่มงานยุทธศาสตร์และข้อมูลเพื่อการพัฒนาจังหวัด» (S3)."""
    units = (
        Unit(id="province", th="จังหวัดสมุทรสาคร", role=UnitRole.AGENCY),
        Unit(id="office", th="สำนักงานจังหวัด", role=UnitRole.DIVISION, parent="province"),
        Unit(id="group", th="กลุ่มงานยุทธศาสตร์", role=UnitRole.PLANNING_UNIT, parent="office"),
    )
    index = DirectoryIndex(Organisation(ministry="province", units=units, officers=()))
    assert owner_lines(index, "group", "province") == ("สำนักงานจังหวัด", "กลุ่มงานยุทธศาสตร์")
    assert owner_lines(index, "office", "province") == ("สำนักงานจังหวัด",)
    assert owner_lines(index, "province", "province") == ("จังหวัดสมุทรสาคร",)


def test_a_position_that_names_the_agency_stays_as_it_is() -> None:
    """«ปลัดจังหวัดสมุทรสาคร» heads «ที่ทำการปกครองจังหวัดสมุทรสาคร» (S3, the list)."""
    units = (
        Unit(id="province", th="จังหวัดสมุทรสาคร", role=UnitRole.AGENCY),
        Unit(id="adm", th="ที่ทำการปกครองจังหวัดสมุทรสาคร", role=UnitRole.DIVISION, parent="province"),
    )
    head = officer("adm.head", "ปลัดจังหวัดสมุทรสาคร", "ปลัดจังหวัดสมุทรสาคร", Duty.HEAD)
    index = DirectoryIndex(Organisation(ministry="province", units=units, officers=(head,)))
    assert position_of_head(index, "adm") == "ปลัดจังหวัดสมุทรสาคร"
