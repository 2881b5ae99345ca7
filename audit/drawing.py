"""The diagram of a model (BPMN DI): coordinates for what `audit.placing` has placed, written into the file."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from audit.notation import BPMN
from audit.placing import (
    EVENT,
    INNER_HEAD,
    INNER_MARGIN,
    LINE,
    PADDING,
    ROW_GAP,
    Box,
    Placed,
    Way,
    place,
    tag,
    text_size,
)

BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
POOL_HEAD, LANE_HEAD, MARGIN = 30.0, 34.0, 24.0
TRACK, CHANNEL = 12.0, 22.0
THIN_ROW = 24.0
Point = tuple[float, float]


def lay_out(content: bytes) -> bytes:
    """The same model with a new diagram in the place of an old one."""
    root = etree.fromstring(content, etree.XMLParser(remove_blank_text=True))
    for old in root.iterchildren(f"{{{BPMNDI}}}BPMNDiagram"):
        root.remove(old)
    process = root.find(f"{{{BPMN}}}process")
    pool = root.find(f"{{{BPMN}}}collaboration/{{{BPMN}}}participant")
    plane = etree.SubElement(
        etree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", id="diagram-1"), f"{{{BPMNDI}}}BPMNPlane",
        id="plane-1", bpmnElement=pool.getparent().get("id"),
    )  # fmt: skip
    _Picture(plane).pool(pool, place(process))
    etree.indent(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


@dataclass(slots=True)
class _Grid:
    """Coordinates of one container: centres of layers and rows, tracks between layers."""

    centres: list[float]
    rows: dict[tuple[int, int], float]
    lanes: list[tuple[float, float]]
    """Top and height of each lane."""
    tracks: dict[tuple[int, int], float]
    """x of the vertical piece of a way (by its number) in the channel after a layer (-1: before the first)."""
    width: float
    height: float


@dataclass(slots=True)
class _Bend:
    """The vertical piece of a way in a channel."""

    way: int
    channel: int
    source: float
    target: float
    label: float = 0


@dataclass(slots=True)
class _Measured:
    """Sizes of one container, before anything has coordinates."""

    placed: Placed
    above: dict[tuple[int, int], float] = field(default_factory=lambda: defaultdict(lambda: THIN_ROW / 2))
    below: dict[tuple[int, int], float] = field(default_factory=lambda: defaultdict(lambda: THIN_ROW / 2))
    breadth: dict[int, float] = field(default_factory=lambda: defaultdict(float))


def measure(placed: Placed) -> _Grid:
    """Coordinates relative to the upper left corner of the container's content."""
    sizes = _Measured(placed)
    for box in placed.boxes.values():
        if box.inner is not None:
            inner = measure(box.inner)
            box.width, box.height = inner.width + 2 * INNER_MARGIN, inner.height + INNER_HEAD + INNER_MARGIN
        place_of = box.lane, box.row
        sizes.above[place_of] = max(sizes.above[place_of], box.above)
        sizes.below[place_of] = max(sizes.below[place_of], box.below)
        sizes.breadth[box.layer] = max(sizes.breadth[box.layer], box.breadth)
    rows, lanes, height = _rows(sizes)
    centres, tracks, width = _columns(sizes, rows)
    return _Grid(centres, rows, lanes, tracks, width, height)


def _rows(sizes: _Measured) -> tuple[dict[tuple[int, int], float], list[tuple[float, float]], float]:
    rows, lanes, y = {}, [], 0.0
    for lane, count in enumerate(sizes.placed.rows):
        top = y
        y += ROW_GAP / 2
        for row in range(count):
            y += sizes.above[lane, row]
            rows[lane, row] = y
            y += sizes.below[lane, row] + ROW_GAP
        y -= ROW_GAP / 2
        if sizes.placed.lanes:  # its name is written upright at its side
            y = max(y, top + text_size(sizes.placed.lanes[lane].get("name"))[0] + 2 * PADDING)
        lanes.append((top, y - top))
    return rows, lanes, y


