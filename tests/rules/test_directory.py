"""Who is who, and who may act for whom."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from rules.calendar import bangkok_moment
from rules.directory import FULFILLED_BY, DirectoryIndex, exists
from rules.errors import NaiveTime, NoPlanningUnit, NoSecretariat, UnknownOfficer, UnknownUnit
from schemas.organisation import Delegation, Duty, Officer, Organisation, Oversight, Unit, UnitRole

FIRST = bangkok_moment(date(2018, 4, 2), time(0, 0))
LAST = bangkok_moment(date(2018, 4, 30), time(16, 30))
INSIDE = bangkok_moment(date(2018, 4, 9), time(9, 0))
ORDER = "คำสั่งกรมที่ 12/2561"


def officer(id_: str, *duties: Duty, active: bool = True) -> Officer:
    return Officer(
        id=id_, unit=id_.split(".")[0], name=f"บัญชี {id_}", email=f"{id_}@moj.example",
        duties=frozenset(duties), active=active,
    )  # fmt: skip


def unit(id_: str, role: UnitRole, parent: str | None = None, seq: int = 0) -> Unit:
    return Unit(id=id_, th=f"หน่วยงาน {id_}", role=role, parent=parent, seq=seq)


ORGANISATION = Organisation(
    ministry="moj",
    units=(
        unit("moj", UnitRole.MINISTRY),
        unit("ops", UnitRole.MINISTRY, "moj"),
        unit("psd", UnitRole.SECRETARIAT, "ops"),
        unit("oja", UnitRole.AGENCY, "moj", seq=2),
        unit("dept", UnitRole.AGENCY, "moj", seq=1),
        unit("div-b", UnitRole.DIVISION, "dept", seq=12),
        unit("div-a", UnitRole.DIVISION, "dept", seq=11),
        unit("sec", UnitRole.DIVISION, "dept", seq=10),
        unit("plan", UnitRole.PLANNING_UNIT, "sec", seq=13),
        Unit(id="old", th="กองเดิม", role=UnitRole.DIVISION, parent="dept", seq=9, valid_to=date(2017, 9, 30)),
    ),
    officers=(
        officer("dept.head", Duty.HEAD),
        officer("div-a.1", Duty.OFFICER),
        officer("div-a.gone", Duty.OFFICER, Duty.SUPERVISOR, active=False),
        officer("div-a.boss", Duty.SUPERVISOR, Duty.HEAD),
        officer("div-b.1", Duty.OFFICER),
        officer("ops.admin", Duty.ADMINISTRATOR),
    ),
    delegations=(
        Delegation(officer="div-b.1", unit="div-a", instrument=ORDER, valid_from=FIRST, valid_to=LAST),
        Delegation(officer="div-a.gone", unit="div-b", instrument=ORDER, valid_from=FIRST, valid_to=LAST),
    ),
)
INDEX = DirectoryIndex(ORGANISATION)


def test_units_stand_in_protocol_order() -> None:
    assert [agency.id for agency in INDEX.agencies()] == ["dept", "oja"]
    assert [division.id for division in INDEX.divisions_of("dept")] == ["old", "sec", "div-a", "div-b"]


def test_a_unit_that_was_abolished_is_left_out_on_a_day_after() -> None:
    on = date(2017, 10, 1)
    assert [division.id for division in INDEX.divisions_of("dept", on=on)] == ["sec", "div-a", "div-b"]
    old = INDEX.unit("old")
    assert exists(old, None)
    assert exists(old, date(2017, 9, 30))
    assert not exists(old, on)


@pytest.mark.parametrize(
    ("start", "agency"),
    [("dept", "dept"), ("plan", "dept"), ("div-a", "dept"), ("psd", None), ("moj", None)],
)
def test_a_unit_knows_its_agency(start: str, agency: str | None) -> None:
    found = INDEX.agency_of(start)
    assert (found and found.id) == agency


def test_the_planning_unit_is_found_also_below_another_office() -> None:
    assert INDEX.planning_unit_of("dept").id == "plan"
    with pytest.raises(NoPlanningUnit, match="หน่วยงาน oja"):
        INDEX.planning_unit_of("oja")


def test_the_secretariat_sits_under_the_permanent_secretary() -> None:
    assert INDEX.secretariat().id == "psd"
    assert INDEX.permanent_secretary().id == "ops"
    without = ORGANISATION.replace(units=tuple(u for u in ORGANISATION.units if u.id != "psd"))
    with pytest.raises(NoSecretariat):
        DirectoryIndex(without).secretariat()


def test_only_active_officers_count() -> None:
    assert [o.id for o in INDEX.officers_of("div-a")] == ["div-a.1", "div-a.boss"]
    assert [o.id for o in INDEX.officers_of("div-a", Duty.OFFICER)] == ["div-a.1"]
    assert [o.id for o in INDEX.supervisors_of("div-a")] == ["div-a.boss"]
    assert [o.id for o in INDEX.officers_with(Duty.ADMINISTRATOR)] == ["ops.admin"]
    assert INDEX.officers_of("oja") == ()


def test_a_head_is_found_or_is_not_there() -> None:
    head = INDEX.head_of("dept")
    assert head is not None
    assert head.id == "dept.head"
    assert INDEX.head_of("oja") is None


@pytest.mark.parametrize(
    ("at", "acts"),
    [
        (FIRST - timedelta(microseconds=1), False), (FIRST, True), (INSIDE, True), (LAST, True),
        (LAST + timedelta(microseconds=1), False),
    ],
)  # fmt: skip
def test_a_delegation_holds_from_its_first_to_its_last_moment(at: datetime, acts: bool) -> None:
    assert (INDEX.acting_for("div-b.1", "div-a", at) is not None) is acts
    assert bool(INDEX.may_act("div-b.1", "div-a", at)) is acts


OVERSEEN = DirectoryIndex(
    ORGANISATION.replace(
        oversights=(
            Oversight(officer="dept.head", units=("sec", "div-b"), instrument=ORDER, valid_from=FIRST, valid_to=LAST),
            Oversight(officer="div-a.boss", units=("div-b",), instrument=ORDER, valid_from=FIRST),
            Oversight(officer="div-a.gone", units=("div-b",), instrument=ORDER, valid_from=FIRST),
        )
    )
)


@pytest.mark.parametrize(
    ("at", "dept_head", "of_div_b"),
    [
        (FIRST - timedelta(microseconds=1), (), ()),
        (FIRST, ("sec", "div-b", "plan"), ("dept.head", "div-a.boss")),
        (LAST, ("sec", "div-b", "plan"), ("dept.head", "div-a.boss")),
        (LAST + timedelta(microseconds=1), (), ("div-a.boss",)),
    ],
)
def test_an_order_of_oversight_holds_for_the_units_and_what_is_below_them_until_it_ends_if_it_does(
    at: datetime, dept_head: tuple[str, ...], of_div_b: tuple[str, ...]
) -> None:
    assert OVERSEEN.overseen_by("dept.head", at) == dept_head
    assert tuple(o.id for o in OVERSEEN.overseers_of("div-b", at)) == of_div_b
    assert not OVERSEEN.may_act("dept.head", "div-b", at), "the work stays the unit's"


def test_who_oversees_a_unit_oversees_those_below_it_and_no_other() -> None:
    assert [o.id for o in OVERSEEN.overseers_of("plan", INSIDE)] == ["dept.head"]
    assert OVERSEEN.overseers_of("div-a", INSIDE) == INDEX.overseers_of("div-b", INSIDE) == ()
    assert INDEX.overseen_by("dept.head", INSIDE) == ()
    with pytest.raises(UnknownUnit):
        OVERSEEN.overseers_of("nowhere", INSIDE)


@pytest.mark.parametrize(
    ("who", "where", "duty", "allowed"),
    [
        ("div-a.1", "div-a", Duty.OFFICER, True),
        ("div-a.1", "div-a", Duty.SUPERVISOR, False),
        ("div-a.1", "div-a", Duty.HEAD, False),
        ("div-a.1", "div-b", Duty.OFFICER, False),
        ("div-a.boss", "div-a", Duty.OFFICER, True),
        ("div-a.boss", "div-a", Duty.HEAD, True),
        ("dept.head", "dept", Duty.HEAD, True),
        ("dept.head", "div-a", Duty.HEAD, False),  # a director-general does not fill in a division's form
        ("ops.admin", "ops", Duty.ADMINISTRATOR, True),
        ("ops.admin", "ops", Duty.OFFICER, False),
        ("div-b.1", "div-a", Duty.HEAD, True),  # acting
        ("div-b.1", "div-a", Duty.ADMINISTRATOR, False),  # not passed on
        ("div-a.gone", "div-a", Duty.OFFICER, False),
        ("div-a.gone", "div-b", Duty.OFFICER, False),
    ],
)
def test_who_may_do_what_where(who: str, where: str, duty: Duty, allowed: bool) -> None:
    verdict = INDEX.may_act(who, where, INSIDE, duty)
    assert bool(verdict) is allowed
    assert bool(verdict.th) is bool(verdict.en) is not allowed


@pytest.mark.parametrize(
    ("who", "named", "allowed"),
    [
        ("div-a.1", "div-a.1", True),
        ("div-a.boss", "div-a.1", False),  # the superior does not sign for a person
        ("div-b.1", "div-a.1", False),  # nor who acts under an order
        ("div-a.boss", "div-a.gone", True),  # but for one who has left
        ("div-b.1", "div-a.gone", True),
        ("div-a.1", "div-a.gone", False),
        ("div-a.boss", "div-b.1", True),  # one who serves elsewhere now
        ("div-a.boss", "unknown", True),
    ],
)
def test_who_does_the_work_of_one_officer(who: str, named: str, allowed: bool) -> None:
    verdict = INDEX.may_act(who, "div-a", INSIDE, named=named)
    assert bool(verdict) is allowed
    assert bool(verdict.th) is bool(verdict.en) is not allowed


def test_only_an_acting_officer_names_an_instrument() -> None:
    assert INDEX.may_act("div-b.1", "div-a", INSIDE).instrument == ORDER
    assert INDEX.may_act("div-a.1", "div-a", INSIDE).instrument is None


def test_every_duty_fulfils_itself() -> None:
    assert set(FULFILLED_BY) == set(Duty)
    assert all(duty in holders for duty, holders in FULFILLED_BY.items())


@pytest.mark.parametrize(
    "ask",
    [
        INDEX.unit, INDEX.agency_of, INDEX.planning_unit_of, INDEX.divisions_of, INDEX.officers_of, INDEX.head_of,
        lambda unit: INDEX.may_act("div-a.1", unit, INSIDE),
    ],
)  # fmt: skip
def test_an_unknown_unit_is_named(ask: object) -> None:
    with pytest.raises(UnknownUnit, match="ไม่พบหน่วยงาน «nowhere»") as unknown:
        ask("nowhere")  # type: ignore[operator]
    assert unknown.value.unit == "nowhere"


def test_an_unknown_officer_is_named() -> None:
    with pytest.raises(UnknownOfficer, match="ไม่พบเจ้าหน้าที่ «nobody»"):
        INDEX.officer("nobody")
    with pytest.raises(UnknownOfficer):
        INDEX.may_act("nobody", "dept", INSIDE)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(NaiveTime):
        INDEX.acting_for("div-b.1", "div-a", datetime.fromisoformat("2018-04-09T09:00"))
