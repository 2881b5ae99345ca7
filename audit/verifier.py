#!/usr/bin/env python3
"""Checks an exported bundle on any machine: one file, the standard library of Python 3.9 or later, no network.

    python3 -I -S verify.py BUNDLE.zip [--anchor NUMBER=HASH] … [--key PUBLIC-KEY]

It reads everything itself and believes nothing: every file against the manifest, every event against its hash and the
event before it, every document against the history that names it, every anchor's hash, signature and predecessor, and
for every case the way from its head to the signed root. `--anchor` names what an outside keeper has kept, from the
mail or the printed page; `--key` the public key that is known to be the office's. Without either, whoever held the
private key and the database could have made all of it anew. What no anchor bears witness to is named: events of each
case that none has seen, and files that nothing but the manifest knows, which whoever made the bundle could write as
they liked. How much of what the last anchor covers is in the bundle is counted, and cases that its histories name and
that are not here are named: single cases are exported rightly, so whether that is all is for the reader to judge.
Exit code 0: all of it holds; 1: something does not; 3: what is there fits together, but to a case of it, or to all, no
anchor bears witness, or what should be there is missing: the file of a form, or a case asked for or called in its year.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

FORMAT = "sangkan-bundle-1"
GENESIS = "0" * 64
LATE_COMMIT = timedelta(hours=1)
"""An event may be committed later than the moment it carries, by so much at most."""
UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)
"""What a damaged archive may raise: an encrypted or unknown packing, and JSON nested without end, among it."""
MOST_OF_MANIFEST = 200_000_000
HOLDS, DOES_NOT_HOLD, NOT_ALL = 0, 1, 3
CALLED = "called by"
NAMED_IN = {
    "case:open": {"parent_id": "the caller of"}, "call:start": {"child": CALLED},
    "hand_off:open": {"subject": "the subject of work in"},
}  # fmt: skip
"""Where events name other cases."""
ANCHOR_FIELDS = ["format", "number", "at", "previous", "cases", "events", "root", "refused", "key", "next_key"]


def canonical(value: Any) -> str:
    """The one text of a JSON value that is hashed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# --- Ed25519, verification only (RFC 8032, section 5.1.7) ---------------------------------------------------

P = 2**255 - 19
Point = tuple[int, int, int, int]
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
BASE_Y = 4 * pow(5, P - 2, P) % P


def x_of(y: int, sign: int) -> int | None:
    """The x coordinate of a point by its y and the lowest bit of x; None when there is none (5.1.3)."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    return P - x if x % 2 != sign else x


def added(a: Point, b: Point) -> Point:
    """Sum of two points in extended homogeneous coordinates (5.1.4)."""
    low, high = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = high - low, d - c, d + c, high + low
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = added(total, point)
        point = added(point, point)
        number >>= 1
    return total


def point_of(encoded: bytes) -> Point | None:
    """The point of 32 bytes; None when they encode none."""
    if len(encoded) != 32:
        return None
    number = int.from_bytes(encoded, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    x = x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Does an Ed25519 signature fit? All three are bytes. S beyond the group's order is refused, as the RFC asks."""
    if len(signature) != 64:
        return False
    key, commitment = point_of(public), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or s >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    a, b = times(s, BASE), added(commitment, times(challenge, key))
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


# --- the tree over all heads (RFC 6962, section 2.1) --------------------------------------------------------


def root_by(leaf: bytes, place: int, leaves: int, path: Sequence[bytes]) -> bytes | None:
    """The root to which a path leads from a leaf; None when its length is not that of the place."""
    if not 0 <= place < leaves:
        return None
    node, rest = leaf, list(path)
    while leaves > 1:
        if place ^ 1 < leaves:
            if not rest:
                return None
            other = rest.pop(0)
            pair = other + node if place % 2 else node + other
            node = hashlib.sha256(b"\x01" + pair).digest()
        place, leaves = place // 2, (leaves + 1) // 2
    return None if rest else node


