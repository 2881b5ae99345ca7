"""`sangkan`: every command of the system. Work is imported when a command needs it, so that `--help` is quick."""

from __future__ import annotations

import asyncio
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import cyclopts
from cyclopts import Parameter

from deployments import prefect_settings
from deployments.arguments import Account, Officer, Reason
from deployments.errors import DeploymentError, FileIsMissing, of_database
from deployments.home import DATA, Home, home_here
from deployments.ports import HOST, Ports
from engine.collector import collect_seldom

if TYPE_CHECKING:
    from engine.settings import Settings

app = cyclopts.App(
    name="sangkan", help="ระบบติดตามข้อสั่งการ · Workflows for directives, on Prefect.", help_format="plaintext",
    version_flags=["--version"],
)  # fmt: skip
organisation = cyclopts.App(name="organisation", help="โครงสร้างส่วนราชการและนโยบาย · The organisation and its policy.")
accounts = cyclopts.App(name="accounts", help="บัญชีผู้ใช้ · Officers' passwords.")
prefect = cyclopts.App(name="prefect", help="Prefect: work pool และ deployments · What Prefect must know of us.")
clock = cyclopts.App(name="clock", help="นาฬิกาจำลอง · The simulated clock, for rehearsals.")
for group in (organisation, accounts, prefect, clock):
    app.command(group)
for name, module, help_ in (
    ("case", "casework", "เรื่อง · Cases."),
    ("year", "year", "คำรับรองการปฏิบัติราชการ · The year of a performance agreement."),
    ("audit", "audit", "ตรวจสอบประวัติ · Is the history what it was?"),
    ("model", "modelling", "แบบจำลองกระบวนงาน · The BPMN models of the processes."),
    ("bench", "bench", "วัดความเร็วและการใช้ทรัพยากร · Speed and cost, measured on this machine."),
    ("demo", "demo", "การซ้อมทั้งระบบด้วยนาฬิกาจำลอง · Rehearsals of the whole system on a simulated clock."),
):
    if find_spec(f"deployments.{module}"):  # some come with the source, not with an installation
        app.command(f"deployments.{module}:app", name=name, help=help_)


def settings_here() -> Settings:
    from engine.settings import Settings

    return Settings()


# --- the embedded stack and its parts ----------------------------------------------------------------------


@app.command
def run(
    *,
    data: Annotated[Path | None, Parameter(env_var=DATA)] = None,
    port_prefect: Annotated[int, Parameter(env_var="SANGKAN_PORT_PREFECT")] = Ports().prefect,
    port_portal: Annotated[int, Parameter(env_var="SANGKAN_PORT_PORTAL")] = Ports().portal,
    port_smtp: Annotated[int, Parameter(env_var="SANGKAN_PORT_SMTP")] = Ports().smtp,
) -> None:
    """เริ่มทั้งระบบบนเครื่องนี้ด้วยกระทรวงตัวอย่าง · Start the whole system here, with a sample ministry.

    Parameters
    ----------
    data
        โฟลเดอร์เก็บข้อมูลทั้งหมด (ปกติ `var`) · Folder of everything that is kept; `var` by default.
    port_prefect
        พอร์ตของ Prefect · Port of the Prefect server and its pages.
    port_portal
        พอร์ตของหน้าเว็บ · Port of the portal.
    port_smtp
        พอร์ตของกล่องจดหมายในเครื่อง · Port of the local mailbox.
    """
    from deployments.stack import Stack

    home = Home(data.absolute()) if data else home_here()
    Stack(home, Ports(prefect=port_prefect, portal=port_portal, smtp=port_smtp)).run()


@app.command
def worker() -> None:
    """ประมวลผลเรื่อง ส่งจดหมาย รักษาเวลา · Execute case runs, keep time, send mail; until SIGTERM."""
    prefect_settings.keep_to(prefect_settings.CLIENT, os.environ)
    from deployments.serving import log_to_stderr, serve

    log_to_stderr()
    from deployments.parts import run_worker

    settings = settings_here()
    serve(lambda stop: run_worker(settings, stop))


