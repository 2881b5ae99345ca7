"""Counts what a process asks of others: Prefect's API by method and path, its events, the ledger's statements."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
from prefect.events import Event
from prefect.events.clients import EventsClient
from sqlalchemy import Connection, Engine, event

WRITTEN_EVERY_S = 0.2
API, EVENT, STATEMENT, TRANSACTION = "api", "event", "statement", "transaction"
"""Families of counts; a count's name begins with one of them."""
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def count_into(file: Path) -> None:
    """Count from now on; `file` holds the counts as JSON, at most a few tenths of a second old."""
    counts: Counter[str] = Counter()
    _count_requests(counts)
    _count_events(counts)
    _count_statements(counts)
    threading.Thread(target=_write, args=(counts, file), name="counts", daemon=True).start()


def read_counts(file: Path) -> Counter[str]:
    """What `count_into` wrote last; nothing before that."""
    return Counter(json.loads(file.read_text())) if file.exists() else Counter()


def _write(counts: Counter[str], file: Path) -> None:
    written = 0
    while True:
        total = counts.total()
        if total != written:
            written = total
            fresh = file.with_suffix(".new")
            fresh.write_text(json.dumps(dict(counts)))
            fresh.replace(file)
        time.sleep(WRITTEN_EVERY_S)


def _count_requests(counts: Counter[str]) -> None:
    send = httpx.AsyncClient.send

    async def counted(client: httpx.AsyncClient, request: httpx.Request, **options: Any) -> httpx.Response:
        counts[f"{API} {request_name(request.method, request.url.path)}"] += 1
        return await send(client, request, **options)

    httpx.AsyncClient.send = counted  # type: ignore[method-assign, assignment]


def request_name(method: str, path: str) -> str:
    """`GET /flow_runs/{id}`, whatever the id."""
    return f"{method} {_ID.sub('{id}', path.removeprefix('/api'))}"


def _count_events(counts: Counter[str]) -> None:
    emit = EventsClient.emit

    async def counted(client: EventsClient, happened: Event) -> Any:
        counts[f"{EVENT} {happened.event}"] += 1
        return await emit(client, happened)

    EventsClient.emit = counted  # type: ignore[method-assign, assignment]


def _count_statements(counts: Counter[str]) -> None:
    def executed(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        counts[f"{STATEMENT} {statement_name(statement)}"] += 1

    def committed(_connection: Connection) -> None:
        counts[f"{TRANSACTION} commit"] += 1

    def rolled_back(_connection: Connection) -> None:
        counts[f"{TRANSACTION} rollback"] += 1

    event.listen(Engine, "before_cursor_execute", executed)
    event.listen(Engine, "commit", committed)
    event.listen(Engine, "rollback", rolled_back)


def statement_name(statement: str) -> str:
    """`SELECT cases`: the verb and the first table."""
    verb, *_ = words = statement.split()
    before = {"SELECT": "FROM", "DELETE": "FROM", "INSERT": "INTO", "UPDATE": "UPDATE"}.get(verb.upper())
    table = words[words.index(before) + 1] if before in words else ""
    return f"{verb.upper()} {table}".strip()
