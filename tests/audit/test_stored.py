"""What is read of a case once and for all who look at it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.paper import Paper
from audit.stored import ReadEvent
from ledger.canonical import canonical_octets
from ledger.event import Event
from ledger.hand_offs import HandOffOrder, above, open_hand_off
from schemas.deadline import OnYearDay
from schemas.form import FormContext
from schemas.year import YearDay
from tests.conftest import FRIDAY_NOON
from tests.ledger.scene import FLOW

TRAPS = st.sampled_from(['","context":', '","due_at":', "due_at", "context", '\\","due_at":null', "ข้อสั่งการ", ""])
VALUES = st.recursive(TRAPS | st.none() | st.integers(0, 9), lambda inner: st.dictionaries(TRAPS, inner, max_size=3))
CONTEXTS = st.builds(
    FormContext,
    facts=st.lists(st.tuples(TRAPS, TRAPS), max_size=3).map(tuple), note=TRAPS,
    prefill=st.dictionaries(TRAPS, VALUES, max_size=3), limits=st.dictionaries(TRAPS, VALUES, max_size=3),
)  # fmt: skip


def opening(context: FormContext, text: str = "", year_day: OnYearDay | None = None) -> Event:
    paper = Paper(FRIDAY_NOON)
    order = HandOffOrder(
        key="report", element="report", branch=text, unit="u", duty="officer", form="WeeklyReport", title=text,
        asked_by=text, subject="d", urgency="normal", context=context, due_at=FRIDAY_NOON, year_day=year_day,
        officer=text or None, gate=text or None, reminders=(FRIDAY_NOON,),
    )  # fmt: skip
    open_hand_off(paper, "case", order, actor=FLOW)
    (written,) = paper.written
    return Event("case", 1, FRIDAY_NOON, *written, prev_hash="", hash="")


@given(CONTEXTS, TRAPS, st.none() | st.sampled_from(YearDay))
def test_of_work_that_is_asked_for_all_is_read_but_what_stands_above_its_form(
    context: FormContext, text: str, day: YearDay | None
) -> None:
    event = opening(context, text, OnYearDay(agency="cdd", fiscal_year=2555, day=day) if day else None)
    whole = event.content
    assert whole.pop("context") == json.loads(canonical_octets(context.said()))
    assert ReadEvent(*event).content == whole
    assert above(event.payload) == context


@pytest.mark.parametrize("payload", [b"", b"x", b'{"a":1,"context":{"b"', b'{"a":1,"due_at":null'])
def test_a_text_that_is_none_is_not_read(payload: bytes) -> None:
    event = ReadEvent(*opening(FormContext())._replace(payload=payload))
    with pytest.raises(json.JSONDecodeError):
        _ = event.content


def test_an_opening_in_another_spelling_is_read_whole() -> None:
    event = opening(FormContext(note="ก"))
    spelled = ReadEvent(*event._replace(payload=json.dumps(event.content).encode()))
    assert spelled.content == event.content
