"""A decision that says why; false in a condition when it is a refusal."""

from __future__ import annotations

from schemas.base import Record


class Verdict(Record):
    allowed: bool
    th: str = ""
    en: str = ""
    instrument: str | None = None
    """The order of delegation on which a permission rests, if it rests on one."""

    def __bool__(self) -> bool:
        return self.allowed


YES = Verdict(allowed=True)


def no(th: str, en: str) -> Verdict:
    """A refusal with its reason in both languages."""
    return Verdict(allowed=False, th=th, en=en)