@app.command
def portal(*, host: str = HOST, port: int = Ports().portal, proxies: str | None = None) -> None:
    """หน้าเว็บ · The portal, one process; start several behind a reverse proxy.

    Parameters
    ----------
    host
        ที่อยู่เครือข่ายที่เปิดรับ · Address to listen on.
    port
        พอร์ตที่เปิดรับ · Port to listen on.
    proxies
        ที่อยู่ของ reverse proxy ที่เชื่อถือได้ คั่นด้วยจุลภาค · Addresses of reverse proxies (comma-separated) whose
        X-Forwarded-For is believed.
    """
    from deployments.serving import log_to_stderr, serve

    log_to_stderr()
    from deployments.parts import run_portal

    settings = settings_here()
    serve(lambda stop: run_portal(settings, stop, host=host, port=port, proxies=proxies))


@app.command
def mailbox() -> None:
    """กล่องจดหมายในเครื่อง · The local mailbox: an SMTP server whose mail the portal shows."""
    from deployments.serving import log_to_stderr, serve

    log_to_stderr()
    from deployments.mailbox import run_mailbox

    settings = settings_here()
    serve(lambda stop: run_mailbox(settings, stop))


@app.command
def migrate() -> None:
    """ปรับฐานข้อมูลเป็นรุ่นปัจจุบัน · Bring the ledger to this version's tables."""
    from deployments.operating import migrate_ledger

    asyncio.run(migrate_ledger(settings_here()))


@app.command(show=False)
def prepare() -> None:
    """The first step of `run`: tables, sample ministry, accounts."""
    from deployments.furnishing import prepare as furnish

    asyncio.run(furnish(settings_here(), home_here().demo_password))


@app.command(show=False)
def samples() -> None:
    """The last step of `run`: sample directives, and the officers' answers that bring them to the four levels."""
    from deployments.samples import open_samples

    asyncio.run(open_samples(settings_here()))


# --- organisation and accounts -----------------------------------------------------------------------------


@organisation.command
def load(file: Path, *, policy: Path | None = None, by: Officer | None = None, reason: Reason = "นำเข้าจากแฟ้ม") -> None:
    """นำเข้าเป็นรุ่นใหม่ · Make the organisation (and the policy) of a file the standing one.

    Parameters
    ----------
    file
        แฟ้ม YAML โครงสร้างส่วนราชการ · YAML file of the organisation.
    policy
        แฟ้ม YAML นโยบาย หากไม่ระบุ ใช้นโยบายเดิม · YAML file of the policy; without it the standing policy stays.
    """
    from deployments.operating import load_files

    asyncio.run(load_files(settings_here(), text_of(file), text_of(policy) if policy else None, by=by, reason=reason))


@organisation.command
def check(file: Path, *, policy: Path | None = None) -> None:
    """ตรวจแฟ้มโดยไม่นำเข้า · Check the files, change nothing.

    Parameters
    ----------
    file
        แฟ้ม YAML โครงสร้างส่วนราชการ · YAML file of the organisation.
    policy
        แฟ้ม YAML นโยบาย · YAML file of the policy.
    """
    from deployments.operating import check_files

    check_files(text_of(file), text_of(policy) if policy else None)


@accounts.command
def password(officer: Account) -> None:
    """ตั้งรหัสผ่าน (พิมพ์สองครั้ง หรือส่งทาง stdin) · Set a password: typed twice, or one line of standard input."""
    from deployments.operating import set_password

    asyncio.run(set_password(settings_here(), officer, *_typed_password()))


@accounts.command
def invite(officer: Account) -> None:
    """พิมพ์ลิงก์ให้เจ้าหน้าที่ตั้งรหัสผ่านเอง · Print a link by which the officer chooses a password."""
    from deployments.operating import invite as print_invitation

    asyncio.run(print_invitation(settings_here(), officer))


def _typed_password() -> tuple[str, str]:
    if not sys.stdin.isatty():
        line = sys.stdin.readline().rstrip("\n")
        return line, line
    from getpass import getpass

    return getpass("รหัสผ่าน (password): "), getpass("อีกครั้ง (again): ")


# --- Prefect, clock ----------------------------------------------------------------------------------------


@prefect.command(name="deploy")
def deploy_all(*, concurrency: int | None = None) -> None:
    """สร้าง work pool และ deployments · Make the work pool and one deployment for each process; repeatable.

    Parameters
    ----------
    concurrency
        จำนวน run พร้อมกันสูงสุดของ worker ของ Prefect · Most runs of the pool at a time, for Prefect's own workers.
    """
    prefect_settings.keep_to(prefect_settings.CLIENT, os.environ)
    from deployments.operating import deploy_to_prefect

    asyncio.run(deploy_to_prefect(settings_here(), concurrency))


