"""Errors of the engine."""

from __future__ import annotations


class EngineError(Exception):
    """Base of all engine errors."""


class ReplayMismatch(EngineError):
    """The flow asks for another element than the ledger holds here: its code was changed under an open case."""

    def __init__(self, *, case: str, branch: str, held: str, met: str) -> None:
        self.case, self.branch, self.held, self.met = case, branch, held, met
        where = f"branch «{branch}»" if branch else "the main branch"
        super().__init__(
            f"case «{case}», {where}: the ledger holds «{held}» but the flow asks for «{met}» | "
            f"เรื่อง «{case}»: บัญชีประวัติมีขั้นตอน «{held}» แต่กระบวนงานเรียกขั้นตอน «{met}»"
        )


class Withdrawn(EngineError):
    """The hand-off was withdrawn from outside while the flow waited for it."""

    def __init__(self, *, key: str, reason: str) -> None:
        self.key, self.reason = key, reason
        super().__init__(f"«{key}» was withdrawn: {reason}")


class CalledCaseCancelled(EngineError):
    """The child case that the flow waited for was cancelled."""

    def __init__(self, *, key: str, child: str) -> None:
        self.key, self.child = key, child
        super().__init__(f"«{key}»: the called case «{child}» was cancelled")


class Overtaken(EngineError):
    """Under the lock something is no longer as the step has read it: nothing is written, and it begins anew."""


class UnknownProcess(EngineError):
    """No flow is registered for this process and version."""

    def __init__(self, *, process: str, version: int | None = None) -> None:
        self.process, self.version = process, version
        en, th = (f" version {version}", f" รุ่น {version}") if version else ("", "")
        super().__init__(f"no flow is registered for process «{process}»{en} | ไม่มีกระบวนงาน «{process}»{th} ในระบบนี้")


class CaseEnded(EngineError):
    """The case was cancelled or superseded while its flow ran; the run must stop quietly."""

    def __init__(self, *, case: str, state: str) -> None:
        self.case, self.state = case, state
        super().__init__(f"case «{case}» is {state}")


class NothingToWaitFor(EngineError):
    """The flow waits although nothing is open that could ever wake it: a mistake in the flow."""

    def __init__(self, *, case: str) -> None:
        self.case = case
        super().__init__(f"case «{case}» waits for nothing that could come")


class LeaseLost(EngineError):
    """The run could not keep its lease on the case and must stop."""

    def __init__(self, *, case: str) -> None:
        self.case = case
        super().__init__(f"the lease on case «{case}» was lost")
