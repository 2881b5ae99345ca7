"""What is missing from a bundle is told: files that forms name, cases that histories name."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from audit.bundle import Asked, case_ids_of_year, pack
from ledger import documents, waits
from ledger.anchor_key import make_key
from ledger.anchoring import anchor
from ledger.anchors import Anchor
from ledger.canonical import sha256
from ledger.hand_offs import Submission, hand_off_id
from ledger.work import Ledger
from schemas.attachment import AttachedFile
from tests.audit.test_bundle import Files, judged, packed_again
from tests.conftest import ClockThatIsSet
from tests.ledger.anchored import OTHER, note
from tests.ledger.scene import DIRECTIVE, FLOW, REPORT, SUDA, WEEK, handed_off, opened, order, story, submitted

EVIDENCE = "ภาพถ่ายการประชุม".encode()
FILE = AttachedFile(name="หลักฐาน.pdf", media_type="application/pdf", size=len(EVIDENCE), sha256=sha256(EVIDENCE))


async def reported(ledger: Ledger, week: str = WEEK) -> None:
    """A week's case asks for a report about a directive; the file in it becomes a document of the directive."""
    await handed_off(ledger, order("weekly"), case_id=week)
    async with ledger.begin() as work:
        await documents.put(work, EVIDENCE, FILE.media_type)
        await work.commit()
    data = REPORT | {"attachments": [FILE.model_dump(mode="json")]}
    (answer,) = await submitted(ledger, Submission(
        hand_off=hand_off_id(week, "weekly"), case_id=week, data=data, actor=SUDA, files=(FILE,), subject=DIRECTIVE
    ))  # fmt: skip
    assert not isinstance(answer, Exception)


async def covered(ledger: Ledger, clock: ClockThatIsSet, tmp_path: Path) -> Anchor:
    """All that is in the ledger is seen by an anchor."""
    clock.advance(hours=3)
    made = await anchor(ledger, make_key(tmp_path / "anchor.pem"), first=True)
    assert made is not None
    return made


def contents(bundle: Path) -> Files:
    with zipfile.ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def without(files: Files, gone: str) -> Files:
    """The manifest is made to fit, as whoever leaves something out would; `gone`: how the names of files begin."""
    kept = {name: content for name, content in files.items() if not name.startswith(gone)}
    manifest = json.loads(kept["manifest.json"])
    manifest["files"] = [entry for entry in manifest["files"] if entry["name"] in kept]
    manifest["cases"] = [case for case in manifest["cases"] if not f"{case['folder']}/".startswith(gone)]
    return kept | {"manifest.json": json.dumps(manifest).encode()}


async def test_evidence_goes_with_the_form_that_names_it_though_it_is_a_document_of_another_case(
    ledger: Ledger, clock: ClockThatIsSet, tmp_path: Path, script: Path
) -> None:
    await opened(ledger)
    await opened(ledger, WEEK)
    await reported(ledger)
    await covered(ledger, clock, tmp_path)
    file, name = tmp_path / "bundle.zip", f"documents/{FILE.sha256}"
    packed = await pack(ledger, [WEEK], file)
    assert packed.documents == 1
    whole = contents(file)
    assert whole[name] == EVIDENCE
    code, said = judged(script, file)
    assert (code, "1 documents, 1 anchors: all of it holds." in said) == (0, True)
    assert "documents/" not in said

    packed_again(without(whole, name), tmp_path / "less.zip", listed=True)
    code, said = judged(script, tmp_path / "less.zip")
    assert (code, "all of it holds" in said) == (3, False)
    assert f"MISSING  file «{FILE.name}» of a form in {WEEK}, {FILE.sha256}\n" in said
    packed_again(whole | {name: b"x"}, tmp_path / "other.zip", listed=True)
    code, said = judged(script, tmp_path / "other.zip")
    assert (code, f"WRONG  file «{FILE.name}» of a form in {WEEK}: its content was changed" in said) == (1, True)


async def test_a_bundle_says_how_much_of_what_there_was_is_in_it(
    ledger: Ledger, clock: ClockThatIsSet, tmp_path: Path, script: Path
) -> None:
    await story(ledger)
    await opened(ledger, OTHER)
    await covered(ledger, clock, tmp_path)
    await note(ledger, OTHER, "younger than the anchor")
    file, less = tmp_path / "bundle.zip", tmp_path / "less.zip"
    async with ledger.read() as connection:
        of_year = await case_ids_of_year(connection, 2561)
    assert of_year == [DIRECTIVE, OTHER, WEEK]
    packed = await pack(ledger, of_year, file, asked=Asked(fiscal_year=2561))
    whole = contents(file)
    assert json.loads(whole["manifest.json"])["asked"] == {"fiscal_year": 2561, "cases": None}
    code, said = judged(script, file)
    events = packed.events - 1
    assert (code, f"3 of 3 cases and {events} of {events} events that it covers are in this bundle" in said) == (
        0,
        True,
    )
    assert "asked for: fiscal year 2561\n" in said
    assert "not in this bundle" not in said

    # What nothing in the bundle names is told by the count alone: whoever exports single cases leaves out as much.
    packed_again(without(whole, f"cases/{OTHER}/"), less, listed=True)
    code, said = judged(script, less)
    assert (code, f"2 of 3 cases and {events - 1} of {events} events that it covers" in said) == (0, True)


