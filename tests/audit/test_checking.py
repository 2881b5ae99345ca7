"""Results are kept, made anew when a case has gone on, and shown by the auditor's command."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from audit.checking import AGAIN_AFTER, Nightly, compare, last_night, modelled
from audit.verdict import Deviation, Why
from engine import actions
from engine.process import processes
from ledger import conformances, reading, tables
from ledger.conformances import Kept
from ledger.work import Ledger
from notifications.compose import compose
from tests.audit.judging import carried_out_by
from tests.audit.test_deviations import nobody_checks
from tests.conftest import ClockThatIsSet
from tests.engine.driver import ACTOR, Stage
from tests.flows.people import accepted, at, do, messages_of, pass_to, register, week_open
from tests.flows.test_printout import ordered

NOT_OURS = {"decision": "not_ours", "reason": "เป็นภารกิจของหน่วยงานอื่น"}


@pytest.fixture
def ledger(database: AsyncEngine, clock: ClockThatIsSet) -> Ledger:
    """Both databases."""
    return Ledger(database, clock)


async def kept(stage: Stage, *cases: str) -> dict[str, Kept]:
    async with stage.runtime.ledger.read() as connection:
        return await conformances.of_cases(connection, cases)


async def ended(stage: Stage) -> str:
    """A directive that was sent back to the secretariat and withdrawn."""
    (case,) = await register(stage)
    await do(stage, case, "receive", NOT_OURS)
    await do(stage, case, "reroute", {"decision": "withdraw", "reason": "หน่วยงานอื่นดำเนินการแล้ว"})
    return case


async def deviating(stage: Stage, clock: ClockThatIsSet) -> str:
    with carried_out_by("meeting-printout", nobody_checks):
        await week_open(stage)
        case = await ordered(stage, "2018-02-20")
        await pass_to(stage, clock, at("2018-02-19", "09:00"))
        await do(stage, case, "acknowledge", {})
    return case


async def test_a_case_records_the_model_that_it_runs_under(ministry: Stage, monday: ClockThatIsSet) -> None:
    (case,) = await register(ministry)
    async with ministry.runtime.ledger.read() as connection:
        (opened, *_) = await reading.history(connection, case)
    found = (await compare(ministry.runtime.ledger, [case])).found
    assert opened.content["model"] == found[0].model


async def test_a_case_is_compared_once_it_has_ended_and_not_again(ministry: Stage, monday: ClockThatIsSet) -> None:
    case, nightly = await ended(ministry), Nightly(ministry.runtime)
    assert await kept(ministry, case) == {}
    assert (await nightly.once(), await nightly.once()) == (1, 0)
    result = (await kept(ministry, case))[case]
    assert (result.deviation, result.checked_at) == (None, monday.moment)


async def test_an_open_case_is_compared_at_night_if_it_has_gone_on(ministry: Stage, monday: ClockThatIsSet) -> None:
    (case,) = await register(ministry)
    nightly = Nightly(ministry.runtime)
    assert await nightly.once() == 0
    monday.moment = at("2018-02-13", "01:59")
    assert await nightly.once() == 0
    monday.moment = at("2018-02-13", "02:00")
    assert (await nightly.once(), await nightly.once()) == (1, 0)
    await do(ministry, case, "receive", {"decision": "accept"})
    assert await nightly.once() == 0  # until the next night
    monday.moment = at("2018-02-14", "02:01")
    assert (await nightly.once(), await nightly.once()) == (1, 0)
    monday.moment = at("2018-02-15", "02:01")
    assert await nightly.once() == 0  # nothing has happened


async def test_a_deviation_is_kept_logged_and_listed(
    ministry: Stage, monday: ClockThatIsSet, caplog: pytest.LogCaptureFixture
) -> None:
    case = await deviating(ministry, monday)
    await ended(ministry)
    with caplog.at_level(logging.WARNING, "sangkan.audit"):
        assert await Nightly(ministry.runtime).once() == 4  # two have ended, and two weeks are open since yesterday
    assert [record.message for record in caplog.records] == [
        f"{case} departs from its model: «print»: the model is not at this step (the model awaits: check)"
    ]
    async with ministry.runtime.ledger.read() as connection:
        (found,) = await conformances.deviating(connection, limit=10)
    said = Deviation.model_validate_json(found.deviation or "")
    assert (found.case_id, said.element, said.why) == (case, "print", Why.NOT_NOW)


async def test_one_case_that_cannot_be_compared_does_not_stop_the_others(
    ministry: Stage, monday: ClockThatIsSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that is no longer kept: the case says which."""
    case = await ended(ministry)
    async with ministry.runtime.ledger.begin() as work:
        events = await reading.history(work.connection, case)
    opened = json.loads(events[0].payload) | {"model": "0" * 64}

    async def another(*_: object, **__: object) -> tuple[object, ...]:
        return (events[0]._replace(payload=json.dumps(opened).encode()), *events[1:])

    with monkeypatch.context() as patch:
        patch.setattr(reading, "history", another)
        compared = await compare(ministry.runtime.ledger, [case])
    assert (compared.found, [each.case for each in compared.missed]) == ([], [case])
    assert "000000000000" in str(compared.missed[0].why)


