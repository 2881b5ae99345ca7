"""Files of a form before it is handed in: kept beside the draft or the page, shown in the form, taken out again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from engine.intake import handed_on
from ledger import enclosures, uploads
from ledger.canonical import sha256 as content_hash
from ledger.hand_offs import HandOff
from ledger.uploads import Uploads
from portal.body import Typed, add, text
from portal.fields import Attachments
from portal.multipart import SentFile
from portal.state import Portal
from rules.attachment import check_before_reading, clean_name, take_file
from rules.errors import FileNotTaken
from rules.form_input import problem
from schemas.attachment import AttachedFile, FileLimits
from schemas.form import FORMS, Form, Problem, file_fields


class FilesButton(NamedTuple):
    """A button beside a field of files: `files:attach:FIELD` or `files:remove:FIELD:HASH`."""

    act: str
    field: str = ""
    sha256: str = ""


def files_button(typed: Typed) -> FilesButton | None:
    """The button of a field of files that was pressed; None for any other. One that says too much does nothing."""
    what, *rest = text(typed, "action").split(":")
    if what != "files" or not rest:
        return None
    return FilesButton(*rest) if len(rest) <= len(FilesButton._fields) else FilesButton(act="")


def none_chosen(form: type[Form], button: FilesButton | None, sent: Sequence[SentFile]) -> tuple[Problem, ...]:
    """What is wrong when files are to be attached and none was chosen."""
    if button is None or button.act != "attach" or sent:
        return ()
    return (problem(form, button.field, "file_none"),)


def attached_to(
    hand_off: HandOff, uploaded: Uploads, values: Mapping[str, Any] | None, limits: FileLimits
) -> Attachments:
    """The files that stand in the form: those handed on with it, unless taken out, and the officer's own.

    `values`: what was typed or drafted; None for a form that was never touched.
    """
    form = FORMS.get(hand_off.form)
    return Attachments(
        files={name: _standing(hand_off, name, uploaded, values) for name in (file_fields(form) if form else ())},
        limits=limits,
    )


def _standing(
    hand_off: HandOff, name: str, uploaded: Uploads, values: Mapping[str, Any] | None
) -> tuple[AttachedFile, ...]:
    given = handed_on(hand_off, name)
    if values is not None:
        said = values.get(name, ())
        given = tuple(file for file in given if file.sha256 in ((said,) if isinstance(said, str) else said))
    return tuple({file.sha256: file for file in (*given, *uploaded.get(name, ()))}.values())


async def keep_files(
    portal: Portal, hand_off: HandOff, officer: str, sent: Sequence[SentFile], typed: Typed, now: datetime
) -> tuple[Problem, ...]:
    """Check and keep what was chosen on the page; `typed` then names what was kept. Gives what is wrong with others."""

    async def keep(file: SentFile, limits: FileLimits) -> None:
        async with portal.runtime.ledger.read() as connection:
            uploaded = await uploads.of_officer(connection, hand_off.id, officer)
        taken, content = await _looked_at(file, limits, _standing(hand_off, file.into, uploaded, typed))
        if await uploads.add(portal.runtime.ledger, hand_off.id, officer, file.into, taken, content, now):
            add(typed, file.into, taken.sha256)

    return await _keep_each(portal, FORMS[hand_off.form], sent, keep)


async def keep_on_page(
    portal: Portal, form: type[Form], page: str, officer: str, sent: Sequence[SentFile], typed: Typed
) -> tuple[Problem, ...]:
    """As `keep_files`, of a page on which something is started; `page` is its own key."""

    async def keep(file: SentFile, limits: FileLimits) -> None:
        async with portal.runtime.ledger.read() as connection:
            chosen = await enclosures.of_officer(connection, page, officer)
        taken, content = await _looked_at(file, limits, chosen.get(file.into, ()))
        await enclosures.add(portal.runtime.ledger, page, officer, file.into, taken, content)
        add(typed, file.into, taken.sha256)

    return await _keep_each(portal, form, sent, keep)


async def _keep_each(
    portal: Portal, form: type[Form], sent: Sequence[SentFile], keep: Callable[[SentFile, FileLimits], Awaitable[None]]
) -> tuple[Problem, ...]:
    """Keep every file, within the limits of its field; gives what is wrong with those that are not taken."""
    problems: list[Problem] = []
    takes = file_fields(form)
    for file in sent:
        if file.into not in takes:
            problems.append(problem(form, file.into, "extra_forbidden"))
            continue
        try:
            async with portal.taking_files:
                await keep(file, portal.runtime.policy.files.within(takes[file.into].files))
        except FileNotTaken as refused:
            problems.append(_beside(form, file.into, refused))
    return tuple(problems)


async def _looked_at(
    file: SentFile, limits: FileLimits, standing: Sequence[AttachedFile]
) -> tuple[AttachedFile, bytes]:
    """The file as it will stand in the form, and its content. :raises FileNotTaken:"""
    check_before_reading(clean_name(file.name), file.size, limits, len(standing))
    content = await asyncio.to_thread(file.read)
    digest = await asyncio.to_thread(content_hash, content)
    return await asyncio.to_thread(take_file, file.name, content, digest, limits, standing), content


def _beside(form: type[Form], field: str, refused: FileNotTaken) -> Problem:
    facts = {name: value for name, value in refused.facts.items() if name != "reason"}
    return problem(form, field, f"file_{refused.reason}", **facts)


def without(typed: Typed, field: str, sha256: str) -> Typed:
    """What was typed, less one file."""
    said = typed.get(field, [])
    left = [each for each in ([said] if isinstance(said, str) else said) if each != sha256]
    return {**typed, field: left}


def files_within(hand_off: HandOff, uploaded: Uploads, submitted: Mapping[str, Any]) -> Iterator[AttachedFile]:
    """Every file that one who may do the work may fetch: shown with it, handed on, attached so far, handed in."""
    yield from hand_off.context.files
    yield from chain.from_iterable(uploaded.values())
    form = FORMS.get(hand_off.form)
    for name in file_fields(form) if form else ():
        yield from handed_on(hand_off, name)
        yield from (AttachedFile.model_validate(each) for each in submitted.get(name, ()))
