"""A model as a reader sees it: its elements, what they are called, and in whose lane they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from typing import Any

from lxml import etree

from audit.approved import Approval
from audit.keys import SEGMENT, branches_around, element_of
from audit.notation import BPMN, is_key


class Kind(StrEnum):
    """What an element is, as the diagram draws it."""

    ASKED = "asked"
    """People fill in a form."""
    STEP = "step"
    """The system does something."""
    CALLED = "called"
    """A case of its own."""
    TIMER = "timer"
    MESSAGE = "message"
    EVENT = "event"
    """Any other event: a condition, a signal, the end of a branch."""
    DECIDED = "decided"
    """A gateway; which way it took is an event of the case where the gateway has a key."""
    PART = "part"
    """A sub-process."""


TAGS: dict[str, Kind] = {
    "userTask": Kind.ASKED, "serviceTask": Kind.STEP, "sendTask": Kind.STEP, "receiveTask": Kind.MESSAGE,
    "callActivity": Kind.CALLED, "subProcess": Kind.PART, "exclusiveGateway": Kind.DECIDED,
    "parallelGateway": Kind.DECIDED, "inclusiveGateway": Kind.DECIDED, "eventBasedGateway": Kind.DECIDED,
    "startEvent": Kind.EVENT, "endEvent": Kind.EVENT, "intermediateCatchEvent": Kind.EVENT,
    "intermediateThrowEvent": Kind.EVENT, "boundaryEvent": Kind.EVENT,
}  # fmt: skip
EVENTS = {"timerEventDefinition": Kind.TIMER, "messageEventDefinition": Kind.MESSAGE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One element of a model that the ledger can tell of."""

    id: str
    kind: Kind
    th: str
    lane: str
    """Who acts: the lane, or within a sub-process, for which tools draw no lanes, what its name has in brackets."""
    inside: str
    """The sub-process that it stands in; empty at the top."""


@dataclass(frozen=True)
class Sheet:
    """The elements of a model by id, in the order of the file."""

    process: str
    th: str
    elements: Mapping[str, Element]
    markers: Mapping[str, str]
    """Multi-instance markers that have a key of their own, and the activity that each belongs to."""
    lanes: tuple[str, ...]

    def element(self, key: str) -> Element | None:
        """The element that an event's key names; None for what the model does not have."""
        named = element_of(key)
        return self.elements.get(self.markers.get(named, named))

    def parts(self, key: str) -> Iterator[tuple[str, Element]]:
        """(branch, sub-process) of every sub-process around the element of a key, from within.

        A branch of the flow is a sub-process of its own name or of the name of the member in brackets, or it is none:
        a task's instance, or a member of a race that only waits. A branch that outlives the one that began it stands,
        in the model, beside it. `audit.play` enters its scopes by the same rules.
        """
        element = self.element(key)
        inside = element.inside if element is not None else ""
        for branch in reversed(list(branches_around(key))) if inside else ():
            part = SEGMENT.fullmatch(branch.rpartition("/")[2])
            if part is not None and inside in (part["element"], part["name"]):
                found = self.elements[inside]
                yield branch, found
                inside = found.inside

    @cached_property
    def asked(self) -> tuple[Element, ...]:
        return tuple(each for each in self.elements.values() if each.kind is Kind.ASKED)


@cache
def sheet_of(approval: Approval) -> Sheet:
    """:raises ModelWasChanged: the file is not the approved one."""
    root = etree.fromstring(approval.content())
    lanes = {
        reference.text: _name(lane)
        for lane in root.iter(f"{{{BPMN}}}lane") for reference in lane.iter(f"{{{BPMN}}}flowNodeRef")
    }  # fmt: skip
    (process,) = root.findall(f"{{{BPMN}}}process")
    elements, markers = dict[str, Element](), dict[str, str]()
    _read(process, lanes, "", "", elements, markers)
    return Sheet(
        process=approval.process, th=_name(process), elements=elements, markers=markers,
        lanes=tuple(dict.fromkeys(each.lane for each in elements.values() if each.lane)),
    )  # fmt: skip


def _read(
    around: Any, lanes: Mapping[str, str], lane: str, inside: str, elements: dict[str, Element], markers: dict[str, str]
) -> None:  # fmt: skip
    for node in around:
        tag = etree.QName(node).localname if isinstance(node.tag, str) else ""
        if tag not in TAGS:
            continue
        element, name = str(node.get("id")), _name(node)
        acts = lanes.get(element) or _lane_of(_actor(name), lanes) or lane
        if is_key(element):
            kind = next((EVENTS[found] for found in _definitions(node) if found in EVENTS), TAGS[tag])
            elements[element] = Element(id=element, kind=kind, th=name, lane=acts, inside=inside)
        marker = node.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
        if marker is not None and marker.get("id"):
            markers[str(marker.get("id"))] = element
        if tag == "subProcess":
            _read(node, lanes, acts, element if is_key(element) else inside, elements, markers)


def _definitions(node: Any) -> Iterator[str]:
    return (etree.QName(each).localname for each in node if isinstance(each.tag, str))


_WITHIN_THAI = re.compile(r"(?<=[ก-๛])\n(?=[ก-๛])")


def _name(node: Any) -> str:
    """The name in one line; Thai has no space where the diagram only breaks a line."""
    return " ".join(_WITHIN_THAI.sub("", node.get("name") or "").split())


def _actor(name: str) -> str:
    """«กพร.» of «รับรองผล (กพร.)»."""
    return name.rpartition("(")[2].removesuffix(")") if name.endswith(")") else ""


def _lane_of(actor: str, lanes: Mapping[str, str]) -> str:
    """The lane that has the actor's short name in brackets, otherwise the actor."""
    return next((lane for lane in lanes.values() if actor and _actor(lane) == actor), actor)
