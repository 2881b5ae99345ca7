"""How times, events and steps of a model are written on auditors' pages, in Thai or in English."""

from __future__ import annotations

from audit.knowledge import SAID_TH
from audit.sheet import Element
from portal.audit_diagram_texts import KINDS_EN
from portal.texts import Language, text

SYSTEM_TH = "ระบบ ("
MINUTE, HOUR, DAY = 60, 3600, 86400
UNITS = (("days", DAY), ("hours", HOUR), ("minutes", MINUTE))


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

    def by(self, name: str) -> str:
        """Who acted, as `audit.knowledge` says it; the system has an English name."""
        return name.replace(SYSTEM_TH, "System (", 1) if self.language == "en" and name.startswith(SYSTEM_TH) else name

    def lane(self, lane: str) -> str:
        """Lanes have Thai names only."""
        return lane or text("tokens.of_system", self.language)