def _columns(sizes: _Measured, rows: dict[tuple[int, int], float]) -> tuple[list[float], dict[Any, float], float]:
    bends: dict[int, list[_Bend]] = defaultdict(list)
    for number, way in enumerate(sizes.placed.ways):
        for bend in _bends(number, way, rows):
            bends[bend.channel].append(bend)
    layers = max((box.layer for box in sizes.placed.boxes.values()), default=0) + 1
    tracks: dict[tuple[int, int], float] = {}
    centres: list[float] = []
    x = 0.0
    for channel in range(-1, layers):
        if channel >= 0:
            centres.append(x + sizes.breadth[channel] / 2)
            x += sizes.breadth[channel]
        x += CHANNEL / 2 if bends[channel] or 0 <= channel < layers - 1 else 0
        turning = _in_order([bend for bend in bends[channel] if bend.source != bend.target])
        for bend in turning:
            tracks[bend.way, channel] = x
            x += TRACK
        x += max((bend.label for bend in bends[channel]), default=0)
        x += CHANNEL / 2 if bends[channel] or 0 <= channel < layers - 1 else 0
    return centres, tracks, x


def _bends(number: int, way: Way, rows: dict[tuple[int, int], float]) -> list[_Bend]:
    """Where a way turns, with the label that is written behind its first turn."""
    leaves, arrives = _leaving(way, rows), rows[way.target.lane, way.target.row]
    name = way.flow.get("name")
    label = text_size(name)[0] if name else 0
    if way.straight:
        return [_Bend(number, way.source.layer, leaves, arrives, label)]
    between = rows[way.lane, way.row]
    entering = way.target.layer - 1
    return [_Bend(number, way.source.layer, leaves, between, label), _Bend(number, entering, between, arrives)]


def _leaving(way: Way, rows: dict[tuple[int, int], float]) -> float:
    centre = rows[way.source.lane, way.source.row]
    return centre if way.boundary is None else centre + way.source.height / 2 + EVENT / 2 + LINE


def _in_order(bends: list[_Bend]) -> list[_Bend]:
    """So that a way that leaves a row turns before another arrives in that row, and few of them cross."""
    left = sorted(bends, key=lambda b: (b.target < b.source, b.source if b.target < b.source else -b.source, b.way))
    ordered: list[_Bend] = []
    while left:
        free = next((b for b in left if not any(o is not b and o.source == b.target for o in left)), left[0])
        left.remove(free)
        ordered.append(free)
    return ordered