async def test_a_cancelled_case_conforms_as_far_as_it_came(ministry: Stage, monday: ClockThatIsSet) -> None:
    (case,) = await register(ministry)
    await accepted(ministry, case)
    await actions.cancel_case(ministry.runtime, case, reason="ยกเลิกข้อสั่งการ", actor=ACTOR)
    compared = await compare(ministry.runtime.ledger, [case])
    assert (compared.found[0].conforms, compared.missed) == (True, [])


async def test_a_departure_that_somebody_has_taken_out_comes_back_and_auditors_are_told(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    case, ledger = await deviating(ministry, monday), ministry.runtime.ledger
    await compare(ledger, [case])
    said = (await kept(ministry, case))[case].deviation
    assert said is not None
    async with ledger.begin() as work:
        await work.connection.execute(update(tables.conformances).values(deviation=None))
        await work.commit()
    nightly = Nightly(ministry.runtime)
    monday.moment += AGAIN_AFTER
    await nightly.once()
    assert (await kept(ministry, case))[case].deviation is None, "not a month old"
    monday.moment += timedelta(minutes=1)
    await nightly.once()
    assert (await kept(ministry, case))[case].deviation == said
    notice, *_ = await messages_of(ministry, case, "notice")
    assert "ถูกแก้ไข" in compose(notice.replace(link="https://portal.test")).subject


@pytest.mark.parametrize("forged", [{"model": "x"}, {"checked_at": at("2900-01-01")}])
async def test_a_result_that_claims_another_model_or_a_later_day_is_made_anew(
    ministry: Stage, monday: ClockThatIsSet, forged: dict[str, Any]
) -> None:
    case, ledger = await ended(ministry), ministry.runtime.ledger
    nightly = Nightly(ministry.runtime)
    await nightly.once()
    before = (await kept(ministry, case))[case]
    async with ledger.begin() as work:
        await work.connection.execute(update(tables.conformances).values(**forged))
        await work.commit()
    monday.moment += AGAIN_AFTER + timedelta(minutes=1)
    await nightly.once()
    assert (await kept(ministry, case))[case].model == before.model
    assert (await kept(ministry, case))[case].checked_at == monday.moment
    assert len(await messages_of(ministry, case, "notice")) == (2 if "model" in forged else 0)


async def test_a_result_is_made_anew_once_a_month_though_nothing_has_happened_since(
    ministry: Stage, monday: ClockThatIsSet
) -> None:
    case, nightly = await ended(ministry), Nightly(ministry.runtime)
    assert await nightly.once() == 1
    monday.moment += AGAIN_AFTER + timedelta(minutes=1)
    assert (await nightly.once(), await nightly.once()) == (1, 0)
    assert (await kept(ministry, case))[case].checked_at == monday.moment
    assert await messages_of(ministry, case, "notice") == []


@pytest.mark.parametrize(
    ("now", "night"),
    [
        (at("2018-02-13", "01:59"), at("2018-02-12", "02:00")),
        (at("2018-02-13", "02:00"), at("2018-02-13", "02:00")),
        (at("2018-02-13", "23:59"), at("2018-02-13", "02:00")),
    ],
)
def test_the_last_night_began_at_two_o_clock_in_bangkok(now: datetime, night: datetime) -> None:
    assert last_night(now) == night


def test_every_process_is_compared() -> None:
    assert modelled() == {p.id for p in processes() if p.entrypoint.startswith("flows.")}
