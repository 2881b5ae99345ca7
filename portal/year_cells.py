"""One KPI in one SAR round: how far its report has come and who holds it, derived from the round's hand-offs (P7)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ledger.cases import CaseView
from ledger.hand_offs import OPEN, SUBMITTED, WITHDRAWN, HandOff
from rules.sar import active_kpis, result_of
from rules.scorecard import scorecard
from schemas.attachment import AttachedFile
from schemas.criteria import KpiNumber, Result
from schemas.form import FORMS
from schemas.kpi import Kpi, KpiBook, Round
from schemas.sar import CertificationDecision, SarCardForm, SarRoundCase
from schemas.scorecard import KpiReport, Scorecard, ScoreRow

KEEP, SUPERVISOR, PSDG = "keep", "certify_supervisor", "certify_psdg"
CARD = frozenset({KEEP, SUPERVISOR, PSDG})
_OF_KPI = re.compile(r"[a-z_]+\[([0-9.]+)\]")
"""A key of work on a KPI: `cards[1.1.1]/keep[1.1.1]`, `announce[7]`, `kpis[7]/…/draft`."""

Answers = Mapping[str, Mapping[str, Any]]


def kpi_of(hand_off: HandOff) -> KpiNumber | None:
    """The KPI that a piece of work is about, as its key says; None where it is about no single one."""
    found = _OF_KPI.match(hand_off.key)
    return found[1] if found else None


class CellState(StrEnum):
    """How far the report of one KPI has come in a round, in the order in which it comes."""

    INACTIVE = "inactive"
    """Not measured in this round: it starts later, or is cancelled."""
    NOT_OPEN = "not_open"
    REPORTING = "reporting"
    """Data keepers have it."""
    RETURNED = "returned"
    """Sent back to the data keepers, with a remark."""
    SUPERVISOR = "supervisor"
    """The KPI's supervisor certifies."""
    PSDG = "psdg"
    """กพร. certifies."""
    CERTIFIED = "certified"
    LATE = "late"
    """Certified after the day on which the divisions' reports were due, as it stood then (decision 24)."""
    NOT_REPORTED = "not_reported"
    """Not certified when the round was reported, or withdrawn."""


