"""Where tokens stand after each event: as conformance places them, with units, deadlines and instances."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from audit.approved import approval_of, approvals, model_of
from audit.notation import is_key
from audit.play import Play
from audit.scope import Scope
from audit.sheet import Kind, Sheet, sheet_of
from audit.tokens import Count, Tokens, tokens_at
from audit.vocabulary import functions_of
from engine import actions
from engine.process import process_named
from ledger import reading
from ledger.canonical import canonical_octets, stamp
from ledger.event import Event
from ledger.outline import ASKING, Outlined, outline
from schemas.kpi import Round
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.agreement import CERTIFIED, open_round
from tests.flows.people import TWO, accepted, at, do, pass_to, register, week_open
from tests.flows.test_sar import hand_in, reported

MONDAY = datetime(2018, 2, 12, 2, tzinfo=UTC)


def sheet(process: str) -> Sheet:
    return next(sheet_of(each) for each in approvals() if each.process == process)


async def history(stage: Stage, case_id: str) -> tuple[Event, ...]:
    async with stage.runtime.ledger.read() as connection:
        return await reading.history(connection, case_id)


async def outline_of(stage: Stage, case_id: str) -> tuple[Outlined, ...]:
    async with stage.runtime.ledger.read() as connection:
        return await outline(connection, case_id)


def strays(events: Sequence[Event], short: Sequence[Outlined]) -> Iterator[str]:
    """Where the diagram would show a token elsewhere than conformance has it."""
    said = events[0].content
    approval = approval_of(said["process"], said["version"], said.get("model"))
    data = process_named(said["process"], said["version"]).data.model_validate(said["data"])
    play = Play(model_of(approval), functions_of(said["process"]), data)
    tokens = Tokens(sheet_of(approval))
    for event, outlined in zip(events, short, strict=True):
        assert play.take(event), play.deviation
        tokens.take(outlined)
        for key, waiting in tokens.waiting.items():
            wait = play._waits[key]
            element = tokens.sheet.markers.get(wait.element, wait.element)
            places = list(_places(wait.scope)), [part.id for _, part in tokens.sheet.parts(key)]
            if waiting.element != element or places[0] != places[1]:
                yield f"#{event.seq} {key}: {waiting.element} {places[1]}, not {element} {places[0]}"
    assert tokens.unknown == set()


def _places(scope: Scope) -> Iterator[str]:
    while scope.around is not None and scope.token is not None:
        yield scope.token.task.task_spec.name
        scope = scope.around


# --- the same as conformance -------------------------------------------------------------------------------


async def test_a_week_stands_on_the_diagram_where_conformance_has_it(ministry: Stage, monday: ClockThatIsSet) -> None:
    """A directive that joins in mid-week is, in the flow, within the branch that took it in; in the model beside."""
    (case,) = await register(ministry)
    week = await week_open(ministry)
    await accepted(ministry, case)
    await do(ministry, case, "report", {"level": "in_progress", **TWO})
    await do(ministry, case, "check", {"decision": "return", "comment": "ขอแผน"})
    await pass_to(ministry, monday, at("2018-02-19", "10:00"))
    for case_id in (case, week):
        assert list(strays(await history(ministry, case_id), await outline_of(ministry, case_id))) == []
    events = await outline_of(ministry, week)
    tokens = tokens_at(sheet("weekly-cycle"), events, len(events))
    assert tokens.counts["report"] == Count(open=1, late=1, done=1)
    assert (tokens.counts["reports"], tokens.counts["check"]) == (Count(open=1), Count(done=1))
    assert "key_in" not in tokens.counts


async def test_a_round_of_reports_stands_on_the_diagram_where_conformance_has_it(
    department: Stage, clock: ClockThatIsSet
) -> None:
    clock.moment = at("2012-04-02")
    case = await open_round(department, Round.SIX)
    await reported(department, case)
    await hand_in(department, case, "cards[1.1.1]/certify_supervisor", CERTIFIED)
    events = await outline_of(department, case)
    assert list(strays(await history(department, case), events)) == []
    tokens = tokens_at(sheet("sar-round"), events, len(events))
    assert (tokens.counts["cards"], tokens.counts["keep"]) == (Count(open=3), Count(done=5))
    assert (tokens.counts["certify_supervisor"], tokens.counts["certify_psdg"]) == (
        Count(open=2, done=1),
        Count(open=1),
    )


async def test_the_outline_tells_what_whole_events_tell(ministry: Stage, monday: ClockThatIsSet) -> None:
    (case,) = await register(ministry)
    await accepted(ministry, case)
    events = await history(ministry, case)
    async with ministry.runtime.ledger.read() as connection:
        short = await outline(connection, case)
        assert await outline(connection, case, until=4) == short[:4]
    assert short == tuple(
        Outlined(one.seq, one.at, one.kind, one.key, one.payload if one.kind in ASKING else None) for one in events
    )


# --- open, late, done, withdrawn ---------------------------------------------------------------------------


async def test_work_waits_is_late_is_done_and_is_taken_back(ministry: Stage, monday: ClockThatIsSet) -> None:
    (case,) = await register(ministry)
    events = await outline_of(ministry, case)
    tokens = tokens_at(sheet("directive-lifecycle"), events, len(events))
    (waiting,) = tokens.waiting.values()
    assert (waiting.element, waiting.unit, waiting.since, waiting.late) == ("receive", "dept-plan", MONDAY, False)
    assert waiting.due is not None
    tokens.late_at(waiting.due - timedelta(microseconds=1))
    assert tokens.counts["receive"] == Count(open=1)
    tokens.late_at(waiting.due)  # a deadline is strict (R0.1)
    assert tokens.counts["receive"] == Count(open=1, late=1)
    await do(ministry, case, "receive", {"decision": "accept"})
    await actions.cancel_case(ministry.runtime, case, reason="ยกเลิก", actor=ACTOR)
    events = await outline_of(ministry, case)
    tokens = tokens_at(sheet("directive-lifecycle"), events, len(events))
    assert (tokens.counts["receive"], tokens.counts["assign"]) == (Count(done=1), Count(withdrawn=1))
    assert tokens.waiting == {}


def event(seq: int, kind: str, key: str, *, hour: float = 0, **said: Any) -> Outlined:
    return Outlined(seq, MONDAY + timedelta(hours=hour), kind, key, canonical_octets(said) if said else None)


def asked(seq: int, key: str, *, due: float, hour: float = 0) -> Outlined:
    until = stamp(MONDAY + timedelta(hours=due))
    return event(seq, "hand_off:open", key, hour=hour, unit="u", title="t", due_at=until)


def test_each_event_says_only_what_stands_otherwise_after_it() -> None:
    tokens = Tokens(sheet("sar-round"))
    assert tokens.take(asked(1, "cards[1]/keep[1]", due=2)) == {"keep": Count(open=1), "cards": Count(open=1)}
    assert tokens.take(asked(2, "cards[2]/keep[2]", due=9)) == {"keep": Count(open=2), "cards": Count(open=2)}
    # Between two events a deadline has passed; that is seen with the next event, whatever it is.
    assert tokens.take(event(3, "mail:send", "", hour=3)) == {"keep": Count(open=2, late=1)}
    later = stamp(MONDAY + timedelta(hours=5))
    assert tokens.take(event(4, "hand_off:replan", "cards[1]/keep[1]", hour=3, due_at=later)) == {"keep": Count(open=2)}
    changed = tokens.take(event(5, "hand_off:submit", "cards[1]/keep[1]", hour=6))
    assert changed == {"keep": Count(open=1, done=1), "cards": Count(open=1, done=1)}
    assert tokens.take(asked(6, "cards[1]/certify_psdg", due=9, hour=6))["cards"] == Count(open=2)
    changed = tokens.take(event(7, "case:cancel", "", hour=7))
    assert changed["cards"] == Count(done=2)
    assert changed["keep"] == Count(done=1, withdrawn=1)


def test_what_the_model_does_not_have_is_named_and_moves_nothing() -> None:
    tokens = Tokens(sheet("meeting-printout"))
    assert tokens.take(event(1, "step:done", "archive")) == {}
    assert tokens.take(event(2, "hand_off:open", "parts[1]/burn", unit="u")) == {}
    assert (tokens.unknown, tokens.waiting) == ({"archive", "burn"}, {})


@pytest.mark.parametrize(
    ("process", "key", "parts"),
    [
        ("weekly-cycle", "joining/joins#2", ["joining"]),
        ("weekly-cycle", "joining/reports[d]/report", ["reports"]),  # outlives, beside the one that began it
        ("appeal", "kpis[5]/lodged_or_over[lodged]/draft", ["lodged", "kpis"]),  # the member of a race
        ("appeal", "kpis[5]/window_ends", ["kpis"]),
        ("award-allocation", "objections[everyone]/units[u]/object", ["units", "everyone"]),
        ("monthly-follow-up", "reported_or_due[due]/due", []),  # a member that only waits
        ("site-visit", "support[p]/support", []),  # an instance of a task
        ("site-visit", "records[4.3]/answers[4.3]/answer", ["answers"]),
        ("agreement-cycle", "follow_ups/follow_up[2012-02]/meeting", ["follow_up", "follow_ups"]),
        ("sar-round", "cards[6]#2/keep_all", ["cards"]),
    ],
)
def test_a_branch_of_the_flow_is_a_part_of_the_model_or_none(process: str, key: str, parts: list[str]) -> None:
    assert [part.id for _, part in sheet(process).parts(key)] == parts


# --- the sheet ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("process", sorted({each.process for each in approvals()}))
def test_every_key_of_a_model_has_its_place_on_the_sheet(process: str) -> None:
    approval = next(each for each in approvals() if each.process == process)
    found, model = sheet_of(approval), model_of(approval)
    assert {*found.elements, *found.markers} == {element for element in model.names if is_key(element)}
    assert [each.id for each in found.asked if not each.lane] == []
    parts = {each.id for each in found.elements.values() if each.kind is Kind.PART}
    assert {each.inside for each in found.elements.values()} <= parts | {""}


def test_names_are_read_as_thai_is_written_and_actors_within_a_part_are_lanes() -> None:
    elements = sheet("sar-round").elements
    assert (elements["approve"].th, elements["approve"].lane) == ("เห็นชอบรายงาน", "อธิบดี")
    assert elements["certify_psdg"].lane == "กลุ่มพัฒนาระบบบริหาร (กพร.)"  # the lane that has the short name in brackets
    assert elements["keep"].lane == "ผู้จัดเก็บข้อมูล"
    assert sheet("weekly-cycle").elements["check"].lane == "กลุ่มแผน"
