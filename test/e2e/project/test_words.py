"""The product speaks the words of PostgreSQL, of data engineering and of an office, and no dialect of its own."""

import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[3]
READ = (
    "sql",
    "daemon/src",
    "daemon/templates",
    "extension/src",
    "extension/sql",
    "web/src",
    "docs",
    "deploy",
    "test/oracle",
    "test/pgtap",
    "test/unit",
    "test/fake/*.[ch]pp",
)
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "web/README.md",
    "test/fake/README.md",
    "Makefile",
)

# A pattern of whole words, and what to say instead.
PROSE = {
    "told|told_\\w+|digest_told": "reported",
    "tells?": "shows, says, reports",
    "in force": "effective, current",
    "a mail": "an e-mail",
    "found gone|found_gone": "found deleted",
    "anew": "again",
    "beside": "next to, and, at the same time as",
    "whoever|whomever": "everybody who, the person who",
    "somebody|anybody": "a person, any person",
    "nobody": "no person, no other session; or say it without one",
    "lest|heed\\w*|thereof|hitherto|hence": "plain English",
    "(?<!e-)mails": "e-mails",
    "by itself|by themselves": "automatically, alone",
    "so many|so few": "a number of, at most this many",
    "stands": "is",
    "ledger": "run log",
    "unseen": "missing at the source",
    "believed|doubted": "accepted, trusted; held back",
    "disappear\\w*": "deletions",
    "frozen|freeze": "as it was when it was queued",
    "for ever|forever": "permanently, never deleted",
    "without a word": "silently",
    "deep reads?|deep_read\\w*": "nightly resync",
    "mended": "corrected",
    "wants [0-9.{}]+ s of peace": "asks to wait",
    "[Oo]f them unconfirmed": "unconfirmed",
    "internal page": "dashboard",
    "not understood|unread_notes": "rejected",
    "contract|architecture decision|§ ?[0-9]+": "a link to docs/rules.md or another page of docs/",
}
NAMES = {
    "demand_\\w+": "require_…",
    "place_entries|version_place": "assign_workday, reassign_workdays, version_attribution",
    "observations?|holds_from": "attribute_history, valid_from",
    "in_force|turning_points|days_about": "effective_at, change_points, adjacent_workdays",
    "prune_ledger|claim_ingest": "prune_ingest_runs, take_ingest_lock",
    "digest_mails": "digest_emails",
    "own_session|promised_process|forget_settings|heed_stop": (
        "session pooling check, backend_pid_at_connect, reset_settings"
    ),
    "asked_wait|is_exhausted|used_up|repeats_within": "retry_after, quota_exceeded, idempotency_window",
    "service_answer|service_manager": "api_error, systemd_notify",
    "lone_out|whole_seconds": "unmatched_out, truncated_seconds",
    "freeze_digest|settle_digest|close_to_public": "snapshot_digest, resolve_delivery, revoke_public_execute",
}

# Where a word stays, by the beginning of the path: what else it means there.
KEPT = {
    "sql/functions/jobs/former_jobs.sql": {"ledger"},  # the name under which an earlier version scheduled a job
    "sql/functions/rollup/mark_time_entries.sql": {"stands"},  # the rows after a change; those before are "stood"
    "daemon/src/ingest/ingest.cpp": {"nobody"},  # the key of a warning, which is not shown
    "daemon/src/jibble/odata_page.cpp": {"tell"},  # a member function of RapidJSON's streams
    "daemon/src/text/json_text_stream.hpp": {"tell"},  # the same
    "test/oracle": {"frozen"},  # @dataclass(frozen=True)
    "test/pgtap/digests.sql": {"nobody"},  # an address
    "test/pgtap/ingest.sql": {"nobody"},  # an id that is none
    "test/pgtap/values.sql": {"nobody"},  # a name
    "docs/operations.md": {"digest_told"},  # a table of a schema from before 0.1.0
}


def texts():
    tracked = subprocess.run(
        ["git", "ls-files", "-z", *READ, *DOCUMENTS], cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True
    ).stdout.split("\0")
    for name in filter(None, tracked):
        path = ROOT / name
        if path.exists() and path.suffix not in (".png", ".ico"):
            yield name, path.read_text()


def found(words, flags=0):
    lines = []
    for name, text in texts():
        for number, line in enumerate(text.splitlines(), 1):
            for pattern, instead in words.items():
                for hit in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", line, flags):
                    if not any(name.startswith(path) and hit.group().lower() in kept for path, kept in KEPT.items()):
                        lines.append(f"{name}:{number}: {hit.group()!r}; say {instead}")
    return lines


@pytest.mark.parametrize(("words", "flags"), ((PROSE, re.IGNORECASE), (NAMES, 0)), ids=("prose", "names"))
def test_no_private_word_is_used(words, flags):
    assert found(words, flags) == []


@pytest.mark.parametrize(
    "word", ("told", "the ledger", "digest_mails", "Contract §4", "Nobody waits", "A mail is sent", "is in force")
)
def test_the_list_finds_what_it_is_for(word):
    assert any(re.search(rf"(?<!\w)(?:{pattern})(?!\w)", word, re.IGNORECASE) for pattern in (*PROSE, *NAMES)), word
