"""Style sheet, script and fonts, read once and addressed by their content, so that browsers keep them for ever."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

import fontpkg_sarabun
from starlette.requests import Request
from starlette.responses import Response

from portal.errors import NotFound

FOLDER = Path(__file__).parent / "static"
VENDORED = (FOLDER / "vendor" / "bpmn-js" / "bpmn-navigated-viewer.js",)
"""Other people's files, as they published them; licence, version and hash lie beside each."""
FONTS = Path(fontpkg_sarabun.__file__).parent / "files"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".ttf": "font/ttf",
         ".svg": "image/svg+xml"}  # fmt: skip
_FONT_NAMES = ("Sarabun-Regular.ttf", "Sarabun-SemiBold.ttf", "Sarabun-Bold.ttf")


class Asset(NamedTuple):
    content: bytes
    packed: bytes
    media_type: str
    version: str


@cache
def assets() -> dict[str, Asset]:
    """All files by name; the style sheet names the fonts by their versions."""
    found = {name: _asset(FONTS / name, (FONTS / name).read_bytes()) for name in _FONT_NAMES}
    for path in (*sorted(each for each in FOLDER.iterdir() if each.is_file()), *VENDORED):
        content = path.read_bytes()
        if path.suffix == ".css":
            for name in _FONT_NAMES:
                content = content.replace(name.encode(), f"{name}?{found[name].version}".encode())
        found[path.name] = _asset(path, content)
    return found


def _asset(path: Path, content: bytes) -> Asset:
    version = hashlib.sha256(content).hexdigest()[:12]
    return Asset(content, gzip.compress(content, 9, mtime=0), TYPES[path.suffix], version)


def address_of_static(name: str) -> str:
    """The address under which pages name a file."""
    return f"/static/{name}?{assets()[name].version}"


async def serve_static(request: Request) -> Response:
    """A file; for ever when it is asked for by its version."""
    asset = assets().get(request.path_params["name"])
    if asset is None:
        raise NotFound
    headers = {
        "cache-control": "public, max-age=31536000, immutable" if request.url.query else "no-cache",
        "vary": "accept-encoding",
    }
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.packed, media_type=asset.media_type, headers=headers | {"content-encoding": "gzip"})
    return Response(asset.content, media_type=asset.media_type, headers=headers)
