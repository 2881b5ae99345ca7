"""The inbox of my unit: open work by deadline, the work that is done, and that of the units that I oversee."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ledger import drafts, reading
from ledger.hand_offs import OPEN, SUBMITTED, HandOff
from portal.hand_offs import form_title, holder_name, unit_name
from portal.pages import page, wording_of
from portal.paging import Paging
from portal.rights import Rights, may_act
from portal.start_doors import open_to
from portal.state import Portal, portal_of
from portal.visitor import SignedIn
from portal.wording import DueGroup, Wording, due_group
from portal.year_doors import in_use, year_doors

router = APIRouter()

PER_PAGE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One piece of work as a line of the inbox."""

    hand_off: HandOff
    title: str
    about: str
    """Title of what the work is about."""
    unit: str
    """Named where the officer sees the work of several units, or it is an officer's by name."""
    asked_by: str
    relative: str
    group: DueGroup
    mine: bool
    """May this officer do it, or does another duty of the unit?"""


@router.get("/")
async def inbox_page(request: Request, visitor: SignedIn) -> Response:
    portal, rights = portal_of(request), visitor.rights
    show = request.query_params.get("show")
    done, overseen = show == "done", show == "overseen" and bool(rights.overseen)
    units = rights.overseen if overseen else rights.units
    sought = request.query_params.get("q", "").strip()[:200]
    states = (SUBMITTED,) if done else (OPEN,)
    async with portal.runtime.ledger.read() as connection:
        now = await portal.runtime.ledger.clock.now(connection)
        total = await reading.count_work(connection, units, states=states, text=sought)
        paging = Paging.of(request, total=total, per_page=PER_PAGE)
        found = await (reading.done_work if done else reading.inbox)(
            connection, units, limit=PER_PAGE, offset=paging.offset, text=sought
        )
        loads = await reading.workloads(connection, (*rights.units, *rights.overseen), now)
        doors = await in_use(portal, connection, year_doors(portal, visitor))
        drafted = await drafts.kept_of(connection, visitor.officer, () if done else [h.id for h in found])
    several, w = len(units) > 1, wording_of(request)
    items = [item_of(portal, rights, h, w, now, several=several) for h in found]
    own = [load for load in loads if load.unit in rights.units]
    return page(
        request,
        "inbox",
        show="done" if done else "overseen" if overseen else "open",
        sought=sought,
        paging=paging,
        groups=[] if done else _grouped(items),
        items=items,
        drafted=drafted,
        open_count=sum(load.open for load in own),
        late_count=sum(load.late for load in own),
        overseen_late=sum(load.late for load in loads if load.unit in rights.overseen),
        finished=request.query_params.get("done", ""),
        starts=open_to(rights, portal.runtime.policy.office),
        doors=doors,
    )


def item_of(
    portal: Portal, rights: Rights, hand_off: HandOff, w: Wording, now: datetime, *, several: bool = False
) -> Item:
    """:param several: it stands among the work of other units."""
    return Item(
        hand_off=hand_off,
        title=form_title(hand_off, w),
        about=hand_off.about,
        unit=holder_name(portal, hand_off, w) if hand_off.officer or several else "",
        asked_by=unit_name(portal, hand_off.asked_by, w),
        relative=w.relative(hand_off.due_at, now) if hand_off.due_at and hand_off.state == OPEN else "",
        group=due_group(hand_off.due_at, now),
        mine=bool(may_act(portal.runtime.directory, rights, hand_off, now)),
    )


def _grouped(items: Sequence[Item]) -> list[tuple[DueGroup, list[Item]]]:
    """The groups that have any work, the most pressing first."""
    groups = [(group, [item for item in items if item.group is group]) for group in DueGroup]
    return [(group, members) for group, members in groups if members]
