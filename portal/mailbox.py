"""The mailbox of the embedded stack: every mail that was sent, as its recipients would see it."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from notifications.errors import MailNotFound
from notifications.mailbox import Mailbox, OpenedMail
from portal.download import download
from portal.errors import NotFound
from portal.pages import page
from portal.paging import Paging
from portal.state import portal_of
from portal.visitor import require_visitor

router = APIRouter(prefix="/mailbox", dependencies=[Depends(require_visitor)])

PER_PAGE = 40
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""What a mail may do in its frame: look like itself. No script, nothing from elsewhere."""


def _mailbox(request: Request) -> Mailbox:
    """:raises NotFound: this installation keeps no mailbox."""
    box = portal_of(request).mailbox
    if box is None:
        raise NotFound
    return box


@router.get("")
async def mailbox_page(request: Request) -> Response:
    box, sought = _mailbox(request), request.query_params.get("q", "").strip()[:200]
    total = await asyncio.to_thread(box.count, sought)
    paging = Paging.of(request, total=total, per_page=PER_PAGE)
    mails = await asyncio.to_thread(box.list, PER_PAGE, paging.offset, sought)
    return page(request, "mailbox", mails=mails, sought=sought, paging=paging)


async def _mail(request: Request, mail_id: str) -> OpenedMail:
    try:
        return await asyncio.to_thread(_mailbox(request).read, mail_id)
    except MailNotFound:
        raise NotFound from None


@router.get("/{mail_id}")
async def mail_page(request: Request, mail_id: str) -> Response:
    return page(request, "mail", mail=await _mail(request, mail_id))


@router.get("/{mail_id}/html")
async def mail_html(request: Request, mail_id: str) -> Response:
    """The mail as its sender wrote it, for the sandboxed frame of the page."""
    mail = await _mail(request, mail_id)
    headers = {"content-security-policy": MAIL_POLICY, "x-frame-options": "SAMEORIGIN"}
    return HTMLResponse(f'<base target="_blank">{mail.html}', headers=headers)


@router.get("/{mail_id}/attachments/{number}")
async def attachment(request: Request, mail_id: str, number: int) -> Response:
    enclosed = (await _mail(request, mail_id)).attachments
    if not 0 <= number < len(enclosed):
        raise NotFound
    found = enclosed[number]
    return download(found.content, found.media_type, found.name or "attachment")
