"""A fake web service: an HTTP server on 127.0.0.1 that remembers what it was asked and misbehaves on request."""

import json
import os
import select
import socket
import struct
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Status:
    """An answer; as a fault it is given instead of working. A dict or list goes out as JSON, a str as plain text."""

    code: int
    body: object = None
    headers: dict = field(default_factory=dict)

    def content(self):
        if isinstance(self.body, (dict, list)):
            return "application/json", json.dumps(self.body).encode()
        return "text/plain; charset=utf-8", self.body.encode() if isinstance(self.body, str) else self.body or b""


@dataclass(frozen=True)
class Reset:
    """The connection is reset before anything is accepted."""


@dataclass(frozen=True)
class AcceptThenReset:
    """The request does its work, and the connection is reset without an answer."""


@dataclass(frozen=True)
class Hang:
    """Nothing is accepted and nothing answered until release() or the client goes away;
    then the connection is reset."""


@dataclass(frozen=True)
class AcceptThenHang:
    """The request does its work, and its answer waits for release(); a client that goes away never gets it."""


@dataclass(frozen=True)
class Slow:
    """The request does its work at once; its answer comes after so many seconds, or at release()."""

    seconds: float


@dataclass(frozen=True)
class Malformed:
    """The request does its work and is answered 200 with half of the JSON: whole HTTP, broken content."""


@dataclass(eq=False)
class Request:
    """One received request. The path is as sent, still encoded; query and form give a list of values for each name."""

    method: str
    path: str
    query: dict
    headers: dict  # by lower-case name
    body: bytes

    def __post_init__(self):
        kind = message_from_bytes(b"Content-Type: " + self.headers.get("content-type", "").encode() + b"\n\n")
        self.json = _json(self.body) if kind.get_content_type() == "application/json" else None
        self.form = {}
        if kind.get_content_type() == "application/x-www-form-urlencoded":
            self.form = parse_qs(self.body.decode(errors="replace"), keep_blank_values=True)
        elif kind.get_content_type() == "multipart/form-data":
            self.form = _multipart(self.body, kind.get_param("boundary", "").encode())

    @property
    def key(self):
        return self.headers.get("idempotency-key")


def _json(body):
    """The value, or None for what no strict parser reads."""

    def refuse(constant):
        raise ValueError(constant)

    try:
        return json.loads(body.decode(), parse_constant=refuse)
    except ValueError:
        return None


def _multipart(body, boundary):
    form = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:]:
        if part.startswith(b"--"):
            break
        head, _, value = part.partition(b"\r\n\r\n")
        name = message_from_bytes(head.lstrip() + b"\n\n").get_param("name", header="content-disposition")
        form.setdefault(name, []).append(value.decode(errors="replace"))
    return form


class Rate:
    """So many requests in any second, as services count them."""

    def __init__(self, limit):
        self.limit = limit
        self.times = deque()

    def take(self):
        """Counts a request; False, and uncounted, when it is one too many."""
        now = time.monotonic()
        while self.times and self.times[0] <= now - 1:
            self.times.popleft()
        if len(self.times) >= self.limit:
            return False
        self.times.append(now)
        return True

    @property
    def remaining(self):
        return self.limit - len(self.times)