# --- the bundle --------------------------------------------------------------------------------------------


class Bundle:
    """An opened bundle, and what was found wrong with it."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.wrong: list[str] = []
        self.spoiled: set[str] = set()
        """Files that cannot be read; said once."""
        self.lacking: list[str] = []
        """What should be in the bundle and is not, though nothing that is in it was touched."""
        self.anchors: dict[int, Any] = {}
        self.made: dict[int, datetime] = {}
        """When each had been made at the latest: before those that follow it, should its clock have been ahead."""
        self.refused: set[str] = set()
        """Cases that an anchor did not vouch for."""
        self.named: set[tuple[str, str, str]] = set()
        """(as what, file of the bundle, hash) of the documents and models that histories name."""
        self.of_forms: set[tuple[str, str, str]] = set()
        """The same of files in submitted forms, which are documents of the cases that the forms are about."""
        self.hashes: dict[str, tuple[str, int]] = {}
        self.named_cases: dict[str, set[tuple[str, str]]] = {}
        """By case that a history names: as what, and the case whose history it is."""
        self.asked: Any = {}
        self.not_here: list[str] = []
        self.unseen: dict[str, tuple[int, int]] = {}
        """By case: how many of its events no anchor has seen, of how many."""
        self.witnessed = {"manifest.json", "anchors.jsonl"}

    def say(self, where: str, what: str) -> None:
        self.wrong.append(f"{where}: {what}")

    def lines(self, name: str) -> Iterator[Any]:
        """The JSON values of a file, one a line; what is no JSON is noted."""
        if name in self.spoiled:
            return
        if name not in self.hashes:
            self.say(name, "missing from the bundle")
            return
        with self.archive.open(name) as file:
            for number, line in enumerate(file, start=1):
                try:
                    yield json.loads(line)
                except (ValueError, RecursionError):
                    self.say(name, f"line {number} cannot be read")
                    return

    def check(self, kept: Mapping[int, str], key: str | None) -> None:
        manifest = self.check_manifest()
        if manifest is None:
            return
        self.check_anchors(kept, key)
        for case in manifest["cases"]:
            self.check_case(case)
        self.check_files()
        self.check_scope({case["id"] for case in manifest["cases"]}, manifest.get("asked") or {})

    def check_manifest(self) -> Any:
        names = [info.filename for info in self.archive.infolist()]
        if len(set(names)) != len(names):
            self.say("bundle", "a file stands in it twice")
        try:
            if self.archive.getinfo("manifest.json").file_size > MOST_OF_MANIFEST:
                raise ValueError
            manifest = json.loads(self.archive.read("manifest.json"))
            listed = {entry["name"]: entry for entry in manifest["files"]}
        except (KeyError, TypeError, ValueError, *UNREADABLE):
            self.say("manifest.json", "missing or unreadable")
            return None
        if manifest.get("format") != FORMAT:
            self.say("manifest.json", f"of another format: {manifest.get('format')}")
            return None
        for name in sorted(set(names) - set(listed) - {"manifest.json"}):
            self.say(name, "not named by the manifest")
        for name in sorted(set(listed) - set(names)):
            self.say(name, "named by the manifest and missing")
        for name in sorted(set(listed) & set(names)):
            self.hashes[name] = self.digest(name)
            if self.hashes[name] != (listed[name]["sha256"], listed[name]["size"]):
                self.say(name, "is not what the manifest says")
        return manifest

    def digest(self, name: str) -> tuple[str, int]:
        running, size = hashlib.sha256(), 0
        try:
            with self.archive.open(name) as file:
                for part in iter(lambda: file.read(1 << 20), b""):
                    running.update(part)
                    size += len(part)
        except UNREADABLE as trouble:
            self.spoiled.add(name)
            self.say(name, f"cannot be read: {trouble}")
        return running.hexdigest(), size

    def check_anchors(self, kept: Mapping[int, str], key: str | None) -> None:
        previous = None
        for anchor in self.lines("anchors.jsonl"):
            self.check_anchor(anchor, previous)
            self.anchors[anchor["number"]] = previous = anchor
            self.refused |= set(anchor["refused"])
        for number, digest in sorted(kept.items()):
            if number not in self.anchors:
                self.say(f"anchor {number}", "was kept outside and is not in the bundle")
            elif self.anchors[number]["hash"] != digest:
                self.say(f"anchor {number}", "is not the one that was kept outside")
        if key is not None and key not in {anchor["key"] for anchor in self.anchors.values()}:
            self.say("anchors", "none is signed with the key that was given")
        last_first = sorted(self.anchors, reverse=True)
        moments = (datetime.fromisoformat(self.anchors[number]["at"]) for number in last_first)
        self.made = dict(zip(last_first, accumulate(moments, min)))  # noqa: B905 - Python 3.9 knows no `strict`

    def check_anchor(self, anchor: Any, previous: Any) -> None:
        where = f"anchor {anchor['number']}"
        statement = canonical({name: anchor[name] for name in ANCHOR_FIELDS}).encode()
        if sha256(statement) != anchor["hash"]:
            self.say(where, "was changed")
        if not is_signed(bytes.fromhex(anchor["key"]), statement, bytes.fromhex(anchor["signature"])):
            self.say(where, "its signature does not fit")
        if previous is None:
            return
        if anchor["number"] != previous["number"] + 1 or anchor["previous"] != previous["hash"]:
            self.say(where, "does not continue the one before it")
        if anchor["key"] != (previous["next_key"] or previous["key"]):
            self.say(where, "is signed with another key than the one before it names")

    def check_case(self, case: Any) -> None:
        where, end = "case " + case["id"], (0, GENESIS)
        seen: dict[int, str] = {}
        moments: list[str] = []
        for event in self.lines(case["folder"] + "/events.jsonl"):
            sealed = canonical([
                end[1], case["id"], end[0] + 1, event["at"], event["kind"], event["key"], event["actor"],
                event["payload"],
            ])  # fmt: skip
            if event["seq"] != end[0] + 1 or event["prev_hash"] != end[1] or sha256(sealed.encode()) != event["hash"]:
                self.say(where, f"the chain breaks at event {event['seq']}")
                return
            end = (event["seq"], event["hash"])
            seen[end[0]] = end[1]
            moments.append(event["at"])
            try:
                self.read(case["id"], event["kind"], json.loads(event["payload"]))
            except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
                self.say(where, f"event {event['seq']} cannot be read")
        if end != (case["head_seq"], case["head_hash"]):
            self.say(where, "the history does not end where the manifest says")
        self.check_moments(case, where, moments, self.check_proofs(case, where, seen))

    def read(self, case_id: str, kind: str, said: Any) -> None:
        """Notes what an event names."""
        for field, what in NAMED_IN.get(kind, {}).items():
            if said.get(field):
                self.named_cases.setdefault(said[field], set()).add((what, case_id))
        if kind == "case:open" and said.get("model"):
            self.named.add((f"the model that {case_id} ran under", f"models/{said['model']}.bpmn", said["model"]))
        elif kind == "document:add":
            self.named.add((f"document «{said['name']}» of {case_id}", "documents/" + said["sha256"], said["sha256"]))
        elif kind == "hand_off:submit":
            for one in files_in(said["data"]):
                what = f"file «{one['name']}» of a form in {case_id}"
                self.of_forms.add((what, "documents/" + one["sha256"], one["sha256"]))

    def check_proofs(self, case: Any, where: str, seen: Mapping[int, str]) -> dict[int, int]:
        """How many events of the case each anchor has seen."""
        proved: dict[int, int] = {}
        for proof in self.lines(case["folder"] + "/proofs.jsonl"):
            anchor = self.anchors.get(proof["anchor"])
            told = f"{where}, anchor {proof['anchor']}"
            if anchor is None:
                self.say(told, "the anchor is not in the bundle")
                continue
            if seen.get(proof["seq"]) != proof["hash"]:
                self.say(told, f"saw another event {proof['seq']}: the history was computed anew, or cut off")
            leaf = hashlib.sha256(b"\x00" + canonical([case["id"], proof["seq"], proof["hash"]]).encode()).digest()
            path = [bytes.fromhex(node) for node in proof["path"]]
            root = root_by(leaf, proof["place"], anchor["cases"], path)
            if root is None or root.hex() != anchor["root"]:
                self.say(told, "the proof does not lead to the signed root")
            proved[proof["anchor"]] = proof["seq"]
        covered = max(proved.values(), default=0)
        if covered and max(self.anchors, default=None) not in proved:
            self.say(where, "the last anchor is not proved")
        if case["covered"] != covered:
            self.say(where, f"the manifest says that anchors cover {case['covered']} events")
        return proved

    def check_moments(self, case: Any, where: str, moments: Sequence[str], proved: Mapping[int, int]) -> None:
        """What an anchor has not seen is younger; else it was put in, or its proofs were left out."""
        covered = max(proved.values(), default=0)
        self.unseen[case["id"]] = len(moments[covered:]), len(moments)
        if covered:
            self.witnessed |= {case["folder"] + "/events.jsonl", case["folder"] + "/proofs.jsonl"}
        if case["id"] in self.refused:
            return
        begin = 0
        for number, end in [*sorted(proved.items()), (max(self.anchors, default=0) + 1, len(moments))]:
            stretch, before = moments[begin:end], self.anchors.get(number - 1)
            begin = max(begin, end)
            oldest = min(stretch, key=datetime.fromisoformat, default="")
            if not before or not oldest:
                continue
            if datetime.fromisoformat(oldest) < self.made[number - 1] - LATE_COMMIT:
                missing = f"an event of {oldest} is missing in anchor {before['number']} of {before['at']}"
                self.say(where, missing + ": its proof was left out, or it was put in afterwards")
                return

    def check_files(self) -> None:
        for what, name, digest in sorted(self.named | self.of_forms):
            held = self.hashes.get(name)
            if held is not None and held[0] != digest:
                self.say(what, "its content was changed")
            elif held is None and (what, name, digest) in self.of_forms:
                self.lacking.append(f"{what}, {digest}")
            elif held is None:
                self.say(what, "missing from the bundle")
            self.witnessed.add(name)

    # - what is not there, and what is not witnessed

    def check_scope(self, here: set[str], asked: Any) -> None:
        """A case that was asked for must be here; in a fiscal year's bundle a called case as well."""
        self.asked = asked
        self.lacking += [f"case {case_id}, asked for" for case_id in sorted(set(asked.get("cases") or ()) - here)]
        for case_id in sorted(self.named_cases.keys() - here):
            by = sorted(self.named_cases[case_id])
            told = f"case {case_id}, {by[0][0]} {by[0][1]}" + (f" and {len(by) - 1} more" if by[1:] else "")
            missing = asked.get("fiscal_year") and CALLED in dict(by)
            (self.lacking if missing else self.not_here).append(told)

    def scope(self) -> Iterator[str]:
        """What was asked for, as the unsigned manifest says, and how much of all that there was is here."""
        year, cases = self.asked.get("fiscal_year"), self.asked.get("cases") or ()
        yield "asked for: " + (", ".join([*([f"fiscal year {year}"] if year else []), *cases]) or "not recorded")
        if self.anchors:
            last, seen = self.anchors[max(self.anchors)], [of - new for new, of in self.unseen.values() if of > new]
            yield f"the last anchor is {last['number']} of {last['at']}"
            here = f"{len(seen)} of {last['cases']} cases and {sum(seen)} of {last['events']} events that it covers"
            yield here + " are in this bundle (a register of findings counts as a case)"
        yield from ("not in this bundle: " + told for told in self.not_here)

    def unwitnessed(self) -> list[str]:
        """The files that nothing but the manifest knows, those of one kind together."""
        kinds = Counter(kind_of(name) for name in self.hashes if name not in self.witnessed)
        return [kind if count == 1 else f"{kind} ({count})" for kind, count in sorted(kinds.items())]


