"""
The contract of a node.

A node is a pydantic model of its parameters with one method, `run`. The class line says what n8n
calls it, which versions it covers and under which parameters (`when`) it is meant: one class per
operation. The engine evaluates the declared fields for every item and makes an instance from them,
so a field read in `run` is always a value, never an expression.

A node has no loop over items, no `try`, no index and no pairing: the engine pairs, routes, retries
and applies `onError`. See nodes/README.md for a node written step by step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from n8nlite_expressions.scope import Item as Item
from n8nlite_expressions.scope import Pair as Pair

if TYPE_CHECKING:
    from n8nlite.context import Context

Inputs = Sequence[Sequence[Item]]
"""The items of every input, in the order of the inputs; an input that got nothing is empty."""


class Parameters(BaseModel):
    """Parameters as n8n spells them: camelCase in the file, snake_case here."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="ignore",
        frozen=True,
        coerce_numbers_to_str=True,
    )


class Credential(Parameters):
    """A credential's fields; `type` is n8n's name for it."""

    type: ClassVar[str]


CredentialClass = type[Credential]


@dataclass(frozen=True, slots=True)
class About:
    """What a node class says of itself: the keywords of its `class` line."""

    type: str
    versions: tuple[float, ...]
    inputs: int = 1
    outputs: tuple[str, ...] = ("main",)
    when: Mapping[str, Any] = field(default_factory=dict)
    default: tuple[str, ...] = ()
    credentials: tuple[CredentialClass, ...] = ()
    plain: bool = False
    concurrent: bool = False
    wraps: bool = False
    all_or_nothing: bool = False


class Node(Parameters):
    """
    Base of all nodes: subclass `ItemNode`, `BatchNode` or `TriggerNode`.

    Keywords of the class line:

    * `type`, `versions`: n8n's type name and the typeVersions that this class covers
    * `when`: the parameters that select this class, as in n8n's displayOptions; a tuple is a choice
    * `default`: the keys of `when` that n8n sets to this class's value where the export leaves them
      out (n8n's exports leave out parameters that equal their default)
    * `inputs`: how many; `outputs`: their names, in order (an item goes to the first unless
      `item.to("name")` says otherwise); both may depend on parameters: override `input_count`,
      `output_names`
    * `credentials`: the credential classes that `ctx.credential` may be asked for
    * `plain`: fields are taken as they were evaluated, unchecked, for nodes that only move data
      and must cost microseconds an item
    * `concurrent`: items may be run side by side (the engine keeps their order)
    * `wraps`: an expression that fails is reported as the node's own error (NodeOperationError)
    * `all_or_nothing`: when an item fails, the node fails; going on lets its whole input pass
    """

    about: ClassVar[About]
    repairs_foreign_only: ClassVar[bool] = False
    """
    Whether `repair` is for nodes without a typeVersion, which n8n did not write: where n8n runs
    what would be repaired, if only to another effect, so does n8nlite.
    """
    pairs_errors: ClassVar[bool] = True
    """Whether the item that stands for a failed one is paired with it; some nodes of n8n do not."""
    hidden_outputs: ClassVar[int] = 0
    """How many outputs, the last ones, no editor shows; an error output takes their place."""

    version: Annotated[float, Field(exclude=True)] = 1

    def __init_subclass__(
        cls,
        *,
        type: str = "",
        versions: tuple[float, ...] = (),
        inputs: int = 1,
        outputs: tuple[str, ...] = ("main",),
        when: Mapping[str, Any] | None = None,
        default: tuple[str, ...] = (),
        credentials: tuple[CredentialClass, ...] = (),
        plain: bool = False,
        concurrent: bool = False,
        wraps: bool = False,
        all_or_nothing: bool = False,
    ) -> None:
        super().__init_subclass__()
        if type:
            cls.about = About(
                type=type,
                versions=versions,
                inputs=inputs,
                outputs=outputs,
                when=when or {},
                default=default,
                credentials=credentials,
                plain=plain,
                concurrent=concurrent,
                wraps=wraps,
                all_or_nothing=all_or_nothing,
            )

    def __getattr__(self, name: str) -> Any:
        failed = self.__dict__.get("_failed")
        if failed and name in failed:
            raise failed[name]
        raise AttributeError(f"{type(self).__name__!r} has no field {name!r}")

    @classmethod
    def input_count(cls, parameters: Mapping[str, Any], version: float) -> int:
        """How many inputs the node has, set as it is."""
        return cls.about.inputs

    @classmethod
    def output_names(cls, parameters: Mapping[str, Any], version: float) -> tuple[str, ...]:
        """The names of the node's outputs, set as it is (without the error output)."""
        return cls.about.outputs

    @classmethod
    def required_inputs(
        cls, parameters: Mapping[str, Any], version: float
    ) -> int | tuple[int, ...]:
        """Which inputs need data before the node may run: how many of them, or the indexes."""
        return 0

    @classmethod
    def error_json(cls, item: Item, error: Exception, message: str) -> dict[str, Any]:
        """The json of the item that stands for a failed one when the node continues on errors."""
        return {"error": message}

    @classmethod
    def error_items(cls, inputs: Inputs, error: Exception, message: str) -> list[Item] | None:
        """
        What a BatchNode that continues on errors puts out when it fails; None: n8n's engine lets
        the items of input 0 pass and notes the error.
        """
        return None

    @classmethod
    def prepare(cls, parameters: Mapping[str, Any], version: float) -> Mapping[str, Any]:
        """The parameters in the form in which they are evaluated, before they are."""
        return parameters

    @classmethod
    def repair(cls, parameters: dict[str, Any], version: float) -> list[str]:
        """
        Turn known wrong forms of the parameters into n8n's own, in place; say what was done.

        Called once when the workflow is loaded, for LLM-written dialects and hand-made files.
        """
        return []


class ItemNode(Node):
    """Runs once for each item, in the order they came."""

    def run(self, item: Item, ctx: Context) -> Iterable[Item] | Item | None:
        """The items that this one becomes."""
        raise NotImplementedError


class BatchNode(Node):
    """
    Runs once over all items; its fields are evaluated against the first.

    Give an input item back as it is (the same object) and the engine pairs it; for a new one say
    `paired=` the index, `Pair(index, input)`, or a tuple of them.
    """

    def run(self, inputs: Inputs, ctx: Context) -> Iterable[Item] | None:
        """All items that the node puts out; None: the branch ends, and the run is not shown."""
        raise NotImplementedError


class TriggerNode(Node):
    """Starts a run. Where the caller gives items they are its output and `run` is not called."""

    def run(self, ctx: Context) -> Iterable[Item]:
        """The items that start the run."""
        return [Item({})]


class ByVersion(dict[float, Any]):
    """A default that changed between versions: the first version it holds from -> the default."""

    def at(self, version: float) -> Any:
        """The default that the version has."""
        return self[max((each for each in self if each <= version), default=min(self))]


def by_version(defaults: Mapping[float, Any]) -> Any:
    """A field whose default depends on the typeVersion: `by_version({1: "a", 2.1: "b"})`."""
    return Field(default=ByVersion(defaults))


def _unwrap(value: Any) -> Any:
    if isinstance(value, dict) and "value" in value and ("__rl" in value or "mode" in value):
        return value["value"]
    return value


Locator = Annotated[str, BeforeValidator(_unwrap)]
"""A resource picked by id, name or URL in n8n's editor; the value alone."""