CERTIFIED = frozenset({CellState.CERTIFIED, CellState.LATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A KPI in a round."""

    kpi: Kpi
    """As it stands in the round."""
    round: Round
    case_id: str | None
    state: CellState
    holders: tuple[str, ...] = ()
    """Units that hold it now."""
    since: datetime | None = None
    """Since when they hold it; of what is certified, when that was."""
    until: datetime | None = None
    overdue: bool = False
    remark: str = ""
    """Why it was sent back."""
    row: ScoreRow | None = None
    """Its line of the scorecard; None before the round is open."""
    result: Result | None = None
    files: tuple[AttachedFile, ...] = ()
    """The evidence of all keepers as they reported last, each content once."""

    @property
    def score(self) -> Decimal | None:
        return self.row.score if self.row else None

    @property
    def counts(self) -> bool:
        """Whether the score is certified; else it is what the report would make."""
        return self.row is not None and self.row.counts


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundBoard:
    """All KPIs of a year in one round."""

    round: Round
    case_id: str | None
    due: datetime
    """By when the round is reported to สำนักงาน ก.พ.ร."""
    sent_at: datetime | None
    cells: Mapping[KpiNumber, Cell]
    card: Scorecard | None
    """Over what is certified by now; None before the round is open."""

    @property
    def is_open(self) -> bool:
        return self.card is not None


def round_board(
    book: KpiBook, round_: Round, case: CaseView | None, work: Sequence[HandOff], answers: Answers, *,
    due: datetime, now: datetime,
) -> RoundBoard:  # fmt: skip
    """A round as it stands.

    :param book: the KPIs as they stand now; a round that is open goes by those that it was opened with.
    :param work: the hand-offs of the round's case in the order in which they were opened.
    """
    data = SarRoundCase.model_validate(case.data) if case else None
    if data:
        book = data.book
    active = {kpi.number for kpi in active_kpis(book, round_)}
    by_kpi: dict[str, list[HandOff]] = defaultdict(list)
    for hand_off in work:
        if hand_off.element in CARD and (number := kpi_of(hand_off)):
            by_kpi[number].append(hand_off)
    cards = {
        kpi.number: _Card(kpi, by_kpi[kpi.number], answers, (data.external if data else {}).get(kpi.number))
        for kpi in book.kpis
        if kpi.number in by_kpi
    }
    sent = next((h for h in work if h.element == "send" and h.state == SUBMITTED), None)
    opened = case is not None and (bool(by_kpi) or sent is not None or case.state != OPEN)
    card = scorecard(book, {number: one.report() for number, one in cards.items()}, round_) if opened else None
    rows = {row.number: row for row in card.rows} if card else {}
    over = sent is not None or (case is not None and case.state != OPEN)
    return RoundBoard(
        round=round_, case_id=case.id if case else None, due=due,
        sent_at=sent.closed_at if sent else None, card=card,
        cells={
            kpi.number: _cell(
                kpi, round_, case, cards.get(kpi.number), rows.get(kpi.number),
                active=kpi.number in active, over=over, now=now,
            )
            for kpi in book.kpis
        },
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Card:
    """The work on one KPI in a round, in its order."""

    kpi: Kpi
    work: Sequence[HandOff]
    answers: Answers
    external: Decimal | None
    """The score that another body has supplied."""

    @property
    def open(self) -> list[HandOff]:
        return [h for h in self.work if h.state == OPEN]

    @property
    def last(self) -> HandOff:
        return self.work[-1]

    def keeps(self) -> list[HandOff]:
        """What each keeper was asked last."""
        latest = {h.key.rpartition("/")[2].partition("#")[0]: h for h in self.work if h.element == KEEP}
        return list(latest.values())

    def forms(self) -> dict[str, SarCardForm]:
        """What the keepers reported, by KPI, part of it, or unit; empty as long as one of them has not."""
        asked = self.keeps()
        if any(h.id not in self.answers for h in asked):
            return {}
        return {_name(h): _form(h, self.answers) for h in asked}

    def certified(self, element: str) -> HandOff | None:
        """The certification of what was reported last."""
        if self.last.element == KEEP:
            return None
        given = next((h for h in reversed(self.work) if h.element in {element, KEEP}), None)
        if given is None or given.element != element or given.id not in self.answers:
            return None
        return given if self.answers[given.id]["decision"] == CertificationDecision.CERTIFY else None

    def late(self, final: HandOff) -> bool:
        """Certified late, or in time only by the days that were given after a late refusal."""
        branch = final.key.partition("/")[0]
        judged = (h for h in self.work if h.element in {SUPERVISOR, PSDG} and h.key.startswith(f"{branch}/"))
        return any(h.late for h in judged if h is final or self._refused(h))

    def _refused(self, hand_off: HandOff) -> bool:
        said = self.answers.get(hand_off.id)
        return said is not None and said["decision"] == CertificationDecision.REFUSE

    def result(self) -> Result | None:
        forms = self.forms()
        return result_of(self.kpi.criteria, self.kpi.number, forms, self.external) if forms else None

    def report(self) -> KpiReport:
        return KpiReport(
            result=self.result(),
            certified_by_supervisor=self.certified(SUPERVISOR) is not None,
            certified_by_psdg=self.certified(PSDG) is not None,
        )

    def files(self) -> tuple[AttachedFile, ...]:
        kept = (_form(h, self.answers) for h in self.work if h.element == KEEP and h.id in self.answers)
        return tuple({file.sha256: file for form in kept for file in form.attachments}.values())


def _name(hand_off: HandOff) -> str:
    return hand_off.key.rpartition("[")[2].partition("]")[0]


def _form(hand_off: HandOff, answers: Answers) -> SarCardForm:
    form = FORMS[hand_off.form].model_validate(answers[hand_off.id])
    assert isinstance(form, SarCardForm), hand_off.form
    return form


def _cell(
    kpi: Kpi, round_: Round, case: CaseView | None, card: _Card | None, row: ScoreRow | None, *,
    active: bool, over: bool, now: datetime,
) -> Cell:  # fmt: skip
    cell = Cell(kpi=kpi, round=round_, case_id=case.id if case else None, row=row, state=CellState.INACTIVE)
    if not active:
        return cell
    if card is None:
        return replace(cell, state=CellState.NOT_REPORTED if over else CellState.NOT_OPEN)
    cell = replace(cell, result=card.result(), files=card.files())
    if waiting := card.open:
        until = min((h.due_at for h in waiting if h.due_at), default=None)
        return replace(
            cell, state=_held(waiting[0]), holders=tuple(dict.fromkeys(h.unit for h in waiting)),
            since=min(h.opened_at for h in waiting), until=until, overdue=until is not None and until < now,
            remark=_first(h.context.note for h in waiting),
        )  # fmt: skip
    if final := card.certified(PSDG):
        return replace(cell, state=CellState.LATE if card.late(final) else CellState.CERTIFIED, since=final.closed_at)
    if over or card.last.state == WITHDRAWN:
        return replace(cell, state=CellState.NOT_REPORTED)
    return replace(cell, state=_next(card), since=card.last.closed_at)


def _held(hand_off: HandOff) -> CellState:
    if hand_off.element == SUPERVISOR:
        return CellState.SUPERVISOR
    if hand_off.element == PSDG:
        return CellState.PSDG
    return CellState.RETURNED if hand_off.context.note else CellState.REPORTING


def _next(card: _Card) -> CellState:
    """What comes, in the moments between a form that was handed in and the run that hands the next work off."""
    if card.last.element == KEEP:
        return CellState.SUPERVISOR
    return CellState.PSDG if card.certified(SUPERVISOR) else CellState.RETURNED


def _first(said: Iterable[str]) -> str:
    return next((each for each in said if each), "")
