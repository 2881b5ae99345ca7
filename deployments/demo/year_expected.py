"""What must come of the agreement year, said beforehand and worked out by hand (`year_checks` compares).

No figure here is computed by the system's own rules: each stands as a number, with the sum that gives it beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.agreement import ChangeEnding
from schemas.appeal import AppealEnding
from schemas.base import CaseId
from schemas.criteria import KpiNumber
from schemas.year import YearDay


@dataclass(frozen=True, slots=True)
class ExpectedDay:
    """A named day: as printed, as it holds, and from when to when its work is really done (Bangkok)."""

    printed: str
    holds: str
    began: str
    ended: str


DAYS: Mapping[YearDay, ExpectedDay] = {
    YearDay.BASELINES: ExpectedDay("2011-10-07", "2011-10-07", "2011-10-03 09:00", "2011-10-06 10:00"),
    YearDay.CHOICE: ExpectedDay("2011-10-21", "2011-10-21", "2011-10-06 10:00", "2011-10-19 14:00"),
    YearDay.CONSULTATION: ExpectedDay("2011-11-04", "2011-11-04", "2011-10-19 14:00", "2011-11-03 10:00"),
    YearDay.NEGOTIATION: ExpectedDay("2011-11-18", "2011-11-18", "2011-11-03 10:00", "2011-11-16 16:00"),
    YearDay.NEGOTIATION_RESULT: ExpectedDay("2011-11-25", "2011-11-25", "2011-11-16 16:00", "2011-11-25 14:00"),
    # Nothing is signed before the appeal on the negotiation is decided (19 December).
    YearDay.SIGNING: ExpectedDay("2011-12-30", "2011-12-30", "2011-12-19 10:00", "2011-12-28 10:00"),
    YearDay.DETAILS: ExpectedDay("2012-01-20", "2012-01-20", "2011-12-28 10:00", "2012-01-16 10:00"),
    YearDay.DISTRIBUTION: ExpectedDay("2012-01-31", "2012-01-31", "2012-01-16 10:00", "2012-01-20 10:00"),
    YearDay.BRIEFING: ExpectedDay("2012-02-10", "2012-02-10", "2012-01-16 10:00", "2012-02-09 15:00"),
    YearDay.BUDGET: ExpectedDay("2012-02-17", "2012-02-17", "2012-02-09 15:00", "2012-02-15 10:00"),
    YearDay.EVIDENCE: ExpectedDay("2012-09-28", "2012-09-28", "2012-02-15 10:00", "2012-09-14 10:00"),
    YearDay.CHANGES_CLOSE: ExpectedDay("2012-04-02", "2012-04-02", "2012-03-15 10:00", "2012-03-20 10:00"),
    YearDay.FOLLOW_UP_6: ExpectedDay("2012-03-30", "2012-03-30", "2012-03-30 08:30", "2012-03-30 15:30"),
    YearDay.FOLLOW_UP_9: ExpectedDay("2012-06-15", "2012-06-15", "2012-06-15 08:30", "2012-06-18 15:30"),
    YearDay.FOLLOW_UP_12: ExpectedDay("2012-10-01", "2012-10-01", "2012-10-01 08:30", "2012-10-02 15:30"),
    # 1 April 2555 is a Sunday: reporting opens all the same. The last KPI is certified a day before the report leaves.
    YearDay.SAR_6_INTERNAL: ExpectedDay("2012-04-11", "2012-04-11", "2012-04-01 08:30", "2012-04-26 10:00"),
    # Asked for on 25 April, once the director-general has approved what is certified by then.
    YearDay.SAR_6: ExpectedDay("2012-04-30", "2012-04-30", "2012-04-27 10:00", "2012-04-27 10:00"),
    YearDay.VISIT_PRE: ExpectedDay("2012-06-30", "2012-06-30", "2012-05-01 08:30", "2012-06-25 10:00"),
    YearDay.SURVEY: ExpectedDay("2012-08-31", "2012-08-31", "2012-08-24 10:00", "2012-08-24 10:00"),
    YearDay.SAR_9_INTERNAL: ExpectedDay("2012-07-11", "2012-07-11", "2012-07-01 08:30", "2012-07-06 10:00"),
    YearDay.SAR_9: ExpectedDay("2012-07-16", "2012-07-16", "2012-07-06 10:00", "2012-07-17 10:00"),
    # Moved by กพร. on 2 October: what is certified on 12 October, and again on 17 October, is in time.
    YearDay.SAR_12_INTERNAL: ExpectedDay("2012-10-10", "2012-10-17", "2012-10-01 08:30", "2012-10-17 15:00"),
    YearDay.SAR_12: ExpectedDay("2012-10-31", "2012-10-31", "2012-10-22 10:00", "2012-10-26 10:00"),
    YearDay.VISIT_POST: ExpectedDay("2012-12-31", "2012-12-31", "2012-11-01 08:30", "2012-12-18 10:00"),
    YearDay.ANNOUNCEMENT: ExpectedDay("2013-02-28", "2013-02-28", "2012-10-31 10:00", "2013-02-20 10:00"),
    YearDay.AWARD: ExpectedDay("2013-06-28", "2013-06-28", "2013-06-03 10:00", "2013-06-26 10:00"),
}
NEGOTIATION_WINDOW, SCORE_WINDOW = "2011-12-13", "2013-03-07"
"""15 days after 25 November 2554 is Saturday 10 December; Monday is the substitute of Constitution Day, so Tuesday.
15 days after 20 February 2556 is Thursday 7 March."""


@dataclass(frozen=True, slots=True)
class ExpectedScore:
    """A KPI: its weight, its scores by round, as announced and as final, and its part in the final total."""

    weight: int
    six: str
    nine: str
    twelve: str
    announced: str
    final: str
    weighted: str


NOT_YET = "–"
SCORES: Mapping[KpiNumber, ExpectedScore] = {
    # Levels 60 65 70 75 80: 66.5 → 2 + 1.5/5; 71 → 3 + 1/5; 76 → 4 + 1/5. 5·4.2/92
    "1.1.1": ExpectedScore(5, "2.3000", "3.2000", "4.2000", "4.2000", "4.2000", "0.2283"),
    # Levels 50 60 70 80 90: 64 → 2 + 4/10; 75 → 3 + 5/10; 83 → 4 + 3/10. 5·4.3/92
    "1.1.2": ExpectedScore(5, "2.4000", "3.5000", "4.3000", "4.3000", "4.3000", "0.2337"),
    # Steps without a gap from the first: 2, 3, 5. 5·5/92
    "3.1": ExpectedScore(5, "2.0000", "3.0000", "5.0000", "5.0000", "5.0000", "0.2717"),
    # Levels 20 40 60 80 100: 42 → 2 + 2/20; 58 → 2 + 18/20; 74 → 3 + 14/20. 5·3.7/92
    "3.2": ExpectedScore(5, "2.1000", "2.9000", "3.7000", "3.7000", "3.7000", "0.2011"),
    # Levels as changed on 20 March, 1000 1200 1400 1600 1800: 1100 → 1.5; 1450 → 3.25; 1750 → 4.75. 5·4.5/92
    # (By the levels as negotiated, from 1200 on, the same results would give 1, 2.25 and 3.75.)
    "4.1": ExpectedScore(5, "1.5000", "3.2500", "4.7500", "4.5000", "4.5000", "0.2446"),
    # Ranges: 55 → 2; 65 → 3; 88 → 5. 5·5/92
    "4.2": ExpectedScore(5, "2.0000", "3.0000", "5.0000", "5.0000", "5.0000", "0.2717"),
    # Levels 70 75 80 85 90: 76 → 2 + 1/5; 81.5 → 3 + 1.5/5; 84.5 → 3 + 4.5/5. 5·3.9/92
    "4.3": ExpectedScore(5, "2.2000", "3.3000", "3.9000", "3.9000", "3.9000", "0.2120"),
    # Levels 55 60 65 70 75: 58 → 1 + 3/5; 63 → 2 + 3/5; 69 → 3 + 4/5. Appeal: 3.4 → 3.65. 12·3.65/92
    "5": ExpectedScore(12, "1.6000", "2.6000", "3.8000", "3.4000", "3.6500", "0.4761"),
    # Steps counted, whichever they are: 1, 3, 4. 5·4/92
    "6": ExpectedScore(5, "1.0000", "3.0000", "4.0000", "4.0000", "4.0000", "0.2174"),
    # (2·7.1 + 1·7.2)/3: (2·1.5 + 2.5)/3; (2·2.8 + 3.5)/3; (2·4.5 + 4.8)/3. 5·4.6/92
    "7": ExpectedScore(5, "1.8333", "3.0333", "4.6000", "4.6000", "4.6000", "0.2500"),
    # Less is better, levels 30 25 20 15 10: 28 → 1 + 2/5; 21 → 2 + 4/5; 17 → 3 + 3/5. Appeal dismissed. 10·3.2/92
    "8": ExpectedScore(10, "1.4000", "2.8000", "3.6000", "3.2000", "3.2000", "0.3478"),
    # Levels 2 4 6 8 10: 3.5 → 1.75; 5.3 → 2.65; 7.1 → 3.55. 5·3.55/92
    "9": ExpectedScore(5, "1.7500", "2.6500", "3.5500", "3.5500", "3.5500", "0.1929"),
    # Steps without a gap: 1, 2, 3 (at the end the fourth is missing, so the fifth does not count). 10·3/92
    "10": ExpectedScore(10, "1.0000", "2.0000", "3.0000", "3.0000", "3.0000", "0.3261"),
    # The survey, at the end of the year only. 5·4.215/92
    "11": ExpectedScore(5, NOT_YET, NOT_YET, "4.2150", "4.2150", "4.2150", "0.2291"),
    # Steps without a gap: 2, 4, 5. 5·5/92
    "12": ExpectedScore(5, "2.0000", "4.0000", "5.0000", "5.0000", "5.0000", "0.2717"),
}

# Six months, without KPI 11, Σ weight 87. The eleven other KPIs of weight 5 have 21.08333… together:
#     5·21.08333 + 12·1.6 + 10·1.4 + 10·1 = 148.61667, /87.
# Nine months: they have 34.83333…, so 5·34.83333 + 12·2.6 + 10·2.8 + 10·2 = 253.36667, /87.
# Twelve months, Σ weight 92, all twelve have 52.215: 5·52.215 + 12·3.8 + 10·3.6 + 10·3 = 372.675, /92.
# Announced: 5·51.965 + 12·3.4 + 10·3.2 + 10·3 = 362.625, /92. Final: 5·51.965 + 12·3.65 + 10·3.2 + 10·3 = 365.625, /92.
TOTALS: Mapping[str, str] = {
    "6": "1.7082", "9": "2.9123", "12": "4.0508", "announced": "3.9416", "final": "3.9742",
}  # fmt: skip
WEIGHTS: Mapping[str, str] = {"6": "87", "9": "87", "12": "92"}

LATE: Mapping[str, tuple[KpiNumber, ...]] = {"6": ("3.1",), "9": (), "12": ()}
"""KPIs certified after the divisions' day as it holds; by the printed one all of the twelve months would be late."""
SENT_LATE: Mapping[str, bool] = {"6": False, "9": True, "12": False}
MISSING_AT_APPROVAL = "3.1"
"""What the director-general reads as not reported when the SAR of six months is put up."""
ASKED_AGAIN: Mapping[str, tuple[CaseId, str]] = {
    "กพร. ส่งคืนรายละเอียดตัวชี้วัดที่ 12": ("agreement-2555-cdd", "details[12]/write_details"),
    "กพร. ไม่รับรองตัวชี้วัดที่ 4.3": ("sar-2555-cdd-6", "cards[4.3]/keep[4.3]"),
    "อธิบดีส่งคืนตัวชี้วัดที่ 6": ("sar-2555-cdd-12", "cards[6]"),
    "สทอ. เสนอบัญชีใหม่หลังข้อโต้แย้ง": ("award-2555-cdd", "propose[cdd-funds]"),
}
"""What was asked for a second time, by its reason: case, and how the key of the work begins."""

