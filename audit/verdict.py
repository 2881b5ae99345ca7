"""What comes of playing a case on its model."""

from __future__ import annotations

from enum import StrEnum

from schemas.actor import Actor
from schemas.base import CaseId, Moment, Record, Sha256


class Why(StrEnum):
    """How an event can be at odds with the model."""

    NOT_NOW = "not_now"
    """The element is in the model, but no token stands there."""
    UNKNOWN = "unknown"
    """The model has no such element."""
    OTHER_KIND = "other_kind"
    """The element is of another kind there, such as a step where people are asked."""
    OTHER_MOMENT = "other_moment"
    """The timer was set for another moment than the model says."""
    OTHER_UNIT = "other_unit"
    """Another unit was asked than the model says."""
    OTHER_DUTY = "other_duty"
    """The right unit was asked, but officers of another duty than the model says."""
    OTHER_OFFICER = "other_officer"
    """Somebody else was asked than the person whose own work it is by the model, or nobody by name."""
    WITHDRAWN = "withdrawn"
    """Work was taken back that the model still asks for."""
    NOT_AT_THE_END = "not_at_the_end"
    """The case was closed before its model came to an end."""


WHY_TH: dict[Why, str] = {
    Why.NOT_NOW: "แบบจำลองยังไม่ถึงขั้นตอนนี้ หรือผ่านขั้นตอนนี้ไปแล้ว",
    Why.UNKNOWN: "แบบจำลองไม่มีขั้นตอนนี้",
    Why.OTHER_KIND: "ขั้นตอนนี้ในแบบจำลองเป็นงานคนละประเภท",
    Why.OTHER_MOMENT: "ตั้งเวลาไว้ไม่ตรงกับแบบจำลอง",
    Why.OTHER_UNIT: "ส่งงานให้หน่วยงานที่ไม่ตรงกับแบบจำลอง",
    Why.OTHER_DUTY: "ส่งงานให้ผู้มีหน้าที่ซึ่งไม่ตรงกับแบบจำลอง",
    Why.OTHER_OFFICER: "ส่งงานให้บุคคลที่ไม่ตรงกับแบบจำลอง",
    Why.WITHDRAWN: "ถอนงานที่แบบจำลองยังกำหนดให้ทำ",
    Why.NOT_AT_THE_END: "ปิดเรื่องก่อนสิ้นสุดกระบวนงานตามแบบจำลอง",
}
WHY_EN: dict[Why, str] = {
    Why.NOT_NOW: "the model is not at this step",
    Why.UNKNOWN: "the model has no such step",
    Why.OTHER_KIND: "in the model this is work of another kind",
    Why.OTHER_MOMENT: "the timer is set for another moment than the model says",
    Why.OTHER_UNIT: "another unit was asked than the model says",
    Why.OTHER_DUTY: "officers of another duty were asked than the model says",
    Why.OTHER_OFFICER: "another person was asked than the model says",
    Why.WITHDRAWN: "work was withdrawn that the model asks for",
    Why.NOT_AT_THE_END: "the case was closed before the end of the model",
}


class Expected(Record):
    """What might have come instead."""

    element: str
    th: str = ""


class Deviation(Record):
    """The first recorded event that the model does not allow."""

    seq: int
    at: Moment
    kind: str
    key: str
    element: str
    element_th: str = ""
    actor: Actor
    why: Why
    expected: tuple[Expected, ...] = ()

    @property
    def th(self) -> str:
        instead = ", ".join(each.th or each.element for each in self.expected) or "ไม่มี"
        return f"«{self.element_th or self.element}»: {WHY_TH[self.why]} (ขั้นตอนที่แบบจำลองรออยู่: {instead})"

    @property
    def en(self) -> str:
        instead = ", ".join(each.element for each in self.expected) or "nothing"
        return f"«{self.key or self.element}»: {WHY_EN[self.why]} (the model awaits: {instead})"


class Conformance(Record):
    """A case beside its approved model, as far as its history went when it was compared."""

    case: CaseId
    process: str
    version: int
    model: Sha256
    head_seq: int
    head_hash: Sha256
    deviation: Deviation | None = None

    @property
    def conforms(self) -> bool:
        return self.deviation is None
