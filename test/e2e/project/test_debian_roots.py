"""Building elsewhere than here: warnings, packages, and the roots of other releases,
in an unpacked copy of the checkout."""

import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[3]
ENVIRONMENT = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "BUILD", "WERROR")}
only_root = pytest.mark.skipif(os.getuid() != 0, reason="mounts-of-root: only root mounts")


@pytest.fixture
def copy(tmp_path):
    """The files that git knows or would add, as they are now."""
    folder = tmp_path / "copy"
    folder.mkdir()
    files = subprocess.run(
        ["git", "ls-files", "-zco", "--exclude-standard"], cwd=ROOT, check=True, stdout=subprocess.PIPE
    ).stdout
    packed = subprocess.run(
        ["tar", "--null", "-cT", "-"], cwd=ROOT, input=files, check=True, stdout=subprocess.PIPE
    ).stdout
    subprocess.run(["tar", "-xC", folder], input=packed, check=True)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return folder


def run(*command, **options):
    return subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **({"env": ENVIRONMENT} | options)
    )


def run_make(*arguments):
    """In English, whatever the machine's language: what make says of a target is looked for."""
    return run("make", *arguments, env=ENVIRONMENT | {"LC_ALL": "C"})


def stub(folder, name, text):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("#!/bin/sh\n" + text)
    (folder / name).chmod(0o755)
    return ENVIRONMENT | {"PATH": f"{folder}:{ENVIRONMENT['PATH']}"}


@pytest.mark.parametrize(
    ("folder", "target"),
    [("daemon", "{build}/version.o"), ("test/fake", "{build}/values/guid.o"), ("extension", "src/engine/hours.o")],
)
def test_a_warning_stops_a_check_and_no_users_build(tmp_path, copy, folder, target):
    """What a newer compiler warns of is not known; a variable that nobody uses stands for it."""
    build = tmp_path / "build"
    warned = tmp_path / "warned.h"
    warned.write_text("static int nobody_uses_it;\n")
    make = ["-C", str(copy / folder), f"BUILD={build}", f"CXX=g++ -include {warned}", target.format(build=build)]
    users = run_make(*make)
    assert users.returncode == 0 and "nobody_uses_it" in users.stdout, users.stdout
    if folder == "extension":  # PGXS makes nothing again by itself; check.sh cleans there
        run_make("-C", str(copy / folder), "clean")
    checks = run_make(*make, "WERROR=-Werror")  # though what the user built is there
    assert checks.returncode != 0 and "[-Werror=unused-variable]" in checks.stdout, checks.stdout
    assert run_make(*make).returncode == 0


def test_a_check_takes_what_was_built_for_a_check(tmp_path, copy):
    """What was compiled with warnings as errors is not compiled again, neither by a check nor by a user."""
    build = tmp_path / "build"
    make = ["-C", str(copy / "test/fake"), f"BUILD={build}", str(build / "values/guid.o")]
    assert "guid.cpp" in run_make(*make, "WERROR=-Werror").stdout
    assert "is up to date" in run_make(*make, "WERROR=-Werror").stdout
    assert "is up to date" in run_make(*make).stdout


@pytest.mark.parametrize(
    ("pg_config", "own", "wanted"),
    [
        (None, "17", "17"),
        ("/usr/lib/postgresql/18/bin/pg_config", "17", "18"),
        ("own_server", "17", None),
    ],
    ids=["the distribution's own", "the one named, before it is there", "one that no package brought"],
)
def test_packages_are_those_of_the_server(tmp_path, pg_config, own, wanted):
    """On a machine that has nothing yet, as the stubs say."""
    stubs = tmp_path / "stubs"
    stub(stubs, "dpkg-query", "exit 1\n")
    stub(stubs, "sudo", 'exec "$@"\n')
    # As on a machine whose language is German.
    stub(
        stubs,
        "apt-cache",
        f'word="Hängt ab von"; [ "${{LC_ALL:-}}" != C ] || word=Depends\n'
        f'[ "$*" = "depends postgresql" ] && printf "postgresql\\n  $word: postgresql-{own}\\n  Suggests: '
        'postgresql-doc\\n"\n',
    )
    stub(stubs, "pg_config", "exit 127\n")
    environment = stub(stubs, "apt-get", 'echo "apt-get $*"\n')
    environment.pop("PG_CONFIG", None)
    if pg_config == "own_server":
        stub(stubs, "own_server", "echo /opt/postgresql/bin\n")
    if pg_config:
        environment["PG_CONFIG"] = pg_config
    done = run(ROOT / "deps.sh", "without-page", env=environment)
    assert done.returncode == 0, done.stdout
    (install,) = [line.split() for line in done.stdout.splitlines() if line.startswith("apt-get install")]
    servers = {package for package in install if package.startswith("postgresql")}
    assert servers == (
        {
            f"postgresql-{wanted}",
            f"postgresql-{wanted}-cron",
            f"postgresql-{wanted}-pgtap",
            f"postgresql-plpython3-{wanted}",
            f"postgresql-server-dev-{wanted}",
        }
        if wanted
        else set()
    )
    assert {"build-essential", "libpq-dev", "debootstrap"} <= set(install) and "chromium" not in install


@pytest.mark.parametrize(
    ("pg_config", "said"),
    [
        (
            "/usr/lib/postgresql/14/bin/pg_config",
            "PostgreSQL 14 is too old, 15 is the oldest; name another by PG_CONFIG",
        ),
        ("/nowhere/pg_config", "there is no /nowhere/pg_config, which PG_CONFIG names"),
    ],
)
def test_a_server_that_cannot_be_had_is_said(tmp_path, pg_config, said):
    done = run(ROOT / "deps.sh", env=stub(tmp_path, "apt-get", "exit 99\n") | {"PG_CONFIG": pg_config})
    assert done.returncode == 1 and said in done.stdout


