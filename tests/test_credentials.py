"""n8nlite.credentials and n8nlite.secrets."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from n8nlite.credentials import Credentials
from n8nlite.errors import CredentialError, InputError
from n8nlite.secrets import MASK, Secrets
from n8nlite.workflow import NodeSpec

TYPE = "httpHeaderAuth"
EXPORT = [
    {"id": "1", "name": "First", "type": TYPE, "data": {"name": "X", "value": "one-one"}},
    {"id": "2", "name": "Second", "type": TYPE, "data": {"name": "X", "value": "two-two"}},
    {"id": "2", "name": "Other", "type": "slackApi", "data": {"accessToken": "xoxb-1"}},
]


def spec(reference: Any = None) -> NodeSpec:
    credentials = {} if reference is None else {TYPE: reference}
    return NodeSpec(name="Call", type="n8n-nodes-base.httpRequest", credentials=credentials)


@pytest.mark.parametrize(
    ("source", "reference", "value"),
    [
        (EXPORT, {"id": "2", "name": "First"}, "two-two"),
        (EXPORT, {"id": "9", "name": "First"}, "one-one"),
        (EXPORT, "Second", "two-two"),
        (EXPORT[:1], {"id": "9", "name": "Gone"}, "one-one"),
        (EXPORT[:1], None, "one-one"),
        (EXPORT[0], None, "one-one"),
        ({TYPE: {"value": "by type"}}, {"id": "9", "name": "Gone"}, "by type"),
        ({"9": {"value": "by id"}, "Gone": {"value": "by name"}}, {"id": 9}, "by id"),
        ({"Gone": {"value": "by name"}, TYPE: {}}, {"id": "8", "name": "Gone"}, "by name"),
        ({"k": EXPORT[0]}, {"id": "1"}, "one-one"),
    ],
)
def test_looks_up_by_id_then_name_then_type(source: Any, reference: Any, value: str) -> None:
    """In n8n's export, and in a map by id, name or type."""
    assert Credentials(source).lookup(spec(reference), TYPE)["value"] == value


def test_a_missing_one_says_what_is_needed_and_how_to_give_it() -> None:
    """One line with node, type, name and id."""
    with pytest.raises(CredentialError) as caught:
        Credentials().lookup(spec({"id": "7", "name": "My key"}), TYPE)
    assert str(caught.value) == (
        "'Call': the node needs the credential 'My key' (id 7) of type httpHeaderAuth; supply it "
        'with --credentials FILE or credentials={...}: {"My key": {...}}, keyed by id, name or type'
    )


def test_several_of_the_type_are_no_answer() -> None:
    """The error lists those there are."""
    with pytest.raises(CredentialError, match="there are 'First', 'Second'"):
        Credentials(EXPORT).lookup(spec(), TYPE)


def test_a_credential_of_another_type_does_not_fit() -> None:
    assert not Credentials(EXPORT).has(spec({"id": "2"}), "openAiApi")
    assert Credentials(EXPORT).has(spec({"id": "2"}), TYPE)


def test_an_encrypted_export_says_so() -> None:
    encrypted = [{"id": "1", "name": "Key", "type": TYPE, "data": "U2FsdGVkX18abc"}]
    with pytest.raises(CredentialError, match=r"'Key' is encrypted.*--decrypted"):
        Credentials(encrypted).lookup(spec(), TYPE)


def test_reads_a_file(tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    file.write_text(json.dumps(EXPORT))
    assert Credentials(file).lookup(spec("First"), TYPE)["value"] == "one-one"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "expected JSON"),
        ("5", "expected an object or a list"),
        ("[5]", "[0]: expected an object with id, name, type and data"),
        ('{"k": 5}', ".k: expected an object with the credential's fields"),
        ('[{"type": "t"}]', "[0].data: expected an object"),
    ],
)
def test_a_wrong_file_ends_in_one_line(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "c.json"
    file.write_text(content)
    with pytest.raises(InputError) as caught:
        Credentials(str(file))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_secrets_of_used_credentials_are_masked() -> None:
    """Not before they are looked up, and not the names of headers."""
    credentials = Credentials({TYPE: {"name": "X-Custom-Header", "value": "s3cret/value"}})
    text = "X-Custom-Header: s3cret/value"
    assert credentials.secrets.mask(text) == text
    credentials.lookup(spec(), TYPE)
    assert credentials.secrets.mask(text) == f"X-Custom-Header: {MASK}"


@pytest.mark.parametrize(
    "shown",
    [
        "p4ss word&",
        "p4ss%20word%26",
        "p4ss+word%26",
        base64.b64encode(b"me:p4ss word&").decode(),
    ],
)
def test_secrets_are_masked_in_all_their_forms(shown: str) -> None:
    """Plain, in URLs, in Basic auth."""
    secrets = Secrets()
    secrets.add({"user": "me", "password": "p4ss word&"})
    assert secrets.mask(f"<{shown}>") == f"<{MASK}>"


def test_secrets_inside_json_fields_and_tokens_are_masked() -> None:
    secrets = Secrets()
    secrets.add(
        {
            "json": '{"headers": {"X-Key": "inner-secret"}}',
            "oauthTokenData": {"access_token": "ya29.token", "token_type": "Bearer"},
        }
    )
    assert secrets.mask("inner-secret ya29.token Bearer") == f"{MASK} {MASK} Bearer"


def test_short_values_are_not_masked() -> None:
    secrets = Secrets()
    secrets.add({"apiKey": "12345"})
    assert secrets.mask("12345") == "12345"


def test_data_is_masked_all_through() -> None:
    secrets = Secrets()
    secrets.add({"apiKey": "abcdefgh"})
    assert secrets.mask_data({"a": ["x abcdefgh", 5, None], "abcdefgh": True}) == {
        "a": [f"x {MASK}", 5, None],
        MASK: True,
    }