@prefect.command(name="settings")
def show_settings(of: Literal["server", "client"] = "server") -> None:
    """ค่าตั้ง Prefect ที่ระบบต้องการ · The Prefect settings that the system needs, for an environment file.

    Parameters
    ----------
    of
        ของเซิร์ฟเวอร์หรือของผู้เรียกใช้ · Those of the server, or of those who call it.
    """
    wanted = prefect_settings.SERVER if of == "server" else prefect_settings.CLIENT
    print("\n".join(f"{name}={value}" for name, value in wanted.items()))


@clock.command(name="show")
def show_clock() -> None:
    """เวลาของระบบ · The system's time."""
    from deployments.operating import show_time

    asyncio.run(show_time(settings_here()))


@clock.command(name="set")
def set_clock(moment: str) -> None:
    """ตั้งนาฬิกาจำลอง · Set the simulated clock on, for example 2018-04-20T15:59 (Bangkok time).

    Parameters
    ----------
    moment
        วันเวลาตามรูปแบบ ISO หากไม่ระบุเขตเวลา ถือเป็นเวลาประเทศไทย · ISO date and time; without an offset it is Bangkok
        time.
    """
    from deployments.operating import set_time

    asyncio.run(set_time(settings_here(), moment))


# --- the door ----------------------------------------------------------------------------------------------

WRONG_INPUT, FAILED = 2, 1


def main() -> None:
    """Run a command. Expected errors are two sentences and an exit code, never a traceback."""
    collect_seldom()
    arguments = sys.argv[1:]
    if not STARTING & set(arguments[:1]):
        adopt_stack()
    try:
        app(arguments)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of a list (such as `head`) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except Exception as error:
        said = _expected(error)
        if said is None:
            raise
        print(said, file=sys.stderr)
        sys.exit(getattr(error, "exit_code", FAILED))


STARTING = frozenset({"run", "demo", "bench"})
"""Commands that start a stack of their own, with a ledger of its own: another one's settings are not for them."""


def adopt_stack() -> None:
    """Work on the embedded stack of this folder, unless settings name another ledger."""
    if "SANGKAN_DATABASE_URL" in os.environ or Path(".env").exists():
        return
    for name, value in home_here().kept_environment().items():
        os.environ.setdefault(name, value)


def _expected(error: Exception) -> str | None:
    """The sentences of an error that people can do something about; None for any other."""
    if isinstance(error, DeploymentError):
        return str(error)
    for module, names in EXPECTED.items():
        # Only what was imported can have been raised.
        loaded = sys.modules.get(module)
        if loaded and isinstance(error, tuple(getattr(loaded, name) for name in names)):
            return SENTENCES.get(type(error).__name__) or str(error)
    alchemy = sys.modules.get("sqlalchemy.exc")
    if alchemy and isinstance(error, alchemy.DBAPIError):
        return str(of_database(str(error.orig)))
    if isinstance(error, OSError) and not isinstance(error, TimeoutError):
        return f"ติดต่อไม่ได้หรืออ่านเขียนไม่ได้: {error}\nCannot reach, read or write: {error}"
    return None


EXPECTED: dict[str, tuple[str, ...]] = {
    "audit.errors": ("AuditError",),
    "rules.errors": ("RuleError",),
    "ledger.errors": ("LedgerError",),
    "engine.errors": ("EngineError",),
    "engine.runtime": ("NoOrganisation",),
    "notifications.errors": ("NotificationError",),
    "pydantic": ("ValidationError",),
}
SENTENCES = {
    "NoOrganisation": "ยังไม่ได้นำเข้าข้อมูลส่วนราชการ ให้เรียก sangkan organisation load แฟ้ม\n"
    "The ledger holds no organisation yet; run: sangkan organisation load FILE",
}


def text_of(file: Path) -> str:
    if not file.is_file():
        raise FileIsMissing(file=file)
    return file.read_text(encoding="utf-8")


def bytes_of(file: Path) -> bytes:
    if not file.is_file():
        raise FileIsMissing(file=file)
    return file.read_bytes()


if __name__ == "__main__":
    main()
