"""A KPI's standing in a SAR round as a table: what was handed off, and what the board says of it (P7)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from ledger.cases import CaseView
from ledger.hand_offs import HandOff
from portal.year_cells import Cell, CellState, RoundBoard, kpi_of, round_board
from schemas.actor import Actor, ActorKind
from schemas.form import FormContext
from schemas.kpi import KpiBook, Round
from schemas.sar import SarRoundCase
from schemas.scorecard import RowState
from tests.flows.people import at
from tests.portal.year_scene import BOOK, SAID

CASE = "sar-2555-cdd-6"
INTERNAL, DUE = at("2012-04-11", "23:59:59"), at("2012-04-30", "23:59:59")
OPENED = at("2012-04-01", "08:30")
CERTIFY, REFUSE = {"decision": "certify"}, {"decision": "refuse", "remark": "ขาดเอกสาร"}
REMARK = "กพร. ไม่อนุมัติ: ขาดเอกสาร"
SOMEBODY = Actor(kind=ActorKind.OFFICER, officer="cdd-community.1", unit="cdd-community", name="ผู้จัดเก็บข้อมูล")

Said = dict[str, Any] | None


class Work(NamedTuple):
    """One hand-off: its key, what was answered, and when; open without an answer."""

    key: str
    said: Said = None
    closed: datetime | None = None
    unit: str = "cdd-community"
    note: str = ""
    withdrawn: bool = False
    form: str = ""
    due: datetime = INTERNAL


def keep(value: str | None = None, *, of: str = "1.1.1", turn: str = "", **more: Any) -> Work:
    said = None if value is None else SAID | {"value": value}
    closed = more.pop("closed", at("2012-04-04")) if said or more.get("withdrawn") else None
    branch = more.pop("branch", of.rpartition(".")[0] if of.startswith("7.") else of)
    return Work(f"cards[{branch}]/keep[{of}]{turn}", said, closed, form=more.pop("form", "ValueReport"), **more)


def certify(who: str, said: Said = None, *, of: str = "1.1.1", turn: str = "", **more: Any) -> Work:
    closed = more.pop("closed", at("2012-04-05")) if said or more.get("withdrawn") else None
    return Work(f"cards[{of}]/certify_{who}{turn}", said, closed, form="Certification", **more)


def sent() -> Work:
    return Work("send", {"reference": "มท 1"}, at("2012-04-20"), form="SarSent")


def hand_off(place: int, work: Work) -> HandOff:
    state = "withdrawn" if work.withdrawn else "open" if work.said is None else "submitted"
    return HandOff(
        id=str(place), case_id=CASE, key=work.key,
        element=work.key.rpartition("/")[2].partition("[")[0].partition("#")[0],
        unit=work.unit, duty="officer", form=work.form, title="", asked_by="cdd-psdg", subject=CASE, urgency="normal",
        context=FormContext(note=work.note), gate=None, state=state, opened_at=OPENED, due_at=work.due,
        closed_at=work.closed, closed_seq=place if work.closed else None, closed_by=SOMEBODY if work.closed else None,
    )  # fmt: skip


def case_of(book: KpiBook, round_: Round, *, state: str = "open", **data: Any) -> CaseView:
    return CaseView(
        id=CASE, process="sar-round", version=1, title="SAR", state=state, phase="", facts={}, units=("cdd",),
        data=SarRoundCase(book=book, round=round_, **data).model_dump(mode="json"), fiscal_year_be=2555, parent_id=None,
        opened_at=OPENED, closed_at=None, result=None, flow_run_id=None, run_state="", run_error=None, waiting_for="",
        head_seq=1, head_hash="",
    )  # fmt: skip


def board(
    *work: Work, now: str = "2012-04-06", round_: Round = Round.SIX, opened: bool = True, state: str = "open",
    **data: Any,
) -> RoundBoard:  # fmt: skip
    found = [hand_off(place, each) for place, each in enumerate(work)]
    answers = {str(place): each.said for place, each in enumerate(work) if each.said is not None}
    case = case_of(BOOK, round_, state=state, **data) if opened else None
    return round_board(BOOK, round_, case, found, answers, due=DUE, now=at(now))


def cell(*work: Work, of: str = "1.1.1", **more: Any) -> Cell:
    return board(*work, **more).cells[of]


CERTIFIED = (keep("72"), certify("supervisor", CERTIFY), certify("psdg", CERTIFY))


@pytest.mark.parametrize(
    ("work", "state"),
    [
        ((keep(),), CellState.REPORTING),
        ((keep("72"), certify("supervisor")), CellState.SUPERVISOR),
        ((keep("72"), certify("supervisor", CERTIFY), certify("psdg")), CellState.PSDG),
        (CERTIFIED, CellState.CERTIFIED),
        ((keep("72"), certify("supervisor", REFUSE), keep(turn="#2", note=REMARK)), CellState.RETURNED),
        ((keep("72"), certify("supervisor", CERTIFY), certify("psdg", REFUSE), keep(turn="#2", note=REMARK)),
         CellState.RETURNED),
        # Corrected and certified in the second turn.
        ((keep("72"), certify("supervisor", REFUSE), keep("73", turn="#2", note=REMARK),
          certify("supervisor", CERTIFY, turn="#2"), certify("psdg", CERTIFY)), CellState.CERTIFIED),
        # The last moment of the day is in time, the next one is not.
        ((*CERTIFIED[:2], certify("psdg", CERTIFY, closed=INTERNAL)), CellState.CERTIFIED),
        ((*CERTIFIED[:2], certify("psdg", CERTIFY, closed=at("2012-04-12", "00:00"))), CellState.LATE),
        # The day was moved on before the work was done: nobody is late. A day that is moved later excuses nobody.
        ((*CERTIFIED[:2], certify("psdg", CERTIFY, closed=at("2012-04-17"), due=DUE)), CellState.CERTIFIED),
        # In time only by the days that a late refusal gave.
        ((keep("72"), certify("supervisor", REFUSE, closed=at("2012-04-12")), keep("73", turn="#2", due=DUE),
          certify("supervisor", CERTIFY, turn="#2", due=DUE), certify("psdg", CERTIFY, due=DUE)), CellState.LATE),
        # Withdrawn from outside, or by the sending of the round.
        ((keep(withdrawn=True),), CellState.NOT_REPORTED),
        ((keep("72"), certify("supervisor", withdrawn=True), sent()), CellState.NOT_REPORTED),
        ((*CERTIFIED, sent()), CellState.CERTIFIED),
        # The director-general returned the SAR and the KPI went back: what was certified counts no more.
        ((*CERTIFIED, Work("cards[1.1.1]#2/keep[1.1.1]", note="ส่งคืนแก้ไข: ตรวจใหม่", form="ValueReport")),
         CellState.RETURNED),
        ((*CERTIFIED, Work("cards[1.1.1]#2/keep[1.1.1]", None, at("2012-04-19"), note="ส่งคืนแก้ไข", withdrawn=True,
                           form="ValueReport"), sent()), CellState.NOT_REPORTED),
        # Between a form that was handed in and the run that hands the next work off.
        ((keep("72"),), CellState.SUPERVISOR),
        ((keep("72"), certify("supervisor", CERTIFY)), CellState.PSDG),
        ((keep("72"), certify("supervisor", REFUSE)), CellState.RETURNED),
    ],
)  # fmt: skip
def test_the_standing_follows_from_the_last_work(work: tuple[Work, ...], state: CellState) -> None:
    assert cell(*work).state is state


@pytest.mark.parametrize(
    ("of", "round_", "opened", "state"),
    [
        ("1.1.1", Round.SIX, False, CellState.NOT_OPEN),
        ("1.1.1", Round.SIX, True, CellState.NOT_OPEN),
        ("6", Round.SIX, True, CellState.INACTIVE),
        ("6", Round.TWELVE, True, CellState.NOT_OPEN),
        ("8", Round.SIX, False, CellState.INACTIVE),
        ("8", Round.NINE, False, CellState.NOT_OPEN),
    ],
)
def test_before_anything_is_handed_off(of: str, round_: Round, opened: bool, state: CellState) -> None:
    found = board(round_=round_, opened=opened)
    assert (found.cells[of].state, found.card) == (state, None)


@pytest.mark.parametrize("state", ["completed", "cancelled"])
def test_what_a_round_ended_without_is_not_reported(state: str) -> None:
    assert cell(state=state).state is CellState.NOT_REPORTED


def test_who_holds_it_since_when_and_until_when() -> None:
    held = cell(keep(), now="2012-04-11")
    assert (held.holders, held.since, held.until, held.overdue) == (("cdd-community",), OPENED, INTERNAL, False)
    assert cell(keep(), now="2012-04-12").overdue
    assert not cell(*CERTIFIED, now="2012-05-12").overdue
    assert cell(*CERTIFIED).since == at("2012-04-05")


def test_a_return_says_why() -> None:
    returned = cell(keep("72"), certify("supervisor", REFUSE), keep(turn="#2", note=REMARK))
    assert returned.remark == REMARK
    assert (returned.score, returned.result) == (None, None)


def test_a_score_is_shown_before_it_counts() -> None:
    """72 lies between 70 (level 3) and 75 (level 4): 3.4."""
    reported, certified = cell(keep("72"), certify("supervisor")), cell(*CERTIFIED)
    assert (reported.score, reported.counts) == (Decimal("3.4000"), False)
    assert (certified.score, certified.counts) == (Decimal("3.4000"), True)


def test_totals_count_what_is_certified_and_the_rest_at_its_lowest_score() -> None:
    """By hand: 15 of 85 per cent are reported with 3.4; (15·3.4 + 70·1)/85 = 121/85 = 1.4235."""
    card = board(*CERTIFIED, keep("88", of="1.1.2")).card
    assert card is not None
    assert (card.total_reported, card.total_all, card.weight) == (Decimal("3.4000"), Decimal("1.4235"), Decimal(85))
    (row,) = [row for row in card.rows if row.number == "1.1.2"]
    assert (row.state, row.counts, row.score) == (RowState.PROVISIONAL, False, Decimal("4.6000"))


def test_a_composite_waits_for_all_its_parts() -> None:
    """(2·3.5 + 1·5)/3 = 4."""
    parts = keep("73", of="7.1", unit="cdd-finance"), keep(of="7.2", unit="cdd-finance")
    assert cell(*parts, of="7").state is CellState.REPORTING
    both = (parts[0], keep("94", of="7.2", unit="cdd-finance"), certify("supervisor", of="7"))
    assert cell(*both, of="7").score == Decimal("4.0000")


def test_a_kpi_of_two_units_is_held_by_the_one_that_has_not_reported() -> None:
    keepers = (
        keep(of="10", unit="cdd-personnel", form="MilestoneReport"),
        keep(of="cdd-institute", branch="10", unit="cdd-institute", form="SarCardForm"),
    )
    assert cell(*keepers, of="10").holders == ("cdd-personnel", "cdd-institute")
    one = (Work(keepers[0].key, SAID | {"done": ["1", "2"]}, at("2012-04-04"), form="MilestoneReport"), keepers[1])
    assert cell(*one, of="10").holders == ("cdd-institute",)


def test_a_score_from_outside_stands_with_what_the_keeper_says() -> None:
    work = Work("cards[6]/keep[6]", dict(SAID), at("2012-10-04"), unit="cdd-information", form="SarCardForm")
    found = cell(work, certify("supervisor", of="6"), of="6", round_=Round.TWELVE, external={"6": Decimal("4.25")})
    assert (found.state, found.score) == (CellState.SUPERVISOR, Decimal("4.2500"))


def test_evidence_is_what_the_keepers_attached_each_content_once() -> None:
    file = {"name": "แผน.pdf", "sha256": "a" * 64, "size": 3, "media_type": "application/pdf"}
    said = SAID | {"value": "72", "attachments": [file]}
    first = Work("cards[1.1.1]/keep[1.1.1]", said, at("2012-04-04"), form="ValueReport")
    again = first._replace(key="cards[1.1.1]/keep[1.1.1]#2", note=REMARK)
    found = cell(first, certify("supervisor", REFUSE), again)
    assert [each.name for each in found.files] == ["แผน.pdf"]


@pytest.mark.parametrize(
    ("key", "number"),
    [
        ("cards[1.1.1]/keep[1.1.1]", "1.1.1"), ("cards[7]#2/keep[7.1]#3", "7"), ("announce[10]", "10"),
        ("kpis[4.1]/lodged_or_over[lodged]/draft", "4.1"), ("propose[cdd-finance]", None), ("send", None),
    ],
)  # fmt: skip
def test_the_kpi_of_a_key(key: str, number: str | None) -> None:
    assert kpi_of(hand_off(1, Work(key))) == number
