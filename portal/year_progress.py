"""The follow-ups of an agreement year and the lights that each KPI had in them (P6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ledger.cases import CaseView
from portal.year_cells import kpi_of
from portal.year_records import YearRecords
from rules.follow_up import followed_kpis, lights
from schemas.criteria import KpiNumber
from schemas.follow_up import FollowUpCase, FollowUpOffice, FollowUpOutcome, KpiLight, KpiProgress, ProgressReport
from schemas.kpi import Round

PROCESS = "monthly-follow-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A month's follow-up, or the one before a round."""

    case_id: str
    month: date
    round: Round | None
    taking: bool
    """The due moment has not come: who has not reported is not late."""
    lights: Mapping[KpiNumber, KpiLight]


def follow_ups(records: YearRecords) -> tuple[FollowUp, ...]:
    """Those that have begun, in the order of their months."""
    found = (_follow_up(records, case) for case in records.cases.values() if case.process == PROCESS)
    return tuple(sorted((each for each in found if each), key=lambda each: (each.month, each.round or 0)))


def _follow_up(records: YearRecords, case: CaseView) -> FollowUp | None:
    data = FollowUpCase.model_validate(case.data)
    if case.result is not None:
        table = FollowUpOutcome.model_validate(case.result).final.lights
        by_number = {each.number: each for each in table}
        return FollowUp(case_id=case.id, month=data.month, round=data.round, taking=False, lights=by_number)
    looked_up = records.steps.get((case.id, "look_up"))
    opened = None if looked_up is None else FollowUpOffice.model_validate(looked_up)
    if opened is None or records.now < opened.opens:
        return None
    reports = {each.number: each for each in _reports(records, case)}
    standing = lights(followed_kpis(data), reports, opened.office, opened.elapsed, opened.due)
    return FollowUp(
        case_id=case.id, month=data.month, round=data.round, taking=records.now <= opened.due,
        lights={each.number: each for each in standing},
    )  # fmt: skip


def _reports(records: YearRecords, case: CaseView) -> Iterator[KpiProgress]:
    for hand_off in records.work_of(case):
        answer, number = records.answer_of(hand_off), kpi_of(hand_off)
        if (
            hand_off.element == "progress"
            and answer is not None
            and number
            and hand_off.closed_at
            and hand_off.closed_by
        ):
            said = ProgressReport.model_validate(answer)
            yield KpiProgress(number=number, by=hand_off.closed_by, at=hand_off.closed_at, **said.model_dump())
