"""Which part of a list a page shows."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request


def number_in(said: str, *, digits: int) -> int | None:
    """The number that a part of an address names; None for what is none, or has more digits than a number here can."""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= digits else None


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
        number = number_in(request.query_params.get("page", ""), digits=7) or 1
        last = max(1, -(-total // per_page))
        query = tuple((k, v) for k, v in request.query_params.multi_items() if k != "page" and v)
        return cls(number=min(number, last), total=total, per_page=per_page, path=request.url.path, query=query)

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
