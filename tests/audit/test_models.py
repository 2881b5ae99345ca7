"""The approved models: valid BPMN 2.0, drawn whole and legibly, with the flows' elements, approved as they are."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, BpmnValidator
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

from audit.approved import FOLDER, Approval, approval_of, approvals, model_of
from audit.drawing import DC, DI, lay_out
from audit.errors import ModelIsUnknown, ModelWasChanged
from audit.notation import BPMN, FLOW_NODES, read_model
from engine.process import process_named, processes
from ledger.canonical import sha256
from tests.audit.flow_keys import keys_of, members_of

SOURCE = re.compile(r"\bS\d|\bP(?=\d)|\bR(?=\d\.\d)|\[D\]|ข้อวินิจฉัย")
"""Sources as the documentation of an element cites them."""
MODELS = sorted(FOLDER.rglob("*.bpmn"))
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
each_model = pytest.mark.parametrize("file", MODELS, ids=lambda file: str(file.relative_to(FOLDER)))


def nodes(root: Any, *kinds: str) -> list[Any]:
    return [node for kind in kinds or FLOW_NODES for node in root.iter(f"{{{BPMN}}}{kind}")]


# --- who holds the work ------------------------------------------------------------------------------------


@each_model
def test_every_piece_of_work_says_who_holds_it(file: Path) -> None:
    root = etree.parse(file).getroot()
    tasks = nodes(root, "userTask")
    assert tasks
    assert [
        task.get("id")
        for task in tasks
        if not (task.findtext(f"./{{{BPMN}}}potentialOwner//{{{BPMN}}}formalExpression") or "").strip()
    ] == []


# --- approved ----------------------------------------------------------------------------------------------


def test_every_process_has_a_model_and_every_model_its_approval() -> None:
    ours = {(p.id, p.version, p.model) for p in processes() if p.entrypoint.startswith("flows.")}
    latest = {approval.process: approval for approval in approvals()}
    assert ours == {(a.process, a.version, a.sha256) for a in latest.values()}
    assert {str(file.relative_to(FOLDER)) for file in MODELS} == {approval.file for approval in approvals()}


@pytest.mark.parametrize("approval", approvals(), ids=lambda each: f"{each.process} {each.version}")
def test_a_file_is_what_was_approved(approval: Approval) -> None:
    assert sha256(approval.content()) == approval.sha256


def test_a_file_that_was_changed_is_refused() -> None:
    with pytest.raises(ModelWasChanged) as refused:
        approvals()[0].replace(sha256="0" * 64).content()
    assert refused.value.file == approvals()[0].file


def test_a_case_gets_the_model_that_it_recorded_and_an_old_one_the_model_of_its_version() -> None:
    (first, *_) = approvals()
    assert approval_of(first.process, 7, first.sha256) == approval_of(first.process, first.version, None) == first
    for version, digest in ((first.version, "0" * 64), (first.version + 1, None)):
        with pytest.raises(ModelIsUnknown):
            approval_of(first.process, version, digest)


# --- BPMN 2.0 ----------------------------------------------------------------------------------------------


@each_model
def test_it_is_valid_by_the_omgs_schema_and_spiffworkflow_runs_it(file: Path) -> None:
    """With SpiffWorkflow's own parser, which knows nothing of our reading."""
    parser = BpmnParser(validator=BpmnValidator())
    parser.add_bpmn_file(str(file))
    while missing := parser.get_process_dependencies() - parser.process_parsers.keys():
        parser.add_bpmn_files([str(FOLDER / f"{called}.bpmn") for called in missing])
    opened = BpmnWorkflow(parser.get_spec(file.stem), parser.get_subprocess_specs(file.stem))
    opened.do_engine_steps()
    assert not opened.is_completed()


def test_what_is_not_bpmn_is_refused() -> None:
    content = MODELS[0].read_bytes().replace(b"bpmn:userTask", b"bpmn:humanTask")
    with pytest.raises(ValidationException):
        read_model(content, MODELS[0].stem)


@each_model
def test_every_reference_is_to_something_that_is_there(file: Path) -> None:
    root = etree.parse(file).getroot()
    known = set(root.xpath("//@id"))
    for attribute in ("sourceRef", "targetRef", "attachedToRef", "default", "messageRef", "signalRef", "escalationRef"):
        assert set(root.xpath(f"//@{attribute}")) <= known
    assert {node.text for node in root.iter(f"{{{BPMN}}}flowNodeRef")} <= known


@each_model
def test_every_process_that_is_called_is_one_of_ours(file: Path) -> None:
    called = {node.get("calledElement") for node in nodes(etree.parse(file).getroot(), "callActivity")}
    assert called <= {each.stem for each in MODELS}


@each_model
def test_whatever_people_or_the_system_do_has_a_thai_name_and_says_on_what_it_rests(file: Path) -> None:
    for node in nodes(etree.parse(file).getroot(), "userTask", "serviceTask", "callActivity", "subProcess"):
        if node.get("triggeredByEvent") == "true":
            continue
        assert any("\u0e01" <= letter <= "\u0e5b" for letter in node.get("name", "")), node.get("id")
        assert node.findtext(f"{{{BPMN}}}documentation"), node.get("id")


