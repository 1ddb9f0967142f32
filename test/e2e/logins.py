"""Roles to test with. They belong to the whole server, on which other tests run at the same time."""

import time
import uuid

import psycopg
import pytest

from conftest import SUPERUSER_URI

OURS = {
    "timesheet_reader": "NOLOGIN",
    "timesheet_unsubscribe": "NOLOGIN",
    "timesheet_ingest": "NOLOGIN",
    "timesheet_operator": "NOLOGIN",
    "timesheet_client": "NOLOGIN",
    "timesheet_portal": "NOLOGIN",
}
APIS = ("anon", "authenticated", "service_role")  # as Supabase has them


def make_roles(superuser_uri=SUPERUSER_URI):
    """Makes our roles and those of an API, where they are missing; migrations cannot,
    as the tests' owner may make none."""
    with psycopg.connect(superuser_uri, autocommit=True) as db:
        for name, attribute in (OURS | dict.fromkeys(APIS, "NOLOGIN")).items():
            try:
                db.execute(f"CREATE ROLE {name} {attribute}")
            except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                pass


class Logins:
    """Roles that can sign in, for as long as the tests of a module run."""

    def __init__(self):
        self.made = []

    def __call__(self, uri, *member_of, options="LOGIN"):
        """A new role that is a member of these; returns its name and its URI for the database of `uri`."""
        name, password = "test_" + uuid.uuid4().hex, uuid.uuid4().hex
        with psycopg.connect(SUPERUSER_URI, autocommit=True) as db:
            db.execute(
                f"CREATE ROLE {name} {options} PASSWORD '{password}'"
                + (f" IN ROLE {', '.join(member_of)}" if member_of else "")
            )
        self.made.append(name)
        return name, f"postgresql://{name}:{password}@{uri.split('@', 1)[1]}"

    def drop(self):
        with psycopg.connect(SUPERUSER_URI, autocommit=True) as db:
            for name in self.made:
                # Temporary tables outlive a connection by the moment that their removal takes.
                for patience in range(50):
                    try:
                        db.execute(f"DROP ROLE {name}")
                        break
                    except psycopg.errors.DependentObjectsStillExist:
                        if patience == 49:
                            raise
                        time.sleep(0.1)


@pytest.fixture(scope="module")
def login():
    make_roles()
    it = Logins()
    yield it
    it.drop()
