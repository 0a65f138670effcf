"""How the house is built: which room may use which, and what may not happen in the core."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

import mediaplan

HOUSE = Path(mediaplan.__file__).parent
ORDER = (
    "words", "errors", "stated", "money", "one_thread", "own_process", "slots", "history", "response", "brief", "planning", "learning", "answering", "workspace",
    "report", "batch", "worlds", "cli", "ui",
)  # fmt: skip
"""Rooms: each may use those before it."""

WITHIN = {
    "history": (
        "records", "tables", "naming", "columns", "platforms", "files", "rows", "overlaps", "reading", "checking",
    ),
    "answering": ("placing", "noticing", "sources", "settling", "responding", "waiting"),
    "response": (
        "packing", "lines", "ladders", "pools", "contacts", "stages", "curves", "past", "responses", "rows", "estimating", "forecast", "fitter", "fitting",
        "given", "reaching", "looking_back", "diagnosis",
    ),
    "planning": (
        "patience", "asking", "answer", "formulation", "solvers", "many_lines", "search", "clashes", "questions", "reasons", "interpreting",
        "making",
        "replanning",
    ),
}  # fmt: skip
"""Rooms of rooms, each in the order of its own river: a part may use those before it."""

UPWARDS = {("cli.app", "ui.main")}
"""Modules that may use a later one, each for one reason: the command that opens the browser pages."""

EVERYWHERE = tuple(
    room
    for room in ORDER
    if room not in ("words", "errors", "stated", "money", "one_thread", "own_process", "slots")
)
OUTSIDE = {
    "alembic": ("workspace",),
    "altair": ("ui",),
    "babel": ("words", "money", "report", "ui"),
    "distributed": ("batch",),
    "highspy": ("planning.solvers",),
    "jinja2": ("report",),
    "markupsafe": ("report",),
    "numpy": ("money", *EVERYWHERE),
    "pandas": EVERYWHERE,
    "pulp": ("planning.solvers",),
    "pyarrow": ("history.files",),
    "python_calamine": ("history.files",),
    "rich": ("report", "batch", "cli"),
    "scipy": ("one_thread", "response", "planning", "worlds"),
    "starlette": ("ui",),
    "streamlit": ("ui",),
    "sqlalchemy": ("workspace",),
    "threadpoolctl": ("one_thread",),
    "tomli_w": ("brief.writing", "workspace.exporting"),
}
"""Package -> rooms or modules that may use it."""

WORKERS = {"concurrent": ("batch",), "multiprocessing": ("batch",), "subprocess": (), "threading": ("ui",)}
CORE = (
    "errors",
    "stated",
    "money",
    "one_thread",
    "slots",
    "history",
    "response",
    "brief",
    "planning",
    "learning",
    "answering.noticing",
    "answering.placing",
    "answering.responding",
    "answering.settling",
    "answering.sources",
)
EFFECTS = {"time", "socket", "urllib", "http", "requests", "random", "getpass", "tempfile"}
CLOCKS = {"now", "today", "utcnow"}
LONGEST_MODULE = 400
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "core"}


@cache
def modules() -> dict[str, ast.Module]:
    """Dotted name below the package -> syntax tree; the package's own `__init__` and `__main__` stand outside."""
    found = {}
    for path in sorted(HOUSE.rglob("*.py")):
        parts = path.relative_to(HOUSE).with_suffix("").parts
        if parts[0] not in ("__init__", "__main__", "sample"):
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module that is imported anywhere in a tree, functions and type checking included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module is not None
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "mediaplan")