@only_root
def test_nothing_is_removed_while_something_is_mounted(copy):
    """Within mounts of its own, so that this test leaves none either."""
    inner = copy / "build/roots/any/dev"
    inner.mkdir(parents=True)
    (copy / "build/made").touch()
    done = run(
        "unshare",
        "--mount",
        "--propagation",
        "private",
        "sh",
        "-c",
        'mount -t tmpfs here "$1/build/roots/any/dev" && touch "$1/build/roots/any/dev/null" && ! make -C "$1" '
        'clean && ls "$1/build/roots/any/dev" "$1/build"',
        "sh",
        copy,
    )
    assert done.returncode == 0, done.stdout
    assert (
        f"{inner} is mounted" in done.stdout and "null" in done.stdout.split("\n") and "made" in done.stdout.split("\n")
    )
    cleaned = run("make", "-C", copy, "clean")
    assert cleaned.returncode == 0 and not (copy / "build").exists(), cleaned.stdout


@only_root
def test_a_mount_is_seen_below_a_folder_and_not_next_to_it(tmp_path):
    look = (
        'cd "$1" && mkdir -p "one two/three" onetwo && mount -t tmpfs here "one two/three"; '
        'for folder in "one two" "one two/three" onetwo one .; do '
        '"$2" "$folder" >/dev/null 2>&1; printf "%s " $?; done'
    )
    done = run(
        "unshare",
        "--mount",
        "--propagation",
        "private",
        "sh",
        "-c",
        look,
        "sh",
        tmp_path,
        ROOT / "test/debian/nothing_mounted.sh",
    )
    assert done.stdout == "1 1 0 0 1 ", done.stdout


@only_root
@pytest.mark.parametrize("broken", ["forky", "trixie"])
def test_only_the_next_release_may_be_left_out(tmp_path, copy, broken):
    """With one release's mirror broken; where the other's root is there, what runs in it is a stub."""
    environment = stub(
        tmp_path / "stubs",
        "debootstrap",
        f'case "$*" in *" {broken} "*) echo "E: Failed getting release file"; exit 1 ;; esac\n'
        'for root; do case $root in */roots/*) mkdir -p "$root/etc/apt/apt.conf.d" "$root/usr/sbin" ;; esac; done\n',
    )
    stub(
        tmp_path / "stubs",
        "unshare",
        'case "$*" in *" debootstrap "*) while [ "$1" != debootstrap ]; do shift; done; exec "$@" ;; '
        'esac\necho "ran $*"\n',
    )
    done = run(copy / "test/debian/check.sh", env=environment)
    skipped = "SKIP next-debian Failed getting release file\n"
    ran = [line.split()[-3:] for line in done.stdout.splitlines() if line.startswith("ran ") and "suites.sh" in line]
    if broken == "forky":
        assert done.returncode == 0 and skipped in done.stdout, done.stdout
        assert ran == [["inside", "trixie", "test/debian/suites.sh"]]
    else:
        assert (
            done.returncode != 0 and "E: Failed getting release file" in done.stdout and skipped not in done.stdout
        ), done.stdout


@only_root
def test_a_machine_without_mounts_is_no_reason_to_leave_anything_out(tmp_path, copy):
    done = run(copy / "test/debian/check.sh", env=stub(tmp_path / "stubs", "unshare", "exit 1\n"))
    assert (
        done.returncode == 1
        and "this machine lets root make no mounts of its own" in done.stdout
        and "SKIP" not in done.stdout
    ), done.stdout


def test_the_mirror_is_the_machines(copy):
    """No address of a mirror stands in the project."""
    for path in [copy / "deps.sh", copy / "Makefile", copy / ".ci/run", *(copy / "test/debian").iterdir()]:
        assert "://" not in path.read_text(), path


def test_a_user_other_than_root_gets_a_message(copy):
    as_nobody = ["setpriv", "--reuid=65534", "--clear-groups"] if os.getuid() == 0 else []
    done = run(
        *as_nobody,
        "bash",
        "-c",
        (copy / "test/debian/check.sh").read_text().replace('cd "$(dirname "$0")/../.."', "cd /"),
    )
    assert done.returncode == 1 and "only root can make and enter a root of Debian" in done.stdout


@pytest.mark.parametrize(
    ("failing", "ran"),
    [(None, ["check", "check-versions"]), ("check", ["check"]), ("check-versions", ["check", "check-versions"])],
)
def test_ci_ends_with_the_totals_and_the_status_of_what_failed(tmp_path, copy, failing, ran):
    totals = [
        "[  PASSED  ] 98 tests.",
        "Files=12, Tests=1337, 31 wallclock secs",
        "1 failed, 14 passed, 2 skipped in 48.62s",
        "=== 9 passed in 61.00s (0:01:01) ===",
        "web: 80 passed, 0 failed in 90 s",
        "SKIP docker-build no Docker engine",
    ]
    (tmp_path / "said").write_text("\n".join(["a compiler's line", *totals, "test_x.py: 3 passed over", ""]))
    done = run(
        copy / ".ci/run",
        env=stub(tmp_path / "stubs", "make", f'cat {tmp_path}/said\n[ "$1" != "{failing}" ] || exit 2\n'),
    )
    said = done.stdout.splitlines()
    assert said[said.index("Totals:") + 1 :] == [line for target in ran for line in (f"make {target}:", *totals)]
    assert said.count("a compiler's line") == len(ran)
    assert done.returncode == (2 if failing else 0)