class Peer:
    """A running fake. A service overrides answer(request) -> Status, which is called by one thread at a time."""

    def __init__(self):
        self.lock = threading.RLock()
        self.requests = []
        self.held = []  # requests that hang or are slow right now
        self._arrived = threading.Condition(self.lock)
        self._awaited = 0
        self._faults = deque()
        self._gate = threading.Event()
        self.broken = []
        self._passed = 0
        self.stopped = False
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def answer(self, request):
        raise NotImplementedError

    def next(self, *faults):
        """The next requests meet these faults, one each, in order; None lets one through unharmed."""
        with self.lock:
            self._faults.extend(faults)

    def release(self):
        """Lets go of every request that is held now; later ones are held again."""
        with self.lock:
            gate, self._gate = self._gate, threading.Event()
        gate.set()

    def wait_for_request(self, timeout=10):
        """The next request that no earlier call has returned; it may have come already."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.requests) > self._awaited, timeout), "no request came"
            self._awaited += 1
            return self.requests[self._awaited - 1]

    def pass_time(self, seconds):
        """Moves the service's calendar on, so that what it remembers for a day is forgotten."""
        with self.lock:
            self._passed += seconds

    def now(self):
        return time.time() + self._passed

    def stop(self):
        """Ends the server and every connection; tells if the fake itself failed. Stopping twice does no harm."""
        self._server.shutdown()
        self._server.server_close()
        self.release()
        with self.lock:
            self.stopped = True
            open_connections = list(self._server.connections.items())
        for connection, _ in open_connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        for thread in [self._thread, *(thread for _, thread in open_connections)]:
            thread.join(10)
        if self.broken:
            raise self.broken.pop(0)

    def serve(self, request, gone):
        """The answer to send, or None for a connection to reset; gone() tells that the client has left."""
        with self.lock:
            if self.stopped:
                return None
            self.requests.append(request)
            self._arrived.notify_all()
            fault = self._faults.popleft() if self._faults else None
            if isinstance(fault, (Status, Reset)):
                return fault if isinstance(fault, Status) else None
            answer = None if isinstance(fault, Hang) else self._try(request)
            if isinstance(fault, (Hang, AcceptThenHang, Slow)):
                self.held.append(request)
            gate = self._gate
        if isinstance(fault, Malformed):
            kind, content = answer.content()
            return Status(200, content[: len(content) // 2], {"Content-Type": kind})
        if request in self.held:
            until = time.monotonic() + fault.seconds if isinstance(fault, Slow) else None
            while not gate.wait(0.02) and not gone() and (until is None or time.monotonic() < until):
                pass
            with self.lock:
                self.held.remove(request)
        return None if isinstance(fault, AcceptThenReset) else answer

    def _try(self, request):
        try:
            return self.answer(request)
        except Exception as error:  # the fake's own fault: stop() raises it, where a test sees it
            self.broken.append(error)
            return Status(500, "the fake failed")


class JibblePeer(Peer):
    """All of Jibble's hosts at one address. Who asks gets the token, whatever fault is next; answer()
    gives the rest."""

    token = "token-for-tests"

    def environment(self):
        hosts = ("IDENTITY", "WORKSPACE", "TIME_TRACKING", "TIME_ATTENDANCE")
        return {
            "JIBBLE_CLIENT_ID": "demo",
            "JIBBLE_CLIENT_SECRET": "demo-secret",
            "JIBBLE_REQUESTS_PER_SECOND": "1000",
            **{f"JIBBLE_{host}_URL": self.url for host in hosts},
        }

    def serve(self, request, gone):
        if request.path != "/connect/token":
            return super().serve(request, gone)
        with self.lock:
            self.requests.append(request)
        return Status(200, {"access_token": self.token, "expires_in": 3600, "token_type": "Bearer"})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, peer):
        self.peer = peer
        self.connections = {}
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request, client_address):
        """A client that went away is nothing to tell of; an error of the fake's own is."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            self.peer.broken.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        super().setup()
        with self.server.peer.lock:
            if self.server.peer.stopped:
                raise ConnectionAbortedError
            self.server.connections[self.connection] = threading.current_thread()

    def finish(self):
        with self.server.peer.lock:
            self.server.connections.pop(self.connection, None)
        super().finish()

    def log_message(self, *_):
        pass

    def do(self):
        if "Transfer-Encoding" in self.headers:
            return self.send(Status(411, "a length is required", {"Connection": "close"}))
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if len(body) < length:
            return self.reset()
        parts = urlsplit(self.path)
        request = Request(
            self.command,
            parts.path,
            parse_qs(parts.query, keep_blank_values=True),
            {name.lower(): value for name, value in self.headers.items()},
            body,
        )
        answer = self.server.peer.serve(request, self.gone)
        return self.reset() if answer is None else self.send(answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do

    def send(self, answer):
        kind, content = answer.content()
        self.send_response(answer.code)
        for name, value in {"Content-Type": kind, **answer.headers, "Content-Length": len(content)}.items():
            self.send_header(name, str(value))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def reset(self):
        """Closes with a RST, and at once: an ordinary end would shut down gracefully first."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with self.server.peer.lock:
            self.server.connections.pop(self.connection, None)
        os.close(self.connection.detach())

    def gone(self):
        try:
            return bool(select.select([self.connection], [], [], 0)[0]) and not self.connection.recv(1, socket.MSG_PEEK)
        except OSError:
            return True