def files_in(value: Any) -> Iterator[Any]:
    """The attached files that a form names, at any depth."""
    if isinstance(value, dict) and {"name", "media_type", "size", "sha256"} <= value.keys():
        yield value
    elif isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from files_in(each)


def kind_of(name: str) -> str:
    """The name of a file, with a star in the place of its case, or of its own name in a folder of many."""
    folder, _, own = name.rpartition("/")
    if folder.startswith("cases/"):
        return "cases/*/" + own
    return folder + "/*" if folder else own


def kept_anchor(text: str) -> tuple[int, str]:
    """Typed in groups, or copied from the page with the unseen characters at which its lines may break."""
    number, _, digest = "".join(each for each in text.lower() if each.isalnum() or each == "=").partition("=")
    if len(digest) != 64:
        raise argparse.ArgumentTypeError("NUMBER=HASH with 64 digits")
    return int(number), digest


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Checks a bundle exported by sangkan.")
    parser.add_argument("bundle")
    parser.add_argument("--anchor", action="append", type=kept_anchor, default=[], metavar="NUMBER=HASH")
    parser.add_argument("--key", metavar="PUBLIC-KEY")
    given = parser.parse_args(arguments)
    try:
        with zipfile.ZipFile(given.bundle) as archive:
            bundle = Bundle(archive)
            try:
                bundle.check(dict(given.anchor), given.key and given.key.replace(" ", "").lower())
            except (AttributeError, KeyError, TypeError, ValueError, *UNREADABLE) as trouble:
                bundle.say("bundle", f"not in the form that its format asks for: {trouble!r}")
    except UNREADABLE as trouble:
        print(f"NOT A BUNDLE: {trouble}")
        return DOES_NOT_HOLD
    for sentence in bundle.wrong:
        print("WRONG  " + sentence)
    if bundle.wrong:
        print(f"{len(bundle.wrong)} findings: this bundle does not hold.")
        return DOES_NOT_HOLD
    return told_of(bundle, compared=bool(given.anchor or given.key))


