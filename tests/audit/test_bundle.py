"""Bundles: checked by the verifier alone, in an interpreter without this software; what was touched is refused."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from audit.approved import approvals
from audit.bundle import VERIFIER, case_ids_of_year, pack
from ledger import documents, tables
from ledger.anchor_key import make_key, read_key
from ledger.anchoring import anchor
from ledger.anchors import Anchor
from ledger.canonical import canonical, sha256
from ledger.errors import ProofDoesNotHold, UnknownCase
from ledger.verify import verify_all
from ledger.work import Ledger
from tests.conftest import ClockThatIsSet
from tests.ledger.anchored import OTHER, note, rewrite, spoil
from tests.ledger.scene import DIRECTIVE, SUDA, WEEK, opened, story


def judged(script: Path, bundle: Path, *arguments: str) -> tuple[int, str]:
    """What the verifier says: isolated, without site packages, in another folder."""
    command = [sys.executable, "-I", "-S", str(script), str(bundle), *arguments]
    done = subprocess.run(command, capture_output=True, cwd="/", text=True, encoding="utf-8", check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


async def anchored_story(ledger: Ledger, clock: ClockThatIsSet, tmp_path: Path) -> list[Anchor]:
    key = make_key(tmp_path / "anchor.pem")
    await story(ledger)
    made = []
    for number in range(3):
        await opened(ledger, f"directive-2561-000{8 + number}")
        await note(ledger, OTHER, f"{number}")
        clock.advance(hours=2)
        made.append(await anchor(ledger, key))
    await note(ledger, WEEK, "not covered")
    return [one for one in made if one is not None]


async def test_a_bundle_holds_on_a_machine_without_this_software(
    ledger: Ledger, clock: ClockThatIsSet, tmp_path: Path, script: Path
) -> None:
    made = await anchored_story(ledger, clock, tmp_path)
    file = tmp_path / "bundle.zip"
    packed = await pack(ledger, [DIRECTIVE, WEEK, OTHER], file)
    assert (packed.cases, packed.documents, packed.anchors, packed.uncovered) == (3, 1, 3, 1)
    code, said = judged(script, file)
    assert (code, said.splitlines()[0]) == (0, f"{packed.events} events, 1 documents, 3 anchors: all of it holds.")
    assert "Nothing from outside was compared" in said
    assert judged(script, file, "--anchor", f"2={made[1].hash}", "--key", made[0].key)[0] == 0
    assert judged(script, file, "--anchor", "\u200b".join(f"2={made[1].hash}"))[0] == 0
    assert judged(script, file, "--anchor", f"2={made[0].hash}")[0] == 1
    assert judged(script, file, "--anchor", f"9={made[0].hash}")[0] == 1
    assert judged(script, file, "--key", "00" * 32)[0] == 1
    with zipfile.ZipFile(file) as archive:
        assert archive.read("verify.py") == VERIFIER
        assert {"README.txt", "manifest.json", "anchors.jsonl", "organisations.jsonl"} <= set(archive.namelist())
        assert f"cases/{WEEK}/events.jsonl" in archive.namelist()
        assert "models/forms/WeeklyReport.json" in archive.namelist()


async def test_the_model_that_a_case_recorded_is_in_the_bundle_and_what_lacks_it_is_refused(
    ledger: Ledger, tmp_path: Path, script: Path
) -> None:
    (approval, *_) = approvals()
    file = tmp_path / "bundle.zip"
    await opened(ledger, process=approval.process, model=approval.sha256)
    await opened(ledger, OTHER, model="0" * 64)  # nobody kept it
    await pack(ledger, [DIRECTIVE], file)
    assert judged(script, file)[0] == 3
    with zipfile.ZipFile(file) as archive:
        assert archive.read(f"models/{approval.sha256}.bpmn") == approval.content()
        (told,) = json.loads(archive.read("models/approvals.json"))
    assert told == approval.model_dump(mode="json")
    await pack(ledger, [DIRECTIVE, OTHER], file)
    code, said = judged(script, file)
    assert (code, f"the model that {OTHER} ran under: missing from the bundle" in said) == (1, True)


async def test_the_same_ledger_gives_the_same_bytes(ledger: Ledger, clock: ClockThatIsSet, tmp_path: Path) -> None:
    await anchored_story(ledger, clock, tmp_path)
    assert await pack(ledger, [DIRECTIVE], tmp_path / "1.zip") == await pack(ledger, [DIRECTIVE], tmp_path / "2.zip")
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()


async def test_a_ledger_without_anchors_is_exported_too(ledger: Ledger, tmp_path: Path, script: Path) -> None:
    await opened(ledger)
    await pack(ledger, [DIRECTIVE], tmp_path / "bundle.zip")
    code, said = judged(script, tmp_path / "bundle.zip")
    assert (code, "of 1 of 1 cases nothing is witnessed" in said, "all of it holds" in said) == (3, True, False)


async def test_what_no_anchor_bears_witness_to_is_said(
    ledger: Ledger, clock: ClockThatIsSet, tmp_path: Path, script: Path
) -> None:
    made = await anchored_story(ledger, clock, tmp_path)
    new, file = "directive-2561-0099", tmp_path / "bundle.zip"
    await opened(ledger, new)
    await pack(ledger, [OTHER, WEEK], file)
    code, said = judged(script, file)
    assert code == 0
    with zipfile.ZipFile(file) as archive:
        events = len(archive.read(f"cases/{WEEK}/events.jsonl").splitlines())
    assert f"case {WEEK}: no anchor has seen 1 of {events} events\n" in said
    assert f"case {OTHER}" not in said
    assert f"the last anchor is 3 of {made[-1].at:%Y-%m-%d}T" in said
    (named,) = [line for line in said.splitlines() if line.startswith("Known to the unsigned manifest only: ")]
    for kind in ("cases/*/case.json (2)", "cases/*/mails.jsonl (2)", "organisations.jsonl", "models/forms/*"):
        assert kind in named
    assert "events.jsonl" not in named

    await pack(ledger, [OTHER, new], file)  # the case is younger than the last anchor
    code, said = judged(script, file, "--anchor", f"3={made[-1].hash}")
    assert (code, "of 1 of 2 cases nothing is witnessed" in said) == (3, True)
    assert f"case {new}: no anchor has seen 1 of 1 events\n" in said
    await pack(ledger, [new], file)
    assert judged(script, file, "--anchor", f"3={made[-1].hash}")[0] == 3
    clock.advance(hours=3)
    await opened(ledger, "directive-2561-0100")
    await anchor(ledger, read_key(tmp_path / "anchor.pem"))
    await pack(ledger, [new], file)
    assert judged(script, file)[0] == 0


async def test_a_document_that_a_case_has_under_two_names_is_counted_once_by_whoever_counts(
    ledger: Ledger, tmp_path: Path, script: Path
) -> None:
    await story(ledger)
    async with ledger.begin() as work:
        (paper,) = await documents.of_case(work.connection, DIRECTIVE)
        await documents.attach(
            work,
            DIRECTIVE,
            name="ร่าง.pdf",
            sha256=paper.sha256,
            media_type=paper.media_type,
            size=paper.size,
            actor=SUDA,
        )
        await work.commit()
    file = tmp_path / "bundle.zip"
    packed = await pack(ledger, [DIRECTIVE], file)
    assert packed.documents == (await verify_all(ledger)).documents == 1
    assert f"{packed.events} events, 1 documents" in judged(script, file)[1]


async def test_a_fiscal_year_is_taken_with_what_its_cases_called_in_the_next(
    ledger: Ledger, clock: ClockThatIsSet
) -> None:
    await story(ledger)
    clock.advance(days=200)
    await opened(ledger, "award", parent=(DIRECTIVE, "award"))
    await opened(ledger, "appeal", parent=("award", "appeals[1]"))
    await opened(ledger, "directive-2562-0001")
    async with ledger.read() as connection:
        assert await case_ids_of_year(connection, 2561) == ["appeal", "award", DIRECTIVE, WEEK]
        assert await case_ids_of_year(connection, 2562) == ["appeal", "award", "directive-2562-0001"]


async def test_a_fiscal_year_is_taken_whole_and_an_unknown_case_leaves_no_file(ledger: Ledger, tmp_path: Path) -> None:
    await story(ledger)
    async with ledger.read() as connection:
        assert await case_ids_of_year(connection, 2561) == [DIRECTIVE, WEEK]
        assert await case_ids_of_year(connection, 2560) == []
    with pytest.raises(UnknownCase):
        await pack(ledger, [DIRECTIVE, "no-such-case"], tmp_path / "bundle.zip")
    assert not [name for name in os.listdir(tmp_path) if ".zip" in name]  # noqa: PTH208 - of this very moment


Files = dict[str, bytes]


def _line(name: str, number: int, **changes: Any) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        lines = [json.loads(line) for line in files[name].splitlines()]
        lines[number] |= changes
        files[name] = b"".join(canonical(line).encode() + b"\n" for line in lines)

    return change


def _without(name: str, number: int) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        lines = files[name].splitlines(keepends=True)
        del lines[number]
        files[name] = b"".join(lines)

    return change


def _forged(files: Files) -> None:
    """Rewrite an event, compute the chain and the manifest's head anew: only the anchors are left to tell."""
    name = f"cases/{OTHER}/events.jsonl"
    events = [json.loads(line) for line in files[name].splitlines()]
    events[1]["payload"] = '{"said":"forged"}'
    for number, event in enumerate(events):
        event["prev_hash"] = events[number - 1]["hash"] if number else event["prev_hash"]
        fields = [
            event["prev_hash"],
            OTHER,
            event["seq"],
            *(event[n] for n in ("at", "kind", "key", "actor", "payload")),
        ]
        event["hash"] = sha256(canonical(fields).encode())
    files[name] = b"".join(canonical(event).encode() + b"\n" for event in events)
    manifest = json.loads(files["manifest.json"])
    for case in manifest["cases"]:
        if case["id"] == OTHER:
            case["head_hash"] = events[-1]["hash"]
    files["manifest.json"] = json.dumps(manifest).encode()


