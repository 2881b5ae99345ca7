"""How operators read the names of units."""

from __future__ import annotations

import pytest

from engine.wording import unit_name
from rules.directory import DirectoryIndex
from schemas.organisation import Organisation, Unit, UnitRole

UNITS = (
    Unit(id="province", th="จังหวัดสมุทรสาคร", role=UnitRole.AGENCY),
    Unit(id="treasury", th="สำนักงานคลังจังหวัดสมุทรสาคร", role=UnitRole.DIVISION, parent="province"),
    Unit(id="group", th="กลุ่มงานบริหารทรัพยากรบุคคล", role=UnitRole.DIVISION, parent="province"),
    Unit(id="plan", th="กองแผนงาน", abbr="กผ.", role=UnitRole.DIVISION, parent="province"),
)


@pytest.mark.parametrize(
    ("unit", "name"),
    [
        ("province", "จังหวัดสมุทรสาคร"),
        ("treasury", "สำนักงานคลังจังหวัดสมุทรสาคร"),
        ("group", "กลุ่มงานบริหารทรัพยากรบุคคล จังหวัดสมุทรสาคร"),
        ("plan", "กผ."),
        ("gone", "gone"),
    ],
)
def test_a_unit_is_named_with_its_agency_unless_its_name_says_it(unit: str, name: str) -> None:
    index = DirectoryIndex(Organisation(ministry="province", units=UNITS, officers=()))
    assert unit_name(index, unit) == name
