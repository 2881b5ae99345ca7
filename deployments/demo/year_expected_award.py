"""The award money that must come of the year, worked out by hand, to the satang.

A unit's operators: 1,500,000.00 · W / 4,023,122.20, where W = Σ salary · months of who is entitled, · score / 5 (a unit
without KPIs by the total). A person's share of the unit: salary · months · part (1, 0.75 co-owner, 0.5 supporter, 0.25
none) · performance. Executives: 240,000.00 by salary alone, Σ 546,000. Whole satang by the largest remainder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.base import OfficerId, UnitId


@dataclass(frozen=True, slots=True)
class ExpectedUnit:
    """A unit: its score, what its operators and its executive get, and each of the operators."""

    th: str
    score: str
    operators: str
    executives: str
    persons: Mapping[OfficerId, str]


UNITS: Mapping[UnitId, ExpectedUnit] = {
    # (32000 + 24000)·12 + 28000·5 (has left after five months) = 812,000; · 4.025/5 = 653,660
    "cdd-community": ExpectedUnit("สสช.", "4.0250", "243713.70", "26373.63", {
        "community-1": "139680.69", "community-2": "78570.39",  # 384,000 and 288,000 · 0.75 = 216,000 of 670,000
        "community-left": "25462.62",  # 140,000 · 0.5 = 70,000
    }),
    # (30000 + 22500)·12 = 630,000; KPI 4.2 (5) and 7/12 of KPI 5: (5·5 + 7·3.65)/12 = 4.2125; W = 530,775
    "cdd-wisdom": ExpectedUnit("สภว.", "4.2125", "197896.67", "25494.51", {
        "wisdom-1": "122252.77", "wisdom-2": "75643.90",  # 360,000 and 270,000 · 0.75 · 1.1 = 222,750
    }),
    # By the records, before the objection: 31000·12 + 20000·8 = 532,000; (5·4.5 + 5·3.65)/10 = 4.075; W = 433,580
    "cdd-funds": ExpectedUnit("สทอ.", "4.0750", "161658.03", "24615.39", {
        "funds-1": "127408.45", "funds-2": "34249.58",  # after it: 372,000 and 20000·10 · 0.5 = 100,000 of 472,000
    }),
    # 27000·12 = 324,000; W = 273,132. The government employee is not entitled.
    "cdd-information": ExpectedUnit("ศสท.", "4.2150", "101835.83", "24175.82", {"information-1": "101835.83"}),
    # (33000 + 26000)·12 + 21000·8 = 876,000; KPIs 3.1, 6, 9: (5 + 4 + 3.55)/3 = 4.1833 (its share of 8 is not known)
    "cdd-planning": ExpectedUnit("กผ.", "4.1833", "273263.20", "25054.95", {
        "planning-1": "143137.87", "planning-2": "84581.47",  # 396,000 and 312,000 · 0.75 = 234,000 of 756,000
        "moved": "45543.86",  # 168,000 · 0.75 = 126,000
    }),
    # 29000·12 + 21000·4 = 432,000; W = 397,440. The highest part of who moved counts here too.
    "cdd-finance": ExpectedUnit("กค.", "4.6000", "148183.42", "23736.26", {
        "finance-1": "125469.17", "moved": "22714.25",  # 348,000 and 84,000 · 0.75 = 63,000 of 411,000
    }),
    # 3.0000 is not less than the threshold: 28000·12 · 3/5 = 201,600
    "cdd-personnel": ExpectedUnit("กจ.", "3.0000", "75165.50", "23296.70", {"personnel-1": "75165.50"}),
    # 26500·12 · 3/5 = 190,800. Three months are too few for institute-2.
    "cdd-institute": ExpectedUnit("สพช.", "3.0000", "71138.78", "22857.14", {"institute-1": "71138.78"}),
    # 30500·12 · 5/5 = 366,000
    "cdd-psdg": ExpectedUnit("กพร.", "5.0000", "136461.18", "22417.58", {"psdg-1": "136461.18"}),
    # Holds no KPI, so by the total: 25500·12 · 3.9742/5 = 243,221.04
    "cdd-audit": ExpectedUnit("ตภ.", "3.9742", "90683.69", "21978.02", {"audit-1": "90683.69"}),
}  # fmt: skip
POTS: Mapping[str, str] = {"operators": "1500000.00", "executives": "240000.00"}
LEFT_OUT: tuple[OfficerId, ...] = ("information-2", "institute-2")
PAID_ON = "2013-06-26"
