"""What came of the cascade's story, beside what every story reads: agencies, rounds, remedies, duties, the ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from deployments.demo.cascade_story import CASCADE
from deployments.demo.findings import Findings, read_common
from engine.runtime import Runtime
from ledger import reading
from ledger.cases import CaseView
from ledger.hand_offs import HandOff
from schemas.base import CaseId, UnitId
from schemas.cascade import AgencyOutcome, CascadeCase, CascadeOutcome, DutyKind
from schemas.duty import DutyCase, DutyOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyFound:
    case: DutyCase
    outcome: DutyOutcome
    reported: tuple[datetime, ...]
    """When each agency reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeFindings(Findings):
    data: CascadeCase
    outcome: CascadeOutcome
    agencies: Mapping[UnitId, AgencyOutcome]
    duties: tuple[DutyFound, ...]
    work: Mapping[CaseId, Sequence[HandOff]]
    """Everything that was handed off in the cases."""
    signed_by_others: int
    """Agreements of persons that somebody else handed in."""
    warned: tuple[str, ...]
    """Heads who were told that their nine-month score is below the target."""

    def elements(self, element: str) -> list[HandOff]:
        return [each for work in self.work.values() for each in work if each.element == element]

    def of_kind(self, kind: DutyKind) -> tuple[DutyFound, ...]:
        return tuple(each for each in self.duties if each.outcome.kind is kind)


async def read_findings(runtime: Runtime) -> CascadeFindings:
    common = await read_common(runtime)
    cases = common["cases"]
    async with runtime.ledger.read() as connection:
        work = await reading.hand_offs_of_cases(connection, list(cases))
    agencies = _of(cases, "agency-cascade")
    duties = _of(cases, "province-duty")
    own = [each for of_case in work.values() for each in of_case if each.element == "agree"]
    return CascadeFindings(
        **common, data=CascadeCase.model_validate(cases[CASCADE].data),
        outcome=CascadeOutcome.model_validate(cases[CASCADE].result),
        agencies={
            outcome.agency: outcome for outcome in (AgencyOutcome.model_validate(case.result) for case in agencies)
        },
        duties=tuple(_duty(case, work[case.id]) for case in duties), work=work,
        signed_by_others=sum(each.closed_by is None or each.closed_by.officer != each.officer for each in own),
        warned=tuple(
            sorted(
                str(mail.officer) for mail in common["mails"]
                if mail.case_id.startswith("agency-cascade") and mail.folder == "notice"
            )
        ),
    )  # fmt: skip


def _of(cases: Mapping[CaseId, CaseView], process: str) -> list[CaseView]:
    return [case for _, case in sorted(cases.items()) if case.process == process]


def _duty(case: CaseView, work: Sequence[HandOff]) -> DutyFound:
    reported = tuple(each.closed_at for each in work if each.element == "report" and each.closed_at is not None)
    return DutyFound(
        case=DutyCase.model_validate(case.data), outcome=DutyOutcome.model_validate(case.result), reported=reported
    )