NEGOTIATION: Mapping[KpiNumber, tuple[AppealEnding, str]] = {
    "1.1.1": (AppealEnding.PARTLY, "85 → 82"), "7": (AppealEnding.UNANSWERED, "94 → 94"),
}  # fmt: skip
SCORE_APPEALS: Mapping[KpiNumber, tuple[AppealEnding, str]] = {
    "5": (AppealEnding.PARTLY, "3.4000 → 3.6500"), "8": (AppealEnding.DISMISSED, "3.2000 → 3.2000"),
}  # fmt: skip
"""All other KPIs: no appeal wanted."""
CHANGES = (("4.1", ChangeEnding.APPROVED), ("5", ChangeEnding.TOO_LATE))
NOT_REPORTED: Mapping[str, tuple[KpiNumber, ...]] = {"2012-06": ("9",)}
"""What the department's meeting saw as not reported, by follow-up; nothing in the other ten."""
UNANSWERED: Mapping[str, tuple[KpiNumber, ...]] = {"pre": ("4.3",), "post": ()}

DIGESTS = (
    ("cdd-finance", "2011-12-07"),  # the draft of an appeal on KPI 7 was due on 6 December
    ("cdd-planning", "2012-04-12"),  # KPI 3.1 was due on 11 April
    ("cdd-planning", "2012-06-08"),  # progress of KPI 9, three working days after 1 June (4 June is Visakha Bucha)
    ("cdd-community", "2012-06-25"),  # the answer to the visit, seven working days after 13 June
    ("cdd-psdg", "2012-07-17"),  # the e-SAR card was due on 16 July
)
"""Whose supervisors (group and head) are told of late work, at nine on which working day; nobody else all year."""
TOLD_OF_THE_MOVE = (
    "cdd-community.1", "cdd-finance.1", "cdd-funds.1", "cdd-information.1", "cdd-information.admin", "cdd-institute.1",
    "cdd-personnel.1", "cdd-planning.1", "cdd-psdg.1", "cdd-wisdom.1",
)  # fmt: skip
"""The officers of the nine units that held a report of the twelve months when กพร. moved the divisions' day, one mail
each; ศสท. has two, its administrator being one of them."""
