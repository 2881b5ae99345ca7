"""What came of the framework's story, beside what every story reads: each province, the dates, the receipts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from deployments.demo.findings import Findings, read_common
from deployments.demo.framework_story import CIRCULAR, FRAMEWORK
from engine.runtime import Runtime
from ledger import reading
from ledger.hand_offs import HandOff
from schemas.base import UnitId
from schemas.circular import CircularOutcome
from schemas.framework import FrameworkCase, FrameworkOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvinceFound:
    """One province: how it came to its KPIs."""

    th: str
    kpis: int
    unlinked: int
    drafted_at: datetime
    drafted_late: bool
    advised: bool
    revisions: int
    adopted_at: datetime
    volume: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameworkFindings(Findings):
    provinces: Mapping[UnitId, ProvinceFound]
    """By the province's office, in the order of the case."""
    outcome: FrameworkOutcome
    circular: CircularOutcome
    late_receipts: int
    opened: Mapping[str, datetime]
    """When work of an element was first asked for."""
    due: Mapping[str, datetime | None]
    """When it was due."""
    told: tuple[str, ...]
    """Officers who were told that their province is missing."""


async def read_findings(runtime: Runtime) -> FrameworkFindings:
    common = await read_common(runtime)
    async with runtime.ledger.read() as connection:
        work = await reading.hand_offs_of_case(connection, FRAMEWORK)
        receipts = await reading.hand_offs_of_case(connection, CIRCULAR)
        answers = await reading.answers(connection, work)
    said = FrameworkCase.model_validate(common["cases"][FRAMEWORK].data)
    outcome = FrameworkOutcome.model_validate(common["cases"][FRAMEWORK].result)
    first = {
        element: next(w for w in work if w.element == element) for element in ("draft_framework", "draft", "adopt")
    }
    kpis = {each.unit: each for each in outcome.adopted}
    provinces = {}
    for province in said.provinces:
        own = [each for each in work if each.key.startswith(f"provinces[{province.unit}]/")]
        draft, advice = _only(own, "draft"), _only(own, "advise")
        assert draft.closed_at is not None
        adopted = kpis[province.unit]
        provinces[province.unit] = ProvinceFound(
            th=province.th, kpis=len(adopted.kpis), unlinked=sum(kpi.plan is None for kpi in adopted.kpis),
            drafted_at=draft.closed_at, drafted_late=draft.late, advised=bool(answers[advice.id].get("comment")),
            revisions=sum(each.element == "revise" for each in own), adopted_at=adopted.at,
            volume=2 if province.unit in outcome.missing_at_first else 1,
        )  # fmt: skip
    return FrameworkFindings(
        **common, provinces=provinces, outcome=outcome,
        circular=CircularOutcome.model_validate(common["cases"][CIRCULAR].result),
        late_receipts=sum(each.late for each in receipts if each.element == "acknowledge"),
        opened={element: each.opened_at for element, each in first.items()},
        due={element: each.due_at for element, each in first.items()},
        told=tuple(
            str(mail.officer) for mail in common["mails"] if mail.case_id == FRAMEWORK and mail.folder == "notice"
        ),
    )  # fmt: skip


def _only(work: Sequence[HandOff], element: str) -> HandOff:
    (found,) = [each for each in work if each.element == element]
    return found
