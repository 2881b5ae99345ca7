"""Findings as a document prints them: units by name, digits as asked for."""

from __future__ import annotations

import re

from reports.figures import sentence
from reports.names import Names
from rules.thai import Digits
from schemas.scorecard import Finding

_WORD = re.compile(r"[a-z0-9][a-z0-9_.\-]*[a-z0-9]")


def finding_text(of: Finding, names: Names, digits: Digits) -> str:
    """The sentence of a finding. A unit that no source prints a name for stands in it with its id."""
    named = _WORD.sub(lambda found: names.units.get(found[0], found[0]), of.th)
    return sentence(named, digits)
