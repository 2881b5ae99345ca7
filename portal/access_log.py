"""The access log for administrators and auditors: who came in, was refused or read what, in words, and looked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.links import OPEN_FORM, OPEN_INVITATION, in_its_case
from ledger import reading, security
from ledger.hand_offs import HandOff
from ledger.security import KINDS, SecurityEvent
from portal.errors import Refused
from portal.hand_offs import form_title
from portal.pages import page, wording_of
from portal.paging import Paging
from portal.seeking import named_in, period_of
from portal.state import Portal, portal_of
from portal.texts import TEXTS, text
from portal.visitor import SignedIn, note_security
from portal.wording import Wording
from rules.errors import UnknownOfficer
from schemas.organisation import Officer

router = APIRouter(prefix="/audit")

PER_PAGE = 100
FIELDS = ("officer", "kind", "since", "until")
GROUPS = ("refused", "sign_in", "read")
"""Kinds that are asked for together, by how they begin."""
WORRYING = ("refused", "sign_in:fail", "sign_in:limited")
"""How the kinds begin that stand out."""

_WORK, _CASE, _START = (
    re.compile(pattern) for pattern in (r"/hand-offs/([^/?]+)", r"/(?:audit/)?cases/([^/?]+)", r"/start/([a-z-]+)")
)
_PAGES = (
    ("/sign-in", "sign_in.title"),
    ("/password", "base.password"),
    ("/officers", "base.officers"),
    ("/audit/access", "base.audit"),
    ("/audit/readings", "audit.readings"),
    ("/audit/deviations", "audit.deviations"),
    ("/audit/findings", "audit.findings"),
    ("/audit/processes", "audit.processes"),
    ("/audit", "audit.search"),
    ("/weeks", "base.weeks"),
    ("/years", "base.years"),
    ("/boards", "base.boards"),
    ("/mailbox", "base.mailbox"),
    ("/start/year", "opening.title"),
    ("/start/kpi-change", "change.title"),
    ("/start/survey", "survey.title"),
    ("/start/staff", "staff.title"),
    (OPEN_FORM, "access.of_link"),
    (OPEN_INVITATION, "access.of_invitation"),
)
"""How a path begins → what the page is called; the first that fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An entry as people read it; path and account stand beneath as they were noted."""

    entry: SecurityEvent
    name: str
    """Of the officer of today whose account it is; blank for anybody else."""
    about: str
    """The page, the case or the work."""
    link: str
    """Where that is read; blank where it is no case."""
    note: str
    """What else was noted: the document, whom an invitation is for, what was looked for."""

    @property
    def worries(self) -> bool:
        return self.entry.kind.startswith(WORRYING)


@router.get("/access")
async def access_page(request: Request, visitor: SignedIn) -> Response:
    """The entries that fit, newest first; reading them, and what was asked for, is itself an entry."""
    if not (visitor.rights.is_auditor or visitor.rights.is_administrator):
        raise Refused("refused:role", "refused.role")
    portal, w = portal_of(request), wording_of(request)
    asked = {name: request.query_params.get(name, "").strip()[:200] for name in FIELDS}
    problems: dict[str, str] = {}
    period = period_of(asked, problems)
    officers = named_in(portal.runtime.directory, asked, problems)
    wanted = security.EntryFilter(
        kinds=_kinds(asked["kind"]), since=period.since, until=period.until,
        officers=None if officers is None else [each if isinstance(each, str) else each.id for each in officers],
    )  # fmt: skip
    await note_security(request, "read:audit", officer=visitor.officer, detail=request.url.query)
    entries: tuple[SecurityEvent, ...] = ()
    async with portal.runtime.ledger.read() as connection:
        total = 0 if problems else await security.count(connection, **wanted)
        paging = Paging.of(request, total=total, per_page=PER_PAGE)
        if not problems:
            entries = await security.recent(connection, PER_PAGE, paging.offset, **wanted)
        works = await reading.hand_offs_named(connection, set(_named_by(_WORK, entries)))
        titles = await reading.titles_of(connection, set(_named_by(_CASE, entries)))
    reader = _Reader(portal, w, works, titles)
    return page(
        request, "access", status=422 if problems else 200, asked=asked, wrong=problems, paging=paging,
        lines=[reader.line(entry) for entry in entries], kinds=list(KINDS), groups=GROUPS,
        named=[each for each in officers or () if isinstance(each, Officer)],
    )  # fmt: skip


def _kinds(asked: str) -> tuple[str, ...] | None:
    """The kinds that are asked for; None for all, and for what is no kind."""
    if asked in GROUPS:
        return tuple(kind for kind in KINDS if kind.startswith(f"{asked}:"))
    return (asked,) if asked in KINDS else None


def _named_by(pattern: re.Pattern[str], entries: Iterable[SecurityEvent]) -> Iterable[str]:
    """The cases or pieces of work whose pages were opened; of a link, the work that it opened."""
    for entry in entries:
        if found := pattern.match(entry.path):
            yield found[1]
        elif pattern is _WORK and entry.path.startswith(OPEN_FORM) and entry.detail:
            yield entry.detail


@dataclass(frozen=True, slots=True)
class _Reader:
    portal: Portal
    w: Wording
    works: Mapping[str, HandOff]
    titles: Mapping[str, str]

    def line(self, entry: SecurityEvent) -> Line:
        about, link = self._about(entry)
        return Line(entry=entry, name=self._name(entry.officer or ""), about=about, link=link, note=self._note(entry))

    def _say(self, key: str, **facts: object) -> str:
        return text(key, self.w.language, **facts)

    def _name(self, account: str) -> str:
        with suppress(UnknownOfficer):
            return self.portal.runtime.directory.officer(account).name
        return ""

    def _about(self, entry: SecurityEvent) -> tuple[str, str]:
        """What the page is about, and where that is read."""
        found = _WORK.match(entry.path)
        work = self.works.get(found[1] if found else entry.detail)
        if work is not None and (found or entry.path.startswith(OPEN_FORM)):
            title = f"{form_title(work, self.w)} · {self.w.system(work.case_title)}"
            return title, in_its_case(work.case_id, work.id)
        if (found := _CASE.match(entry.path)) and found[1] in self.titles:
            return self.w.system(self.titles[found[1]]), f"/cases/{found[1]}"
        if (found := _START.match(entry.path)) and (key := f"start.{found[1].replace('-', '_')}") in TEXTS:
            return self._say(key), ""
        if entry.path == "/":
            return self._say("base.inbox"), ""
        return next((self._say(key) for path, key in _PAGES if entry.path.startswith(path)), ""), ""

    def _note(self, entry: SecurityEvent) -> str:
        """The detail, as far as the line does not say it already."""
        if entry.kind == "invitation:make":
            name = self._name(entry.detail)
            return self._say("access.for", whom=f"{name} ({entry.detail})" if name else entry.detail)
        if entry.detail in self.works or (entry.detail and entry.detail in entry.path):
            return ""
        if entry.kind == "read:audit" and (query := parse_qsl(entry.detail)):
            said = " · ".join(f"{self._field(name)} {self._asked(name, value)}" for name, value in query)
            return self._say("access.asked", query=said)
        if entry.kind.startswith("read:"):
            about, _, rest = entry.detail.partition(" ")
            return rest if about in entry.path else entry.detail
        return self._name(entry.detail) or entry.detail

    def _asked(self, name: str, value: str) -> str:
        """What a field was asked for: a kind of entry by its words, anything else as it was typed."""
        keys = (f"access.group.{value}", f"security.{value}") if name == "kind" else ()
        return next((f"«{self._say(key)}»" for key in keys if key in TEXTS), value)

    def _field(self, name: str) -> str:
        """A field of an auditor's page by the words beside it."""
        key = next((key for key in (f"audit.{name}", f"access.{name}") if key in TEXTS), "")
        return self._say(key) if key else name
