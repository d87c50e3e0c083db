"""What the Airtable node sends, and what it makes of the answers."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from n8nlite.dialect import repair_parameters
from n8nlite.errors import ApiError, NodeError
from n8nlite.mocks import Mocks
from n8nlite.node import Item
from n8nlite.testing import run_node
from n8nlite.workflow import NodeSpec
from tests.service import Service

TYPE = "n8n-nodes-base.airtable"
CREDENTIALS = {"airtableTokenApi": {"accessToken": "pat-test"}}
PLACE = {"base": "appA", "table": "My Orders"}
URL = "https://api.airtable.com/v0/appA/My%20Orders"
RECORD = {"id": "rec1", "createdTime": "2024", "fields": {"Name": "Ada"}}


class Airtable(Service):
    """An Airtable that answers in turn and remembers what it was asked."""

    def run(self, parameters: dict[str, Any], items: Any = ({},), **more: Any) -> list[Item]:
        more = {"version": 2.1, "credentials": CREDENTIALS, **more}
        return run_node(TYPE, {**PLACE, **parameters}, items, http=Mocks([self]), **more)[0]

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content) for request in self.requests if request.content]

    @property
    def urls(self) -> list[str]:
        return [f"{request.method} {request.url}" for request in self.requests]


def columns(value: Any, *matching: str, schema: Any = (), mode: str = "defineBelow") -> Any:
    columns = {"mappingMode": mode, "value": value, "matchingColumns": list(matching)}
    return {**columns, "schema": list(schema)}


def test_a_record_is_read_flat() -> None:
    airtable = Airtable(RECORD)
    items = airtable.run({"operation": "get", "id": "rec1"})
    assert airtable.urls == [f"GET {URL}/rec1"]
    assert airtable.requests[0].headers["authorization"] == "Bearer pat-test"
    assert items[0].json == {"id": "rec1", "createdTime": "2024", "Name": "Ada"}


def test_places_may_be_urls() -> None:
    airtable = Airtable(RECORD)
    url = "https://airtable.com/appX1/tblY2/viwZ3"
    where = {"__rl": True, "mode": "url", "value": url}
    airtable.run({"operation": "get", "id": "rec1", "base": where, "table": where})
    assert airtable.urls == ["GET https://api.airtable.com/v0/appX1/tblY2/rec1"]


def test_a_record_is_created_in_the_types_of_its_columns() -> None:
    schema = [
        {"id": "Amount", "type": "number"},
        {"id": "Paid", "type": "boolean"},
        {"id": "Due", "type": "dateTime"},
    ]
    value = {"Amount": "5", "Paid": "true", "Due": "2024-05-01", "Other": "x", "Gone": None}
    airtable = Airtable(RECORD, RECORD)
    given = {"operation": "create", "columns": columns(value, schema=schema)}
    items = airtable.run(given, timezone="America/New_York")
    due = "2024-05-01T00:00:00.000-04:00"
    row = {"Amount": 5, "Paid": True, "Due": due, "Other": "x", "Gone": None}
    assert airtable.bodies == [{"typecast": False, "fields": row}]
    assert items[0].json == RECORD
    airtable.run({**given, "options": {"typecast": True}})
    assert airtable.bodies[1] == {"typecast": True, "fields": value}


def test_a_value_of_the_wrong_type_is_an_error() -> None:
    schema = [{"id": "Amount", "type": "number"}]
    given = {"operation": "create", "columns": columns({"Amount": "x"}, schema=schema)}
    with pytest.raises(NodeError, match="Invalid input for 'Amount'") as raised:
        Airtable().run(given)
    assert raised.value.description == "'Amount' expects a number but we got 'x'"


def test_a_required_column_without_a_value_is_an_error() -> None:
    schema = [{"id": "Name", "type": "string", "required": True}]
    given = {"operation": "create", "columns": columns({}, schema=schema)}
    with pytest.raises(NodeError, match="Invalid input for 'Name'"):
        Airtable().run(given)


def test_items_are_written_as_they_are() -> None:
    airtable = Airtable(RECORD)
    given = {"operation": "create", "columns": columns(None, mode="autoMapInputData")}
    airtable.run({**given, "options": {"ignoreFields": "b, c"}}, [{"a": 1, "b": 2, "c": 3}])
    assert airtable.bodies[0]["fields"] == {"a": 1}


def test_search_reads_all_pages() -> None:
    airtable = Airtable({"records": [RECORD], "offset": "o/1"}, {"records": [RECORD]})
    sort = {"property": [{"field": "Name", "direction": "desc"}, {"field": "Age"}]}
    given = {
        "operation": "search",
        "filterByFormula": "{a} = 1",
        "sort": sort,
        "options": {"fields": ["Name"], "view": {"mode": "id", "value": "viw1"}},
    }
    items = airtable.run(given)
    assert [item.json["Name"] for item in items] == ["Ada", "Ada"]
    assert dict(airtable.requests[0].url.params) == {
        "filterByFormula": "{a} = 1",
        "fields[0]": "Name",
        "sort[0][field]": "Name",
        "sort[0][direction]": "desc",
        "sort[1][field]": "Age",
        "sort[1][direction]": "asc",
        "view": "viw1",
        "pageSize": "100",
    }
    assert airtable.requests[1].url.params["offset"] == "o/1"


def test_search_for_a_few_asks_once() -> None:
    airtable = Airtable({"records": [RECORD], "offset": "more"})
    airtable.run({"operation": "search", "returnAll": False, "limit": 1})
    assert airtable.urls == [f"GET {URL}?maxRecords=1"]


def test_update_by_id() -> None:
    airtable = Airtable({"records": [RECORD]})
    airtable.run({"operation": "update", "columns": columns({"id": "rec1", "Name": "B"}, "id")})
    assert airtable.urls == [f"PATCH {URL}"]
    records = [{"id": "rec1", "fields": {"Name": "B"}}]
    assert airtable.bodies == [{"typecast": False, "records": records}]


def test_update_by_value_reads_the_table_once_for_all_items() -> None:
    found = {"records": [{"id": f"rec{n}", "fields": {"Name": "Ada"}} for n in range(12)]}
    airtable = Airtable(found, *[{"records": []}] * 4)
    given = {"operation": "update", "columns": columns({"Name": "Ada", "Age": 1}, "Name")}
    airtable.run({**given, "options": {"updateAllMatches": True}}, [{}, {}])
    assert [url.split()[0] for url in airtable.urls] == ["GET", *["PATCH"] * 4]
    assert [len(body["records"]) for body in airtable.bodies] == [10, 2, 10, 2]
    assert airtable.bodies[0]["records"][0] == {"id": "rec0", "fields": {"Age": 1}}


def test_update_of_what_is_not_there_is_an_error() -> None:
    given = {"operation": "update", "columns": columns({"Name": "Ada"}, "Name")}
    with pytest.raises(NodeError, match="Record matching provided keys was not found"):
        Airtable({"records": [{"id": "rec1", "fields": {"Name": "Bob"}}]}).run(given)


def test_upsert_that_fits_several_changes_the_first() -> None:
    said = {"error": {"type": "INVALID_REQUEST", "message": "Cannot update more than one record"}}
    found = {"records": [RECORD, RECORD]}
    airtable = Airtable(httpx.Response(422, json=said), found, {"records": [RECORD]})
    given = {"operation": "upsert", "columns": columns({"Name": "Ada", "Age": 1}, "Name")}
    assert [item.json for item in airtable.run(given)] == [RECORD]
    assert airtable.requests[1].url.params["filterByFormula"] == "AND({Name} = 'Ada')"
    assert airtable.bodies[-1]["records"] == [{"id": "rec1", "fields": {"Name": "Ada", "Age": 1}}]


@pytest.mark.parametrize(
    ("status", "body", "message", "description"),
    [
        (
            404,
            {"error": "NOT_FOUND"},
            "The resource you are requesting could not be found",
            "recX is not a valid Record ID",
        ),
        (
            422,
            {"error": {"type": "X", "message": "Bad thing"}},
            "Your request is invalid or could not be processed by the service",
            "Bad thing",
        ),
    ],
)
def test_refusals(status: int, body: Any, message: str, description: str) -> None:
    with pytest.raises(ApiError) as raised:
        Airtable(httpx.Response(status, json=body)).run({"operation": "get", "id": "recX"})
    assert (raised.value.message, raised.value.description) == (message, description)
    assert raised.value.http_code == str(status)


def test_bases_by_permission() -> None:
    bases = [{"id": "app1", "permissionLevel": "read"}, {"id": "app2", "permissionLevel": "edit"}]
    airtable = Airtable({"bases": bases[:1], "offset": "o"}, {"bases": bases[1:]})
    items = airtable.run({"resource": "base", "options": {"permissionLevel": ["edit"]}})
    assert [item.json["id"] for item in items] == ["app2"]
    assert airtable.requests[1].url.params["offset"] == "o"


def old(operation: str, **more: Any) -> dict[str, Any]:
    place = {"application": "appA", "authentication": "airtableTokenApi"}
    return {"operation": operation, **place, **more}


def test_version_1_sends_several_records_at_once() -> None:
    airtable = Airtable({"records": [RECORD, RECORD]}, {"records": [RECORD]})
    items = airtable.run(
        old("append", options={"bulkSize": 2}), [{"a": 1}, {"a": 2}, {"a": 3}], version=1
    )
    assert [len(body["records"]) for body in airtable.bodies] == [2, 1]
    assert [item.paired for item in items] == [1, 1, 2]
    assert items[0].json == RECORD


def test_version_1_changes_the_records_of_the_items() -> None:
    airtable = Airtable({"records": []})
    given = old("update", id="={{ $json.id }}", options={})
    airtable.run(given, [{"id": "r1", "a": 1}, {"id": "r2", "a": 2}], version=1)
    records = [{"id": "r1", "fields": {"a": 1}}, {"id": "r2", "fields": {"a": 2}}]
    assert airtable.bodies == [{"typecast": False, "records": records}]


def test_an_api_key_is_no_longer_taken() -> None:
    with pytest.raises(NodeError, match="API Key connection was deprecated by Airtable"):
        Airtable().run({"operation": "list", "application": "appA"}, version=1)


def dialect(parameters: dict[str, Any], version: float | None = None) -> NodeSpec:
    spec: dict[str, Any] = {"name": "Airtable", "type": TYPE, "parameters": parameters}
    if version is not None:
        spec["typeVersion"] = version
    return repair_parameters(NodeSpec.model_validate(spec))[0]


@pytest.mark.parametrize("version", [None, 1, 2])
def test_a_map_of_fields_is_understood(version: float | None) -> None:
    written = {"operation": "create", "base": "my_base", "table": "Orders", "fields": {"A": 1}}
    spec = dialect(written, version)
    assert spec.parameters["columns"]["value"] == {"A": 1}
    assert spec.parameters["table"] == {"__rl": True, "mode": "list", "value": "Orders"}
    airtable = Airtable(RECORD)
    airtable.run(spec.parameters, version=spec.type_version)
    assert airtable.bodies == [{"typecast": False, "fields": {"A": 1}}]


def test_what_n8n_writes_stays() -> None:
    written = {**PLACE, "operation": "create", "columns": columns({"A": 1})}
    assert dialect(dict(written), 2.1).parameters == written
    written = old("append", fields=["A"], addAllFields=False)
    assert dialect(dict(written), 1).parameters == written


def test_a_connection_that_is_closed() -> None:
    def closed(request: httpx.Request) -> httpx.Response:
        raise httpx.RemoteProtocolError("closed", request=request)

    with pytest.raises(ApiError, match="closed unexpectedly, perhaps it is offline") as raised:
        run_node(
            TYPE,
            {**PLACE, "operation": "search"},
            version=2.1,
            http=Mocks([closed]),
            credentials=CREDENTIALS,
        )
    assert raised.value.http_code == "ECONNRESET"
