"""Where the elements of a model stand: layers from left to right, rows within lanes. Deterministic; changes no meaning.

An element's layer is the longest way to it from a start; ways back do not count. In its lane it takes the row of what
comes before it, or the nearest free one. A flow that skips layers takes a row through which it can go straight; a way
back takes a row below. So no line crosses an element.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from audit.notation import BPMN, FLOW_NODES

EVENT, GATEWAY, TASK_WIDTH, TASK_HEIGHT = 36.0, 50.0, 140.0, 80.0
LINE, GLYPH, PADDING = 14.0, 6.8, 14.0
INNER_HEAD, INNER_MARGIN = 36.0, 18.0
ROW_GAP, UNDER = 20.0, 58.0


def tag(node: Any) -> str:
    return str(node.tag).rpartition("}")[2]


def text_size(text: str) -> tuple[float, float]:
    """Width and height of a label; vowels and tone marks above and below take no room."""
    lines = text.split("\n")
    widest = max(sum(unicodedata.category(letter) not in {"Mn", "Cf"} for letter in line) for line in lines)
    return widest * GLYPH + PADDING, len(lines) * LINE


@dataclass(slots=True)
class Box:
    """An element and how much room it takes about its centre."""

    node: Any
    width: float
    height: float
    label: tuple[float, float] = (0, 0)
    inner: Placed | None = None
    boundaries: list[Any] = field(default_factory=list)
    layer: int = 0
    lane: int = 0
    row: int = 0

    @property
    def id(self) -> str:
        return str(self.node.get("id"))

    @property
    def breadth(self) -> float:
        return max(self.width, self.label[0])

    @property
    def above(self) -> float:
        return self.height / 2 + (self.label[1] + 6 if "Gateway" in tag(self.node) else 0)

    @property
    def below(self) -> float:
        under = self.label[1] + 6 if "Event" in tag(self.node) else 0
        return self.height / 2 + under + (UNDER if self.boundaries else 0)


@dataclass(slots=True)
class Way:
    """A sequence flow, from the element (or the one that its boundary event stands on) to the next."""

    flow: Any
    source: Box
    target: Box
    boundary: Any | None = None
    lane: int = 0
    row: int = 0
    """Where it runs between the layers that it skips, or on its way back."""
    straight: bool = True
    """It goes to the next layer; `lane` and `row` say nothing."""

    @property
    def back(self) -> bool:
        return self.target.layer <= self.source.layer

    def passes(self) -> range:
        """The layers in which it needs a row."""
        if self.back:
            return range(self.target.layer, self.source.layer + 1)
        return range(self.source.layer + 1, self.target.layer)


@dataclass(slots=True)
class Placed:
    """A process or a sub-process with its elements in layers, lanes and rows."""

    lanes: list[Any]
    boxes: dict[str, Box]
    ways: list[Way]
    rows: list[int] = field(default_factory=list)
    """How many rows each lane has."""


def children(container: Any) -> Iterator[Any]:
    return (node for node in container if isinstance(node.tag, str) and tag(node) in FLOW_NODES)


def place(container: Any) -> Placed:
    """Place the elements of a process or sub-process, and of all that it contains."""
    boxes = {box.id: box for box in map(_box, children(container)) if tag(box.node) != "boundaryEvent"}
    hosts = {}
    for node in children(container):
        if tag(node) == "boundaryEvent":
            host = boxes[node.get("attachedToRef")]
            host.boundaries.append(node)
            hosts[node.get("id")] = (host, node)
    ways = []
    for flow in container.iterchildren(f"{{{BPMN}}}sequenceFlow"):
        source, boundary = hosts.get(flow.get("sourceRef"), (boxes.get(flow.get("sourceRef")), None))
        assert source is not None, flow.get("id")
        ways.append(Way(flow, source, boxes[flow.get("targetRef")], boundary))
    lanes = list(container.iter(f"{{{BPMN}}}lane")) if tag(container) == "process" else []
    _put_into_lanes(boxes, lanes)
    _put_into_layers(boxes, ways)
    placed = Placed(lanes, boxes, ways, [0] * max(1, len(lanes)))
    _put_into_rows(placed)
    return placed


def _box(node: Any) -> Box:
    kind, name = tag(node), node.get("name") or ""
    if kind == "subProcess":
        return Box(node, 0, 0, inner=place(node))  # its size follows from what is in it
    if kind.endswith("Event"):
        return Box(node, EVENT, EVENT, text_size(name) if name else (0, 0))
    if kind.endswith("Gateway"):
        return Box(node, GATEWAY, GATEWAY, text_size(name) if name else (0, 0))
    return Box(node, max(TASK_WIDTH, text_size(name)[0] + 8), TASK_HEIGHT)


def _put_into_lanes(boxes: dict[str, Box], lanes: list[Any]) -> None:
    for number, lane in enumerate(lanes):
        for reference in lane.iter(f"{{{BPMN}}}flowNodeRef"):
            if reference.text in boxes:
                boxes[reference.text].lane = number


def _put_into_layers(boxes: dict[str, Box], ways: list[Way]) -> None:
    after: dict[str, list[Box]] = defaultdict(list)
    for way in ways:
        after[way.source.id].append(way.target)
    order, going_back = _in_depth(boxes, after)
    for box in reversed(order):
        for following in after[box.id]:
            if (box.id, following.id) not in going_back:
                following.layer = max(following.layer, box.layer + 1)


def _in_depth(boxes: dict[str, Box], after: dict[str, list[Box]]) -> tuple[list[Box], set[tuple[str, str]]]:
    """The elements, each after all that follow it; and the ways that lead back to where one came from."""
    order: list[Box] = []
    going_back: set[tuple[str, str]] = set()
    entered: set[str] = set()

    def visit(box: Box, way_here: frozenset[str]) -> None:
        entered.add(box.id)
        for following in after[box.id]:
            if following.id in way_here or following is box:
                going_back.add((box.id, following.id))
            elif following.id not in entered:
                visit(following, way_here | {box.id})
        order.append(box)

    for box in sorted(boxes.values(), key=lambda each: tag(each.node) != "startEvent"):
        if box.id not in entered:
            visit(box, frozenset())
    return order, going_back


def _put_into_rows(placed: Placed) -> None:
    taken: set[tuple[int, int, int]] = set()  # (lane, row, layer)
    before: dict[str, list[Box]] = defaultdict(list)
    for way in placed.ways:
        if not way.back:
            before[way.target.id].append(way.source)
    done: set[str] = set()
    for box in sorted(placed.boxes.values(), key=lambda each: each.layer):
        rows = [each.row for each in before[box.id] if each.lane == box.lane and each.id in done]
        wanted = min(rows, default=0)
        box.row = next(row for row in _nearest(wanted) if row >= 0 and (box.lane, row, box.layer) not in taken)
        taken.add((box.lane, box.row, box.layer))
        done.add(box.id)
        placed.rows[box.lane] = max(placed.rows[box.lane], box.row + 1)
    for way in sorted(placed.ways, key=lambda each: (each.back, len(each.passes()))):
        if passes := way.passes():
            way.straight = False
            _find_a_way(placed, way, passes, taken)


def _nearest(wanted: int) -> Iterator[int]:
    yield wanted
    for distance in range(1, 100):
        yield wanted + distance
        yield wanted - distance


def _find_a_way(placed: Placed, way: Way, passes: range, taken: set[tuple[int, int, int]]) -> None:
    """A row that is free in all layers that the flow passes, as near as can be; if none is, a new one below."""
    low, high = sorted((way.source.lane, way.target.lane))
    places = [
        (abs(lane - way.target.lane) * 10 + abs(row - (way.target.row if lane == way.target.lane else way.source.row)),
         lane, row)
        for lane in range(low, high + 1)
        for row in range(placed.rows[lane] + 1)
        if not any((lane, row, layer) in taken for layer in passes)
    ]  # fmt: skip
    if way.back:
        places = [(cost, lane, row) for cost, lane, row in places if row > 0 and lane == way.target.lane] or places
    _, way.lane, way.row = min(places)
    placed.rows[way.lane] = max(placed.rows[way.lane], way.row + 1)
    taken.update((way.lane, way.row, layer) for layer in passes)
