"""The Dockerfiles, as far as no Docker engine is needed: linted, complete, without root and without secrets."""

import json
import pathlib
import re
import subprocess

import pytest

from conftest import TIMESHEETD
from debian_packages import declared, installed_here

ROOT = pathlib.Path(__file__).parents[3]
FILES = sorted(ROOT.glob("deploy/*/Dockerfile"))
DAEMON = ROOT / "deploy/timesheetd/Dockerfile"
INSTALL = ROOT / "deploy/supabase-postgres/install.sh"
each = pytest.mark.parametrize("file", FILES, ids=lambda path: path.parent.name)


def stages(file):
    """The instructions of each stage, with continued lines joined."""
    lines = [line for line in file.read_text().replace("\\\n", " ").splitlines() if line and not line.startswith("#")]
    return [stage.splitlines() for stage in re.split(r"\n(?=FROM )", "\n".join(lines))]


def packages(stage):
    words = (
        re.search(r"apt-get install (.*?)(&&|$)", next(line for line in stage if "apt-get install" in line))
        .group(1)
        .split()
    )
    return {word for word in words if not word.startswith("-")}


@each
def test_linting_finds_nothing(file):
    linter = ROOT / "build/npm/node_modules/dockerfilelint/bin/dockerfilelint"
    found = json.loads(
        subprocess.run([ROOT / "build/npm/node", linter, "-o", "json", file], stdout=subprocess.PIPE, text=True).stdout
    )["files"][0]["issues"]
    # It knows no HEALTHCHECK with options, which Docker has had from the beginning.
    assert [
        issue
        for issue in found
        if not (issue["title"] == "Invalid Argument Format" and re.match("HEALTHCHECK --", issue["content"]))
    ] == []


@each
def test_each_base_has_a_version_and_no_secret_is_built_in(file):
    text = file.read_text()
    for base in re.findall(r"^FROM (\S+)", text, re.MULTILINE):
        assert re.search(r":[\w.${}-]+$", base) and not base.endswith(":latest")
    assert not re.search(r"^(ENV|ARG) .*(SECRET|PASSWORD|TOKEN|KEY|DATABASE_URL)", text, re.MULTILINE)
    for source in re.findall(r"^COPY (?!--from)(\S+) ", text, re.MULTILINE):
        assert (ROOT / source).exists()
        assert "!" + source.split("/")[0] in (ROOT / ".dockerignore").read_text().splitlines()


def test_timesheetd_runs_as_a_user_without_rights_and_reports_its_health():
    *_, last = stages(DAEMON)
    (user,) = [line.split()[1] for line in last if line.startswith("USER ")]
    assert int(user) > 1000
    (health,) = [line for line in last if line.startswith("HEALTHCHECK ")]
    command = json.loads(health[health.index("[") :])
    assert command == ["timesheetd", "check"] and json.loads(last[-1].removeprefix("CMD ")) == ["run"]
    for arguments in (command[1:], ["run"]):
        subprocess.run([TIMESHEETD, *arguments, "--help"], check=True, stdout=subprocess.PIPE)


def test_the_image_has_every_library_that_timesheetd_is_linked_with():
    needed = re.findall(
        r"NEEDED.*\[(.*)\]",
        subprocess.run(["readelf", "-d", TIMESHEETD], check=True, stdout=subprocess.PIPE, text=True).stdout,
    )
    installed = installed_here(packages(stages(DAEMON)[-1]))  # the image is Debian 12's, whatever is here
    with_theirs = set(
        re.findall(
            r"[\w.+-]+",
            subprocess.run(
                ["dpkg-query", "-W", "-f", "${Depends} ", *installed], check=True, stdout=subprocess.PIPE, text=True
            ).stdout,
        )
    )
    for library in needed:
        owners = set(
            re.findall(
                r"^([\w.+-]+)",
                subprocess.run(["dpkg", "-S", "*/" + library], stdout=subprocess.PIPE, text=True).stdout,
                re.MULTILINE,
            )
        )
        assert owners & (installed | with_theirs), (library, owners)


def test_it_is_built_with_packages_that_make_deps_knows():
    assert packages(stages(DAEMON)[0]) <= declared()


@pytest.fixture
def supabase_image(tmp_path):
    """As much of Supabase's image as the extension is laid upon: its layout, in a folder."""
    root = tmp_path / "image"
    for folder in ("usr/bin", "nix/plugins/lib", "nix/share/extension", "etc/postgresql-custom"):
        (root / folder).mkdir(parents=True)
    (root / "usr/bin/postgres").write_text(
        '#!/nix/bash -e\nexport NIX_PGLIBDIR=\'/nix/plugins/lib\'\nexec -a "$0" /nix/postgres "$@"\n'
    )
    (root / "usr/bin/pg_config").write_text('#!/bin/sh\n[ "$1" = --sharedir ] && echo /nix/share\n')
    (root / "usr/bin/pg_config").chmod(0o755)
    (root / "etc/postgresql-custom/supautils.conf").write_text(
        "supautils.privileged_extensions = 'hstore, pg_cron'\nsupautils.privileged_role = 'postgres'\n"
    )
    return root


@pytest.fixture
def collected(tmp_path):
    folder = tmp_path / "collected"
    folder.mkdir()
    for name in ("timesheet.so", "timesheet.control", "timesheet--0.1.0.sql"):
        (folder / name).write_text(name)
    return folder


def test_the_extension_lands_where_supabases_server_looks(supabase_image, collected):
    subprocess.run(["sh", INSTALL, collected, supabase_image], check=True)
    placed = {str(path.relative_to(supabase_image)) for path in supabase_image.rglob("timesheet*")}
    assert placed == {
        "nix/plugins/lib/timesheet.so",
        "nix/share/extension/timesheet.control",
        "nix/share/extension/timesheet--0.1.0.sql",
    }
    assert (
        supabase_image / "etc/postgresql-custom/conf.d/99-timesheet.conf"
    ).read_text() == "supautils.privileged_extensions = 'hstore, pg_cron, timesheet'\n"


@pytest.mark.parametrize(
    "changed, text", [("usr/bin/postgres", "#!/bin/sh\n"), ("etc/postgresql-custom/supautils.conf", "")]
)
def test_an_image_of_another_layout_is_refused(supabase_image, collected, changed, text):
    (supabase_image / changed).write_text(text)
    done = subprocess.run(["sh", INSTALL, collected, supabase_image], stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1 and "its layout has changed" in done.stderr
