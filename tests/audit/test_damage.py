"""Spoiled ledgers leave the house as they stand: each damage is named, and what is whole goes with it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from audit.bundle import pack
from audit.xes import write_log
from ledger.errors import HistoryCannotBeRead, HistoryIsGone, LedgerError
from ledger.work import Ledger
from tests.audit.test_bundle import judged
from tests.ledger.anchored import OTHER, note, rewrite, spoil
from tests.ledger.scene import DIRECTIVE, opened, story

WAYS = [
    ("UPDATE events SET payload = '{{'", "Event 2 (case:record) of case «{case}» cannot be read: its payload"),
    ("UPDATE events SET payload = '[1]'", "Event 2 (case:record) of case «{case}» cannot be read: its payload"),
    ("UPDATE events SET payload = x'ff'", "Event 2 (case:record) of case «{case}» cannot be read: its payload"),
    (
        "UPDATE events SET at = 'yesterday', payload = '{{'",
        "Event 2 (case:record) of case «{case}» cannot be read: its payload",
    ),
    ("UPDATE events SET actor = 'x'", "Event 2 (case:record) of case «{case}» cannot be read: its actor"),
]
BREAKS = "The hash chain of case «{case}» breaks at event 2: a field was changed after it was written"


async def two_cases(ledger: Ledger) -> None:
    for case_id in (DIRECTIVE, OTHER):
        await opened(ledger, case_id)
        await note(ledger, case_id, "a")


def told(damage: list[LedgerError]) -> list[str]:
    return [one.message_en for one in damage]


@pytest.mark.parametrize(("change", "sentence"), WAYS)
async def test_an_event_that_cannot_be_read_is_named_and_exported_as_evidence(
    ledger: Ledger, tmp_path: Path, script: Path, change: str, sentence: str
) -> None:
    await two_cases(ledger)
    await spoil(ledger, [f"{change} WHERE case_id = '{OTHER}' AND seq = 2"])
    packed = await pack(ledger, [DIRECTIVE, OTHER], tmp_path / "bundle.zip")
    assert told(packed.damage) == [sentence.format(case=OTHER), BREAKS.format(case=OTHER)]
    assert (packed.cases, packed.events) == (2, 4)
    code, said = judged(script, tmp_path / "bundle.zip")
    assert (code, f"WRONG  case {OTHER}: the chain breaks at event 2" in said) == (1, True)

    written = await write_log(ledger, None, tmp_path / "log.xes")
    assert (told(written.damage), written.cases) == ([sentence.format(case=OTHER)], 1)
    assert len(list(ET.parse(tmp_path / "log.xes").iter("{http://www.xes-standard.org/}trace"))) == 1
    with pytest.raises(HistoryCannotBeRead):
        await write_log(ledger, [OTHER], tmp_path / "none.xes")
    assert not (tmp_path / "none.xes").exists()


async def test_an_event_that_fits_its_hash_and_is_no_json_does_not_end_the_verifiers_work(
    ledger: Ledger, tmp_path: Path, script: Path
) -> None:
    await two_cases(ledger)
    await rewrite(ledger, DIRECTIVE, 2, "{{")
    await spoil(ledger, [f"UPDATE events SET payload = '{{}}' WHERE case_id = '{OTHER}' AND seq = 2"])
    await pack(ledger, [DIRECTIVE, OTHER], tmp_path / "bundle.zip")
    code, said = judged(script, tmp_path / "bundle.zip")
    assert (code, "not in the form" in said) == (1, False)
    assert f"WRONG  case {DIRECTIVE}: event 2 cannot be read\n" in said
    assert f"WRONG  case {OTHER}: the chain breaks at event 2\n" in said


async def test_a_case_without_events_is_named(ledger: Ledger, tmp_path: Path, script: Path) -> None:
    await two_cases(ledger)
    await spoil(ledger, [f"DELETE FROM events WHERE case_id = '{OTHER}'"])
    packed = await pack(ledger, [DIRECTIVE, OTHER], tmp_path / "bundle.zip")
    assert told(packed.damage) == [f"Case «{OTHER}» has no history left, though its row says that it had 2 events"]
    assert (packed.uncovered, judged(script, tmp_path / "bundle.zip")[0]) == (2, 1)
    written = await write_log(ledger, None, tmp_path / "log.xes")
    assert told(written.damage) == told(packed.damage)
    with pytest.raises(HistoryIsGone):
        await write_log(ledger, [OTHER], tmp_path / "none.xes")


async def test_a_case_whose_opening_says_too_little_is_named_by_the_log(ledger: Ledger, tmp_path: Path) -> None:
    await two_cases(ledger)
    await rewrite(ledger, OTHER, 1, "{}")
    packed = await pack(ledger, [OTHER], tmp_path / "bundle.zip")
    assert (packed.cases, packed.damage) == (1, [])  # the chain was computed anew: that is for the anchors to tell
    written = await write_log(ledger, None, tmp_path / "log.xes")
    assert told(written.damage) == [f"Event 1 (case:open) of case «{OTHER}» cannot be read: its payload"]


async def test_a_document_that_is_gone_is_named_and_the_rest_is_exported(ledger: Ledger, tmp_path: Path) -> None:
    await story(ledger)
    await spoil(ledger, ["UPDATE documents SET content = x'00'"])
    packed = await pack(ledger, [DIRECTIVE], tmp_path / "bundle.zip")
    assert (packed.documents, [type(one).__name__ for one in packed.damage]) == (0, ["DocumentIsDamaged"])
