"""
The credentials a run is given, and which of them a node means.

A workflow names its credentials only; their data comes from the caller: n8n's own export
(`n8n export:credentials --all --decrypted`) or a plain map.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from n8nlite.errors import CredentialError, InputError
from n8nlite.secrets import Secrets
from n8nlite.workflow import NodeSpec


@dataclass(frozen=True, slots=True)
class Record:
    """
    One credential. In a plain map `key` may be its id, its name or its type, and the other three
    are empty. `data` is text where n8n exported it encrypted.
    """

    key: str
    id: str
    name: str
    type: str
    data: Mapping[str, Any] | str


class Credentials:
    """
    Credentials from a file, or from data of one of these shapes:

    * n8n's export: `[{"id": "1", "name": "My key", "type": "httpHeaderAuth", "data": {...}}]`
    * a plain map: `{"httpHeaderAuth": {...}}`, keyed by credential id, name or type

    Raises InputError where the shape is neither. `secrets` knows the secret values of all that
    were looked up.
    """

    def __init__(self, source: str | Path | Mapping[str, Any] | Sequence[Any] | None = None):
        self.secrets = Secrets()
        self._records = list(_records(*_read(source)))
        self._lock = threading.Lock()

    def lookup(self, spec: NodeSpec, type_name: str) -> Mapping[str, Any]:
        """
        The data of the node's credential of that type: the one it names by id, else by name, else
        the only one of the type.

        Raises CredentialError that says how to supply it when there is none, when several fit, or
        when the one there is encrypted.
        """
        wanted_id, wanted_name = _reference(spec, type_name)
        record = self._find(type_name, wanted_id, wanted_name)
        if record is None:
            raise self._missing(spec, type_name, wanted_id, wanted_name)
        if isinstance(record.data, str):
            raise CredentialError(
                f"the credential {record.name or record.key!r} is encrypted; export it with "
                "`n8n export:credentials --all --decrypted`",
                node=spec.name,
            )
        with self._lock:
            self.secrets.add(record.data)
        return record.data

    def has(self, spec: NodeSpec, type_name: str) -> bool:
        """Whether `lookup` would find one."""
        return self._find(type_name, *_reference(spec, type_name)) is not None

    def _find(self, type_name: str, wanted_id: str, wanted_name: str) -> Record | None:
        of_type = [each for each in self._records if each.type in {"", type_name}]
        for wanted, names in ((wanted_id, ("id", "key")), (wanted_name, ("name", "key"))):
            for record in of_type if wanted else ():
                if wanted in {getattr(record, name) for name in names}:
                    return record
        typed = [each for each in of_type if type_name in {each.type, each.key}]
        return typed[0] if len({id(each.data) for each in typed}) == 1 else None

    def _missing(
        self, spec: NodeSpec, type_name: str, wanted_id: str, wanted_name: str
    ) -> CredentialError:
        known = [each.name or each.id for each in self._records if each.type == type_name]
        called = f" {wanted_name!r}" if wanted_name else ""
        called += f" (id {wanted_id})" if wanted_id else ""
        text = f"the node needs the credential{called} of type {type_name}"
        text += f"; there are {', '.join(map(repr, known))}" if len(known) > 1 else ""
        key = wanted_name or type_name
        return CredentialError(
            f"{text}; supply it with --credentials FILE or credentials={{...}}: "
            f'{{"{key}": {{...}}}}, keyed by id, name or type',
            node=spec.name,
        )


def _reference(spec: NodeSpec, type_name: str) -> tuple[str, str]:
    """The id and name under which a node refers to a credential; old files have the name alone."""
    given = spec.credentials.get(type_name)
    if isinstance(given, str):
        return "", given
    if not isinstance(given, Mapping):
        return "", ""
    return str(given.get("id") or ""), str(given.get("name") or "")


def _read(source: Any) -> tuple[str, Any]:
    if not isinstance(source, str | Path):
        return "credentials", source
    try:
        return str(source), orjson.loads(Path(source).read_bytes())
    except OSError as error:
        raise InputError(f"{source}: cannot be read: {error.strerror}") from None
    except orjson.JSONDecodeError as error:
        raise InputError(f"{source}: expected JSON, got {error}") from None


def _records(place: str, source: Any) -> Iterator[Record]:
    if source is None:
        return
    if isinstance(source, Mapping):
        if {"type", "data"} <= source.keys():
            yield _exported(source, place)
            return
        for key, data in source.items():
            yield _mapped(str(key), data, f"{place}.{key}")
    elif isinstance(source, Sequence) and not isinstance(source, str | bytes):
        for index, entry in enumerate(source):
            yield _exported(entry, f"{place}[{index}]")
    else:
        raise InputError(f"{place}: expected an object or a list, got {type(source).__name__}")


def _exported(entry: Any, place: str) -> Record:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("type"), str):
        raise InputError(f"{place}: expected an object with id, name, type and data")
    return Record(
        key="",
        id=str(entry.get("id") or ""),
        name=str(entry.get("name") or ""),
        type=entry["type"],
        data=_data(entry.get("data"), f"{place}.data"),
    )


def _mapped(key: str, data: Any, place: str) -> Record:
    if isinstance(data, Mapping) and {"type", "data"} <= data.keys():
        record = _exported(data, place)
        return Record(key, record.id, record.name, record.type, record.data)
    return Record(key, "", "", "", _data(data, place))


def _data(data: Any, place: str) -> Mapping[str, Any] | str:
    if isinstance(data, Mapping | str):
        return data
    raise InputError(f"{place}: expected an object with the credential's fields, got no object")
