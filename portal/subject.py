"""The directive that a report is about: its text and papers stand in its own case, and beside the report's form."""

from __future__ import annotations

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger import reading
from ledger.hand_offs import HandOff
from schemas.directive import Directive, DirectiveCase

DIRECTIVE = "directive-lifecycle"


async def directive_of(connection: AsyncConnection, hand_off: HandOff) -> Directive | None:
    """None for work that is about its own case, where it stands above the form already, or about no directive."""
    if hand_off.subject == hand_off.case_id:
        return None
    case = (await reading.cases_named(connection, [hand_off.subject])).get(hand_off.subject)
    if case is None or case.process != DIRECTIVE:
        return None
    try:
        return DirectiveCase.model_validate(case.data).directive
    except ValidationError:  # written by another version, or by somebody
        return None
