"""The procedure: one process a file, its BPMN model beside it. No SQL, no SMTP, no arithmetic.

Importing this package enters every process in the engine's register.
"""

from flows import (
    agreement,
    appeal,
    award,
    circular,
    directive,
    follow_up,
    framework,
    measures,
    opinion,
    printout,
    sar,
    site_visit,
    user_request,
    weekly,
)

__all__ = [
    "agreement", "appeal", "award", "circular", "directive", "follow_up", "framework", "measures", "opinion",
    "printout", "sar", "site_visit", "user_request", "weekly",
]  # fmt: skip
