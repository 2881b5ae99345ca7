"""Reading a ministry's organisation and policy from YAML; what is wrong is named by field, or by line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.errors import BrokenOrganisationFile, BrokenPolicyFile
from rules.record_file import load_record
from schemas.form import Problem
from schemas.organisation import Organisation
from schemas.policy import Policy


def load_organisation(text: str) -> Organisation:
    """The organisation that a YAML file describes. Raises BrokenOrganisationFile."""
    return load_record(text, Organisation, BrokenOrganisationFile, _of_whole)


def load_policy(text: str) -> Policy:
    """The policy that a YAML file describes; what it leaves out is the default. Raises BrokenPolicyFile."""
    return load_record(text, Policy, BrokenPolicyFile)


_WHOLE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(english), thai)
    for english, thai in (
        (r"(?P<field>\S+): id '(?P<what>.*)' is used (?P<n>\d+) times", "{field}: รหัส «{what}» ซ้ำกัน {n} ครั้ง"),
        (r"(?P<field>\S+): unknown unit '(?P<what>.*)'", "{field}: ไม่พบหน่วยงาน «{what}»"),
        (r"(?P<field>\S+): unknown officer", "{field}: ไม่พบเจ้าหน้าที่"),
        (r"(?P<field>\S+): the unit is its own ancestor", "{field}: หน่วยงานเป็นต้นสังกัดของตนเอง"),
    )
)


def _of_whole(message: str) -> Iterator[Problem]:
    """The organisation's own findings, which name the field already."""
    for finding in message.split("; "):
        for pattern, thai in _WHOLE:
            if found := pattern.fullmatch(finding):
                yield Problem(field=found["field"], th=thai.format(**found.groupdict()), en=finding)
                break
        else:
            yield Problem(field="", th=f"ข้อมูลไม่สอดคล้องกัน: {finding}", en=finding)
