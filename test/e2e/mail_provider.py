"""One of the three e-mail providers for a test: its fake, and the environment that chooses it."""

from mail_peers import Loops, Mailgun, Resend

KEY = "key-hush-hush"


class Provider:
    """One of the three: its fake, and the environment that chooses it."""

    def __init__(self, name):
        self.name = name
        self.peer = {
            "resend": lambda: Resend(KEY, requests_per_second=1000),
            "loops": lambda: Loops(KEY, "clx1", requests_per_second=1000),
            "mailgun": lambda: Mailgun(KEY, "mg.example.com"),
        }[name]()
        self.environment = {
            "MAIL_PROVIDER": name,
            "MAIL_FROM": "Agency <hours@example.com>",
            "MAIL_REPLY_TO": "people@example.com",
            "MAIL_UNSUBSCRIBE_URL": "https://hours.example.com/unsubscribe",
            "MAIL_PAGE_URL": "https://hours.example.com",
            f"{name.upper()}_API_KEY": KEY,
            f"{name.upper()}_API_URL": self.peer.url,
        }
        self.environment |= {
            "loops": {"LOOPS_TRANSACTIONAL_ID": "clx1"},
            "mailgun": {"MAILGUN_DOMAIN": "mg.example.com"},
        }.get(name, {})
        self.repeats = name != "mailgun"