@each_model
def test_a_model_explains_the_sources_that_it_cites(file: Path) -> None:
    """Whoever opens the file elsewhere has no glossary of ours beside it."""
    process = etree.parse(file).getroot().find(f"{{{BPMN}}}process")
    _, legend = (said.text for said in process.findall(f"{{{BPMN}}}documentation"))
    cited = {source for said in process.iter(f"{{{BPMN}}}documentation") for source in SOURCE.findall(said.text)}
    assert {source for source in cited if f"{source} คือ" not in legend} == set()


@each_model
def test_every_element_of_the_process_is_in_one_lane(file: Path) -> None:
    process = etree.parse(file).getroot().find(f"{{{BPMN}}}process")
    placed = [reference.text for reference in process.iter(f"{{{BPMN}}}flowNodeRef")]
    assert sorted(placed) == sorted(node.get("id") for node in process if etree.QName(node).localname in FLOW_NODES)


# --- the flow ----------------------------------------------------------------------------------------------


@each_model
def test_the_model_has_the_elements_of_the_flow_and_no_others(file: Path) -> None:
    """Read from the flow's source (`flow_keys`), so that an element that no story comes to counts as well."""
    (approval,) = [approval for approval in approvals() if approval.path == file]
    drawn = set(model_of(approval).elements())
    written = keys_of(process := process_named(approval.process, approval.version))
    # A member of a race may be a sub-process of the member's name; «reopen» is the secretariat's, not the flow's.
    assert drawn - members_of(process) - {"reopen"} == written - members_of(process) - ({"close"} - drawn)


# --- the diagram -------------------------------------------------------------------------------------------


@each_model
def test_every_node_and_every_flow_is_drawn_once(file: Path) -> None:
    root = etree.parse(file).getroot()
    drawn = [shape.get("bpmnElement") for kind in ("Shape", "Edge") for shape in root.iter(f"{BPMNDI}BPMN{kind}")]
    meant = nodes(root, *FLOW_NODES, "sequenceFlow", "lane", "participant")
    assert sorted(drawn) == sorted(node.get("id") for node in meant)


@each_model
def test_drawing_it_again_changes_nothing(file: Path) -> None:
    assert lay_out(file.read_bytes()) == file.read_bytes()


@each_model
def test_drawing_leaves_the_meaning_alone(file: Path) -> None:
    def meaning(content: bytes) -> bytes:
        root = etree.fromstring(content, etree.XMLParser(remove_blank_text=True))
        for diagram in root.iterchildren(f"{BPMNDI}BPMNDiagram"):
            root.remove(diagram)
        return bytes(etree.tostring(root, method="c14n"))

    before = file.read_bytes()
    assert meaning(lay_out(before)) == meaning(before)


Bounds = tuple[float, float, float, float]


def bounds_of(root: Any) -> dict[str, Bounds]:
    found = {}
    for shape in root.iter(f"{BPMNDI}BPMNShape"):
        box = shape.find(f"{{{DC}}}Bounds")
        x, y, width, height = (float(box.get(name)) for name in ("x", "y", "width", "height"))
        found[shape.get("bpmnElement")] = (x, y, x + width, y + height)
    return found


@each_model
def test_no_two_elements_of_one_place_overlap(file: Path) -> None:
    root = etree.parse(file).getroot()
    bounds = bounds_of(root)
    for place in nodes(root, "process", "subProcess"):
        inside = [
            node.get("id") for node in place
            if isinstance(node.tag, str) and etree.QName(node).localname in FLOW_NODES and "boundary" not in node.tag
        ]  # fmt: skip
        for one, other in combinations(inside, 2):
            a, b = bounds[one], bounds[other]
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (one, other)
        if place.tag.endswith("subProcess"):
            around = bounds[place.get("id")]
            for one in inside:
                a = bounds[one]
                assert around[0] < a[0] < a[2] < around[2], one
                assert around[1] < a[1] < a[3] < around[3], one


@each_model
def test_no_line_runs_through_an_element(file: Path) -> None:
    root = etree.parse(file).getroot()
    bounds = bounds_of(root)
    for edge in root.iter(f"{BPMNDI}BPMNEdge"):
        (flow,) = [node for node in nodes(root, "sequenceFlow") if node.get("id") == edge.get("bpmnElement")]
        points = [(float(p.get("x")), float(p.get("y"))) for p in edge.iter(f"{{{DI}}}waypoint")]
        ends = {flow.get("sourceRef"), flow.get("targetRef")}
        beside = [node for node in flow.getparent() if isinstance(node.tag, str) and node.get("id") in bounds]
        hosts = {node.get("attachedToRef") for node in beside if node.get("id") in ends}
        for node in beside:
            if node.get("id") not in ends | hosts and "boundary" not in node.tag:
                box = bounds[node.get("id")]
                assert not any(_meets(a, b, box) for a, b in pairwise(points)), (flow.get("id"), node.get("id"))


def _meets(a: tuple[float, float], b: tuple[float, float], box: Bounds) -> bool:
    """Does the straight piece from `a` to `b`, level or upright, come into the box?"""
    (left, right), (top, bottom) = sorted((a[0], b[0])), sorted((a[1], b[1]))
    return left < box[2] and box[0] < right and top < box[3] and box[1] < bottom


def test_a_line_through_a_box_is_noticed() -> None:
    box = (10.0, 10.0, 20.0, 20.0)
    assert _meets((0, 15), (30, 15), box)
    assert _meets((15, 30), (15, 0), box)
    assert not _meets((0, 10), (30, 10), box)  # along its edge
    assert not _meets((0, 25), (30, 25), box)
