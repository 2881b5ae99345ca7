"""What is missing from a bundle is told: files that forms name, cases that histories name."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from audit.bundle import pack
from ledger import documents
from ledger.anchor_key import make_key
from ledger.anchors import Anchor
from ledger.canonical import sha256
from ledger.hand_offs import Submission, hand_off_id
from ledger.work import Ledger
from schemas.attachment import AttachedFile
from tests.audit.test_bundle import Files, judged, packed_again
from tests.conftest import ClockThatIsSet
from tests.ledger.anchored import anchored
from tests.ledger.scene import DIRECTIVE, REPORT, SUDA, WEEK, handed_off, opened, order, submitted

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
    return await anchored(ledger, make_key(tmp_path / "anchor.pem"), clock)


def contents(bundle: Path) -> Files:
    with zipfile.ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def without(files: Files, gone: str) -> Files:
    """The manifest is made to fit, as whoever leaves something out would; `gone`: how the names of files begin."""
    kept = {name: content for name, content in files.items() if not name.startswith(gone)}
    manifest = json.loads(kept["manifest.json"])
    manifest["files"] = [entry for entry in manifest["files"] if entry["name"] in kept]
    manifest["cases"] = [case for case in manifest["cases"] if not case["folder"].startswith(gone)]
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
