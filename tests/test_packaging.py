"""What is installed is whole. tests/install_matrix.sh installs in every way there is."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path

import pytest

from hatch_build import BUNDLE, PACKAGE, STAMP, stamp

ROOT = Path(__file__).parents[1]
JS = ROOT / "expressions/js"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PARTS = ("n8nlite", "nodes", "expressions", "fixtures", "tests", ".ci")
FOREIGN = re.compile(rb"registry\.npmjs|pypi\.org/simple|find-links|/(?:work|root|home)/\w+/")


def sources() -> Iterator[Path]:
    """The files that are the project's own."""
    yield from (path for path in ROOT.iterdir() if path.is_file() and path.name != "uv.lock")
    for part in PARTS:
        for path in (ROOT / part).rglob("*"):
            if path.is_file() and not {"node_modules", "dist", "__pycache__"} & {*path.parts}:
                yield path


def test_bundle_is_the_one_of_the_sources() -> None:
    """What runs inside V8 was made from expressions/js as it stands."""
    made_from = (ROOT / BUNDLE / STAMP).read_text()
    assert made_from == stamp(ROOT), "stale: `pip install -e .` remakes it"


def test_bundle_is_plain_ascii() -> None:
    """V8 reads such text twice as fast: letters of other scripts are escaped, in regexes too."""
    bundles = list((ROOT / BUNDLE).glob("*.js"))
    assert bundles
    assert all(path.read_bytes().isascii() for path in bundles)


def test_licences_of_what_is_bundled_are_installed() -> None:
    """Each package inside the bundle brings its licence along."""
    bundled = json.loads((JS / "package.json").read_text(encoding="utf-8"))["dependencies"]
    installed = {path.name for path in files(PACKAGE).iterdir()}
    assert {f"LICENSE.{name.replace('/', '-')}" for name in bundled} <= installed


def test_bundled_packages_are_pinned() -> None:
    """The same sources give the same bundle: exact versions, checksums, and no addresses."""
    package = json.loads((JS / "package.json").read_text(encoding="utf-8"))
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
    assert all(re.fullmatch(r"[\d.]+", version) for version in versions)
    lock = json.loads((JS / "package-lock.json").read_text(encoding="utf-8"))
    locked = [each for place, each in lock["packages"].items() if place]
    assert all("integrity" in each and "resolved" not in each for each in locked)
    assert lock["packages"][""]["dependencies"] == package["dependencies"]


def test_no_file_names_a_registry_or_a_place_on_one_machine() -> None:
    """The project builds wherever it is cloned."""
    here = Path(__file__)
    wrong = [
        f"{path.relative_to(ROOT)}: {found[0].decode()}"
        for path in sources()
        if path != here and (found := FOREIGN.search(path.read_bytes()))
    ]
    assert not wrong


def test_nodes_enter_by_the_door_that_others_have() -> None:
    """Our package of nodes is announced in the entry-point group."""
    found = {entry.name: entry.value for entry in entry_points(group="n8nlite.nodes")}
    assert found["n8nlite"] == "n8nlite_nodes"


@pytest.mark.parametrize("package", ["n8nlite", "n8nlite_expressions", "n8nlite_nodes"])
def test_types_are_for_everyone(package: str) -> None:
    """Type checkers of users read our annotations."""
    assert (files(package) / "py.typed").is_file()


def test_python_that_make_asks_for_is_the_one_required() -> None:
    """The Makefile's check and pyproject agree on the oldest Python."""
    oldest = PYPROJECT["project"]["requires-python"].removeprefix(">=")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"({oldest.replace('.', ', ')})" in makefile
    assert f"Python {oldest} or newer" in makefile