def _without_proofs(files: Files) -> None:
    """The forged history once more, its end cut off, and nothing left that an anchor could be asked about."""
    _forged(files)
    events = [json.loads(line) for line in files[EVENTS].splitlines()][:-1]
    files[EVENTS] = b"".join(canonical(event).encode() + b"\n" for event in events)
    files[PROOFS] = b""
    manifest = json.loads(files["manifest.json"])
    for case in manifest["cases"]:
        if case["id"] == OTHER:
            case |= {"head_seq": len(events), "head_hash": events[-1]["hash"], "covered": 0}
    files["manifest.json"] = json.dumps(manifest).encode()


def _paper(files: Files) -> None:
    (name,) = [name for name in files if name.startswith("documents/")]
    files[name] += b"x"


def _no_paper(files: Files) -> None:
    (name,) = [name for name in files if name.startswith("documents/")]
    del files[name]


EVENTS, PROOFS = f"cases/{OTHER}/events.jsonl", f"cases/{OTHER}/proofs.jsonl"
WAYS: list[tuple[str, Callable[[Files], None], str]] = [
    ("a payload is changed", _line(EVENTS, 1, payload="{}"), f"case {OTHER}: the chain breaks at event 2"),
    ("a moment is changed", _line(EVENTS, 1, at="2018-01-01"), f"case {OTHER}: the chain breaks at event 2"),
    ("an event is removed", _without(EVENTS, 1), f"case {OTHER}: the chain breaks at event 3"),
    ("the last event is removed", _without(EVENTS, -1), "the history does not end where the manifest says"),
    ("the chain is computed anew", _forged, f"case {OTHER}, anchor 1: saw another event"),
    ("a document is changed", _paper, "its content was changed"),
    ("a document is removed", _no_paper, "missing from the bundle"),
    ("an anchor's root is changed", _line("anchors.jsonl", 1, root="0" * 64), "anchor 2: was changed"),
    ("an anchor's signature is changed", _line("anchors.jsonl", 1, signature="0" * 128), "anchor 2: its signature"),
    ("an anchor is removed", _without("anchors.jsonl", 1), "anchor 3: does not continue the one before it"),
    ("a proof is of another case", _line(PROOFS, 0, place=0), "does not lead to the signed root"),
    ("a proof is removed", _without(PROOFS, -1), "the last anchor is not proved"),
    (
        "all proofs are removed",
        _without_proofs,
        f"case {OTHER}: an event of 2018-04-20T05:00:00.000000+00:00 is missing",
    ),
    ("a file is added", lambda files: files.update({"extra.txt": b"x"}), "extra.txt"),
]


