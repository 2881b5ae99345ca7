"""The board of an agreement year: every KPI in every round, the totals, the announced and the final scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from ledger.hand_offs import OPEN
from portal.year_book import book_of
from portal.year_cells import Cell, CellState, RoundBoard, kpi_of, round_board
from portal.year_records import YearRecords
from reports.dimensions import Group, groups
from reports.score_table import Light, light
from rules.appeal import final_card, provisional_card
from rules.scorecard import scorecard
from schemas.agreement import AnnouncedKpi
from schemas.appeal import AppealEnding, AppealKind
from schemas.criteria import KpiNumber, number_key
from schemas.kpi import Kpi, KpiBook, Round
from schemas.policy import AgreementPolicy
from schemas.scorecard import Finding, FindingCode, Scorecard
from schemas.year import YearDay

MEASURED = (Light.GREEN, Light.YELLOW, Light.RED)


class AppealStage(StrEnum):
    """Where an appeal that is not settled stands."""

    DRAFT = "draft"
    """The unit may appeal, or say that it does not."""
    CHECK = "check"
    SIGN = "sign"
    DECIDE = "decide"
    """Lodged in time; สำนักงาน ก.พ.ร. decides."""
    SETTLED = "settled"
    """Settled itself, while others of the notice are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeals:
    """The KPIs of one notice and what became of them."""

    kind: AppealKind
    case_id: str
    ends: datetime | None
    """The last moment to sign an appeal, once the window is recorded."""
    endings: Mapping[KpiNumber, AppealEnding]
    """Of every KPI, when all are settled."""
    stages: Mapping[KpiNumber, AppealStage]
    """Of every KPI, until then."""

    def of(self, number: KpiNumber) -> AppealEnding | AppealStage | None:
        return self.endings.get(number) or self.stages.get(number)

    def counts(self) -> Mapping[AppealEnding | AppealStage, int]:
        return Counter(self.endings.values() or self.stages.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A KPI through the year."""

    kpi: Kpi
    cells: Mapping[Round, Cell]
    announced: Decimal | None
    final: Decimal | None
    """What holds after the appeals."""
    appeal: AppealEnding | AppealStage | None

    @property
    def holders(self) -> tuple[str, ...]:
        return tuple(holding.unit for holding in self.kpi.holdings)


@dataclass(frozen=True, kw_only=True)
class YearBoard:
    book: KpiBook
    policy: AgreementPolicy
    rounds: tuple[RoundBoard, ...]
    rows: Mapping[KpiNumber, Row]
    appeals: Mapping[AppealKind, Appeals]
    announced: Scorecard | None
    """As announced, while appeals may be open; None before every KPI is announced."""
    final: Scorecard | None

    @cached_property
    def sections(self) -> tuple[tuple[Group, tuple[Row, ...]], ...]:
        """By dimension, in the agreement's order, parts below the whole; dimensions without a KPI are left out."""
        found = (group for group in groups(self.book) if not group.empty)
        return tuple((group, tuple(self.rows[kpi.number] for kpi in group.kpis)) for group in found)

    @property
    def current(self) -> RoundBoard | None:
        """The last round that is open, or was."""
        return next((each for each in reversed(self.rounds) if each.is_open), None)

    @property
    def latest(self) -> Scorecard | None:
        """The scores that say most: the final ones, else as announced, else of the last round."""
        return self.final or self.announced or (self.current.card if self.current else None)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What does not fit together, in the rounds as they stand or would, each said once."""
        cards = (each.card or scorecard(self.book, {}, each.round) for each in self.rounds)
        return tuple({finding.th: finding for card in cards for finding in card.findings}.values())

    @property
    def weights_amiss(self) -> tuple[Finding, ...]:
        """Rounds whose weights do not add up to 100; nothing is adjusted."""
        return tuple(f for f in self.findings if f.code is FindingCode.WEIGHT_SUM_NOT_100)

    def light(self, score: Decimal | None) -> Light:
        return light(score, self.policy)

    def lights(self) -> Mapping[Light, int]:
        """How many KPIs have each light by the scores that say most; `NONE`: without a score that counts."""
        card = self.latest
        counted = Counter(
            self.light(row.score if row.counts else None)
            for row in (card.rows if card else ())
            if row.number in self.rows and row.state not in {"not_started", "cancelled"}
        )
        return {each: counted[each] for each in (*MEASURED, Light.NONE)}

    def of(self, unit: str) -> tuple[Row, ...]:
        """The KPIs that a unit holds, alone or with others."""
        return tuple(row for _, rows in self.sections for row in rows if unit in row.holders)

    def states(self, round_: Round) -> Mapping[CellState, int]:
        counted = Counter(row.cells[round_].state for row in self.rows.values() if round_ in row.cells)
        return {state: counted[state] for state in CellState}


def board_of(records: YearRecords, policy: AgreementPolicy) -> YearBoard:
    """The year as it stands, from its records alone."""
    book = book_of(records)
    rounds = tuple(_round(records, book, round_) for round_ in Round)
    appeals = {kind: found for kind in AppealKind if (found := _appeals(records, kind))}
    announced, final = _announced(records), _final(records)
    scores = appeals.get(AppealKind.SCORE)
    return YearBoard(
        book=book, policy=policy, rounds=rounds, appeals=appeals,
        rows={
            kpi.number: Row(
                kpi=kpi, cells={each.round: each.cells[kpi.number] for each in rounds if kpi.number in each.cells},
                announced=announced.get(kpi.number), final=final.get(kpi.number),
                appeal=scores.of(kpi.number) if scores else None,
            )
            for kpi in sorted(book.kpis, key=lambda kpi: number_key(kpi.number))
        },
        announced=_announced_card(records), final=_final_card(records),
    )  # fmt: skip


def _round(records: YearRecords, book: KpiBook, round_: Round) -> RoundBoard:
    case, due = records.round(round_), records.plan.due(YearDay.report(round_))
    return round_board(book, round_, case, records.work_of(case), records.answers, due=due, now=records.now)


# --- announced, appealed against, final --------------------------------------------------------------------


def _announced(records: YearRecords) -> Mapping[KpiNumber, Decimal]:
    said = ((kpi_of(h), records.answer_of(h)) for h in records.work_of(records.case) if h.element == "announce")
    return {n: AnnouncedKpi.model_validate(answer).score for n, answer in said if n and answer is not None}


def _announced_card(records: YearRecords) -> Scorecard | None:
    appealed = records.appeal(AppealKind.SCORE)
    return provisional_card(appealed[0]) if appealed else None


def _final(records: YearRecords) -> Mapping[KpiNumber, Decimal]:
    appealed = records.appeal(AppealKind.SCORE)
    if appealed is None or appealed[1] is None:
        return {}
    return {result.kpi: result.value for result in appealed[1].results if result.value is not None}


def _final_card(records: YearRecords) -> Scorecard | None:
    appealed = records.appeal(AppealKind.SCORE)
    if appealed is None or appealed[1] is None:
        return None
    return appealed[1].scorecard or final_card(appealed[0], appealed[1].results)


def _appeals(records: YearRecords, kind: AppealKind) -> Appeals | None:
    appealed, case = records.appeal(kind), records.appeal_case(kind)
    if appealed is None or case is None:
        return None
    notice, outcome = appealed
    ends = case.facts.get("ends")
    open_ = {kpi_of(h): h.element for h in records.work_of(case) if h.state == OPEN}
    return Appeals(
        kind=kind, case_id=case.id, ends=datetime.fromisoformat(ends) if ends else None,
        endings={result.kpi: result.ending for result in outcome.results} if outcome else {},
        stages={} if outcome else {
            kpi.number: AppealStage(open_.get(kpi.number, AppealStage.SETTLED)) for kpi in notice.kpis
        },
    )  # fmt: skip
