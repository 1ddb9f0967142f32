"""In a database of another encoding than UTF8 nothing is made, and everything says which statement helps."""

import subprocess
import uuid

import psycopg
import pytest

from conftest import SUPERUSER_URI, Daemon, uri_of
from sql_files import PSQL, STEPS

JIBBLE = {"JIBBLE_CLIENT_ID": "demo", "JIBBLE_CLIENT_SECRET": "demo", "JIBBLE_IDENTITY_URL": "http://127.0.0.1:1"}


@pytest.fixture(params=["SQL_ASCII", "LATIN1", "WIN1252", "EUC_JP"])
def database(request):
    """Its name and encoding."""
    name = "test_" + uuid.uuid4().hex
    with psycopg.connect(SUPERUSER_URI, autocommit=True) as db:
        db.execute(
            f"CREATE DATABASE {name} OWNER timesheet TEMPLATE template0 ENCODING '{request.param}' LC_COLLATE 'C' "
            "LC_CTYPE 'C'"
        )
        yield name, request.param
        db.execute(f"DROP DATABASE {name} WITH (FORCE)")


def schemas(uri):
    with psycopg.connect(uri, client_encoding="UTF8") as db:
        return db.execute("SELECT count(*) FROM pg_namespace WHERE nspname ~ '^timesheet'").fetchone()[0]


def expected(database):
    name, encoding = database
    return f'the encoding of database "{name}" is {encoding}, but timesheet needs UTF8; nothing was changed'


@pytest.mark.parametrize("command", ["migrate", "check", "sync", "digest send", "replay"])
def test_every_command_names_it_and_makes_nothing(database, command):
    uri = uri_of(database[0])
    done = Daemon(uri)(
        *command.split(), MAIL_PROVIDER="resend", RESEND_API_KEY="key", MAIL_FROM="a@example.com", **JIBBLE
    )
    said = done.stdout + done.stderr
    assert done.returncode == 1 and expected(database) in said, said
    assert "createdb -E UTF8 -T template0 -l C.UTF-8 NAME" in said and "run timesheetd migrate" not in said
    assert schemas(uri) == 0


def test_so_does_the_first_file_that_psql_applies(database):
    uri = uri_of(database[0])
    done = subprocess.run([*PSQL, "-f", STEPS[1], uri], stderr=subprocess.PIPE, text=True)
    assert done.returncode != 0 and expected(database) in done.stderr
    assert "createdb -E UTF8 -T template0 -l C.UTF-8 NAME" in done.stderr
    assert schemas(uri) == 0


def test_the_statement_helps(database):
    """On this server, with its own name in place of NAME."""
    name = "test_" + uuid.uuid4().hex
    said = Daemon(uri_of(database[0]))("migrate").stderr
    statement = said[said.index("createdb -E") : said.index(" NAME")].split()
    try:
        subprocess.run([*statement, "-O", "timesheet", "--maintenance-db", SUPERUSER_URI, name], check=True)
        Daemon(uri_of(name)).must("migrate")
    finally:
        with psycopg.connect(SUPERUSER_URI, autocommit=True) as db:
            db.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
