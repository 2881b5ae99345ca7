"""What forms and mails say about a case, in Thai."""

from __future__ import annotations

from collections.abc import Iterable

from rules.thai import thai_date
from schemas.directive import LEVEL_TH, URGENCY_TH, Directive
from schemas.form import Facts
from schemas.weekly import OpenDirective


def thai_list(items: Iterable[str]) -> str:
    """«ก, ข และ ค»."""
    *first, last = list(items) or [""]
    return f"{', '.join(first)} และ {last}" if first else last


def facts_of(directive: Directive) -> Facts:
    """What an officer must know of a directive before acting on it."""
    return (
        ("เลขที่", directive.no),
        ("เรื่อง", directive.title),
        ("ข้อสั่งการ", directive.text),
        ("ผู้สั่งการ", directive.ordered_by),
        ("วันที่สั่งการ", thai_date(directive.ordered_on)),
        ("ที่มา", directive.source_meeting),
        ("ชั้นความเร็ว", URGENCY_TH[directive.urgency]),
    )


def facts_of_line(line: OpenDirective, week_label: str) -> Facts:
    """What an officer must know before reporting on a directive; its text stands in its own case."""
    facts = (
        ("สัปดาห์ที่รายงาน", week_label),
        ("เลขที่", line.no),
        ("เรื่อง", line.title),
        ("ผู้สั่งการ", line.ordered_by),
        ("วันที่สั่งการ", thai_date(line.ordered_on)),
        ("ที่มา", line.source_meeting),
        ("หน่วยงานรับผิดชอบ", line.responsible_th),
        ("ระดับที่รายงานล่าสุด", LEVEL_TH[line.level] if line.level else "ยังไม่เคยรายงาน"),
    )
    return tuple((label, value) for label, value in facts if value)
