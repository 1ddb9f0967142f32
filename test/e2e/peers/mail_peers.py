"""Fake mail services: Resend, Loops and Mailgun. Each remembers the mails it accepted, in one form for all three."""

import base64
import re
import uuid
from dataclasses import dataclass, field
from email.utils import getaddresses
from urllib.parse import unquote

from peer_server import Peer, Rate, Status

DAY = 24 * 60 * 60
ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+")


@dataclass(frozen=True)
class Mail:
    """An accepted mail. `to` has bare addresses; headers has Reply-To among the mail's own; raw is what was sent: JSON,
    or the form's lists."""

    to: list
    sender: str | None
    subject: str | None
    html: str | None
    text: str | None
    headers: dict
    key: str | None  # the Idempotency-Key
    id: str | None
    raw: dict
    variables: dict | None = None  # Loops's dataVariables
    accepted_at: float = field(default=0, compare=False)


def _addresses(values):
    """Bare addresses, or None if one of them is none."""
    found = [address for _, address in getaddresses(values)]
    return found if found and all(ADDRESS.fullmatch(address) for address in found) else None


def _bearer(request):
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


class _MailPeer(Peer):
    def __init__(self):
        self.mails = []
        self.refused = {}  # by address of the recipient: the answer that its mails get, always
        super().__init__()

    def _refusal(self, to):
        return next((self.refused[address] for address in to if address in self.refused), None)

    def _accepted_today(self, key):
        """The mail a key was used for within 24 hours, as far as the service still knows it."""
        since = self.now() - DAY
        return next(
            (mail for mail in reversed(self.mails) if key and mail.key == key and mail.accepted_at > since), None
        )

    def _accept(self, **parts):
        self.mails.append(Mail(**parts, accepted_at=self.now()))
        return self.mails[-1]


def _resend(code, name, message, headers=None):
    return Status(code, {"statusCode": code, "name": name, "message": message}, headers or {})


class Resend(_MailPeer):
    """POST /emails and GET /domains. sending_only is a key with sending access, which may not read the domains."""

    RATE_LIMITED = _resend(
        429,
        "rate_limit_exceeded",
        "Too many requests. You can only make 10 requests per second. See rate limit response headers "
        "for more information. Or contact support to increase rate limit.",
        {"ratelimit-limit": 10, "ratelimit-remaining": 0, "ratelimit-reset": 1, "retry-after": 1},
    )
    DAILY_QUOTA = _resend(
        429, "daily_quota_exceeded", "You have reached your daily email sending quota.", {"retry-after": 3600}
    )
    MONTHLY_QUOTA = _resend(
        429, "monthly_quota_exceeded", "You have reached your monthly email sending quota.", {"retry-after": DAY}
    )
    MISSING_API_KEY = _resend(401, "missing_api_key", "Missing API key in the authorization header.")
    INVALID_API_KEY = _resend(403, "invalid_api_key", "API key is invalid.")  # as documented
    INVALID_API_KEY_SEEN = _resend(401, "validation_error", "API key is invalid")  # as many have received it
    RESTRICTED_API_KEY = _resend(401, "restricted_api_key", "This API key is restricted to only send emails")
    NO_USER_AGENT = Status(403, "error code: 1010")
    CONCURRENT = _resend(
        409, "concurrent_idempotent_requests", "Same idempotency key used while original request is still in progress."
    )
    OTHER_BODY = _resend(
        409, "invalid_idempotent_request", "Same idempotency key used with a different request payload."
    )
    INVALID_KEY = _resend(400, "invalid_idempotency_key", "The key must be between 1-256 chars.")

    def __init__(self, key, *, sending_only=False, requests_per_second=10):
        self.api_key, self.sending_only = key, sending_only
        self._rate = Rate(requests_per_second)
        super().__init__()

    def answer(self, request):
        if not request.headers.get("user-agent"):
            return self.NO_USER_AGENT
        in_time = self._rate.take()
        answer = self._answer(request) if in_time else self.RATE_LIMITED
        limits = {
            "ratelimit-limit": self._rate.limit,
            "ratelimit-remaining": self._rate.remaining,
            "ratelimit-reset": 1,
        }
        return Status(answer.code, answer.body, {**answer.headers, **limits})

    def _answer(self, request):
        known = {"/emails": "POST", "/domains": "GET"}.get(request.path)
        if not known:
            return _resend(404, "not_found", "The requested endpoint does not exist.")
        if request.method != known:
            return _resend(405, "method_not_allowed", "Method is not allowed for the requested path.")
        if not _bearer(request):
            return self.MISSING_API_KEY
        if request.path == "/domains":
            if _bearer(request) != self.api_key:
                return self.INVALID_API_KEY_SEEN
            return self.RESTRICTED_API_KEY if self.sending_only else Status(200, {"data": []})
        return self._send(request) if _bearer(request) == self.api_key else self.INVALID_API_KEY

    def _send(self, request):
        mail = request.json
        if request.key is not None and not 1 <= len(request.key) <= 256:
            return self.INVALID_KEY
        if request.key and any(held.key == request.key and held is not request for held in self.held):
            return self.CONCURRENT
        if earlier := self._accepted_today(request.key):
            return Status(200, {"id": earlier.id}) if earlier.raw == mail else self.OTHER_BODY
        if not isinstance(mail, dict):
            return _resend(400, "validation_error", "We found an error with one or more fields in the request.")
        if wrong := self._wrong(mail):
            return _resend(422, *wrong)
        reply_to = mail.get("reply_to") or []
        headers = dict(mail.get("headers") or {})
        if reply_to:
            headers["Reply-To"] = reply_to if isinstance(reply_to, str) else ", ".join(reply_to)
        to = _addresses([mail["to"]] if isinstance(mail["to"], str) else mail["to"])
        if refusal := self._refusal(to):
            return refusal
        accepted = self._accept(
            to=to,
            sender=mail["from"],
            subject=mail["subject"],
            html=mail.get("html"),
            text=mail.get("text"),
            headers=headers,
            key=request.key,
            id=str(uuid.uuid4()),
            raw=mail,
        )
        return Status(200, {"id": accepted.id})

    @staticmethod
    def _wrong(mail):
        """The name and message of what Resend refuses, if it does."""
        if not mail.get("html") and not mail.get("text"):
            return "validation_error", "Missing `html` or `text` field."
        for name in ("subject", "from", "to"):
            if not mail.get(name):
                return "missing_required_field", f"Missing `{name}` field."
        for name in ("subject", "from", "html", "text"):
            if not isinstance(mail.get(name) or "", str):
                return "validation_error", f"The `{name}` must be a string."
        to = [mail["to"]] if isinstance(mail["to"], str) else mail["to"]
        for name, values in (("from", [mail["from"]]), ("to", to)):
            if not isinstance(values, list) or not all(
                isinstance(value, str) and len(_addresses([value]) or []) == 1 for value in values
            ):
                return "validation_error", (
                    f"Invalid `{name}` field. The email address needs to follow the `email@example.com` or "
                    "`Name <email@example.com>` format."
                )
        if len(to) > 50:
            return "validation_error", "The `to` field must have at most 50 recipients."
        headers = mail.get("headers") or {}
        if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
            return "validation_error", "The `headers` must be an object of strings."
        reply_to = mail.get("reply_to") or []
        if reply_to and not (
            isinstance(reply_to, (str, list)) and _addresses([reply_to] if isinstance(reply_to, str) else reply_to)
        ):
            return "validation_error", "Invalid `reply_to` field."
        for tag in mail.get("tags") or []:
            if not isinstance(tag, dict) or not all(
                re.fullmatch(r"[A-Za-z0-9_-]{1,256}", str(tag.get(part, ""))) for part in ("name", "value")
            ):
                return "validation_error", "Tags should only contain ASCII letters, numbers, underscores, or dashes."
        return None


