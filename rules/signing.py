"""Who signs a paper, and in which position (requirements 3.4): a head in person, or who acts for the head."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from rules.directory import DirectoryIndex
from rules.thai import thai_date
from schemas.actor import Actor
from schemas.base import UnitId
from schemas.letters import Signatory
from schemas.organisation import Duty, Officer, Unit, UnitRole


def head_signs(directory: DirectoryIndex, unit: UnitId) -> Signatory:
    """The head of a unit, whose name and day are filled in by hand. Raises UnknownUnit."""
    return Signatory(position=position_of_head(directory, unit))


def signed_by(directory: DirectoryIndex, actor: Actor, unit: UnitId, on: date) -> Signatory:
    """Who has signed for a unit; under an order of delegation «รักษาราชการแทน» the head.

    Raises UnknownUnit, UnknownOfficer.
    """
    if actor.officer is None:
        return head_signs(directory, unit).replace(signed_on=on)
    officer = directory.officer(actor.officer)
    name = "" if _is_role_account(officer, directory.unit(officer.unit)) else actor.name
    own = officer.position or officer.name
    if actor.instrument is not None:
        own = f"{own} รักษาราชการแทน{position_of_head(directory, unit)}"
    elif Duty.HEAD in officer.duties:
        own = in_full(own, directory.unit(officer.unit))
    return Signatory(name=name, position=own, signed_on=on)


def owner_lines(directory: DirectoryIndex, owner: UnitId, issuer: UnitId) -> tuple[str, ...]:
    """The unit in charge at the foot of a letter, beneath the divisions of the issuer to which it belongs (S3).

    Raises UnknownUnit.
    """
    unit = directory.unit(owner)
    lines = [unit.th]
    while unit.parent is not None and unit.parent != issuer:
        unit = directory.unit(unit.parent)
        if unit.role is not UnitRole.DIVISION:
            break
        lines.append(unit.th)
    return tuple(reversed(lines))


class Contact(NamedTuple):
    """How a reader of a letter reaches its sender."""

    phone: str
    fax: str
    email: str


def contact_of(owner: Unit, issuer: Unit) -> Contact:
    """At the foot of a letter: of the unit in charge; what it has none of is the issuer's (3.4)."""
    return Contact(
        phone=owner.phone or issuer.phone, fax=owner.fax or issuer.fax, email=owner.email or issuer.email or ""
    )


def reference_th(of: str, no: str, on: date | None) -> str:
    """A line of «อ้างถึง»: «หนังสือสำนักงาน ก.พ.ร. ที่ นร 1200/85 ลงวันที่ 28 มกราคม 2556».

    Without a date the phrase is left out; who has keyed it in beside the number is not given it twice.
    """
    dated = f" ลงวันที่ {thai_date(on)}" if on and "ลงวันที่" not in no else ""
    return f"หนังสือ{of} ที่ {no.removeprefix('ที่ ')}{dated}"


def position_of_head(directory: DirectoryIndex, unit: UnitId) -> str:
    """«อธิบดีกรมการพัฒนาชุมชน»; where no head is known, «หัวหน้า…». «ปลัดจังหวัดสมุทรสาคร» names the agency already."""
    of, head, agency = directory.unit(unit), directory.head_of(unit), directory.agency_of(unit)
    if head and agency and agency.th in head.position:
        return head.position
    return in_full(head.position if head else "", of) or f"หัวหน้า{of.th}"


def in_full(position: str, unit: Unit) -> str:
    """A position with its unit: «ผู้อำนวยการสำนัก» of «สำนักนโยบายและแผน» is «ผู้อำนวยการสำนักนโยบายและแผน».

    A position that names its unit, also by its abbreviation («เลขาธิการ ก.พ.ร.»), or whose words the unit's name has
    («ปลัดกระทรวง…»), stays as it is.
    """
    if not position or unit.th in position or position in unit.th or (unit.abbr and unit.abbr in position):
        return position
    common = next((n for n in range(len(unit.th), 0, -1) if position.endswith(unit.th[:n])), 0)
    return position + unit.th[common:]


def _is_role_account(officer: Officer, unit: Unit) -> bool:
    """An account of an office has its position or unit in its name, or no position; no person can be named."""
    return any(of in officer.name for of in (officer.position, unit.th, unit.short))
