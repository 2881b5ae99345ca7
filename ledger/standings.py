"""How many cases each process has, how many are open, and how many depart from their models."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The cases of one process."""

    process: str
    cases: int = 0
    open: int = 0
    compared: int = 0
    departs: int = 0


async def standings(connection: AsyncConnection) -> dict[str, Standing]:
    """The processes that have any case, by id."""
    c, k = tables.cases.c, tables.conformances.c
    query = (
        select(
            c.process, func.count().label("cases"), func.sum(case((c.state == "open", 1), else_=0)).label("open"),
            func.count(k.case_id).label("compared"), func.count(k.deviation).label("departs"),
        )
        .select_from(tables.cases.outerjoin(tables.conformances, k.case_id == c.id))
        .group_by(c.process)
    )  # fmt: skip
    return {row["process"]: Standing(**row) for row in (await connection.execute(query)).mappings()}
