"""A fake Airtable: one table of one base, listed page by page."""

import itertools
import time
from urllib.parse import unquote

from peer_server import Peer, Rate, Status

# Of the real ones, those that are faked.
PARAMETERS = {"pageSize", "offset", "fields[]", "view", "filterByFormula", "returnFieldsByFieldId"}


def _error(code, kind, message):
    return Status(code, {"error": {"type": kind, "message": message}})


def _is_empty(value):
    """What Airtable leaves out of a record; an unticked box is empty too, a zero is not."""
    return value is None or value is False or value == "" or value == []


class Airtable(Peer):
    """GET /v0/{base}/{table name or id}. records may be replaced at any time, between two pages as well.

    An iteration is over the records there were at its first page: a later page shows them as they are by then, and
    leaves out those that have gone. fields are the table's columns; by default, what its records ever named.
    field_ids are the ids of some, {name: id}: fields[] takes both, and the answer is by names unless it is asked
    for by ids (returnFieldsByFieldId=true).
    More than 5 requests in a second to the base are refused, and so is every other until penalty seconds later.
    """

    RATE_LIMITED = Status(
        429, {"errors": [{"error": "RATE_LIMIT_REACHED", "message": "Rate limit exceeded. Please try again later"}]}
    )
    BILLING_LIMIT = _error(
        429,
        "PUBLIC_API_BILLING_LIMIT_EXCEEDED",
        "API billing plan limit exceeded. You've reached the maximum number " "of requests allowed for this month.",
    )
    ITERATOR_GONE = _error(
        422, "LIST_RECORDS_ITERATOR_NOT_AVAILABLE", "The iterator is no longer available; restart from the first page."
    )
    AUTHENTICATION_REQUIRED = _error(401, "AUTHENTICATION_REQUIRED", "Authentication required")
    INVALID_TOKEN = _error(401, "UNAUTHORIZED", "Invalid authentication token")
    NOT_PERMITTED = _error(
        403,
        "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND",
        "Invalid permissions, or the requested model was not found. Check that both "
        "your user and your token have the required permissions, and that the model names and/or ids are correct.",
    )
    NOT_FOUND = Status(404, {"error": "NOT_FOUND"})
    INVALID_REQUEST = _error(
        422, "INVALID_REQUEST_UNKNOWN", "Invalid request: parameter validation failed. Check your request data."
    )

    def __init__(
        self,
        token,
        base,
        table,
        records=(),
        *,
        table_id="tblFakeTable00001",
        fields=None,
        field_ids=None,
        requests_per_second=5,
        penalty=30,
    ):
        self.token, self.base, self.tables = token, base, {table, table_id}
        self.records = list(records)
        self.penalty = penalty
        self._columns, self._named = fields and set(fields), set()
        self.field_ids = field_ids or {}
        self._rate, self._refused_until = Rate(requests_per_second), 0
        self._iterators, self._numbers = {}, itertools.count(1)
        super().__init__()

    def expire_iterators(self):
        """Forgets every iteration under way, as Airtable does at a restart or after some minutes."""
        with self.lock:
            self._iterators.clear()

    def answer(self, request):
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return self.AUTHENTICATION_REQUIRED
        if token != self.token:
            return self.INVALID_TOKEN
        parts = [unquote(part) for part in request.path.split("/")]
        if len(parts) != 4 or parts[:2] != ["", "v0"] or "" in parts[2:] or request.method != "GET":
            return self.NOT_FOUND
        if parts[2] != self.base:
            return self.NOT_PERMITTED
        if time.monotonic() < self._refused_until:
            return self.RATE_LIMITED
        if not self._rate.take():
            self._refused_until = time.monotonic() + self.penalty
            return self.RATE_LIMITED
        return self._page(request.query) if parts[3] in self.tables else self.NOT_PERMITTED

    def _page(self, query):
        size = query.get("pageSize", ["100"])[-1]
        if not query.keys() <= PARAMETERS or not (size.isascii() and size.isdigit() and 1 <= int(size) <= 100):
            return self.INVALID_REQUEST
        records = dict(self.records)
        self._named.update(name for fields in records.values() for name in fields)
        asked = {name: name for name in self._columns or self._named}
        asked |= {self.field_ids[name]: name for name in asked if name in self.field_ids}
        for name in query.get("fields[]", []):
            if name not in asked:
                return _error(422, "UNKNOWN_FIELD_NAME", f'Unknown field name: "{name}"')
        by_id = query.get("returnFieldsByFieldId", ["false"])[-1]
        if by_id not in ("true", "false"):
            return self.INVALID_REQUEST
        left = list(records)
        if "offset" in query:
            offset = query["offset"][-1]
            iterator, slash, record = offset.partition("/")
            if not (iterator.startswith("itr") and slash and record.startswith("rec")):
                return _error(422, "INVALID_OFFSET_VALUE", f"The value of offset {offset} is invalid")
            if offset not in self._iterators:
                return self.ITERATOR_GONE
            left = self._iterators[offset]
        else:
            iterator = f"itr{next(self._numbers):014d}"
        page, left = left[: int(size)], left[int(size) :]
        body = {
            "records": [
                self._record(
                    record,
                    records[record],
                    {asked[name] for name in query["fields[]"]} if "fields[]" in query else None,
                    self.field_ids if by_id == "true" else {},
                )
                for record in page
                if record in records
            ]
        }
        if left:
            body["offset"] = f"{iterator}/{left[0]}"
            self._iterators[body["offset"]] = left
        return Status(200, body)

    @staticmethod
    def _record(record, fields, asked, ids):
        return {
            "id": record,
            "createdTime": "2026-01-01T08:00:00.000Z",
            "fields": {
                ids.get(name, name): value
                for name, value in fields.items()
                if not _is_empty(value) and (asked is None or name in asked)
            },
        }
