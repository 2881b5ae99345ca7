"""Which part of a list a page shows."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Page `number` of a list of `total`, counted from 1."""

    number: int
    total: int
    per_page: int
    path: str
    query: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, request: Request, *, total: int, per_page: int) -> Paging:
        asked = request.query_params.get("page", "1")
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1
        last = max(1, -(-total // per_page))
        query = tuple((k, v) for k, v in request.query_params.multi_items() if k != "page" and v)
        return cls(number=min(max(number, 1), last), total=total, per_page=per_page, path=request.url.path, query=query)

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.per_page

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.per_page))

    @property
    def first_shown(self) -> int:
        return self.offset + 1 if self.total else 0

    @property
    def last_shown(self) -> int:
        return min(self.offset + self.per_page, self.total)

    def address(self, number: int) -> str:
        return f"{self.path}?{urlencode([*self.query, ('page', str(number))])}"