class _Picture:
    """Writes shapes and edges."""

    def __init__(self, plane: Any) -> None:
        self._plane = plane
        self._edges: list[tuple[Any, list[Point], tuple[float, float] | None]] = []

    def pool(self, pool: Any, placed: Placed) -> None:
        grid = measure(placed)
        left, top = 160.0, 80.0
        width = POOL_HEAD + LANE_HEAD + 2 * MARGIN + grid.width
        self._shape(pool, left, top, width, grid.height, {"isHorizontal": "true"})
        for lane, (y, height) in zip(placed.lanes, grid.lanes, strict=True):
            self._shape(lane, left + POOL_HEAD, top + y, width - POOL_HEAD, height, {"isHorizontal": "true"})
        self._container(placed, grid, left + POOL_HEAD + LANE_HEAD + MARGIN, top)
        for flow, points, label in self._edges:
            self._edge(flow, points, label)

    def _container(self, placed: Placed, grid: _Grid, left: float, top: float) -> None:
        for box in placed.boxes.values():
            x, y = left + grid.centres[box.layer], top + grid.rows[box.lane, box.row]
            self._box(box, x, y)
            if box.inner is not None:
                inner_left, inner_top = x - box.width / 2 + INNER_MARGIN, y - box.height / 2 + INNER_HEAD
                self._container(box.inner, measure(box.inner), inner_left, inner_top)
            self._boundaries(box, x, y)
        for number, way in enumerate(placed.ways):
            self._way(number, way, grid, left, top)

    def _box(self, box: Box, x: float, y: float) -> None:
        more = {"isExpanded": "true"} if box.inner is not None else {}
        if tag(box.node) == "exclusiveGateway":
            more["isMarkerVisible"] = "true"
        label = None
        if box.label[1]:
            width, height = box.label
            gateway = "Gateway" in tag(box.node)
            label_y = y - box.height / 2 - height - 4 if gateway else y + box.height / 2 + 4
            label = (x - width / 2, label_y, width, height)
        self._shape(box.node, x - box.width / 2, y - box.height / 2, box.width, box.height, more, label)

    def _boundaries(self, box: Box, x: float, y: float) -> None:
        for number, node in enumerate(box.boundaries):
            at, bottom = _boundary_x(box, number, x), y + box.height / 2
            label = None
            if name := node.get("name"):
                width, height = text_size(name)
                label = (at - EVENT / 2 - width - 4, bottom + 4, width, height)
            self._shape(node, at - EVENT / 2, bottom - EVENT / 2, EVENT, EVENT, {}, label)

    def _way(self, number: int, way: Way, grid: _Grid, left: float, top: float) -> None:
        rows = grid.rows
        x, y = left + grid.centres[way.source.layer], top + rows[way.source.lane, way.source.row]
        end_x = left + grid.centres[way.target.layer] - way.target.width / 2
        end_y = top + rows[way.target.lane, way.target.row]
        leaves = top + _leaving(way, rows)
        if way.boundary is None:
            points = [(x + way.source.width / 2, y)]
        else:
            at = _boundary_x(way.source, way.source.boundaries.index(way.boundary), x)
            points = [(at, y + way.source.height / 2 + EVENT / 2), (at, leaves)]
        for bend in _bends(number, way, rows):
            track = grid.tracks.get((number, bend.channel))
            if track is not None:
                points += [(left + track, top + bend.source), (left + track, top + bend.target)]
        points.append((end_x, end_y))
        self._edges.append((way.flow, points, self._label_at(way, points)))

    @staticmethod
    def _label_at(way: Way, points: list[Point]) -> tuple[float, float] | None:
        """Behind the first turn, above the line; of a line that does not turn, at its beginning."""
        if not way.flow.get("name"):
            return None
        if len(points) == 2:
            return points[0][0] + 2, points[0][1] - LINE - 3
        turn = points[2] if way.boundary is None else points[-2]
        to_the_left = way.back
        width = text_size(way.flow.get("name"))[0]
        return (turn[0] - width if to_the_left else turn[0]), turn[1] - LINE - 3

    def _shape(
        self, node: Any, x: float, y: float, width: float, height: float, more: dict[str, str],
        label: tuple[float, float, float, float] | None = None,
    ) -> None:  # fmt: skip
        shape = etree.SubElement(
            self._plane, f"{{{BPMNDI}}}BPMNShape", id=f"shape-{node.get('id')}", bpmnElement=node.get("id"), **more
        )
        self._bounds(shape, x, y, width, height)
        if label is not None:
            self._bounds(etree.SubElement(shape, f"{{{BPMNDI}}}BPMNLabel"), *label)

    def _edge(self, flow: Any, points: list[Point], label: tuple[float, float] | None) -> None:
        edge = etree.SubElement(
            self._plane, f"{{{BPMNDI}}}BPMNEdge", id=f"edge-{flow.get('id')}", bpmnElement=flow.get("id")
        )
        for x, y in points:
            etree.SubElement(edge, f"{{{DI}}}waypoint", x=_number(x), y=_number(y))
        if label is not None:
            width, height = text_size(flow.get("name"))
            self._bounds(etree.SubElement(edge, f"{{{BPMNDI}}}BPMNLabel"), *label, width, height)

    @staticmethod
    def _bounds(parent: Any, x: float, y: float, width: float, height: float) -> None:
        etree.SubElement(
            parent, f"{{{DC}}}Bounds", x=_number(x), y=_number(y), width=_number(width), height=_number(height)
        )


def _boundary_x(box: Box, number: int, x: float) -> float:
    return x + box.width / 2 - 30 - 60 * number


def _number(value: float) -> str:
    return f"{round(value)}"
