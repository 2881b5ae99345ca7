"""The first start of an embedded stack: tables, the sample ministry, and accounts for its officers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from deployments.wording import say
from engine.runtime import ledger_of
from engine.settings import ClockKind, Settings
from ledger import accounts, migrate, organisations
from ledger.anchor_key import make_key
from ledger.clock import machine_now, set_clock
from ledger.work import Ledger
from portal.passwords import hash_password
from rules.organisation_file import load_organisation, load_policy
from schemas.actor import system
from schemas.organisation import Organisation

MINISTRIES = Path(__file__).parent / "ministries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ministry:
    """A ministry of the files: its units and officers, its policy, and why it is loaded."""

    organisation: Path
    policy: Path
    reason: str


SAMPLE = Ministry(
    organisation=MINISTRIES / "sample.yaml", policy=MINISTRIES / "sample-policy.yaml",
    reason="กระทรวงตัวอย่างของระบบที่เริ่มครั้งแรก",
)  # fmt: skip
COMMUNITY_DEVELOPMENT = Ministry(
    organisation=MINISTRIES / "cdd.yaml", policy=MINISTRIES / "cdd-policy.yaml",
    reason="กรมการพัฒนาชุมชน ปีงบประมาณ พ.ศ. 2555 เพื่อการซ้อม",
)  # fmt: skip
CENTRAL_OFFICE = Ministry(
    organisation=MINISTRIES / "central.yaml", policy=MINISTRIES / "central-policy.yaml",
    reason="สำนักงาน ก.พ.ร. และ 76 จังหวัด เพื่อการซ้อม",
)  # fmt: skip
AYUTTHAYA = Ministry(
    organisation=MINISTRIES / "ayutthaya.yaml", policy=MINISTRIES / "ayutthaya-policy.yaml",
    reason="จังหวัดพระนครศรีอยุธยา 33 ส่วนราชการ เพื่อการซ้อม",
)  # fmt: skip
SAMUT_SAKHON = Ministry(
    organisation=MINISTRIES / "samut-sakhon.yaml", policy=MINISTRIES / "samut-sakhon-policy.yaml",
    reason="สำนักงาน ก.พ.ร. และจังหวัดสมุทรสาคร ปีงบประมาณ พ.ศ. 2561 เพื่อการซ้อม",
)  # fmt: skip
FURNISHER = system("first-start")


async def prepare(settings: Settings, demo_password: str) -> None:
    """Migrate the ledger, make the key of its anchors; into an empty one load the sample ministry."""
    if settings.anchor_key is not None and not settings.anchor_key.exists():
        make_key(settings.anchor_key)
    ledger = ledger_of(settings)
    try:
        await migrate.upgrade(ledger.engine)
        say("migrated", {"revision": await migrate.current(ledger.engine)})
        if settings.clock is ClockKind.SIMULATED:
            await _clock_that_goes(ledger)
        async with ledger.read() as connection:
            standing = await organisations.latest_version(connection)
        if not standing:
            await load_ministry(ledger, SAMPLE, demo_password)
    finally:
        await ledger.engine.dispose()


async def _clock_that_goes(ledger: Ledger) -> datetime:
    """A simulated clock that was never set begins with the machine's time."""
    try:
        return await ledger.now()
    except LookupError:
        await set_clock(ledger.engine, machine_now())
        return await ledger.now()


async def load_ministry(ledger: Ledger, ministry: Ministry, demo_password: str) -> None:
    """Organisation, policy and accounts in one transaction.

    All role accounts have the same password, so they share its one hash: 74 hashes with salts of their own would
    take half a minute and hide nothing, since whoever finds one password has found all. Real officers choose their
    own by invitation, each hashed with its own salt.
    """
    organisation = load_organisation(ministry.organisation.read_text(encoding="utf-8"))
    policy = load_policy(ministry.policy.read_text(encoding="utf-8"))
    shared = await hash_password(demo_password)
    async with ledger.begin() as work:
        version = await organisations.store(work, organisation, policy, actor=FURNISHER, reason=ministry.reason)
        await accounts.create_accounts(work, {officer.id: shared for officer in organisation.officers})
        await work.commit()
    say("organisation", counted(organisation) | {"version": version})


def counted(organisation: Organisation) -> dict[str, object]:
    return {"units": len(organisation.units), "officers": len(organisation.officers)}