def _loops(code, message, **more):
    return Status(code, {"success": False, "message": message, **more})


class Loops(_MailPeer):
    """POST /api/v1/transactional and GET /api/v1/api-key.
    variables are the names that the template cannot do without."""

    RATE_LIMITED = Status(
        429, {"success": False, "message": "Rate limit exceeded"}, {"x-ratelimit-limit": 10, "x-ratelimit-remaining": 0}
    )
    INVALID_API_KEY = Status(401, {"error": "Invalid API key"})
    USED_KEY = _loops(409, "Idempotency key has been used in the previous 24 hours")

    def __init__(self, key, transactional_id, *, variables=(), team="Fake team", requests_per_second=10):
        self.api_key, self.transactional_id, self.variables, self.team = key, transactional_id, variables, team
        self._rate = Rate(requests_per_second)
        super().__init__()

    def answer(self, request):
        in_time = self._rate.take()
        answer = self._answer(request) if in_time else self.RATE_LIMITED
        limits = {"x-ratelimit-limit": self._rate.limit, "x-ratelimit-remaining": self._rate.remaining}
        return Status(answer.code, answer.body, {**answer.headers, **limits})

    def _answer(self, request):
        known = {"/api/v1/transactional": "POST", "/api/v1/api-key": "GET"}.get(request.path)
        if not known:
            return _loops(404, "Not found")
        if request.method != known:
            return _loops(405, "Method not allowed")
        if _bearer(request) != self.api_key:
            return self.INVALID_API_KEY
        return Status(200, {"success": True, "teamName": self.team}) if known == "GET" else self._send(request)

    def _send(self, request):
        mail = request.json
        if not isinstance(mail, dict):
            return _loops(400, "The request body must be a JSON object.")
        for name in ("email", "transactionalId"):
            if not isinstance(mail.get(name), str) or not mail[name]:
                return _loops(400, f"Missing required field: {name}", path=name)
        if not ADDRESS.fullmatch(mail["email"]):
            return _loops(400, "Invalid email address", path="email")
        if len(request.key or "") > 100:
            return _loops(400, "The idempotency key must be 100 characters or fewer.")
        if mail["transactionalId"] != self.transactional_id:
            message = "Transactional email not found"
            return _loops(
                404,
                message,
                error={"path": "transactionalId", "message": message},
                transactionalId=mail["transactionalId"],
            )
        variables = mail.get("dataVariables", {})
        if wrong := self._wrong(variables):
            return _loops(400, "Invalid data variables", error={"path": wrong[0], "message": wrong[1]})
        if self._accepted_today(request.key):
            return self.USED_KEY
        if refusal := self._refusal([mail["email"]]):
            return refusal
        self._accept(
            to=[mail["email"]],
            sender=None,
            subject=None,
            html=None,
            text=None,
            headers={},
            key=request.key,
            id=None,
            raw=mail,
            variables=variables,
        )
        return Status(200, {"success": True})

    def _wrong(self, variables):
        """The path and message of a variable Loops does not take: a text, a number, or a list of objects of these."""

        def is_plain(value):
            return isinstance(value, (str, int, float)) and not isinstance(value, bool)

        if not isinstance(variables, dict):
            return "dataVariables", "Must be an object."
        for name, value in variables.items():
            rows = value if isinstance(value, list) else []
            if not (is_plain(value) or isinstance(value, list)) or not all(
                isinstance(row, dict) and all(map(is_plain, row.values())) for row in rows
            ):
                return f"dataVariables.{name}", "Must be a string, a number, or an array of objects of these."
        missing = [name for name in self.variables if name not in variables]
        return (f"dataVariables.{missing[0]}", "Missing required data variable.") if missing else None


