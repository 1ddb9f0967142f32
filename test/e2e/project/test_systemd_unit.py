"""The systemd unit: valid, hardened, and it starts what it should with a configuration that timesheetd takes."""

import configparser
import pathlib
import shlex
import subprocess

import pytest

from conftest import TIMESHEETD, Daemon

UNIT = pathlib.Path(__file__).parents[3] / "deploy/timesheetd.service"


@pytest.fixture
def here(tmp_path):
    """The unit with the program that was built in place of the installed one, which verify looks for."""
    text = UNIT.read_text()
    assert text.count("ExecStart=/usr/local/bin/timesheetd ") == 1
    path = tmp_path / UNIT.name
    path.write_text(text.replace("/usr/local/bin/timesheetd", TIMESHEETD))
    return path


def test_systemd_finds_nothing_to_say_about_it(here):
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", here], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_its_exposure_is_at_most_1_5_of_10(here):
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=15", here],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-300:]


def test_it_names_no_secret_and_no_file_that_the_service_could_read_directly():
    assert "Environment" not in UNIT.read_text()


def test_its_command_is_one_that_timesheetd_takes(tmp_path):
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read(UNIT)
    name, source = unit["Service"]["LoadCredential"].split(":")
    assert source == "/etc/timesheetd.conf"
    program, *arguments = shlex.split(unit["Service"]["ExecStart"].replace("${CREDENTIALS_DIRECTORY}", str(tmp_path)))
    assert (program, arguments[0]) == ("/usr/local/bin/timesheetd", "run")
    (tmp_path / name).write_text("SYNC_INTERVAL=never\n")  # so that it ends, and shows that it read the file
    done = Daemon("postgresql://nobody@127.0.0.1:1/nothing")(*arguments)
    assert done.returncode == 2 and "SYNC_INTERVAL" in done.stderr
