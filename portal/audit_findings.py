"""Departures from approved models, and the register of findings that auditors sign (decision 35)."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from audit.checking import modelled
from audit.verdict import Deviation
from engine.process import processes
from ledger import conformances, findings, reading, readings
from ledger.canonical import sha256
from ledger.cases import CaseView
from ledger.conformances import Kept
from ledger.errors import UnknownCase
from ledger.findings import Departure, Finding, Judgement, NewFinding, Standing
from ledger.readings import Reading
from portal.acting import actor_of
from portal.auditing import Auditor, AuditorsForm, auditing, record_reading
from portal.body import Typed, text
from portal.case_about import process_title
from portal.errors import NotFound
from portal.pages import language_of, page
from portal.paging import Paging, number_in
from portal.state import Portal, portal_of
from portal.visitor import Visitor, note_security

router = APIRouter(prefix="/audit")

PER_PAGE = 30
SHOWN = 100
"""Findings on one case that its page shows, the latest."""
READINGS_SHOWN = 8
LONGEST = 4000
FINDINGS_OF = "/cases/{case_id}/findings"


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartureLine:
    """How a case departs from its model, as a page says it."""

    deviation: Deviation | None
    """None where somebody has changed what the comparison found so that it cannot be read."""
    digest: str
    """SHA-256 of the very words, which the sign-off names."""

    @classmethod
    def of(cls, kept: str) -> DepartureLine:
        return cls(deviation=read_deviation(kept), digest=sha256(kept.encode()))


def read_deviation(kept: str) -> Deviation | None:
    """A departure as it is kept; None where somebody has spoiled it: one row takes no page down."""
    try:
        return Deviation.model_validate_json(kept)
    except ValueError:
        return None


# --- lists -------------------------------------------------------------------------------------------------


@router.get("/deviations")
async def deviations_page(request: Request, auditor: Auditor) -> Response:
    """Cases that depart from their approved models: first those that nobody has judged."""
    language = language_of(request)
    await note_security(request, "read:audit", officer=auditor.officer, detail=request.url.query)
    said = request.query_params.get("standing", Standing.NEW)
    standing = Standing(said) if said in {each.value for each in Standing} else None
    process = request.query_params.get("process") or None
    async with auditing(request).read() as connection:
        counts = {
            each: await findings.count_departures(connection, standing=each, process=process)
            for each in (*Standing, None)
        }
        paging = Paging.of(request, total=counts[standing], per_page=PER_PAGE)
        found = await findings.departures(
            connection, standing=standing, process=process, limit=PER_PAGE, offset=paging.offset
        )
    known = modelled()
    return page(
        request, "audit_deviations", counts=[(each.value if each else "all", counts[each]) for each in counts],
        standing=standing.value if standing else "all", process=process or "", paging=paging,
        lines=[(each, _line(each)) for each in found], process_title=lambda each: process_title(each, language),
        processes=[(p.id, process_title(p.id, language)) for p in processes() if p.id in known],
    )  # fmt: skip


def _line(departure: Departure) -> DepartureLine:
    return DepartureLine.of(departure.deviation)


@router.get("/findings")
async def register_page(request: Request, auditor: Auditor) -> Response:
    """The register of findings, the latest first."""
    await note_security(request, "read:audit", officer=auditor.officer, detail=request.url.query)
    said = request.query_params.get("judgement", "")
    judgement = Judgement(said) if said in {each.value for each in Judgement} else None
    async with auditing(request).read() as connection:
        total = await findings.count(connection, judgement=judgement)
        paging = Paging.of(request, total=total, per_page=PER_PAGE)
        found = await findings.register(connection, judgement=judgement, limit=PER_PAGE, offset=paging.offset)
        titles = await reading.titles_of(connection, {each.case_id for each in found})
    return page(
        request, "audit_register", paging=paging, found=found, titles=titles, judgements=list(Judgement),
        chosen=judgement.value if judgement else "",
    )  # fmt: skip


# --- findings on one case ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """A case as the auditor who signs has it on the page."""

    case: CaseView
    kept: Kept | None
    findings: tuple[Finding, ...]
    readings: tuple[Reading, ...]
    """The latest."""

    @property
    def departure(self) -> DepartureLine | None:
        return DepartureLine.of(self.kept.deviation) if self.kept and self.kept.deviation else None

    @property
    def judged(self) -> bool:
        """Whether the departure at hand has been judged."""
        return self.kept is not None and any(each.deviation == self.kept.deviation for each in self.findings)


async def audited(connection: AsyncConnection, case_id: str) -> Audited:
    """What is known of a case beside its history: departure, findings, who has read it. :raises NotFound:"""
    try:
        case = await reading.case(connection, case_id)
    except UnknownCase:
        raise NotFound from None
    kept = (await conformances.of_cases(connection, [case_id])).get(case_id)
    return Audited(
        case=case, kept=kept, findings=await findings.of_case(connection, case_id, limit=SHOWN),
        readings=await readings.latest(connection, case_id=case_id, limit=READINGS_SHOWN),
    )  # fmt: skip


def names_of(portal: Portal, found: Audited) -> dict[str, str]:
    """The names of those who have read the case, as far as they are officers today."""
    readers = {each.officer for each in found.readings}
    return {each.id: each.name for each in portal.runtime.directory.organisation.officers if each.id in readers}


@router.get(FINDINGS_OF)
async def findings_page(request: Request, case_id: str, auditor: Auditor) -> Response:
    async with auditing(request).read() as connection:
        found = await audited(connection, case_id)
    await record_reading(request, auditor, found.case, "finding")
    return _findings_page(request, found)


def _findings_page(
    request: Request, found: Audited, *, typed: Typed | None = None, problems: dict[str, str] | None = None,
    status: int = 200,
) -> Response:  # fmt: skip
    language = language_of(request)
    departure = found.departure
    chosen = {name: text(typed or {}, name) for name in ("judgement", "remark", "about")}
    readable = departure is not None and departure.deviation is not None
    chosen["about"] = chosen["about"] or ("deviation" if readable and not found.judged else "case")
    return page(
        request, "audit_findings", status=status, found=found, case=found.case, departure=departure,
        process=process_title(found.case.process, language), judgements=list(Judgement), chosen=chosen,
        wrong=problems or {}, longest=LONGEST, finished=request.query_params.get("done", ""),
        names=names_of(portal_of(request), found),
    )  # fmt: skip


@router.post(FINDINGS_OF)
async def sign(request: Request, case_id: str, posted: AuditorsForm) -> Response:
    """Sign a finding: it names the head and the departure that stood on the page, not what has come since."""
    async with auditing(request).read() as connection:
        found = await audited(connection, case_id)
        head = await _seen(connection, found.case, text(posted.typed, "seen"))
    wanted, problems = _read(posted.typed, found, head)
    if wanted is None:
        await record_reading(request, posted.visitor, found.case, "finding")
        conflict = "departure" in problems
        return _findings_page(request, found, typed=posted.typed, problems=problems, status=409 if conflict else 422)
    number = await _sign(request, posted.visitor, wanted)
    return RedirectResponse(f"/audit{FINDINGS_OF.format(case_id=case_id)}?done={number}", 303)


async def _seen(connection: AsyncConnection, case: CaseView, said: str) -> tuple[int, str] | None:
    """Number and hash of the last event that stood on the page; None for one that the case does not have."""
    seq = number_in(said, digits=9)
    if seq is None or not 1 <= seq <= case.head_seq:
        return None
    for event in await reading.history(connection, case.id, after=seq - 1, limit=1):
        if event.seq == seq:
            return event.seq, event.hash
    # Somebody has taken the event away. The case still names its last one, so that a finding can be signed on that.
    return (seq, case.head_hash) if seq == case.head_seq else None


def _read(typed: Typed, found: Audited, head: tuple[int, str] | None) -> tuple[NewFinding | None, dict[str, str]]:
    """What is signed, or what is missing by field."""
    problems: dict[str, str] = {}
    judgement, remark = text(typed, "judgement"), text(typed, "remark").replace("\r\n", "\n")
    if judgement not in {each.value for each in Judgement}:
        problems["judgement"] = "audit.judgement_missing"
    if not remark:
        problems["remark"] = "audit.remark_missing"
    elif len(remark) > LONGEST:
        problems["remark"] = "audit.remark_too_long"
    deviation, departure = None, found.departure
    if text(typed, "about") == "deviation":
        if departure is None or departure.deviation is None or departure.digest != text(typed, "departure"):
            problems["departure"] = "audit.departure_changed"
        else:
            deviation = found.kept.deviation if found.kept else None
    if head is None:
        problems["departure"] = "audit.page_is_old"
    if problems or head is None:
        return None, problems
    return NewFinding(
        case_id=found.case.id, judgement=Judgement(judgement), remark=remark, deviation=deviation,
        head_seq=head[0], head_hash=head[1],
    ), {}  # fmt: skip


async def _sign(request: Request, auditor: Visitor, new: NewFinding) -> int:
    async with portal_of(request).runtime.ledger.begin() as work:
        finding = await findings.sign(work, new, actor=actor_of(auditor))
        await work.commit()
    return finding.number
