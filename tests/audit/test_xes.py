"""The event log as XES: well formed whatever people wrote, and read by pm4py where that is installed."""

from __future__ import annotations

import json
import re
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from audit.xes import TRANSITIONS, write_log
from ledger import reading
from ledger.errors import UnknownCase
from ledger.event import KINDS
from ledger.work import Ledger
from tests.ledger.scene import (
    DIRECTIVE,
    SOMCHAI,
    WEEK,
    handed_off,
    opened,
    order,
    story,
    submission,
    submitted,
)  # fmt: skip

XES = "{http://www.xes-standard.org/}"
MINING = Path(__file__).parents[2] / ".venv.mining" / "bin" / "python"


def attributes(element: ET.Element) -> dict[str, str]:
    return {child.get("key", ""): child.get("value", "") for child in element}


async def test_every_step_is_an_event_with_a_name_a_moment_and_who_did_it(ledger: Ledger, tmp_path: Path) -> None:
    await story(ledger)
    file = tmp_path / "log.xes"
    written = await write_log(ledger, None, file)
    log = ET.parse(file).getroot()
    traces = {attributes(trace)["concept:name"]: trace.findall(f"{XES}event") for trace in log.findall(f"{XES}trace")}
    assert set(traces) == {DIRECTIVE, WEEK}
    async with ledger.read() as connection:
        events = [event for event in await reading.history(connection, DIRECTIVE) if event.kind in TRANSITIONS]
    found = [attributes(event) for event in traces[DIRECTIVE]]
    assert [one["sangkan:hash"] for one in found] == [event.hash for event in events]
    assert written.events == sum(map(len, traces.values()))
    submitted = next(one for one in found if one["sangkan:kind"] == "hand_off:submit")
    assert (submitted["concept:name"], submitted["lifecycle:transition"]) == ("report", "complete")
    assert (submitted["org:resource"], submitted["org:group"]) == ("suda", "division")
    asked = next(one for one in found if one["concept:instance"] == submitted["concept:instance"])
    assert (asked["lifecycle:transition"], asked["org:role"]) == ("start", "officer")
    assert asked["sangkan:title"] == "รายงานผลการดำเนินงานตามข้อสั่งการประจำสัปดาห์"


async def test_work_of_one_officer_names_the_officer_from_its_beginning_to_its_end(
    ledger: Ledger, tmp_path: Path
) -> None:
    await opened(ledger)
    await handed_off(ledger, order("of-the-unit"), order("of-suda", officer="suda"))
    await submitted(ledger, submission("of-suda"))
    await write_log(ledger, [DIRECTIVE], tmp_path / "log.xes")
    events = [attributes(event) for event in ET.parse(tmp_path / "log.xes").iter(f"{XES}event")]
    whose = [(one["sangkan:kind"], one.get("sangkan:officer")) for one in events]
    assert whose == [
        ("case:open", None), ("hand_off:open", None), ("hand_off:open", "suda"), ("hand_off:submit", "suda"),
    ]  # fmt: skip


async def test_what_people_wrote_never_breaks_the_file(ledger: Ledger, tmp_path: Path) -> None:
    await opened(ledger, title="<«&\"'>\x01\ufffe")
    await write_log(ledger, [DIRECTIVE], tmp_path / "log.xes")
    (trace,) = ET.parse(tmp_path / "log.xes").getroot().findall(f"{XES}trace")
    assert attributes(trace)["sangkan:title"] == "<«&\"'>��"
    assert str(SOMCHAI.officer) in (tmp_path / "log.xes").read_text("utf-8")


async def test_the_file_keeps_to_the_types_of_the_schema_of_ieee_1849(ledger: Ledger, tmp_path: Path) -> None:
    await story(ledger)
    for name in ("log.xes", "again.xes"):
        await write_log(ledger, None, tmp_path / name)
    log = ET.parse(tmp_path / "log.xes").getroot()
    assert re.fullmatch(r"\d+(\.\d+)?", log.attrib["xes.version"])  # xs:decimal
    named = [*log.findall(f"{XES}classifier"), *log.findall(f"{XES}extension")]
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", one.attrib["name"]) for one in named)  # xs:NCName
    identities = [one for one in log.iter() if one.get("key") == "identity:id"]
    assert {one.tag for one in identities} == {f"{XES}id"}
    values = [one.attrib["value"] for one in identities]
    assert [str(UUID(one)) for one in values] == values
    assert len(set(values)) == len(log.findall(f"{XES}trace/{XES}event"))
    assert (tmp_path / "log.xes").read_bytes() == (tmp_path / "again.xes").read_bytes()


async def test_an_unknown_case_leaves_no_file(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(UnknownCase):
        await write_log(ledger, ["no-such-case"], tmp_path / "log.xes")
    assert not (tmp_path / "log.xes").exists()


def test_every_transition_belongs_to_a_kind_of_event() -> None:
    assert TRANSITIONS.keys() <= KINDS.keys()


def mined(log: Path) -> dict[str, Any]:
    command = [str(MINING), str(Path(__file__).with_name("mined.py")), str(log)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.mark.skipif(not MINING.exists(), reason="pm4py is not installed: make mining")
async def test_pm4py_reads_the_log(ledger: Ledger, tmp_path: Path) -> None:
    await story(ledger)
    written = await write_log(ledger, None, tmp_path / "log.xes")
    told = mined(tmp_path / "log.xes")
    assert (told["cases"], told["events"]) == (2, written.events)
    assert {"report", "cut_off", "case:open"} <= set(told["activities"])
    assert told["transitions"] == ["complete", "schedule", "start", "withdraw"]
    assert (told["starts"], told["first"]) == (["case:open"], "2018-04-20T05:00:00+00:00")
    assert "เร่งรัดการใช้จ่ายงบประมาณ" in told["titles"]
