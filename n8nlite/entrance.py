"""The way to a run's network door: opened when the first node needs it, closed with the run."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from n8nlite.importing import Readable, read
from n8nlite.workflow import Workflow

if TYPE_CHECKING:
    from n8nlite.door import Door
    from n8nlite.execution import Settings
    from n8nlite.secrets import Secrets


class Entrance:
    """
    Opens the door that the caller asked for: `http` is "live", "refuse", Mocks or what they are
    made of, a Door, or a function that opens one. `routes` are answered in-process.

    Raises InputError when it is opened, for mocks and workflows that cannot be read.
    """

    def __init__(self, http: Any, routes: Mapping[str, Any], secrets: Secrets) -> None:
        self._http = http
        self._routes = routes
        self._secrets = secrets
        self._door: Door | None = None
        self._lock = threading.Lock()
        self.settings: Settings | None = None

    def __call__(self) -> Door:
        with self._lock:
            if self._door is None:
                self._door = self._open()
                self._lay_routes(self._door)
        return self._door

    def close(self) -> None:
        """Close the door, unless it is the caller's own."""
        if self._door is not None and self._door is not self._http:
            self._door.close()

    def _open(self) -> Door:
        from n8nlite.door import Door
        from n8nlite.mocks import Mocks
        from n8nlite.network import Guard

        http = self._http
        if isinstance(http, Door):
            return http
        if callable(http):
            door: Door = http()
            return door
        guard = Guard.from_env(self.settings.env) if self.settings else None
        mask = self._secrets.mask
        if http in ("live", "refuse", None):
            return Door("refuse" if http == "refuse" else "live", guard=guard, mask=mask)
        mocks = http if isinstance(http, Mocks) else Mocks(http)
        return Door("refuse", mocks=mocks, guard=guard, mask=mask)

    def _lay_routes(self, door: Door) -> None:
        for prefix, source in self._routes.items():
            from n8nlite.routes import handler

            if self.settings is not None:
                door.routes[prefix] = handler(as_workflow(source), prefix, self.settings)


def as_workflow(source: Workflow | Readable) -> Workflow:
    """The workflow itself, or read from wherever it is. Raises UnreadableWorkflow."""
    return source if isinstance(source, Workflow) else read(source)