def _mailgun(code, message, headers=None):
    return Status(code, {"message": message}, headers or {})


class Mailgun(_MailPeer):
    """POST /v3/{domain}/messages and GET /v3/domains/{domain}. Nothing is idempotent:
    what is sent again is a further mail.

    sending_only is a domain's sending key, which may do nothing but send.
    """

    RATE_LIMITED = _mailgun(429, "Too many requests", {"retry-after": 1})
    FORBIDDEN = Status(401, "Forbidden", {"WWW-Authenticate": 'Basic realm="MG API"'})

    def __init__(self, key, domain, *, sending_only=False):
        self.authorization = "Basic " + base64.b64encode(f"api:{key}".encode()).decode()
        self.domain, self.sending_only = domain, sending_only
        self.authorized = None  # of a sandbox domain: the only addresses that it may send to
        super().__init__()

    def answer(self, request):
        if request.headers.get("authorization") != self.authorization:
            return self.FORBIDDEN
        parts = [unquote(part) for part in request.path.split("/")[1:]]
        if request.method == "POST" and len(parts) == 3 and parts[0] == "v3" and parts[2] == "messages":
            return self._send(request) if parts[1] == self.domain else _mailgun(404, f"Domain not found: {parts[1]}")
        if request.method == "GET" and len(parts) == 3 and parts[:2] == ["v3", "domains"]:
            if self.sending_only:
                return self.FORBIDDEN
            if parts[2] != self.domain:
                return _mailgun(404, "Domain not found")
            return Status(
                200,
                {
                    "domain": {"name": self.domain, "state": "active", "type": "custom"},
                    "receiving_dns_records": [],
                    "sending_dns_records": [],
                },
            )
        return Status(404, "404 page not found")

    def _send(self, request):
        form = request.form
        if wrong := self._wrong(form):
            return _mailgun(400, wrong)
        to = _addresses(form["to"])
        if self.authorized is not None and not set(to) <= self.authorized:
            return _mailgun(
                400,
                f"Domain {self.domain} is not allowed to send: Free accounts are for test purposes only. "
                "Please upgrade or add the address to your authorized recipients.",
            )
        if refusal := self._refusal(to):
            return refusal
        identity = f"<{uuid.uuid4().hex}@{self.domain}>"
        self._accept(
            to=to,
            sender=form["from"][0],
            subject=form["subject"][0],
            html=form.get("html", [None])[0],
            text=form.get("text", [None])[0],
            headers={name[2:]: ", ".join(values) for name, values in form.items() if name.startswith("h:")},
            key=None,
            id=identity,
            raw=form,
        )
        return Status(200, {"id": identity, "message": "Queued. Thank you."})

    @staticmethod
    def _wrong(form):
        """The message of what Mailgun refuses, if it does."""
        for name in ("from", "to", "subject"):
            if not any(form.get(name, [])):
                return f"{name} parameter is missing"
        if not any(form.get("text", []) + form.get("html", [])):
            return "Need at least one of 'text', 'html', 'amp-html' or 'template' parameters specified"
        for name in ("from", "to"):
            if not _addresses(form[name]):
                return f"{name} parameter is not a valid address. please check documentation"
        if len(_addresses(form["to"])) > 1000:
            return "Too many recipients; max is 1000"
        options = {name: values for name, values in form.items() if name[:2] in ("o:", "h:", "v:")}
        for name in options:
            if name.startswith("h:") and not name.isascii():
                return f"Header name must be pure ASCII: {name[2:]}"
        if (
            sum(len(name.encode()) + sum(len(value.encode()) for value in values) for name, values in options.items())
            > 16 * 1024
        ):
            return "Send options (parameters starting with o:, h:, or v:) are limited to 16 kB total"
        return None
