"""What a dump of the database holds of the portal: pg_dump is that of the server on Debian alone, so this is not marked
for every server."""

import re
import subprocess

import pytest

from logins import login  # noqa: F401 (a fixture)
from portal_world import ANN, BOB, UNA, digest_of, read
from portal_world import original, world  # noqa: F401 (fixtures)


@pytest.fixture
def tokens(world):  # noqa: F811
    return [world.digest(ANN)[1], world.digest(BOB)[1], world.link(UNA)]


def test_a_dump_gives_no_token(world, tokens):  # noqa: F811
    """Neither a token is in it, nor a text that is taken for one; the keys that a token is made of are no tokens."""
    dump = subprocess.run(["pg_dump", "--inserts", world.uri], check=True, stdout=subprocess.PIPE, text=True).stdout
    for token in tokens:
        assert token not in dump and digest_of(token).hex() in dump
    words = set(re.findall(r"[A-Za-z0-9_+/-]{43,}={0,2}", dump)) | set(re.findall(r"[0-9a-f]{64}", dump))
    keys = {key for key, in world.db.execute("SELECT idempotency_key::text FROM timesheet.outgoing_emails")}
    assert len(keys) >= 3 and all(key in dump for key in keys)
    tried = words | keys | {f"token-of-{key}" for key in keys} | {word[:43] for word in words}
    tried |= {bytes.fromhex(word).hex().upper() for word in words if re.fullmatch(r"[0-9a-f]{64}", word)}
    assert len(tried) > 10
    with world.asks() as portal:
        assert all(read(portal, "portal_session", token) for token in tokens)
        assert [word for word in sorted(tried) if read(portal, "portal_session", word)] == []
