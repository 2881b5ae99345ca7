"""How times, events and steps of a model are written on auditors' pages, in Thai or in English."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from audit.approved import approvals
from audit.errors import ModelWasChanged
from audit.keys import element_of
from audit.knowledge import SAID_TH
from audit.sheet import Element, sheet_of
from portal.audit_diagram_texts import KINDS_EN
from portal.lane_names import lane_in_english
from portal.texts import Language, text

SYSTEM_TH = "ระบบ ("
MINUTE, HOUR, DAY = 60, 3600, 86400
UNITS = (("days", DAY), ("hours", HOUR), ("minutes", MINUTE))


@cache
def elements_of(process: str) -> Mapping[str, Element]:
    """The elements of the approved model, in its order; none where there is no model, or not the approved one."""
    latest = next((each for each in reversed(approvals()) if each.process == process), None)
    try:
        return sheet_of(latest).elements if latest else {}
    except ModelWasChanged:
        return {}


class AuditWording:
    """The words of one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def span(self, seconds: float) -> str:
        """«3 วัน 4 ชม.»: the largest unit and the one below it."""
        left, said = round(seconds / MINUTE) * MINUTE, list[str]()
        for place, (name, size) in enumerate(UNITS):
            n, left = divmod(left, size)
            if n:
                said.append(text(f"span.{name}", self.language, n=f"{n:,}"))
            if said and (place == 2 or not left or len(said) == 2 or UNITS[place + 1][1] > left):
                break
        return " ".join(said) or text("span.none", self.language)

    def short_span(self, seconds: float) -> str:
        """«3.2 วัน»: one figure, for a place on a diagram."""
        for name, size in UNITS:
            if seconds >= size:
                n = seconds / size
                return text(f"span.{name}", self.language, n=f"{n:.1f}" if n < 9.95 and size == DAY else f"{n:,.0f}")
        return text("span.short_none", self.language)

    def kind(self, kind: str) -> str:
        return KINDS_EN[kind] if self.language == "en" else SAID_TH[kind]

    def element(self, element: Element | None, key: str = "") -> str:
        """A step of the model. Its names are Thai; its id, which is English, is read as words."""
        if element is None:
            return key
        return element.id.replace("_", " ").capitalize() if self.language == "en" or not element.th else element.th

    def has_name(self, element: Element) -> bool:
        """Whether an element is called something in this language: races and quorums have no Thai names."""
        return bool(element.th) or self.language == "en"

    def step_of(self, process: str, key: str) -> str:
        """The step that the key of an event names; the key itself where the process has no approved model."""
        return self.element(elements_of(process).get(element_of(key)), key)

    def by(self, name: str) -> str:
        """Who acted, as `audit.knowledge` says it; through which of its parts the system did, says nobody anything."""
        return text("tokens.of_system", self.language) if name.startswith(SYSTEM_TH) else name

    def lane(self, lane: str) -> str:
        """Who is asked: the name on the model, which is Thai, or its English one."""
        if not lane:
            return text("tokens.of_system", self.language)
        return lane_in_english(lane) if self.language == "en" else lane
