"""Exports with something broken in them, and what must hold of whatever becomes of them."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator

import numpy as np
from exports_by_platform import EXPORTS

from mediaplan.errors import InputError
from mediaplan.history.checking.checking import checked
from mediaplan.history.reading.reading import File, read_history, read_posts
from mediaplan.words import Words

NASTY = (
    "", " ", "-", " --", "N/A", "0", "-1", "1e999", "9" * 400, "1,234", "1.234,5", "NaN", "inf", "=cmd|' /C calc'!A0", '="1"', '"', '""', "'",
    "../../etc/passwd", "<script>alert(1)</script>", "[bold]x[/bold]", "{0.__class__}", "\u202f", "\ufeff", "\u2028", "\x85", "é" * 50, "Total",
    "Total: Account", "All", "2026-13-45", "13/13/2026", "01/02/2026", "0000-00-00", "9999-12-31", "00:00:00 - 00:59:59", "25:00", "USD", "XXX", "€ 5",
    "Amount spent (EUR)", "Campaign name", "Results", "Day", "Cost", "Impr.", "date", "spend", "post", "x" * 5000,
)  # fmt: skip

_BROKEN = (ValueError, OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error, KeyError)
Mutation = Callable[[bytes, np.random.Generator], bytes]


def _place(content: bytes, random: np.random.Generator) -> int:
    return int(random.integers(0, len(content) + 1))


def flipped(content: bytes, random: np.random.Generator) -> bytes:
    raw = bytearray(content)
    for _ in range(int(random.integers(1, 12))):
        if raw:
            raw[int(random.integers(0, len(raw)))] = int(random.integers(0, 256))
    return bytes(raw)


def cut(content: bytes, random: np.random.Generator) -> bytes:
    at, until = sorted((_place(content, random), _place(content, random)))
    return content[:at] + content[until:]


def doubled(content: bytes, random: np.random.Generator) -> bytes:
    at, until = sorted((_place(content, random), _place(content, random)))
    return content[:until] + content[at:]


def stuffed(content: bytes, random: np.random.Generator) -> bytes:
    at = _place(content, random)
    stuff = (
        b"\0",
        b'"',
        b"\n",
        b"\r",
        b"\r\n",
        b",",
        b"\t",
        b";",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\x00\x00\x00",
        b"PK\x03\x04",
    )
    return (
        content[:at] + stuff[int(random.integers(0, len(stuff)))] * int(random.integers(1, 40)) + content[at:]
    )


def recoded(content: bytes, random: np.random.Generator) -> bytes:
    read, write = (
        ("utf-8", "utf-16", "cp1252", "latin-1", "utf-16-le")[int(random.integers(0, 5))] for _ in range(2)
    )
    return content.decode(read, "replace").encode(write, "replace")


def spliced(content: bytes, random: np.random.Generator) -> bytes:
    other = EXPORTS[int(random.integers(0, len(EXPORTS)))].content
    return content[: _place(content, random)] + other[_place(other, random) :]


def retyped(content: bytes, random: np.random.Generator) -> bytes:
    """Some cells replaced, lines shuffled, columns repeated: still a table of sorts."""
    wide = content.startswith(b"\xff\xfe")
    text = content.decode("utf-16" if wide else "utf-8", "replace")
    lines = text.split("\n")
    for _ in range(int(random.integers(1, 4))):
        at = int(random.integers(0, len(lines)))
        mark = "\t" if "\t" in lines[at] else ","
        cells = lines[at].split(mark)
        cells[int(random.integers(0, len(cells)))] = NASTY[int(random.integers(0, len(NASTY)))]
        lines[at] = mark.join(cells * (2 if random.random() < 0.1 else 1))
    if random.random() < 0.15:
        random.shuffle(lines)
    return "\n".join(lines).encode("utf-16" if wide else "utf-8", "replace")


def repacked(content: bytes, random: np.random.Generator) -> bytes:
    """A workbook with one of its parts broken, or with strange parts beside them."""
    if not content.startswith(b"PK"):
        return retyped(content, random)
    try:
        return _repacked(content, random)
    except _BROKEN:  # broken before
        return flipped(content, random)


def _repacked(content: bytes, random: np.random.Generator) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as package,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as broken,
    ):
        names = package.namelist()
        chosen = names[int(random.integers(0, len(names)))]
        for name in names:
            part = package.read(name)
            if name == chosen:
                part = MUTATIONS[int(random.integers(0, 4))](part, random)
            broken.writestr(name, part)
        for name in ("../../evil.txt", "/etc/passwd", "xl/vbaProject.bin", "C:\\x"):
            if name not in names and random.random() < 0.2:
                broken.writestr(name, b"x" * 100)
    return out.getvalue()


MUTATIONS: tuple[Mutation, ...] = (
    flipped,
    cut,
    doubled,
    stuffed,
    recoded,
    spliced,
    retyped,
    repacked,
    retyped,
    repacked,
)


def mutants(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """So many broken files, each named by its shape, its number and what was done to it."""
    random = np.random.default_rng(seed)
    for at in range(count):
        export = EXPORTS[at % len(EXPORTS)]
        content, done = export.content, []
        for _ in range(int(random.integers(1, 3))):
            mutation = MUTATIONS[int(random.integers(0, len(MUTATIONS)))]
            content = mutation(content, random)
            done.append(mutation.__name__)
        yield f"{export.name} {at} {'+'.join(done)}", content


def judged(content: bytes) -> str:
    """`read` or `refused`; an assertion fails where a promise is broken, any other exception is a fault of ours."""
    file = File("mutant", content)
    check = checked(file)
    document = check.to_dict(Words("fr"))
    (found,) = check.files
    assert document["files"][0]["rows"] >= 0
    if found.usable and found.kind == "history" and found.rows:
        assert all(float(amount) >= 0 for amount in found.figures.spend.values())
        assert all(count >= 0 for count in found.figures.results.values())
    for problem in found.problems[:5]:
        assert problem.worded(Words("en"))
    outcomes = []
    for read in (
        lambda: read_history(file, currency="EUR", exchange={"USD": 1, "XOF": 1, "IDR": 1}),
        lambda: read_posts(file),
    ):
        try:
            read()
            outcomes.append("read")
        except InputError as error:
            outcomes.append("refused" if error.problems else "silent")
    assert "silent" not in outcomes
    return "read" if "read" in outcomes else "refused"
