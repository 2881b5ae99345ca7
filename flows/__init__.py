"""The procedure: one process a file, its BPMN model beside it. No SQL, no SMTP, no arithmetic.

Importing this package enters every process in the engine's register.
"""

from flows import (
    agency_cascade,
    agreement,
    appeal,
    award,
    cascade,
    circular,
    directive,
    follow_up,
    framework,
    measures,
    opinion,
    printout,
    province_duty,
    sar,
    site_visit,
    user_request,
    weekly,
)

__all__ = [
    "agency_cascade", "agreement", "appeal", "award", "cascade", "circular", "directive", "follow_up", "framework",
    "measures", "opinion", "printout", "province_duty", "sar", "site_visit", "user_request", "weekly",
]  # fmt: skip
