"""The register of processes: which flow function runs which process, in which version, on what input and result."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from prefect import Flow

from engine.errors import UnknownProcess
from ledger.canonical import sha256
from schemas.base import Record

if TYPE_CHECKING:
    from engine.case import Case

D = TypeVar("D", bound=Record)
R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One version of one process."""

    id: str
    version: int
    title_th: str
    data: type[Record]
    result: type[Record]
    function: Callable[[Case[Any]], Awaitable[Record]]
    entrypoint: str
    """Module path of the Prefect flow, such as `flows.directive.directive_lifecycle`."""
    reopens: Callable[[Any], bool] | None = None
    """Whether the flow goes on when a case that came to this result is reopened: it was `Case.close` that ended it."""
    result_needed: bool = True
    """Whether a case that called one of this process needs its result; if not, it goes on when that is cancelled."""
    model: str | None = None
    """SHA-256 of the BPMN file that stands beside the flow under the process's name; None where there is none."""

    def goes_on_after(self, result: Any) -> bool:
        """Whether a case that came to this result, as its row holds it, can be reopened."""
        return self.reopens is not None and self.reopens(self.result.model_validate(result))


_REGISTER: dict[str, dict[int, Process]] = {}
_FLOWS: dict[str, Flow[[str], None]] = {}


def process(
    process_id: str,
    *,
    title_th: str,
    data: type[D],
    result: type[R],
    version: int = 1,
    reopens: Callable[[R], bool] | None = None,
    result_needed: bool = True,
) -> Callable[[Callable[[Case[D]], Awaitable[Record]]], Flow[[str], None]]:
    """Make a Prefect flow of a flow function and enter it in the register.

    The Prefect flow takes the id of a case. An older version stays registered, under a function of its own, as long as
    a case runs under it; the flow of any version carries out the version that the case records (design, rule 6).
    """

    def decorate(function: Callable[[Case[D]], Awaitable[Record]]) -> Flow[[str], None]:
        entered = Process(
            id=process_id,
            version=version,
            title_th=title_th,
            data=data,
            result=result,
            function=function,
            entrypoint=f"{function.__module__}.{function.__name__}",
            reopens=reopens,
            result_needed=result_needed,
            model=_model_beside(function, process_id),
        )
        versions = _REGISTER.setdefault(process_id, {})
        if version in versions and versions[version].entrypoint != entered.entrypoint:
            raise ValueError(f"process {process_id!r} version {version} is registered twice")
        versions[version] = entered
        made = _flow(entered)
        if version == max(versions):
            _FLOWS[process_id] = made
        return made

    return decorate


def _model_beside(function: Callable[..., Any], process_id: str) -> str | None:
    file = Path(function.__code__.co_filename).with_name(f"{process_id}.bpmn")
    return sha256(file.read_bytes()) if file.is_file() else None


def _flow(entered: Process) -> Flow[[str], None]:
    async def carry_out(case_id: str) -> None:
        from engine.prefect_run import carry_out_case

        await carry_out_case(case_id)

    carry_out.__name__ = entered.entrypoint.rpartition(".")[2]
    carry_out.__module__ = entered.entrypoint.rpartition(".")[0]
    carry_out.__doc__ = entered.function.__doc__
    return Flow(
        fn=cast(Callable[[str], None], carry_out),
        name=entered.id,
        version=str(entered.version),
        description=f"{entered.title_th}\n\n{entered.function.__doc__ or ''}",
        persist_result=False,
        validate_parameters=False,
        log_prints=False,
    )


def process_named(process_id: str, version: int | None = None) -> Process:
    """A registered process; without a version the newest. :raises UnknownProcess:"""
    versions = _REGISTER.get(process_id, {})
    wanted = max(versions, default=0) if version is None else version
    if wanted not in versions:
        raise UnknownProcess(process=process_id, version=version)
    return versions[wanted]


def result_is_needed(process_id: str) -> bool:
    """Whether who called a case of this process cannot go on without it. Of a process that nobody knows: yes."""
    return process_id not in _REGISTER or process_named(process_id).result_needed


def processes() -> list[Process]:
    """The newest version of every process."""
    return [process_named(process_id) for process_id in sorted(_REGISTER)]


def flow_of(process_id: str) -> Flow[[str], None]:
    """The Prefect flow of a process: the one of its newest version, which carries out every version."""
    if process_id not in _FLOWS:
        raise UnknownProcess(process=process_id)
    return _FLOWS[process_id]
