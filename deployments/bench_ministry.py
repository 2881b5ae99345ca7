"""A ministry of any size for the benchmarks: units, officers, and directives in the register, written in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from starlette.responses import Response

from deployments.bench_load import request_bytes, weekly_report
from ledger import accounts, cases, organisations
from ledger.work import Ledger, Work
from portal.session import Sessions
from schemas.actor import system
from schemas.directive import Directive, DirectiveCase, Level, Nature, ReportingMode
from schemas.organisation import Duty, Officer, Organisation, Unit, UnitRole
from schemas.policy import Policy
from schemas.weekly import OpenDirective

AGENCIES, DIVISIONS = 20, 10
"""A large ministry: twenty agencies of ten divisions."""
ACTOR = system("command-line")
FORM = "application/x-www-form-urlencoded"


def organisation() -> Organisation:
    """One officer a unit; ids such as `agency-03-div-07` and `agency-03-plan`."""
    units = [
        Unit(id="ministry", th="กระทรวงทดสอบ", en="Ministry under test", role=UnitRole.MINISTRY),
        Unit(id="secretariat", th="สำนักนโยบายและยุทธศาสตร์", abbr="สนย.", role=UnitRole.SECRETARIAT, parent="ministry"),
    ]
    for a in range(1, AGENCIES + 1):
        of = f"agency-{a:02d}"
        units.append(Unit(id=of, th=f"กรมที่ {a}", role=UnitRole.AGENCY, parent="ministry", seq=a))
        units.append(Unit(id=f"{of}-plan", th=f"กองแผนงาน กรมที่ {a}", role=UnitRole.PLANNING_UNIT, parent=of))
        units += [
            Unit(id=f"{of}-div-{d:02d}", th=f"สำนักที่ {d} กรมที่ {a}", role=UnitRole.DIVISION, parent=of, seq=d)
            for d in range(1, DIVISIONS + 1)
        ]
    return Organisation(ministry="ministry", units=tuple(units), officers=tuple(map(_officer, units)))


def _officer(unit: Unit) -> Officer:
    duties = {Duty.HEAD} if unit.role in {UnitRole.MINISTRY, UnitRole.AGENCY} else {Duty.OFFICER, Duty.SUPERVISOR}
    return Officer(
        id=officer_of(unit.id), unit=unit.id, name=f"เจ้าหน้าที่ {unit.th}", email=f"{unit.id}@ministry.example",
        duties=frozenset(duties),
    )  # fmt: skip


def officer_of(unit: str) -> str:
    return f"{unit}.1"


def agency(n: int) -> str:
    """The agency of the n-th directive."""
    return f"agency-{n % AGENCIES + 1:02d}"


def directives(count: int, ordered_on: date) -> tuple[OpenDirective, ...]:
    """Directives in the register, spread evenly over the divisions, which key in themselves (S0 line 33)."""
    return tuple(_directive(n, ordered_on) for n in range(count))


def _directive(n: int, ordered_on: date) -> OpenDirective:
    of = agency(n)
    no = f"2561-{n + 1:05d}"
    return OpenDirective(
        case=f"directive-{no}-{of}", no=no, title=f"เร่งรัดการดำเนินงานตามนโยบายของรัฐบาล เรื่องที่ {n + 1}",
        agency=of, planning_unit=f"{of}-plan", division=f"{of}-div-{n // AGENCIES % DIVISIONS + 1:02d}",
        mode=ReportingMode.DIVISION_KEYS, ordered_on=ordered_on, ordered_by="รัฐมนตรีว่าการกระทรวง",
        source_meeting="การประชุมผู้บริหารกระทรวง", nature=Nature.CONTINUOUS, level=Level.CONTINUOUS,
    )  # fmt: skip


async def furnish(ledger: Ledger, register: Sequence[OpenDirective]) -> None:
    """Organisation, accounts and register. The directives' own cases are entered as reported so far, without runs."""
    ministry = organisation()
    async with ledger.begin() as work:
        await organisations.store(work, ministry, Policy(), actor=ACTOR, reason="benchmark")
        # No password fits: the load carries sessions that are signed with the installation's key.
        await accounts.create_accounts(work, {officer.id: "!" for officer in ministry.officers})
        for line in register:
            await _enter(work, line)
        await work.commit()


async def _enter(work: Work, line: OpenDirective) -> None:
    directive = Directive(
        no=line.no, title=line.title, text=line.title, source_meeting=line.source_meeting,
        ordered_by=line.ordered_by, ordered_on=line.ordered_on, nature=line.nature,
    )  # fmt: skip
    data = DirectiveCase(directive=directive, agency=line.agency, registered_at=work.now)
    new = cases.NewCase(
        id=line.case, process="directive-lifecycle", version=1, title=line.title,
        data=data.model_dump(mode="json"), units=(line.agency, line.planning_unit, line.division),
    )  # fmt: skip
    await cases.open_case(work, new, actor=ACTOR)
    await cases.note_phase(work, line.case, actor=ACTOR, phase="reporting", facts=line.model_dump(mode="json"))
    work.set_run(line.case, wanted=None, wanted_at=None)


class Signed:
    """Officers who are signed in at a portal; makes the requests of their browsers."""

    def __init__(self, ledger: Ledger, secret: str, port: int) -> None:
        self._ledger, self._port = ledger, port
        self._sessions = Sessions(secret, hours=10, secure=False)
        self._cookies: dict[str, tuple[str, str]] = {}

    async def report(self, hand_off: str, officer: str, directive: str) -> bytes:
        """The request that hands in a weekly report."""
        return await self.form(hand_off, officer, weekly_report(directive).model_dump(mode="json", exclude_none=True))

    async def form(self, hand_off: str, officer: str, fields: dict[str, object]) -> bytes:
        cookie, token = await self._cookie(officer)
        # A page sends neither an unticked box nor an empty list.
        typed = {name: value for name, value in fields.items() if value is not False and value != []}
        body = urlencode({**typed, "csrf": token}).encode()
        return request_bytes(self._port, "POST", f"/hand-offs/{hand_off}", body, kind=FORM, cookie=cookie)

    async def _cookie(self, officer: str) -> tuple[str, str]:
        """(cookie, token against forged requests)"""
        if officer not in self._cookies:
            async with self._ledger.read() as connection:
                account = await accounts.account(connection, officer)
            assert account is not None
            response = Response()
            self._sessions.begin(response, officer, account.epoch, await self._ledger.now())
            cookie = response.headers.getlist("set-cookie")[0].partition(";")[0]
            session = self._sessions.read(cookie.partition("=")[2].strip('"'))
            assert session is not None
            self._cookies[officer] = cookie, self._sessions.token(session.id)
        return self._cookies[officer]
