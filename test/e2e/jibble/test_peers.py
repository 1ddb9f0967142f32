"""The fake services themselves: they answer as the real ones do, misbehave on request, and end when asked to."""

import http.client
import json
import socket
import time
import urllib.error
import urllib.request

import pytest

from airtable_peer import Airtable
from mail_peers import Resend
from peer_server import AcceptThenHang, AcceptThenReset, Hang, Malformed, Reset, Slow, Status
from peer_calls import resend  # noqa: F401 (fixtures)
from peer_calls import InBackground, MAIL, call, listed, send, until


def test_requests_are_remembered_in_order_with_all_their_parts(resend):
    send(resend, key="k")
    call(resend, "/domains?a=1&a=2", Authorization="Bearer re_key")
    first, second = resend.requests
    assert (first.method, first.path, first.json, first.key) == ("POST", "/emails", MAIL, "k")
    assert json.loads(first.body) == MAIL and first.headers["authorization"] == "Bearer re_key"
    assert (second.method, second.path, second.query, second.body) == ("GET", "/domains", {"a": ["1", "2"]}, b"")


def test_wait_for_request_gives_each_request_once(resend):
    send(resend)
    waiting = InBackground(resend, "/domains")
    assert [resend.wait_for_request(5).path, resend.wait_for_request(5).path] == ["/emails", "/domains"]
    waiting.result()
    with pytest.raises(AssertionError):
        resend.wait_for_request(0.05)


def test_faults_are_met_one_each_in_order(resend):
    resend.next(Status(503, "down", {"Retry-After": "7"}), None, Status(500, {"a": 1}))
    status, headers, body = send(resend)
    assert (status, headers["Retry-After"], body) == (503, "7", "down")
    assert [send(resend)[0], send(resend)[0], send(resend)[0]] == [200, 500, 200]
    assert len(resend.requests) == 4 and len(resend.mails) == 2


@pytest.mark.parametrize("fault, accepted", [(Reset(), 0), (AcceptThenReset(), 1)])
def test_a_reset_is_a_reset_before_or_after_accepting(resend, fault, accepted):
    resend.next(fault)
    with pytest.raises(ConnectionResetError):
        send(resend)
    assert (len(resend.requests), len(resend.mails)) == (1, accepted)


def test_accept_then_hang_holds_the_answer_until_it_is_released(resend):
    resend.next(AcceptThenHang())
    waiting = InBackground(resend, "/emails", MAIL, Authorization="Bearer re_key")
    until(lambda: resend.held)
    assert len(resend.mails) == 1 and waiting.outcome is None
    resend.release()
    assert waiting.result()[2] == {"id": resend.mails[0].id}
    assert resend.held == []


def test_hang_accepts_nothing_and_never_answers(resend):
    resend.next(Hang())
    waiting = InBackground(resend, "/emails", MAIL, Authorization="Bearer re_key")
    until(lambda: resend.held)
    resend.release()
    assert isinstance(waiting.result(), ConnectionResetError)
    assert resend.mails == []


@pytest.mark.parametrize("fault, accepted", [(Hang(), 0), (AcceptThenHang(), 1), (Slow(60), 1)])
def test_a_client_that_goes_away_ends_its_hanging_request(resend, fault, accepted):
    resend.next(fault)
    with pytest.raises(TimeoutError):
        send(resend, timeout=0.1)
    until(lambda: not resend.held)
    assert len(resend.mails) == accepted
    assert send(resend)[0] == 200


def test_slow_answers_late(resend):
    resend.next(Slow(0.2))
    began = time.monotonic()
    assert send(resend)[0] == 200
    assert time.monotonic() - began >= 0.2


def test_malformed_accepts_and_answers_200_with_cut_json(resend):
    resend.next(Malformed())
    with pytest.raises(json.JSONDecodeError):
        send(resend)
    assert len(resend.mails) == 1


def test_a_request_that_is_cut_off_is_none(resend):
    with socket.create_connection(resend.url.removeprefix("http://").split(":")) as client:
        client.sendall(b"POST /emails HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
    assert send(resend)[0] == 200
    assert len(resend.requests) == 1


def test_many_clients_at_once_lose_nothing(resend):
    calls = [
        InBackground(resend, "/emails", MAIL, Authorization="Bearer re_key", Idempotency_Key=f"k{n % 20}")
        for n in range(40)
    ]
    ids = {one.result()[2]["id"] for one in calls}
    assert len(resend.requests) == 40 and len(resend.mails) == len(ids) == 20


def test_stop_ends_hanging_and_idle_connections_and_is_quiet(capfd):
    peer = Resend("re_key")
    peer.next(Hang())
    waiting = InBackground(peer, "/emails", MAIL, Authorization="Bearer re_key")
    idle = http.client.HTTPConnection(peer.url.removeprefix("http://"), timeout=5)
    until(lambda: peer.held)
    idle.request("GET", "/domains")
    idle.getresponse().read()
    began = time.monotonic()
    peer.stop()
    peer.stop()
    assert time.monotonic() - began < 2
    assert isinstance(waiting.result(), OSError)
    assert idle.sock.recv(1) == b""
    idle.close()
    with pytest.raises(urllib.error.URLError):
        send(peer)
    assert capfd.readouterr() == ("", "")


def test_a_fake_that_fails_says_so_at_its_end():
    peer = Airtable("pat", "app1", "Agents", [("rec1", None)])
    assert listed(peer, "Agents")[0] == 500
    with pytest.raises(TypeError):
        peer.stop()
