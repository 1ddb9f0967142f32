"""What timesheetd finds open when it starts, what it writes, and the file that it is given."""

import json
import os
import pathlib
import subprocess

import pytest

from conftest import TIMESHEETD, Daemon
from stage import Stage


def shell(command, **environment):
    return subprocess.run(
        ["sh", "-c", command],
        env={"PATH": os.environ["PATH"], "D": TIMESHEETD, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
    )


@pytest.fixture(scope="module")
def uri(migrated_database):
    uri = migrated_database()
    return uri


@pytest.mark.parametrize("closed", ["2>&-", "0<&- 1>&- 2>&-"])
def test_a_closed_stderr_does_not_become_the_databases_socket(new_database, closed):
    """migrate logs between its statements."""
    uri = new_database()
    assert shell(f'"$D" migrate {closed}', DATABASE_URL=uri).returncode == 0
    assert "replay finished" in shell('"$D" replay 0<&- 1>&-', DATABASE_URL=uri).stderr


def cannot_be_written(done):
    return (
        done.returncode == 1
        and "standard output cannot be written: No space left on device" in done.stderr.splitlines()[-1]
    )


@pytest.mark.parametrize("arguments", ["--help", "--version", "sync --help", "digest preview --help"])
def test_a_write_that_fails_is_a_failure(arguments):
    assert cannot_be_written(shell(f'"$D" {arguments} > /dev/full'))


def test_a_check_an_audit_and_a_preview_that_cannot_be_written_fail(uri, jibble):
    stage = Stage(uri)
    stage.client_group(1)
    stage.agent(1, 1)
    stage.contact("ann@example.com", 1)
    stage.feed(
        "People",
        {
            "id": json.loads(jibble.truth.read_text())["agents"][0]["id"],
            "fullName": "Somebody whom Jibble has hours of",
            "status": "Joined",
        },
    )
    stage.close()
    it = Daemon(uri, jibble)
    for arguments in (
        "check",
        "audit --since 2026-11-09 --until 2026-11-20",
        "digest preview --contact ann@example.com",
    ):
        assert shell(f'"$D" {arguments} > /dev/null', **it.environment).returncode == 0
        assert cannot_be_written(shell(f'"$D" {arguments} > /dev/full', **it.environment)), arguments


@pytest.mark.parametrize("where", ["1>&-", "| true"])
def test_an_output_that_is_not_read_ends_the_command_with_a_message(where):
    done = shell(f'(sleep 0.2; "$D" --help; echo "$?" >&2) {where}')
    assert done.stderr.splitlines()[-1] == "1" and "standard output cannot be written" in done.stderr


@pytest.fixture
def file(tmp_path, uri):
    it = tmp_path / "timesheetd.conf"
    it.write_text(f"DATABASE_URL={uri}\n")
    it.chmod(0o600)
    return it


def replay(file):
    return shell(f'"$D" replay --config "{file}"')


def test_a_config_that_others_may_read_is_a_warning_and_one_they_may_write_an_error(file):
    done = replay(file)
    assert done.returncode == 0 and "--config" not in done.stderr
    for mode in (0o640, 0o644):
        file.chmod(mode)
        done = replay(file)
        assert done.returncode == 0 and "may be read by others" in done.stderr and "chmod 600" in done.stderr
    for mode in (0o620, 0o602):
        file.chmod(mode)
        done = replay(file)
        assert done.returncode == 2 and "may be written by others" in done.stderr


@pytest.mark.skipif(os.getuid() != 0, reason="file-of-another-user: only root gives a file away")
def test_a_config_of_another_user_is_an_error(file):
    os.chown(file, 65534, 0)
    done = replay(file)
    assert done.returncode == 2 and "belongs to the user with id 65534" in done.stderr


def test_a_config_that_is_no_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, pathlib.Path("/dev/zero")):
        done = replay(path)
        assert done.returncode == 2 and "is not a regular file" in done.stderr, path


SPLIT = [
    "postgresql://u:hush@quiet@127.0.0.1/db",
    "postgresql://u:hush/quiet@127.0.0.1/db",
    "postgresql://h?password=hush@quiet",
    "host=h dbname=postgresql://u:hush@quiet/db",
]


@pytest.mark.parametrize("url", SPLIT)
def test_a_database_url_that_is_split_within_its_password_is_refused_without_showing_it(url):
    done = shell('"$D" replay', DATABASE_URL=url, LOG_LEVEL="trace")
    assert done.returncode == 2 and done.stderr.startswith("timesheetd: DATABASE_URL: ") and "%40 for @" in done.stderr
    assert "hush" not in done.stderr and "quiet" not in done.stderr
