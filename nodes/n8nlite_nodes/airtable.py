"""
Airtable: records and bases.

https://docs.n8n.io/integrations/builtin/app-nodes/n8n-nodes-base.airtable/
"""

from n8nlite_nodes._airtable_bases import GetBases, GetSchema
from n8nlite_nodes._airtable_records import (
    CreateRecord,
    DeleteRecord,
    GetRecord,
    SearchRecords,
    UpdateRecord,
    UpsertRecord,
)
from n8nlite_nodes._airtable_v1 import (
    AppendRecords,
    DeleteRecords,
    ListRecords,
    ReadRecord,
    UpdateRecords,
)

__all__ = [
    "AppendRecords",
    "CreateRecord",
    "DeleteRecord",
    "DeleteRecords",
    "GetBases",
    "GetRecord",
    "GetSchema",
    "ListRecords",
    "ReadRecord",
    "SearchRecords",
    "UpdateRecord",
    "UpdateRecords",
    "UpsertRecord",
]
