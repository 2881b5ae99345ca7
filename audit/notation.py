"""BPMN files as SpiffWorkflow reads them, made to follow a recorded case instead of carrying one out.

SpiffWorkflow moves the tokens: sequence flows, gateways, boundary events, joins, ends. Three things are ours:

- Time and messages come from the ledger, never from the machine's clock: a timer fires when it is told to.
- A sub-process and a multi-instance activity stand as one task in the process around them; each instance is played by
  a workflow of its own (`audit.scope`). SpiffWorkflow would keep all in one tree and look at every waiting task of it
  after each step, which makes a week of five hundred reports quadratic (decision 33).
- Expressions are read on what the ledger holds (`audit.terms`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, BpmnValidator
from SpiffWorkflow.bpmn.parser.event_parsers import BoundaryEventParser, IntermediateCatchEventParser
from SpiffWorkflow.bpmn.parser.task_parsers import SubprocessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, IntermediateCatchEvent, NoneTask, UserTask
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
NAMES = {"bpmn": BPMN}


@dataclass(frozen=True, slots=True)
class Loop:
    """The multi-instance marker of an activity."""

    id: str | None
    """Key of the flow's `all_of` over these instances, where it has one of its own."""
    collection: str
    """Expression that gives the names of the instances."""
    item: str | None
    """What one instance calls its own member of the collection."""


class Asked(UserTask):
    """A user task; its form is awaited."""

    loop: Loop | None = None
    owner: str | None = None
    """Expression for the unit that holds the work."""
    performer: str | None = None
    """Expression for the one officer whose own work it is (decision 40)."""


class Stepped(NoneTask):
    """A service task; it is done once the ledger says so."""

    loop: Loop | None = None


class Called(UserTask):
    """A call activity: another case, which has a model of its own."""

    loop: Loop | None = None


class Contained(UserTask):
    """A sub-process: one task here, a scope of its own inside."""

    loop: Loop | None = None
    spec: str
    by_event: bool = False


class Moment(EventDefinition):
    """A timer that fires when the ledger says so; `expression` is the moment for which it must be set."""

    def __init__(self, name: str, expression: str, **more: Any) -> None:
        super().__init__(name, **more)
        self.expression = expression

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Moment) and other.name == self.name

    __hash__ = None  # type: ignore[assignment]


class Condition(EventDefinition):
    """A conditional event; it is looked at when the ledger says that the flow has decided."""

    def __init__(self, name: str, expression: str, **more: Any) -> None:
        super().__init__(name, **more)
        self.expression = expression

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Condition) and other.name == self.name

    __hash__ = None  # type: ignore[assignment]


class _ActivityParser(TaskParser):
    def _add_multiinstance_task(self, marker: Any) -> None:
        size = marker.findtext(f"{{{BPMN}}}loopCardinality")
        item = marker.find(f"{{{BPMN}}}inputDataItem")
        if size is None or not (size.startswith("len(") and size.endswith(")")):
            self.raise_validation_exception("the loopCardinality of a multi-instance activity is len(COLLECTION)")
        self.task.loop = Loop(
            id=marker.get("id"), collection=size[4:-1], item=None if item is None else item.get("name")
        )


class _AskedParser(_ActivityParser):
    def create_task(self) -> Any:
        task = super().create_task()
        task.owner = self.node.findtext(f"./{{{BPMN}}}potentialOwner//{{{BPMN}}}formalExpression")
        task.performer = self.node.findtext(f"./{{{BPMN}}}humanPerformer//{{{BPMN}}}formalExpression")
        return task


class _CallParser(_ActivityParser):
    def create_task(self) -> Any:
        SubprocessParser.get_call_activity_spec(self)
        return super().create_task()


class _SubProcessParser(_ActivityParser):
    def create_task(self) -> Any:
        task = super().create_task()
        task.spec = SubprocessParser.get_subprocess_spec(self)
        task.by_event = self.node.get("triggeredByEvent") == "true"
        return task


class _RecordedEvents:
    """Event definitions that wait for the ledger."""

    def parse_timer_event(self, event: Any) -> Moment:
        return Moment(event.getparent().get("id"), event.findtext(f"{{{BPMN}}}timeDate") or "")

    def parse_conditional_event(self, event: Any) -> Condition:
        return Condition(event.getparent().get("id"), event.findtext(f"{{{BPMN}}}condition") or "")


class _CatchParser(_RecordedEvents, IntermediateCatchEventParser):
    pass


class _BoundaryParser(_RecordedEvents, BoundaryEventParser):
    pass


class _Parser(BpmnParser):
    OVERRIDE_PARSER_CLASSES = {  # noqa: RUF012 - the library's own way of extension
        full_tag("userTask"): (_AskedParser, Asked),
        full_tag("serviceTask"): (_ActivityParser, Stepped),
        full_tag("callActivity"): (_CallParser, Called),
        full_tag("subProcess"): (_SubProcessParser, Contained),
        full_tag("intermediateCatchEvent"): (_CatchParser, IntermediateCatchEvent),
        full_tag("boundaryEvent"): (_BoundaryParser, BoundaryEvent),
    }


@dataclass(frozen=True, slots=True)
class Model:
    """A model that was read: the process and its sub-processes, each a specification of SpiffWorkflow."""

    process: str
    specs: dict[str, Any]
    names: dict[str, str]
    """What each element is called in Thai, by id."""

    def elements(self) -> Iterator[str]:
        """Ids that are keys of the flow."""
        return (element for element in self.names if is_key(element))


def is_key(element: str) -> bool:
    """What only steers (starts, ends, gateways) has a dash in its id; every other id is a key of the flow."""
    return "-" not in element


def read_model(content: bytes, process: str) -> Model:
    """Read a BPMN file that was checked against the OMG's schema. :raises ValidationException: it is not BPMN 2.0."""
    root = etree.fromstring(content)
    parser = _Parser(validator=BpmnValidator())
    parser.add_bpmn_xml(root)
    parser.get_spec(process)
    specs = {name: parser.get_spec(name) for name in _contained(parser)}
    return Model(process=process, specs=specs, names=_names(root))


def _contained(parser: BpmnParser) -> list[str]:
    """The process and all that it contains; reading one may bring in others."""
    known: list[str] = []
    while new := [name for name in parser.process_parsers if name not in known]:
        for name in new:
            parser.get_spec(name)
        known += new
    return known


FLOW_NODES = (
    "userTask", "serviceTask", "sendTask", "receiveTask", "callActivity", "subProcess", "exclusiveGateway",
    "parallelGateway", "inclusiveGateway", "eventBasedGateway", "startEvent", "endEvent", "intermediateCatchEvent",
    "intermediateThrowEvent", "boundaryEvent",
)  # fmt: skip


def _names(root: Any) -> dict[str, str]:
    found = {}
    for kind in FLOW_NODES:
        for node in root.iter(f"{{{BPMN}}}{kind}"):
            found[node.get("id")] = " ".join(node.get("name", "").split())
    for loop in root.iter(f"{{{BPMN}}}multiInstanceLoopCharacteristics"):
        if loop.get("id"):
            found[loop.get("id")] = " ".join(loop.getparent().get("name", "").split())
    return found
