"""What was expected and what was found, as people read it; and what must hold of every rehearsal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from deployments.demo.findings import Findings

NONE_TH = "– ไม่มี –"


@dataclass(frozen=True, slots=True)
class Check:
    """One promise."""

    what: str
    expected: str
    found: str

    @property
    def holds(self) -> bool:
        return self.expected == self.found


def common_checks(found: Findings) -> Iterator[Check]:
    """Every mail was sent, the history is whole, the tables tell the same, no case stands still."""
    yield Check("อีเมลที่ส่งไม่สำเร็จ", "0", str(sum(mail.state == "failed" for mail in found.mails)))
    yield Check("ห่วงโซ่หลักฐานที่ขาด", "0", str(len(found.history.broken)))
    yield Check("ตารางที่ต่างจากประวัติ", "0", str(found.differences))
    stopped = sorted(case.id for case in found.cases.values() if case.run_state in {"failed", "detached"})
    yield Check("เรื่องที่หยุดโดยไม่คาดหมาย", listed([]), listed(stopped))


def delivery_check(found: Findings, delivered: int) -> Check:
    """What the ledger calls sent has come to the mailbox by SMTP."""
    sent = sum(mail.state == "sent" for mail in found.mails)
    return Check("อีเมลที่ถึงกล่องจดหมายทาง SMTP", str(sent), str(delivered))


# --- as people read it -------------------------------------------------------------------------------------


def listed(items: Iterable[str]) -> str:
    return ", ".join(items) or NONE_TH


def yes(is_so: bool) -> str:
    return "ใช่" if is_so else "ไม่ใช่"


def there(is_so: bool) -> str:
    return "มี" if is_so else "ไม่มี"
