"""The house keeps its shape: imports point one way, nothing heavy loads early, files stay short."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = {
    "n8nlite_expressions": ROOT / "expressions/n8nlite_expressions",
    "n8nlite": ROOT / "n8nlite",
    "n8nlite_nodes": ROOT / "nodes/n8nlite_nodes",
}
LONGEST = 500
RARE = (
    *("py_mini_racer", "asyncio", "ssl", "concurrent.futures", "tomllib", "mimetypes", "rich"),
    *(f"n8nlite.{name}" for name in ("door", "jsonrepair", "js_dates", "js_literal", "loose_json")),
    *(f"n8nlite_expressions.{name}" for name in ("code", "session", "spares", "v8", "wire")),
)
HEAVY = ("openai", "slack_sdk", "pyairtable", "py_mini_racer", "httpx", "requests", "rich", "typer")


def modules(package: str) -> Iterator[Path]:
    return LAYERS[package].rglob("*.py")


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (node.module or "")
            yield from [start] if node.module else (start + alias.name for alias in node.names)


@pytest.mark.parametrize("package", LAYERS)
def test_imports_point_one_way(package: str) -> None:
    """A layer imports itself and those below it; nodes are found through their entry point."""
    order = list(LAYERS)
    above = set(order[order.index(package) + 1 :])
    wrong = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in modules(package)
        for name in imported(file)
        if name.partition(".")[0] in above
    ]
    assert not wrong


def test_nodes_do_not_import_one_another() -> None:
    """What several nodes share lives in a module whose name begins with an underscore."""
    wrong = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in modules("n8nlite_nodes")
        for name in imported(file)
        if name.startswith(("n8nlite_nodes.", "."))
        if not name.rpartition(".")[2].startswith("_")
    ]
    assert not wrong


@pytest.mark.parametrize("module", ["n8nlite", "n8nlite_expressions", "n8nlite_nodes"])
def test_importing_a_package_loads_nothing_heavy(module: str) -> None:
    """Neither V8 nor an SDK nor an HTTP client is loaded before somebody needs it."""
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {name.partition(".")[0] for name in done.stdout.split()} & set(HEAVY)


def test_a_plain_run_loads_no_more_than_it_needs(tmp_path: Path) -> None:
    """Where paths are all that is evaluated, nothing that V8 needs is loaded, nor anything rare."""
    workflow = ROOT / "fixtures/bench/plain_paths.json"
    code = f"""
import sys
from n8nlite.cli import main
sys.argv = ["n8nlite", "run", {str(workflow)!r}, "--json"]
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    loaded = set(done.stderr.split())
    assert "n8nlite_nodes.set" in loaded
    assert not loaded & set(RARE)


@pytest.mark.parametrize("folder", [*LAYERS.values(), ROOT / "tests"], ids=lambda each: each.name)
def test_no_file_is_long(folder: Path) -> None:
    """A file that grows past 500 lines is two ideas."""
    long = {
        str(file.relative_to(ROOT)): count
        for file in folder.rglob("*.py")
        if (count := len(file.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert not long


@pytest.mark.parametrize("package", LAYERS)
def test_every_module_says_what_it_is(package: str) -> None:
    """Each begins with a docstring, unless it is empty."""
    bare = [
        str(file.relative_to(ROOT))
        for file in modules(package)
        if (tree := ast.parse(file.read_text(encoding="utf-8"))).body
        if not ast.get_docstring(tree)
    ]
    assert not bare


@pytest.mark.parametrize("package", ["n8nlite", "n8nlite_expressions"])
def test_what_is_exported_is_there(package: str) -> None:
    """`__all__` names what the package has."""
    module = importlib.import_module(package)
    assert module.__all__
    assert not [name for name in module.__all__ if not hasattr(module, name)]


@pytest.mark.parametrize("package", LAYERS)
def test_every_module_can_be_imported(package: str) -> None:
    """Also those that are loaded only when needed."""
    root = importlib.import_module(package)
    for module in pkgutil.walk_packages(root.__path__, f"{package}."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
