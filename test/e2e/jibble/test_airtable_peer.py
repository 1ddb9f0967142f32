"""The fake Airtable answers as the real one does."""

import time

from airtable_peer import Airtable
from peer_calls import airtable  # noqa: F401 (fixtures)
from peer_calls import call, listed


def test_airtable_lists_page_by_page_and_leaves_empty_fields_out(airtable):
    status, first = listed(airtable, pageSize=3)
    assert status == 200 and [record["id"] for record in first["records"]] == ["rec000", "rec001", "rec002"]
    assert first["records"][2]["fields"] == {"Email": "2@example.org", "Groups": "a,b", "Hours": 0}
    assert first["offset"].startswith("itr") and "/rec" in first["offset"]
    last = listed(airtable, pageSize=3, offset=first["offset"])[1]
    assert [record["id"] for record in last["records"]] == ["rec003", "rec004"] and "offset" not in last


def test_airtable_pages_have_100_records_and_no_more(airtable):
    airtable.records = [(f"rec{n}", {}) for n in range(101)]
    assert len(listed(airtable)[1]["records"]) == 100
    for size in (0, 101, "ten"):
        assert listed(airtable, pageSize=size) == (422, Airtable.INVALID_REQUEST.body)


def test_airtable_takes_the_tables_id_and_ignores_view_and_formula(airtable):
    status, body = listed(airtable, "tblFakeTable00001", view="Grid view", filterByFormula="{Active}")
    assert status == 200 and len(body["records"]) == 5
    assert listed(airtable, nonsense="1")[0] == 422


def test_airtable_gives_the_fields_asked_for_and_knows_no_others(airtable):
    assert listed(airtable, fields=["Email", "Note"])[1]["records"][0]["fields"] == {"Email": "0@example.org"}
    assert listed(airtable, fields="E-mail") == (
        422,
        {"error": {"type": "UNKNOWN_FIELD_NAME", "message": 'Unknown field name: "E-mail"'}},
    )


def test_airtable_takes_ids_of_fields_and_answers_by_names_unless_asked_for_ids(airtable):
    airtable.field_ids = {"Email": "fldEMAIL000000001"}
    by_name = {"Email": "0@example.org"}
    for asked in ("Email", "fldEMAIL000000001"):
        assert listed(airtable, fields=[asked])[1]["records"][0]["fields"] == by_name
        assert listed(airtable, fields=[asked], returnFieldsByFieldId="false")[1]["records"][0]["fields"] == by_name
        body = listed(airtable, fields=[asked], returnFieldsByFieldId="true")[1]
        assert body["records"][0]["fields"] == {"fldEMAIL000000001": "0@example.org"}
    assert listed(airtable, fields="fldEMAIL000000002")[1]["error"]["type"] == "UNKNOWN_FIELD_NAME"
    assert listed(airtable, returnFieldsByFieldId="yes") == (422, Airtable.INVALID_REQUEST.body)


def test_airtable_offsets_are_good_only_if_issued_and_not_expired(airtable):
    offset = listed(airtable, pageSize=2)[1]["offset"]
    assert listed(airtable, offset=offset) == listed(airtable, offset=offset)
    assert listed(airtable, offset="itr1/rec1") == (422, Airtable.ITERATOR_GONE.body)
    assert listed(airtable, offset="rec1")[1]["error"]["type"] == "INVALID_OFFSET_VALUE"
    airtable.expire_iterators()
    assert listed(airtable, offset=offset)[1]["error"]["type"] == "LIST_RECORDS_ITERATOR_NOT_AVAILABLE"


def test_airtable_records_may_change_between_pages(airtable):
    offset = listed(airtable, pageSize=2)[1]["offset"]
    airtable.records = [("rec004", {"Email": "new@example.org"}), ("rec999", {})]
    assert [(record["id"], record["fields"]) for record in listed(airtable, offset=offset)[1]["records"]] == [
        ("rec004", {"Email": "new@example.org"})
    ]


def test_airtable_refuses_who_may_not_and_what_is_not_there(airtable):
    assert listed(airtable, token=None) == (401, Airtable.AUTHENTICATION_REQUIRED.body)
    assert listed(airtable, token="other") == (401, Airtable.INVALID_TOKEN.body)
    assert listed(airtable, base="app2") == listed(airtable, "Others") == (403, Airtable.NOT_PERMITTED.body)
    assert call(airtable, "/v0/app1", Authorization="Bearer pat")[::2] == (404, {"error": "NOT_FOUND"})


def test_airtable_refuses_the_sixth_request_of_a_second_and_then_all_for_a_while():
    with Airtable("pat", "app1", "Agents", penalty=0.3) as peer:
        assert [listed(peer, "Agents")[0] for _ in range(6)] == [200] * 5 + [429]
        assert listed(peer, "Agents")[1]["errors"][0]["error"] == "RATE_LIMIT_REACHED"
        time.sleep(1.05)
        assert listed(peer, "Agents")[0] == 200
