"""The whole ledger as values: put aside and brought back, and told so that two ledgers can be compared."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from ledger import restore, tables, verify
from ledger.work import Ledger

Rows = list[dict[str, Any]]
TABLES = tables.metadata.sorted_tables


@dataclass(frozen=True)
class Kept:
    """All rows of all tables."""

    rows: Mapping[str, Rows]

    async def bring_back(self, engine: AsyncEngine) -> None:
        async with engine.begin() as connection:
            for table in reversed(TABLES):
                await connection.execute(table.delete())
            for table in TABLES:
                if rows := self.rows[table.name]:
                    await connection.execute(table.insert(), rows)


async def keep(engine: AsyncEngine) -> Kept:
    async with engine.connect() as connection:
        return Kept({t.name: [dict(row) for row in (await connection.execute(select(t))).mappings()] for t in TABLES})


async def counts_and_heads(engine: AsyncEngine) -> dict[str, Any]:
    """How many rows every table has, and where every chain ends; equal before and after when nothing was changed."""
    kept = await keep(engine)
    heads = {row["id"]: (row["head_seq"], row["head_hash"], row["state"]) for row in kept.rows["cases"]}
    return {name: len(rows) for name, rows in kept.rows.items()} | {"heads": heads}


@dataclass(frozen=True)
class Told:
    """What a ledger says, without hashes, positions and fences: two runs of one story say the same."""

    cases: dict[str, tuple[str, str, str, str, str | None]]
    """State, phase, run, for whom it waits, and what it wants."""
    events: dict[str, Counter[tuple[str, str, str]]]
    """By case: kind, key and payload."""
    mails: dict[str, str]
    """State by occasion."""


SEALS = re.compile(r"[0-9a-f]{64}")


def tell(kept: Kept) -> Told:
    events: dict[str, Counter[tuple[str, str, str]]] = {}
    for row in kept.rows["events"]:
        said = _without_positions(json.loads(row["payload"]))
        events.setdefault(row["case_id"], Counter())[row["kind"], row["key"], said] += 1
    return Told(
        cases={
            c["id"]: (c["state"], c["phase"], c["run_state"], c["waiting_for"], c["wanted"]) for c in kept.rows["cases"]
        },
        events=events,
        mails={m["once"]: m["state"] for m in kept.rows["mails"]},
    )


def _without_positions(said: dict[str, Any]) -> str:
    """The size of a spreadsheet varies with the moments of its parts; positions vary with the order of mails."""
    kept = {k: v for k, v in said.items() if k not in {"seq", "size"}}
    return SEALS.sub("#", json.dumps(kept, ensure_ascii=False, sort_keys=True))


def differing(expected: Told, found: Told) -> list[str]:
    """What a ledger says otherwise, in words; empty when the two agree."""
    said = [
        f"case {case}: {expected.cases.get(case)} became {found.cases.get(case)}"
        for case in sorted(expected.cases.keys() | found.cases.keys())
        if expected.cases.get(case) != found.cases.get(case)
    ]
    for case in sorted(expected.events.keys() | found.events.keys()):
        before, after = expected.events.get(case, Counter()), found.events.get(case, Counter())
        said += [f"{case}: lost {event}" for event in (before - after).elements()]
        said += [f"{case}: too many {event}" for event in (after - before).elements()]
    for once in sorted(expected.mails.keys() | found.mails.keys()):
        if expected.mails.get(once) != found.mails.get(once):
            said.append(f"mail {once}: {expected.mails.get(once)} became {found.mails.get(once)}")
    return said


async def not_whole(ledger: Ledger, before: Kept, after: Kept) -> list[str]:
    """Chains that do not hold, and tables that are not what the events of the cases that went on say."""
    found = await verify.verify_all(ledger)
    said = [str(broken) for broken in found.broken]
    stood = {case["id"]: case["head_hash"] for case in before.rows["cases"]}
    async with ledger.read() as connection:
        for case in after.rows["cases"]:
            if stood.get(case["id"]) != case["head_hash"]:
                said += [str(each) for each in await restore.differences(connection, case["id"])]
    return said
