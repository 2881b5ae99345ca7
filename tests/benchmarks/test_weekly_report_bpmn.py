"""The diagram that SpiffWorkflow runs: the same process as on the other engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
import time_machine

from benchmarks.application import NotAwaited
from benchmarks.on_spiff import Instance

DIAGRAM = Path(__file__).parents[2] / "benchmarks" / "weekly_report.bpmn"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"


def test_every_node_and_every_flow_is_drawn_once() -> None:
    root = ElementTree.parse(DIAGRAM).getroot()
    process = root.find(f"{BPMN}process")
    assert process is not None
    drawn = [shape.get("bpmnElement") for kind in ("Shape", "Edge") for shape in root.iter(f"{BPMNDI}BPMN{kind}")]
    assert sorted(map(str, drawn)) == sorted(element.attrib["id"] for element in process)


def test_the_division_reports_then_the_planning_unit_checks() -> None:
    opened = Instance.start("2561-0001", datetime.now(UTC) + timedelta(hours=1))
    assert (opened.awaiting, opened.mails) == ("report", ("report",))
    reported = Instance.restore(opened.state)
    reported.submit("report", {"goal": "เป้าหมาย"})
    assert (reported.awaiting, reported.mails) == ("check", ("check",))
    checked = Instance.restore(reported.state)
    checked.submit("check", {"decision": "approve"})
    assert (checked.awaiting, checked.ended_at, checked.mails) == (None, "checked", ())


def test_a_form_that_is_not_awaited_is_refused() -> None:
    opened = Instance.start("2561-0001", datetime.now(UTC) + timedelta(hours=1))
    with pytest.raises(NotAwaited):
        opened.submit("check", {"decision": "approve"})


@pytest.mark.parametrize("reported", [False, True], ids=["nothing came", "not checked"])
def test_at_the_cut_off_the_instance_ends_as_missing(reported: bool) -> None:
    cut_off = datetime.now(UTC) + timedelta(hours=1)
    instance = Instance.start("2561-0001", cut_off)
    if reported:
        instance.submit("report", {"goal": "เป้าหมาย"})
    with time_machine.travel(cut_off + timedelta(seconds=1), tick=False):
        restored = Instance.restore(instance.state)
        restored.look_at_the_clock()
    assert (restored.awaiting, restored.ended_at) == (None, "missing")
