"""Organisation and policy files: what is read, what is refused, and the sample ministry itself."""

from __future__ import annotations

import re
from datetime import date, time
from pathlib import Path

import pytest

from rules.calendar import Calendar, bangkok_moment
from rules.directory import DirectoryIndex
from rules.errors import BrokenOrganisationFile, BrokenPolicyFile
from rules.organisation_file import load_organisation, load_policy
from rules.week import reporting_week
from schemas.organisation import Duty, UnitRole
from schemas.policy import OverrideKind, Policy

MINISTRIES = Path(__file__).parents[2] / "deployments" / "ministries"
SAMPLE = (MINISTRIES / "sample.yaml").read_text("utf-8")
SAMPLE_POLICY = (MINISTRIES / "sample-policy.yaml").read_text("utf-8")
ONE_UNIT = "ministry: moj\nunits:\n  - {id: moj, th: กระทรวง, role: ministry}\n"


@pytest.mark.parametrize(
    ("text", "field", "thai"),
    [
        ("", "ministry", "กรุณากรอก «ministry»"),
        ("- moj", "", "กลุ่มของช่องข้อมูล"),
        (ONE_UNIT, "officers", "กรุณากรอก «officers»"),
        (ONE_UNIT.replace("role: ministry", "role: boss") + "officers: []", "units[moj].role", "จากรายการ"),
        (ONE_UNIT.replace("id: moj", "id: ยธ."), "units[ยธ.].id", "รูปแบบไม่ถูกต้อง"),
        (ONE_UNIT.replace("id: moj, ", ""), "units[1].id", "กรุณากรอก"),
        (ONE_UNIT.replace("th: ", "name: ") + "officers: []", "units[moj].name", "ไม่รู้จักช่อง"),
        (ONE_UNIT.replace("ministry: moj", "ministry: moi") + "officers: []", "ministry", "ไม่พบหน่วยงาน «moi»"),
        (
            ONE_UNIT + "officers: [{id: a.1, unit: nowhere, name: ก, email: a@b.example}]",
            "officers[a.1].unit",
            "ไม่พบหน่วยงาน «nowhere»",
        ),
        (
            ONE_UNIT + "  - {id: moj, th: อีกกระทรวง, role: ministry}\nofficers: []",
            "units",
            "รหัส «moj» ซ้ำกัน 2 ครั้ง",
        ),
        (
            ONE_UNIT.replace("role: ministry", "role: ministry, parent: moj") + "officers: []",
            "units[moj].parent",
            "ต้นสังกัดของตนเอง",
        ),
        (
            ONE_UNIT + "officers: []\ndelegations: [{officer: x, unit: moj, instrument: ก,"
            " valid_from: 2018-04-02T00:00:00+07:00, valid_to: 2018-04-03T00:00:00+07:00}]",
            "delegations[x].officer",
            "ไม่พบเจ้าหน้าที่",
        ),
        (
            ONE_UNIT + "officers: []\ndelegations: [{officer: x, unit: moj, instrument: ก,"
            " valid_from: 2018-04-02T00:00:00, valid_to: 2018-04-03T00:00:00+07:00}]",
            "delegations[1].valid_from",
            "ไม่ได้ระบุเขตเวลา",
        ),
        (
            ONE_UNIT + "officers: []\noversights: [{officer: x, units: [moj], instrument: ก,"
            " valid_from: 2018-04-02T00:00:00+07:00}]",
            "oversights[x].officer",
            "ไม่พบเจ้าหน้าที่",
        ),
        (
            ONE_UNIT + "officers: []\noversights: [{officer: x, units: [moj, dept], instrument: ก,"
            " valid_from: 2018-04-02T00:00:00+07:00}]",
            "oversights[x].units",
            "ไม่พบหน่วยงาน «dept»",
        ),
    ],
)
def test_a_broken_organisation_names_its_field(text: str, field: str, thai: str) -> None:
    with pytest.raises(BrokenOrganisationFile) as broken:
        load_organisation(text)
    found = {problem.field: problem for problem in broken.value.problems}
    assert thai in found[field].th
    assert field in found[field].en
    assert found[field].th in str(broken.value)
    assert "ใช้แฟ้มโครงสร้างองค์กรไม่ได้" in str(broken.value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("ministry: moj\nunits: [", 2),
        ("ministry: moj\nunits:\n\t- {id: moj}", 3),
        ("ministry: moj\nunits: []\nministry: moi", 3),
        ("ministry: !!python/object:os.system x", 1),
    ],
)
def test_broken_yaml_names_its_line(text: str, line: int) -> None:
    with pytest.raises(BrokenOrganisationFile) as broken:
        load_organisation(text)
    (problem,) = broken.value.problems
    assert f"บรรทัดที่ {line}: " in problem.th
    assert f"line {line}: " in problem.en


