"""
Runs workflows and tells which files, sockets and programs Python was asked for meanwhile.

    python -m tests.watch_host WORKFLOW.json [...]

Every workflow is run offline; what is read of this project, of Python and its packages, of time
zones and MIME types does not count. Prints one line for each other wish.
"""

from __future__ import annotations

import contextlib
import mimetypes
import os
import sys
import sysconfig
from pathlib import Path
from typing import Any

import n8nlite

ROOT = Path(__file__).parents[1]
OURS = (
    *(str(ROOT), sys.prefix, sys.base_prefix, *sysconfig.get_paths().values()),
    *("/usr/share/zoneinfo", *map(str, mimetypes.knownfiles)),
)
WATCHED = ("socket.connect", "socket.getaddrinfo", "socket.bind", "subprocess.Popen", "os.system")
ALSO = (
    "os.exec",
    "os.posix_spawn",
    "os.putenv",
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.symlink",
)
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND

watching = False
seen: set[str] = set()


def hook(event: str, arguments: tuple[Any, ...]) -> None:
    """Note what an event is about."""
    if not watching:
        return
    if event in WATCHED or event in ALSO:
        seen.add(f"{event} {arguments[:1]}")
    elif event == "open":
        path, _, flags = arguments
        name = (
            path if isinstance(path, str) else os.fsdecode(path) if isinstance(path, bytes) else ""
        )
        if (flags or 0) & WRITES or (name and not name.startswith(OURS)):
            seen.add(f"open {name}")


def main(files: list[str]) -> None:
    """Run each, whatever becomes of it."""
    global watching
    workflows = []
    for file in files:
        with contextlib.suppress(n8nlite.Error):
            workflows.append(n8nlite.load(file))
    sys.addaudithook(hook)
    for workflow in workflows:
        watching = True
        with contextlib.suppress(n8nlite.Error):
            workflow.run([{}], http="refuse", timeout=30)
        watching = False
    print(*sorted(seen), sep="\n", end="")


if __name__ == "__main__":
    main(sys.argv[1:])
