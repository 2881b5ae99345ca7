"""What a finished PDF says of itself."""

from __future__ import annotations

import re
import subprocess


def facts(pdf: bytes) -> dict[str, str]:
    """The lines of pdfinfo: Title, Author, Pages, Page size, Tagged, CreationDate."""
    done = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True)
    pairs = (line.split(":", 1) for line in done.stdout.decode().splitlines() if ":" in line)
    return {name: value.strip() for name, value in pairs}


def pages(pdf: bytes) -> int:
    return int(facts(pdf)["Pages"])


def sizes(pdf: bytes) -> list[str]:
    """Of every page, in whole points: «595x842» is A4 upright."""
    done = subprocess.run(["pdfinfo", "-l", "999", "-"], input=pdf, capture_output=True, check=True)
    found = re.findall(r"Page +\d+ size: +([\d.]+) x ([\d.]+)", done.stdout.decode())
    return [f"{round(float(wide))}x{round(float(high))}" for wide, high in found]


def text(pdf: bytes, *, page: int | None = None, layout: bool = False) -> str:
    """The extracted text without any blanks."""
    limits = ["-f", str(page), "-l", str(page)] if page else []
    limits += ["-layout"] if layout else []
    done = subprocess.run(["pdftotext", *limits, "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"\s|\u200b|\xa0", "", done.stdout.decode())


def lines(pdf: bytes) -> list[str]:
    """The lines of a page that is nothing but text, in reading order."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return [line.strip("\f ") for line in done.stdout.decode().splitlines() if line.strip("\f ")]


def cut_off(pdf: bytes) -> list[str]:
    """Words that lie outside their page, or in its outer five millimetres: what no printer prints."""
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    found: list[str] = []
    for width, height, page in re.findall(
        r'<page width="(.+?)" height="(.+?)">(.*?)</page>', done.stdout.decode(), re.DOTALL
    ):
        for left, top, right, bottom, word in re.findall(
            r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)<', page
        ):
            inside = min(float(left), float(top), float(width) - float(right), float(height) - float(bottom)) > 14
            found += [] if inside else [word]
    return found


def is_archival(pdf: bytes) -> bool:
    """Does it declare PDF/A part 2, level A?"""
    return b"<pdfaid:part>2</pdfaid:part>" in pdf and b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf


def picture(pdf: bytes, page: int) -> bytes:
    """The page as it looks, in grey, 40 dots an inch."""
    command = ["pdftoppm", "-gray", "-r", "40", "-f", str(page), "-l", str(page), "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout
