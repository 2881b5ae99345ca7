"""Who reads what concerns a person's pay or conduct in a case that others read as well (decision 27)."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from flows.staff import PROCESS, records_of
from ledger import documents
from ledger.cases import CaseView
from portal.state import Portal
from portal.visitor import Visitor
from portal.year_doors import award_desks
from schemas.base import Sha256, UnitId


def may_read_personal(portal: Portal, visitor: Visitor, case: CaseView, *, of: UnitId | None = None) -> bool:
    """Who checks or approves the lists, and auditors; of a unit's own list also the unit `of`.

    Who otherwise reads every case, such as the secretariat or an administrator, does not need this for any work.
    """
    units, agency = frozenset(visitor.rights.units), case.data.get("agency")
    if visitor.rights.is_auditor or of in units:
        return True
    return isinstance(agency, str) and not units.isdisjoint(award_desks(portal, agency))


async def personal_documents(connection: AsyncConnection, case: CaseView) -> frozenset[Sha256]:
    """The workbooks of personnel records in a case, by their hashes; only an allocation has any.

    Where somebody has spoiled what names them, every document of the case may be one.
    """
    if case.process != PROCESS:
        return frozenset()
    try:
        handed_in = await records_of(connection, case.id)
    except (ValueError, KeyError, TypeError):
        return frozenset(each.sha256 for each in await documents.of_case(connection, case.id))
    return frozenset(each.records.file.sha256 for each in handed_in if each.records.file is not None)
