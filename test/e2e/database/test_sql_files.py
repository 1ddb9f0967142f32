"""sql/ as a set of files: steps that stand for themselves, functions complete in themselves,
and one place that says their order."""

import re
import shutil
import subprocess

import psycopg
import pytest

from conftest import Daemon
from sql_files import FUNCTIONS, ROOT, STEPS, assembled

OURS = r"timesheet(?:_client)?\.\w+"


def code(text):
    """Without comments and COMMENT ON."""
    return re.sub(r"--[^\n]*", "", re.sub(r"^COMMENT ON .*?';$", "", text, flags=re.MULTILINE | re.DOTALL))


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(ROOT / "sql", tmp_path / "sql")
    shutil.copy(ROOT / "META.json", tmp_path)
    return tmp_path / "sql"


def refusal(copy, command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert done.returncode != 0
    return done.stderr


@pytest.mark.parametrize(
    "command", [["assemble.sh"], ["assemble.sh", "--list"], ["assemble.sh", "--sha256"], ["embed"]], ids=" ".join
)
@pytest.mark.parametrize(
    "fault, said",
    [
        ("missing", "sql/functions/order does not list reports/new.sql"),
        ("absent", "sql/functions/order lists explain/explain.sql, which is not there"),
        ("twice", "sql/functions/order lists explain/explain.sql twice"),
    ],
)
def test_a_file_that_the_order_lacks_or_that_it_lacks_stops_all_who_read_it(copy, command, fault, said):
    if fault == "missing":
        (copy / "functions/reports/new.sql").write_text("SELECT 1;\n")
    elif fault == "absent":
        (copy / "functions/explain/explain.sql").unlink()
    else:
        with (copy / "functions/order").open("a") as order:
            order.write("explain/explain.sql\n")
    script = (
        [ROOT / "daemon/embed_sql.sh", copy]
        if command == ["embed"]
        else [copy / "functions" / command[0], *command[1:]]
    )
    assert said in refusal(copy, ["sh", *script])


def test_a_step_that_leaves_a_number_out_stops_the_build(copy):
    (copy / "schema/0004_entries.sql").rename(copy / "schema/0104_entries.sql")
    assert "number the steps one by one" in refusal(copy, ["sh", ROOT / "daemon/embed_sql.sh", copy])


def test_each_step_names_its_release_and_records_itself_by_its_own_name():
    """make supabase makes the timestamp of the release, so it never moves, and never goes back."""
    releases = []
    for version, path in STEPS.items():
        lines = path.read_text().rstrip("\n").splitlines()
        releases.append([int(n) for n in re.fullmatch(r"-- Release: (\d+)\.(\d+)\.(\d+)", lines[0]).groups()])
        assert (
            lines[-1] == f"INSERT INTO timesheet.schema_migrations (version, name) VALUES ({version}, '{path.stem}');"
        )
    current = [int(n) for n in re.search(r'"version": "(.*?)"', (ROOT / "META.json").read_text()).group(1).split(".")]
    assert list(STEPS) == list(range(1, len(STEPS) + 1)) and releases == sorted(releases) and releases[-1] <= current


def test_a_step_refers_to_no_function_and_makes_none():
    """Functions are applied after all steps, and their text changes: a CHECK,
    a default or an index by one would not follow."""
    made = {
        name
        for path in FUNCTIONS
        for name in re.findall(rf"^CREATE OR REPLACE (?:FUNCTION|PROCEDURE) ({OURS})", path.read_text(), re.MULTILINE)
    }
    assert len(made) > 180
    for path in STEPS.values():
        text = code(path.read_text())
        assert not re.search(
            r"CREATE (OR REPLACE )?(FUNCTION|PROCEDURE|TRIGGER)|CASCADE(?<!ON DELETE CASCADE)", text
        ), path.name
        text = re.sub(rf"^DROP (FUNCTION|PROCEDURE) IF EXISTS {OURS}\([^()]*\);$", "", text, flags=re.MULTILINE)
        called = set(re.findall(rf"({OURS})\(", re.sub(r"HINT = '[^']*'(\s*'[^']*')*", "", text)))
        assert called & made == set(), path.name


def test_each_file_of_functions_is_complete_in_itself():
    """What it makes, it replaces, comments, and gives to those who may have it; nothing else stands in it,
    and nothing is made twice."""
    seen = set()
    for path in FUNCTIONS:
        text = path.read_text()
        outside = re.sub(r"\$(\w*)\$.*?\$\1\$", "$$", text, flags=re.DOTALL)
        made = re.findall(rf"^CREATE OR REPLACE (FUNCTION|PROCEDURE|VIEW) ({OURS})", outside, re.MULTILINE)
        given = re.findall(
            rf"^CALL timesheet\.set_grants\(\s*'(FUNCTION|PROCEDURE|TABLE|SCHEMA) ({OURS}|timesheet\w*)",
            outside,
            re.MULTILINE,
        )
        statements = re.findall(r"^([A-Z]+(?: OR REPLACE)?(?: [A-Z]+)?) ", code(outside), re.MULTILINE)
        assert {s for s in statements if s.startswith("CREATE")} <= {
            f"CREATE OR REPLACE {kind}" for kind in ("FUNCTION", "PROCEDURE", "VIEW", "TRIGGER")
        }, path
        assert not re.search(
            r"^(ALTER|DROP|GRANT|REVOKE|INSERT|UPDATE|DELETE|DO)\b|\bCASCADE\b", code(outside), re.MULTILINE
        ), path
        if path.name != "table_grants.sql":
            assert made and [("TABLE" if kind == "VIEW" else kind, name) for kind, name in made] == given, path
        for kind, name in made:
            assert (kind, name) not in seen and re.search(
                rf"^COMMENT ON {kind} {re.escape(name)}\b", outside, re.MULTILINE
            ), (path, name)
            stems = (name.split(".")[1], name.split(".")[1].removesuffix("_rows"))
            assert path.stem in stems or path.stem == "require_every_row", (path, name)
            seen.add((kind, name))
        for function in re.findall(
            rf"^CREATE OR REPLACE TRIGGER .*?EXECUTE FUNCTION ({OURS})\(", outside, re.MULTILINE | re.DOTALL
        ):
            assert ("FUNCTION", function) in made, path


def test_the_server_has_what_the_files_make_and_nothing_else(new_database):
    uri = new_database()
    Daemon(uri).must("migrate")
    made = {
        (kind, name)
        for path in FUNCTIONS
        for kind, name in re.findall(
            rf"^CREATE OR REPLACE (FUNCTION|PROCEDURE|VIEW) ({OURS})", path.read_text(), re.MULTILINE
        )
    }
    with psycopg.connect(uri) as db:
        there = set(
            db.execute(
                """
            SELECT CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, n.nspname || '.' || p.proname
            FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
            JOIN pg_language AS l ON l.oid = p.prolang WHERE n.nspname ~ '^timesheet' AND l.lanname <> 'c'
            UNION ALL SELECT 'VIEW', n.nspname || '.' || c.relname FROM pg_class AS c
            JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE n.nspname ~ '^timesheet' AND c.relkind = 'v' AND c.relname !~ '_lock$'"""
            )
        )
        assert there == made
        assert db.execute("SELECT sha256 FROM timesheet.applied_functions").fetchone() == (
            assembled("--sha256").strip(),
        )


def test_the_order_names_each_file_once():
    assert sorted(assembled("--list").split()) == sorted(
        str(path.relative_to(ROOT / "sql/functions")) for path in FUNCTIONS
    )


def test_no_function_is_longer_than_60_lines():
    """One that is has more than one concept; each of them is a function with a file of its own.

    sql_events() is one: how a session ends, step by step as docs/rules.md has it.
    """
    long = {
        path.stem
        for path in FUNCTIONS
        for body in re.findall(r"\$(\w*)\$\n(.*?)\$\1\$", path.read_text(), re.DOTALL)
        if body[1].count("\n") > 60
    }
    assert long <= {"sql_events"}
