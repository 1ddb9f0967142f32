"""Fakes of what hears of trouble without e-mail: an incoming webhook, and a service that waits for heartbeats. The
address of each is a secret, as with the real ones."""

import re
from dataclasses import dataclass

from peer_server import Peer, Status


@dataclass(frozen=True)
class Post:
    """A message that was accepted."""

    text: str
    json: dict

    @property
    def title(self):
        return self.text.splitlines()[0]

    @property
    def alerts(self):
        """The numbers of the alerts that it names."""
        return [int(n) for named in re.findall(r"\balerts? (\d+(?:, \d+)*)", self.text) for n in named.split(", ")]


def _only(members, name):
    """The member of this name, where there is no other."""
    (value,) = members.values()
    return members[name]


def _card_text(message):
    (attachment,) = message["attachments"]
    (block,) = attachment["content"]["body"]
    if (message["type"], attachment["contentType"], attachment["content"]["type"], block["type"]) != (
        "message",
        "application/vnd.microsoft.card.adaptive",
        "AdaptiveCard",
        "TextBlock",
    ):
        raise ValueError(message)
    return block["text"]


class Webhook(Peer):
    """POST {"text": …} at one address, as Slack's incoming webhooks take it; everything else is refused as it refuses.

    refusal: the answer to every request from now on, None to work. posts: what was accepted. takes_cards: as those of
    Teams, which take a message with a card of one text."""

    SECRET = "T0HUSH-hush"
    NO_SERVICE = Status(404, "no_service")
    NO_TEXT = Status(400, "no_text")
    INVALID = Status(400, "invalid_payload")
    GONE = Status(410, "channel_is_archived")

    def __init__(self):
        self.posts, self.refusal, self.takes_cards = [], None, False
        super().__init__()
        self.path = f"/services/{self.SECRET}?key={self.SECRET}"
        self.address = self.url + self.path

    def answer(self, request):
        if request.path != f"/services/{self.SECRET}" or request.query != {"key": [self.SECRET]}:
            return self.NO_SERVICE
        if request.method != "POST":
            return Status(405, "method_not_allowed")
        if self.refusal:
            return self.refusal
        if not isinstance(request.json, dict):
            return self.INVALID
        try:
            text = _card_text(request.json) if self.takes_cards else _only(request.json, "text")
        except (KeyError, TypeError, ValueError):
            return self.INVALID
        if not isinstance(text, str):
            return self.INVALID
        if not text.strip():
            return self.NO_TEXT
        self.posts.append(Post(text, request.json))
        return Status(202, "") if self.takes_cards else Status(200, "ok")


class Heartbeat(Peer):
    """GET at one address, as the services that watch over regular jobs take it. beats: how many came."""

    SECRET = "6f1c2e-hush-hush"

    def __init__(self):
        self.beats = 0
        super().__init__()
        self.address = f"{self.url}/ping/{self.SECRET}"

    def answer(self, request):
        if request.path != f"/ping/{self.SECRET}":
            return Status(404, "(not found)")
        if request.method not in ("GET", "HEAD", "POST"):
            return Status(405, "method not allowed")
        self.beats += 1
        return Status(200, "OK")
