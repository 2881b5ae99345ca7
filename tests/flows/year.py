"""The department of S1 on each database, with its calendar of fiscal year 2555."""

from __future__ import annotations

from pathlib import Path

from ledger.work import Ledger
from rules.organisation_file import load_organisation, load_policy
from schemas.policy import Policy
from tests.engine.driver import Stage, stage_on

MINISTRIES = Path(__file__).parents[2] / "deployments" / "ministries"


def department_policy() -> Policy:
    return load_policy((MINISTRIES / "cdd-policy.yaml").read_text("utf-8"))


async def department_on(ledger: Ledger, policy: Policy | None = None) -> Stage:
    organisation = load_organisation((MINISTRIES / "cdd.yaml").read_text("utf-8"))
    return await stage_on(ledger, organisation, policy or department_policy())