async def test_a_called_case_is_missed_in_a_years_bundle_and_remarked_upon_in_one_of_single_cases(
    ledger: Ledger, clock: ClockThatIsSet, tmp_path: Path, script: Path
) -> None:
    await story(ledger)
    await handed_off(ledger, order("weekly", subject="directive-elsewhere"), case_id=WEEK)
    await covered(ledger, clock, tmp_path)
    file, less = tmp_path / "bundle.zip", tmp_path / "less.zip"
    await pack(ledger, [WEEK, DIRECTIVE], file, asked=Asked(fiscal_year=2561))
    code, said = judged(script, file)
    assert (code, f"not in this bundle: case directive-elsewhere, the subject of work in {WEEK}\n" in said) == (0, True)
    packed_again(without(contents(file), f"cases/{DIRECTIVE}/"), less, listed=True)
    code, said = judged(script, less)
    assert (code, f"MISSING  case {DIRECTIVE}, called by {WEEK}\n" in said) == (3, True)
    assert "all of it holds" not in said
    packed_again(without(contents(file), f"cases/{WEEK}/"), less, listed=True)
    code, said = judged(script, less)
    assert (code, f"not in this bundle: case {WEEK}, the caller of {DIRECTIVE}\n" in said) == (0, True)

    await pack(ledger, [WEEK], file)
    assert json.loads(contents(file)["manifest.json"])["asked"] == {"fiscal_year": None, "cases": [WEEK]}
    code, said = judged(script, file)
    assert (code, f"not in this bundle: case {DIRECTIVE}, called by {WEEK}\n" in said) == (0, True)
    assert f"asked for: {WEEK}\n" in said
    await pack(ledger, [WEEK, DIRECTIVE], file)
    packed_again(without(contents(file), f"cases/{DIRECTIVE}/"), less, listed=True)
    code, said = judged(script, less)
    assert (code, f"MISSING  case {DIRECTIVE}, asked for\n" in said) == (3, True)


async def test_a_bundle_from_before_the_manifest_said_what_was_asked_for_is_still_read(
    ledger: Ledger, clock: ClockThatIsSet, tmp_path: Path, script: Path
) -> None:
    await story(ledger)
    await covered(ledger, clock, tmp_path)
    await pack(ledger, [WEEK], tmp_path / "bundle.zip")
    files = contents(tmp_path / "bundle.zip")
    manifest = json.loads(files["manifest.json"])
    del manifest["asked"]
    packed_again(files | {"manifest.json": json.dumps(manifest).encode()}, tmp_path / "old.zip", listed=False)
    code, said = judged(script, tmp_path / "old.zip")
    assert (code, "asked for: not recorded\n" in said) == (0, True)


async def test_a_fiscal_year_is_taken_with_the_weeks_of_the_next_in_which_its_directives_are_reported_on(
    ledger: Ledger, clock: ClockThatIsSet, tmp_path: Path, script: Path
) -> None:
    await opened(ledger)
    clock.advance(days=200)
    week = "week-2018-11-09"
    await opened(ledger, week, process="week")
    await opened(ledger, "week-2018-11-16", process="week")
    await opened(ledger, "directive-2562-0001")
    await opened(ledger, "circular-of-the-week", parent=(week, "notify"))
    await handed_off(ledger, order("of-2562", subject="directive-2562-0001"), case_id=week)
    async with ledger.begin() as work:  # as a call takes up a case that stands already
        await work.lock(DIRECTIVE)
        waits.start_call(work, DIRECTIVE, key="c", element="c", branch="", child="older", gate=None, actor=FLOW)
        await work.commit()
    async with ledger.read() as connection:
        assert await case_ids_of_year(connection, 2561) == [DIRECTIVE]
    await reported(ledger, week)
    await opened(ledger, "older")
    async with ledger.read() as connection:
        of_year = await case_ids_of_year(connection, 2561)
    assert of_year == ["circular-of-the-week", DIRECTIVE, "older", week]
    await covered(ledger, clock, tmp_path)
    await pack(ledger, of_year, tmp_path / "bundle.zip", asked=Asked(fiscal_year=2561))
    code, said = judged(script, tmp_path / "bundle.zip")
    assert (code, "not in this bundle: case directive-2562-0001, the subject of work in week-2018-11-09" in said) == (
        0,
        True,
    )