def told_of(bundle: Bundle, *, compared: bool) -> int:
    """Says of a bundle in which nothing is wrong how far it is witnessed; the exit code."""
    bare = sum(unseen == events for unseen, events in bundle.unseen.values())
    papers = sum(name.startswith("documents/") for name in bundle.hashes.keys() & bundle.witnessed)
    fault = f"{len(bundle.lacking)} things are missing that should be in it" if bundle.lacking else ""
    if bare or not bundle.unseen:
        fault = f"of {bare} of {len(bundle.unseen)} cases nothing is witnessed"
    said = f"it fits together, but {fault}" if fault else "all of it holds"
    events = sum(events for _, events in bundle.unseen.values())
    print(f"{events} events, {papers} documents, {len(bundle.anchors)} anchors: {said}.")
    for missing in bundle.lacking:
        print("MISSING  " + missing)
    for sentence in bundle.scope():
        print(sentence)
    for case_id, (unseen, events) in sorted(bundle.unseen.items()):
        if unseen:
            print(f"case {case_id}: no anchor has seen {unseen} of {events} events")
    print("Known to the unsigned manifest only: " + ", ".join(bundle.unwitnessed()))
    for key in sorted({anchor["key"] for anchor in bundle.anchors.values()}):
        print("signed with the key " + key)
    if not compared:
        print("Nothing from outside was compared: give --anchor or --key with what you know from elsewhere.")
    return NOT_ALL if fault else HOLDS


if __name__ == "__main__":
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main())
