"""
The command line. Data goes to stdout, everything else to stderr.

Options come from flags, else from the environment (N8NLITE_RUN_TIMEZONE ...), else from
`[tool.n8nlite.run]` in the pyproject.toml of the current folder.

Exit status: 0 ok, 1 the run failed, 2 wrong usage or unreadable input, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from n8nlite.errors import Error, InputError, NodeError, WorkflowError
from n8nlite.terminal import plain

if TYPE_CHECKING:
    from n8nlite.credentials import Credentials
    from n8nlite.door import Mode
    from n8nlite.result import Result
    from n8nlite.workflow import Workflow

FAILED, USAGE, INTERRUPTED = 1, 2, 130

app = typer.Typer(
    name="n8nlite",
    help="Run, test and look at n8n workflows without n8n.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

File = Annotated[Path, typer.Argument(help="A workflow as n8n exports it; - for standard input.")]


@app.command()
def run(
    file: File,
    input: Annotated[
        str | None, typer.Option(help="JSON file (or -) with the items that the trigger puts out.")
    ] = None,
    body: Annotated[
        str | None, typer.Option(help="JSON file (or -) that is posted to the webhook trigger.")
    ] = None,
    start: Annotated[str | None, typer.Option(help="The node to start at.")] = None,
    until: Annotated[str | None, typer.Option(help="The last node to run.")] = None,
    mocks: Annotated[
        str | None,
        typer.Option(help="JSON file with answers to HTTP requests; others are refused."),
    ] = None,
    credentials: Annotated[
        str | None, typer.Option(help="JSON file with credentials, by id, name or type.")
    ] = None,
    sub: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE|URL=FILE",
            help="A workflow that others may call, or whose webhook answers that URL.",
        ),
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Let requests that no mock answers onto the network.")
    ] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Refuse all other requests.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Repairs of the workflow file are errors.")
    ] = False,
    strict_expressions: Annotated[
        bool,
        typer.Option(
            "--strict-expressions", help="Values that are missing in expressions are errors."
        ),
    ] = False,
    pin: Annotated[bool, typer.Option(help="Use the data pinned in the file.")] = True,
    mode: Annotated[str, typer.Option(help="manual, trigger or webhook.")] = "manual",
    now: Annotated[
        str | None, typer.Option(help="Stop the clock at this ISO time; waiting takes no time.")
    ] = None,
    timezone: Annotated[str | None, typer.Option(help="Where the workflow names none.")] = None,
    var: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="A variable ($vars).")
    ] = None,
    timeout: Annotated[float | None, typer.Option(help="Seconds the run may take.")] = None,
    query: Annotated[
        str | None, typer.Option(help="Print what this JMESPath picks from the result.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the whole result.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no notes.")] = False,
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", help="Show where in the expression an error is, and why."),
    ] = False,
) -> None:
    """Run a workflow and print the items of the node that ran last."""
    from n8nlite.credentials import Credentials
    from n8nlite.progress import Progress

    workflow = _load(file, strict)
    given = Credentials(credentials)
    routes, subs = _subs(sub or [])
    progress = Progress(sys.stderr, given.secrets.mask, quiet=quiet)
    progress.repairs(workflow)
    progress.mistakes(workflow)
    result = workflow.run(
        _items(input),
        request=_request(body),
        start=start,
        until=until,
        credentials=given,
        http=_door(mocks, live, offline, given),
        subs=subs,
        routes=routes,
        mode=mode,
        now=now,
        timezone=timezone,
        vars=dict(_pair(each, "--var") for each in var or []),
        pins=pin,
        strict_expressions=strict_expressions,
        timeout=timeout,
        listeners=[progress],
    )
    progress.close()
    _print_result(result, given.secrets.mask_data, query, json)
    _leave(result, given.secrets.mask, verbose=verbose or (sys.stderr.isatty() and not quiet))


@app.command()
def show(
    file: File,
    start: Annotated[str | None, typer.Option(help="The node to start at.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Repairs are errors.")] = False,
) -> None:
    """Print the plan of a workflow as a tree, with the repairs that it needs."""
    from n8nlite.mistakes import mistakes

    workflow = _load(file, strict)
    plan = workflow.plan
    _out(plan.tree(start))
    for repair in plan.repairs:
        typer.echo(plain(f"repaired: {repair}"), err=True)
    for problem in plan.problems:
        typer.echo(plain(f"problem: {problem}"), err=True)
    for mistake in mistakes(plan):
        typer.echo(plain(f"hint: {mistake}"), err=True)


@app.command(name="eval")
def evaluate(
    file: Annotated[str, typer.Argument(help="JSON lines; - for standard input.")] = "-",
) -> None:
    """Evaluate expressions: a JSON object with `expression` and its data on each line."""
    from n8nlite import jsontext
    from n8nlite_expressions.evaluate import evaluate_lines

    lines = _read(file).decode("utf-8", "replace").splitlines()
    for answer in evaluate_lines(lines):
        _out(jsontext.dumps(answer).decode())


@app.command()
def nodes(
    type: Annotated[str | None, typer.Argument(help="A node type, with or without prefix.")] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List the node types there are, or one with its operations and parameters."""
    from n8nlite import catalogue, jsontext

    if json:
        _out(jsontext.dumps(catalogue.data(type), indent=True).decode())
    else:
        _out(catalogue.text(type))


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as version_of

        _out(version_of("n8nlite"))
        raise typer.Exit