@pytest.mark.parametrize(
    ("text", "field", "thai"),
    [
        ("weekly: {cut_off: soon}", "weekly.cut_off", "ต้องเป็นเวลา"),
        ("weekly: {friday_holiday: skip}", "weekly.friday_holiday", "จากรายการ"),
        ("weekly: {internal_days_before: -1}", "weekly.internal_days_before", "ต้องไม่น้อยกว่า 0"),
        ("weekly: {reminders: [{weekday: 7, at: '09:00'}]}", "weekly.reminders[1].weekday", "ต้องไม่เกิน 6"),
        ("weekly: {reminders: 3}", "weekly.reminders", "ต้องเป็นรายการ"),
        ("office: {step_days: many}", "office.step_days", "จำนวนเต็ม"),
        ("office: {lunch: 12:00}", "office.lunch", "ไม่รู้จักช่อง"),
        ("office: {acknowledge: {urgent: {kind: weeks}}}", "office.acknowledge.urgent", "จากรายการ"),
        ("award: {threshold: 6}", "award.threshold", "ต้องไม่เกิน 5"),
        ("award: {roles: {supporter: half}}", "award.roles.supporter", "ต้องเป็นตัวเลข"),
        ("award: {rank_amounts: {1: 0.125}}", "award.rank_amounts.1", "ไม่เกิน 2 ตำแหน่ง"),
        ("holidays: [{on: someday, kind: add, name: ก, source: ข}]", "holidays[1].on", "ต้องเป็นวันที่"),
        ("holidays: [{on: 2018-04-12, kind: add, name: ก}]", "holidays[1].source", "กรุณากรอก"),
    ],
)
def test_a_broken_policy_names_its_field(text: str, field: str, thai: str) -> None:
    with pytest.raises(BrokenPolicyFile) as broken:
        load_policy(text)
    found = {problem.field: problem for problem in broken.value.problems}
    assert thai in found[field].th
    assert field in found[field].en


def test_a_day_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BrokenPolicyFile, match="ใช้แฟ้มนโยบายไม่ได้"):
        load_policy("holidays: [{on: 2018-02-30, kind: add, name: ก, source: ข}]")


def test_a_time_of_day_without_quotes_is_not_read_as_a_number() -> None:
    assert load_policy("weekly: {cut_off: 15:30}").weekly.cut_off == time(15, 30)


def test_an_empty_policy_is_the_default() -> None:
    assert load_policy("") == load_policy("# ว่าง") == Policy()


def test_a_holiday_override_is_read_with_its_source() -> None:
    (override,) = load_policy("holidays: [{on: 2018-04-12, kind: add, name: วันหยุดพิเศษ, source: มติคณะรัฐมนตรี}]").holidays
    assert (override.on, override.kind) == (date(2018, 4, 12), OverrideKind.ADD)


# --- the sample ministry -----------------------------------------------------------------------------------


def test_the_sample_policy_spells_out_every_default() -> None:
    policy = load_policy(SAMPLE_POLICY)
    assert policy == Policy()
    named = set(re.findall(r"^ *(\w+):", SAMPLE_POLICY, re.MULTILINE))
    sections = (
        policy,
        policy.weekly,
        policy.office,
        policy.agreement,
        policy.award,
        policy.award.roles,
        policy.files,
        policy.cascade,
        policy.cascade.rules,
    )
    of_policy = {field for section in sections for field in type(section).model_fields}
    assert of_policy <= named


def test_the_override_in_the_comment_works_once_it_is_switched_on() -> None:
    switched_on = SAMPLE_POLICY.replace("holidays: []", "holidays:").replace("\n#  ", "\n  ")
    (override,) = load_policy(switched_on).holidays
    assert override.on == date(2018, 4, 12)


def test_in_the_sample_ministry_the_week_of_songkran_ends_on_thursday() -> None:
    policy = load_policy(SAMPLE_POLICY)
    calendar = Calendar.of(policy)
    week = reporting_week(date(2018, 4, 13), calendar=calendar, policy=policy.weekly)
    assert week.cut_off == bangkok_moment(date(2018, 4, 12), time(16, 0))


def test_every_agency_of_the_sample_can_take_part_in_every_process() -> None:
    index = DirectoryIndex(load_organisation(SAMPLE))
    assert len(index.agencies()) >= 5
    for agency in index.agencies():
        assert index.head_of(agency.id)
        assert index.officers_of(index.planning_unit_of(agency.id).id, Duty.OFFICER)
        assert len(index.divisions_of(agency.id)) >= 2
        for division in index.divisions_of(agency.id):
            assert index.officers_of(division.id, Duty.OFFICER)
            assert index.supervisors_of(division.id)
    assert index.head_of(index.organisation.ministry)
    assert index.head_of(index.permanent_secretary().id)
    assert index.supervisors_of(index.secretariat().id)
    assert index.officers_with(Duty.ADMINISTRATOR)
    assert index.officers_with(Duty.AUDITOR)


def test_the_sample_holds_role_accounts_only() -> None:
    organisation = load_organisation(SAMPLE)
    for officer in organisation.officers:
        assert officer.email == f"{officer.id}@moj.example"
        assert not re.match("(นาย|นาง|นางสาว|พล\\.|ดร\\.)", officer.name)
    assert len({officer.name for officer in organisation.officers}) == len(organisation.officers)


def test_protocol_order_is_explicit_and_unique() -> None:
    units = load_organisation(SAMPLE).units
    assert len({unit.seq for unit in units}) == len(units)
    assert [unit.seq for unit in units] == sorted(unit.seq for unit in units)


def test_invented_agencies_say_that_they_are_samples() -> None:
    index = DirectoryIndex(load_organisation(SAMPLE))
    of_the_source = {"oja"}
    invented = [u for u in index.units(UnitRole.AGENCY) if u.id not in of_the_source]
    assert all("ตัวอย่าง" in unit.th for unit in invented)


def test_the_acting_officer_of_the_sample_acts_under_a_named_order() -> None:
    index = DirectoryIndex(load_organisation(SAMPLE))
    (delegation,) = index.organisation.delegations
    during = bangkok_moment(date(2018, 4, 9), time(9, 0))
    assert index.may_act(delegation.officer, delegation.unit, during, Duty.HEAD).instrument == delegation.instrument
    assert delegation.instrument.startswith("คำสั่ง")
