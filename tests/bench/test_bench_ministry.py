"""The ministry under test: as large as it says, and its directives in the register."""

from __future__ import annotations

from datetime import date

import pytest

from deployments.bench_ministry import AGENCIES, DIVISIONS, directives, furnish, officer_of, organisation
from deployments.bench_process import message_id_in
from deployments.bench_scale import LARGE, SMALL
from engine.runtime import Runtime
from ledger import reading
from ledger.work import Ledger
from rules.directory import DirectoryIndex
from schemas.organisation import Duty
from tests.engine.driver import SETTINGS


def test_every_directive_has_a_division_and_a_planning_unit_with_an_officer() -> None:
    directory = DirectoryIndex(organisation())
    for line in directives(AGENCIES * DIVISIONS + 1, date(2018, 2, 8)):
        assert directory.planning_unit_of(line.agency).id == line.planning_unit
        assert directory.agency_of(line.division) == directory.unit(line.agency)
        for unit in (line.division, line.planning_unit):
            assert [o.id for o in directory.officers_of(unit, Duty.OFFICER)] == [officer_of(unit)]


def test_directives_are_spread_over_all_divisions() -> None:
    found = directives(AGENCIES * DIVISIONS, date(2018, 2, 8))
    assert len({line.division for line in found}) == len({line.case for line in found}) == AGENCIES * DIVISIONS


async def test_the_register_is_what_the_week_finds_and_nothing_wants_a_run(ledger: Ledger) -> None:
    await furnish(ledger, directives(3, date(2018, 2, 8)))
    runtime = Runtime(SETTINGS, ledger)
    await runtime.refresh(at_once=True)
    async with ledger.read() as connection:
        found = await reading.facts_in_phase(connection, process="directive-lifecycle", phase="reporting")
        standing = await reading.cases_where(connection, limit=10)
    assert [line["no"] for line in found] == ["2561-00001", "2561-00002", "2561-00003"]
    assert {case.run_state for case in standing} == {"none"}


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"From: a@b\r\nMessage-ID: <1@moj.example>\r\nTo: c@d", "<1@moj.example>"),
        (b"Message-ID:\r\n <2@moj.example>\r\nTo: c@d", "<2@moj.example>"),
        (b"message-id: <3@moj.example>", "<3@moj.example>"),
        (b"To: c@d", ""),
    ],
)
def test_the_sink_finds_the_message_id_in_the_head_only(head: bytes, expected: str) -> None:
    assert message_id_in(head + b"\r\n\r\nMessage-ID: <other@moj.example>\r\n") == expected


def test_the_sizes_are_those_of_the_bar() -> None:
    assert (SMALL.hand_offs, SMALL.cases) == (1_000, 20)
    assert (LARGE.hand_offs, LARGE.cases) == (100_000, 500)
