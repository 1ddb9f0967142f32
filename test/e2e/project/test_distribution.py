"""The distribution: META.json says what PGXN's specification asks for,
and the zip builds where only a server's headers are."""

import json
import os
import pathlib
import re
import subprocess
import zipfile

import pytest

ROOT = pathlib.Path(__file__).parents[3]
META = json.loads((ROOT / "META.json").read_text())
VERSION = r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z][0-9A-Za-z.-]*)?"
# The short names of licences in version 1.0.0 of the specification.
LICENSES = set(
    "agpl_3 apache_1_1 apache_2_0 artistic_1 artistic_2 bsd freebsd gfdl_1_2 gfdl_1_3 gpl_1 gpl_2 gpl_3 lgpl_2_1 "
    "lgpl_3_0 mit mozilla_1_0"
    " mozilla_1_1 openssl perl_5 postgresql qpl_1_0 ssleay sun zlib open_source restricted unrestricted unknown".split()
)
KEYS = set(
    (
        "name version abstract description maintainer license provides meta-spec generated_by tags prereqs "
        "no_index release_status resources"
    ).split()
)


def test_every_key_is_known_and_no_required_one_is_missing():
    assert {"name", "version", "abstract", "maintainer", "license", "provides", "meta-spec"} <= set(META) <= KEYS
    assert META["meta-spec"]["version"] == "1.0.0"
    assert re.fullmatch(r"[^\s/\\\x00-\x1f]{2,}", META["name"]) and META["name"] == "pg_timesheet"
    assert all(isinstance(META[key], str) and META[key] for key in ("abstract", "maintainer", "license"))
    assert META["license"] in LICENSES and "PostgreSQL Licence" in (ROOT / "LICENSE").read_text()
    assert all(isinstance(tag, str) and 0 < len(tag) < 256 for tag in META["tags"])


def test_versions_are_semantic():
    assert re.fullmatch(VERSION, META["version"])
    for phase, relations in META["prereqs"].items():
        assert phase in ("configure", "build", "test", "runtime", "develop")
        for relation, wanted in relations.items():
            assert relation in ("requires", "recommends", "suggests", "conflicts")
            assert all(
                re.fullmatch(rf"0|((>=|<=|==|!=|>|<) )?{VERSION}(, (>=|<=|==|!=|>|<) {VERSION})*", version)
                for version in wanted.values()
            )


def test_what_is_provided_is_an_extension_that_can_be_installed_at_its_version():
    for name, provided in META["provides"].items():
        assert {"file", "version"} <= set(provided) <= {"file", "version", "abstract", "docfile"}
        assert re.fullmatch(VERSION, provided["version"]) and provided["version"] == META["version"]
        assert (ROOT / provided["file"]).is_file() and (ROOT / provided["docfile"]).is_file()
        # From a whole script, through updates, to the version named.
        reached, steps = set(), [path.stem.split("--")[1:] for path in (ROOT / "extension/sql").glob(f"{name}--*.sql")]
        while new := {step[-1] for step in steps if (len(step) == 1 or step[0] in reached)} - reached:
            reached |= new
        assert provided["version"] in reached


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    environment = {key: value for key, value in os.environ.items() if key != "MAKEFLAGS"}
    made = subprocess.run(
        ["make", "-s", "dist"], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()
    assert pathlib.Path(made).name == f"pg_timesheet-{META['version']}.zip"
    folder = tmp_path_factory.mktemp("dist")
    with zipfile.ZipFile(made) as archive:
        for entry in archive.infolist():
            placed = archive.extract(entry, folder)
            if entry.external_attr >> 16 & 0o111:
                os.chmod(placed, 0o755)
    (only,) = folder.iterdir()
    assert only.name == f"pg_timesheet-{META['version']}"
    return only


def test_the_zip_has_what_a_reader_looks_for_at_its_top(unpacked):
    assert {"META.json", "README.md", "CHANGELOG.md", "LICENSE", "Makefile"} <= {
        path.name for path in unpacked.iterdir()
    }


def test_the_zip_builds_and_installs_the_extension_where_only_a_servers_headers_are(unpacked, tmp_path):
    environment = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "BUILD")}
    without = ["make", "-s", "PKG_CONFIG=false"]  # as if it knew no library of timesheetd's
    assert (
        "timesheetd is left out"
        in subprocess.run(without, cwd=unpacked, env=environment, check=True, stderr=subprocess.PIPE, text=True).stderr
    )
    subprocess.run(
        [*without, "install", f"DESTDIR={tmp_path}"], cwd=unpacked, env=environment, check=True, stderr=subprocess.PIPE
    )
    placed = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert placed == {"timesheet.so", "timesheet.control", *(path.name for path in (ROOT / "extension/sql").iterdir())}
    (control,) = tmp_path.rglob("timesheet.control")
    assert f"default_version = '{META['version']}'" in control.read_text()
