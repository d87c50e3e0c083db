"""The live display of a run on a terminal: one line for every node run, on stderr."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TextIO

from n8nlite import events
from n8nlite.mistakes import mistakes
from n8nlite.terminal import plain

if TYPE_CHECKING:
    from n8nlite.state import NodeRun
    from n8nlite.workflow import Workflow


class Progress:
    """
    Listens to a run and shows it: a spinner for the node that runs, a line for each that ran.

    Shows nodes on a terminal only; `quiet` shows nothing. Colours obey NO_COLOR.
    """

    def __init__(self, file: TextIO, mask: Callable[[str], str] = str, *, quiet: bool = False):
        self._file = file
        self._mask = mask
        self._quiet = quiet
        self._console: Any = None
        self._status: Any = None
        if not quiet and file.isatty():
            from rich.console import Console

            self._console = Console(file=file, highlight=False)

    def repairs(self, workflow: Workflow) -> None:
        """Say what had to be repaired in the file, one line for all of a kind."""
        if self._quiet:
            return
        kinds: dict[tuple[str, str], list[str]] = {}
        for repair in workflow.plan.repairs:
            kinds.setdefault((repair.code, repair.message), []).append(repair.place)
        for (code, message), places in kinds.items():
            more = f" and {len(places) - 1} more" if len(places) > 1 else ""
            self._file.write(plain(f"repaired: {places[0]}{more}: {message} [{code}]") + "\n")

    def mistakes(self, workflow: Workflow) -> None:
        """Say what in the workflow's expressions will hardly be meant."""
        if not self._quiet:
            for mistake in mistakes(workflow.plan):
                self._file.write(plain(f"hint: {self._mask(str(mistake))}") + "\n")

    def close(self) -> None:
        """End the display; what it showed stays."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def __call__(self, event: events.Event) -> None:
        if self._console is None:
            return
        match event:
            case events.NodeStarted(node=node):
                self._spin(f"{'  ' * event.depth}{plain(node)} …")
            case events.NodeFinished(node=node, result=result):
                self._line("[green]✓[/]" if result.error is None else "[yellow]![/]", event, result)
            case events.NodeFailed(node=node, result=result):
                self._line("[red]✗[/]", event, result)
            case events.RunFinished(depth=0):
                self.close()

    def _spin(self, text: str) -> None:
        from rich.markup import escape

        if self._status is None:
            self._status = self._console.status(escape(text))
            self._status.start()
        else:
            self._status.update(escape(text))

    def _line(
        self, mark: str, event: events.NodeFinished | events.NodeFailed, run: NodeRun
    ) -> None:
        from rich.markup import escape

        counts = " + ".join(str(len(lane or ())) for lane in run.outputs) or "0"
        noun = "item" if counts == "1" else "items"
        message = "" if run.error is None else str(run.error.get("message", ""))
        note = f"  {plain(self._mask(message))}" if message else ""
        self._console.print(
            f"{'  ' * event.depth}{mark} {escape(plain(event.node))}  "
            f"[dim]{counts} {noun}  {_time(run.elapsed)}[/]{escape(note)}"
        )


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"