def packed_again(files: Files, into: Path, *, listed: bool) -> None:
    """With `listed` the manifest is made to fit, as a forger would."""
    if listed:
        manifest = json.loads(files["manifest.json"])
        known = {entry["name"] for entry in manifest["files"]}
        manifest["files"] = [
            {"name": name, "sha256": sha256(content), "size": len(content)}
            for name, content in files.items() if name in known
        ]  # fmt: skip
        files["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(into, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)


async def test_a_bundle_that_was_touched_is_refused_and_the_place_is_named(
    sqlite: Any, clock: ClockThatIsSet, tmp_path: Path, script: Path
) -> None:
    ledger = Ledger(sqlite, clock)
    await anchored_story(ledger, clock, tmp_path)
    await pack(ledger, [DIRECTIVE, WEEK, OTHER], tmp_path / "bundle.zip")
    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        whole = {name: archive.read(name) for name in archive.namelist()}
    touched = tmp_path / "touched.zip"
    for what, change, told in WAYS:
        for listed in (True, False):
            files = dict(whole)
            change(files)
            packed_again(files, touched, listed=listed)
            code, said = judged(script, touched)
            assert code == 1, what
            assert told in said or not listed, (what, said)
    (tmp_path / "none.zip").write_bytes(b"PK")
    code, said = judged(script, tmp_path / "none.zip")
    assert (code, said.startswith("NOT A BUNDLE: ")) == (1, True)


async def test_a_ledger_that_was_computed_anew_gives_a_bundle_that_does_not_hold(
    sqlite: Any, clock: ClockThatIsSet, tmp_path: Path, script: Path
) -> None:
    ledger = Ledger(sqlite, clock)
    await anchored_story(ledger, clock, tmp_path)
    await rewrite(ledger, OTHER, 2, '{"said":"x"}')
    await pack(ledger, [OTHER], tmp_path / "bundle.zip")
    code, said = judged(script, tmp_path / "bundle.zip")
    assert code == 1
    assert "the history was computed anew" in said


async def test_what_cannot_be_proved_is_not_exported(ledger: Ledger, clock: ClockThatIsSet, tmp_path: Path) -> None:
    await anchored_story(ledger, clock, tmp_path)
    await spoil(ledger, ["DELETE FROM anchor_nodes WHERE anchor > 1"])
    with pytest.raises(ProofDoesNotHold, match=f"«{OTHER}» against anchor 2"):
        await pack(ledger, [OTHER], tmp_path / "bundle.zip")
    assert not (tmp_path / "bundle.zip").exists()


async def test_what_was_put_in_between_two_anchors_with_an_older_day_is_named_on_any_machine(
    ledger: Ledger, clock: ClockThatIsSet, tmp_path: Path, script: Path
) -> None:
    """Both anchors are genuine: the later one has seen it, and the one before should have."""
    await anchored_story(ledger, clock, tmp_path)
    key, now = read_key(tmp_path / "anchor.pem"), clock.moment
    clock.moment = now - timedelta(hours=7)
    async with ledger.engine.begin() as connection:
        await connection.execute(update(tables.cases).where(tables.cases.c.id == WEEK).values(head_at=clock.moment))
    await note(ledger, WEEK, "put in")
    clock.moment = now + timedelta(hours=2)
    await note(ledger, WEEK, "to be seen")
    made = await anchor(ledger, key)
    assert made is not None
    await pack(ledger, [WEEK, OTHER], tmp_path / "bundle.zip")
    code, said = judged(script, tmp_path / "bundle.zip", "--anchor", f"{made.number}={made.hash}")
    assert code == 1
    assert f"case {WEEK}: an event of " in said
    assert "it was put in afterwards" in said


async def test_a_bit_that_flipped_is_named_with_its_file_and_the_others_are_looked_at(
    sqlite: Any, clock: ClockThatIsSet, tmp_path: Path, script: Path
) -> None:
    await anchored_story(Ledger(sqlite, clock), clock, tmp_path)
    await pack(Ledger(sqlite, clock), [DIRECTIVE, WEEK, OTHER], tmp_path / "bundle.zip")
    whole, dice = (tmp_path / "bundle.zip").read_bytes(), random.Random(1)
    for _ in range(40):
        damaged = bytearray(whole)
        damaged[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
        (tmp_path / "damaged.zip").write_bytes(damaged)
        code, said = judged(script, tmp_path / "damaged.zip")
        assert code in (0, 1)  # a bit of a time of day in the archive's list matters to nothing
        assert (code == 0) is ("WRONG" not in said and "NOT A BUNDLE" not in said)


@pytest.mark.parametrize("name", ["manifest.json", f"cases/{WEEK}/proofs.jsonl", f"cases/{WEEK}/events.jsonl"])
async def test_json_nested_without_end_is_named(
    sqlite: Any, clock: ClockThatIsSet, tmp_path: Path, script: Path, name: str
) -> None:
    await anchored_story(Ledger(sqlite, clock), clock, tmp_path)
    await pack(Ledger(sqlite, clock), [WEEK], tmp_path / "bundle.zip")
    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        files = {each: archive.read(each) for each in archive.namelist()} | {name: b"[" * 100_000}
    with zipfile.ZipFile(tmp_path / "deep.zip", "w") as archive:
        for each, content in files.items():
            archive.writestr(each, content)
    code, said = judged(script, tmp_path / "deep.zip")
    assert (code, name in said) == (1, True)