def room(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


def part(module: str) -> str:
    return module.split(".")[1]


def within(module: str, places: tuple[str, ...]) -> bool:
    return any(module == place or module.startswith(place + ".") for place in places)


def own(name: str) -> str | None:
    """The module's name below the package, where it is one of ours; the bare package holds the version only."""
    return (
        name.removeprefix("mediaplan.")
        if name.startswith("mediaplan.") and name != "mediaplan.__version__"
        else None
    )


def test_every_room_has_its_place_in_the_order():
    assert {room(name) for name in modules()} == set(ORDER)


@pytest.mark.parametrize("name", sorted(modules()))
def test_a_module_uses_only_earlier_rooms(name):
    used = {target for imported in imports(modules()[name]) if (target := own(imported))}
    late = {t for t in used if ORDER.index(room(t)) > ORDER.index(room(name)) and (name, t) not in UPWARDS}
    assert late == set()


@pytest.mark.parametrize("name", sorted(n for n in modules() if room(n) in WITHIN and "." in n))
def test_a_module_uses_only_earlier_parts_of_its_room(name):
    order = WITHIN[room(name)]
    used = {
        target
        for imported in imports(modules()[name])
        if (target := own(imported)) and room(target) == room(name)
    }
    late = {t for t in used if "." in t and order.index(part(t)) > order.index(part(name))}
    assert late == set()


@pytest.mark.parametrize("name", sorted(modules()))
def test_outside_packages_stay_in_their_rooms(name):
    for imported in imports(modules()[name]):
        package = room(imported)
        if package in OUTSIDE or package in WORKERS:
            assert within(name, (OUTSIDE | WORKERS)[package]), f"{name} uses {package}"
        else:
            assert package == "mediaplan" or package in sys.stdlib_module_names, f"{package} has no room"


@pytest.mark.parametrize("name", sorted(n for n in modules() if within(n, CORE)))
def test_the_core_has_no_clock_environment_network_or_print(name):
    tree = modules()[name]
    assert not EFFECTS & {room(imported) for imported in imports(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            assert not (isinstance(called, ast.Name) and called.id in ("print", "input")), (
                f"line {node.lineno}"
            )
            assert not (isinstance(called, ast.Attribute) and called.attr in CLOCKS), f"line {node.lineno}"
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("environ", "getenv"), f"line {node.lineno}"
            assert not _shared_randomness(node), f"line {node.lineno}"


def _shared_randomness(node: ast.Attribute) -> bool:
    """`np.random.x`, where x is not a generator of one's own."""
    inner = node.value
    shared = isinstance(inner, ast.Attribute) and inner.attr == "random" and isinstance(inner.value, ast.Name)
    return shared and node.attr not in ("default_rng", "Generator", "SeedSequence")


@pytest.mark.parametrize("name", sorted(modules()))
def test_what_is_public_says_what_it_is(name):
    tree = modules()[name]
    assert ast.get_docstring(tree), f"{name} has no docstring"
    for node in public(tree):
        assert ast.get_docstring(node), f"{name}.{node.name}"
        if isinstance(node, ast.ClassDef):
            assert [m.name for m in public(node) if not ast.get_docstring(m)] == []


def public(tree: ast.Module | ast.ClassDef) -> Iterator[ast.ClassDef | ast.FunctionDef]:
    for node in tree.body:
        if isinstance(
            node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        ) and not node.name.startswith("_"):
            yield node


def test_modules_are_short_and_their_names_say_something():
    lengths = {p.name: len(p.read_text(encoding="utf-8").splitlines()) for p in HOUSE.rglob("*.py")}
    assert {name for name, length in lengths.items() if length > LONGEST_MODULE} == set()
    assert {part for name in modules() for part in name.split(".")} & VAGUE == set()


def page() -> str:
    return (HOUSE.parent / "docs" / "house.md").read_text(encoding="utf-8")


def rows_of(names: Iterable[str]) -> list[str]:
    """How the page of the house says what rooms are for: in the first sentence of their own docstring."""
    rows = []
    for name in names:
        said = ast.get_docstring(modules()[name])
        assert said is not None
        place = name.replace(".", "/")
        folder = (HOUSE / place).is_dir()
        rows.append(
            f"| `{place}{'/' if folder else '.py'}` | {' '.join(said.split(chr(10) * 2)[0].split())} |"
        )
    return rows


def test_the_page_of_the_house_names_every_room_in_its_order_as_the_room_itself_says():
    rows = [line for line in page().splitlines() if line.startswith("| `")]
    assert rows[: len(ORDER)] == rows_of(ORDER)
    inner = [name for name in modules() if "." in name and (HOUSE / name.replace(".", "/")).is_dir()]
    assert sorted(rows[len(ORDER) :]) == sorted(rows_of(name for name in inner if name.count(".") == 1))


def test_what_the_page_of_the_house_points_to_is_there():
    places = re.findall(r"`([a-z_/]+(?:/|\.py|\.po))`", page())
    assert len(places) > len(ORDER)
    assert [p for p in places if not any((root / p).exists() for root in (HOUSE, HOUSE.parent))] == []


def test_lists_of_public_names_are_sorted_and_hold_what_they_promise():
    for name, tree in modules().items():
        for node in tree.body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                names = ast.literal_eval(node.value)
                assert names == sorted(names, key=_in_order), name
    assert mediaplan.__all__ == sorted(mediaplan.__all__, key=_in_order)
    assert [
        name for name in mediaplan.__all__ if getattr(mediaplan, name).__module__.startswith("mediaplan.")
    ] == (mediaplan.__all__)


def _in_order(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def test_the_help_loads_nothing_heavy():
    heavy = "numpy pandas scipy highspy pulp streamlit jinja2 rich babel.numbers"
    code = f"import sys; from mediaplan.cli.main import main; main(['--help', '--lang', 'en']); \
             sys.exit(' '.join(m for m in {heavy.split()} if m in sys.modules) or None)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_an_unknown_public_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="plann"):
        mediaplan.plann  # noqa: B018 - the look-up is the test