def main() -> NoReturn:
    """The entry point: every failure is one line, and an exit status."""
    status = None
    try:
        status = app(standalone_mode=False, default_map=_configured(), auto_envvar_prefix="N8NLITE")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Error as error:
        _complain(str(error))
        sys.exit(USAGE if isinstance(error, InputError | WorkflowError) else FAILED)
    except RecursionError:
        _complain("the data is nested too deeply to be printed")
        sys.exit(FAILED)
    except typer.Abort:
        sys.exit(INTERRUPTED)
    except Exception as error:
        _unexpected(error)
    sys.exit(status)


def _configured() -> dict[str, Any]:
    """`[tool.n8nlite.COMMAND]` of the pyproject.toml in the current folder: option -> value."""
    file = Path("pyproject.toml")
    try:
        text = file.read_text("utf-8") if file.is_file() else ""
        if "n8nlite" not in text:
            return {}
        import tomllib

        tables = tomllib.loads(text).get("tool", {}).get("n8nlite", {})
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: {error}") from None
    if not isinstance(tables, dict):
        raise InputError(f"{file}: [tool.n8nlite]: expected a table")
    return {
        command: {name.replace("-", "_"): value for name, value in options.items()}
        for command, options in tables.items()
        if isinstance(options, dict)
    }


def _unexpected(error: Exception) -> NoReturn:
    """Wrong usage shows itself; anything else is a fault of ours."""
    if hasattr(error, "show") and hasattr(error, "exit_code"):
        error.show()
        sys.exit(error.exit_code)
    if os.environ.get("N8NLITE_DEBUG"):
        raise error
    _complain(f"internal error: {type(error).__name__}: {error} (N8NLITE_DEBUG=1 shows where)")
    sys.exit(FAILED)


def _load(file: Path, strict: bool) -> Workflow:
    from n8nlite.importing import load

    if str(file) == "-":
        return load(sys.stdin.buffer.read(), strict=strict, name="<stdin>")
    return load(file, strict=strict)


def _items(source: str | None) -> list[Any] | None:
    if source is None:
        return None
    data = _json(source)
    return data if isinstance(data, list) else [data]


def _request(source: str | None) -> Any:
    if source is None:
        return None
    from n8nlite.context import Request

    return Request(body=_json(source))


def _json(source: str) -> Any:
    from n8nlite import jsontext

    return jsontext.loads(_read(source), "<stdin>" if source == "-" else source)


def _read(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise InputError(f"{source}: {(error.strerror or str(error)).lower()}") from None


def _subs(given: list[str]) -> tuple[dict[str, Path], list[Path]]:
    """`URL=FILE` answers requests, `FILE` alone may be called by Execute Workflow."""
    routes: dict[str, Path] = {}
    subs: list[Path] = []
    for each in given:
        if each.startswith(("http://", "https://")):
            prefix, file = _pair(each, "--sub")
            routes[prefix] = Path(file)
            subs.append(Path(file))
        else:
            subs.append(Path(each))
    return routes, subs


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise InputError(f"{option}: expected NAME=VALUE, got {text!r}")
    return name, value


def _door(mocks: str | None, live: bool, offline: bool, given: Credentials) -> Any:
    if mocks is None:
        return "refuse" if offline else "live"
    from n8nlite.door import Door
    from n8nlite.mocks import Mocks
    from n8nlite.network import Guard

    mode: Mode = "live" if live and not offline else "refuse"
    guard = Guard.from_env(os.environ)
    return Door(mode, mocks=Mocks(mocks), guard=guard, mask=given.secrets.mask)


def _print_result(result: Result, mask: Any, query: str | None, whole: bool) -> None:
    from n8nlite import jsontext
    from n8nlite.state import item_dict

    if query is not None:
        data = _queried(result, query)
    elif whole:
        data = result.to_dict()
    elif result.ok:
        data = [item_dict(item)["json"] for item in result.items]
    else:
        return
    _out(jsontext.dumps(mask(data), indent=True).decode())


def _queried(result: Result, query: str) -> Any:
    from jmespath.exceptions import JMESPathError

    try:
        return result.query(query)
    except JMESPathError as error:
        raise InputError(f"--query: {str(error).splitlines()[0]}") from None


def _leave(result: Result, mask: Callable[[str], str], *, verbose: bool) -> NoReturn:
    if result.status == "canceled" and not result.timed_out:
        _complain("interrupted")
        raise typer.Exit(INTERRUPTED)
    if not result.ok:
        _complain(mask(str(result.cause or result.error)))
        if verbose and isinstance(result.cause, NodeError) and (more := result.cause.details()):
            for line in mask(more).split("\n"):
                typer.echo(plain(line), err=True)
        raise typer.Exit(USAGE if result.status == "setup_error" else FAILED)
    raise typer.Exit(0)


def _out(text: str) -> None:
    """To standard output; that nobody reads it to its end (`| head`) is no failure."""
    try:
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


def _complain(text: str) -> None:
    sys.stderr.write(f"n8nlite: {plain(text)}\n")
