"""The block of logins in docs/roles.md: run as it stands, and what each limit in it ends."""

import pathlib
import re
import time
import uuid

import psycopg
import pytest

from conftest import SUPERUSER_URI
from logins import OURS
from sql_files import STEPS

pytestmark = pytest.mark.every_server

ROOT = pathlib.Path(__file__).parents[3]
BLOCK = re.search(
    r"^DO \$\$\nDECLARE\n.*?^\$\$;$", (ROOT / "docs/roles.md").read_text(), re.MULTILINE | re.DOTALL
).group(0)
LOGINS = {
    "bi": "timesheet_reader",
    "bluefin": "timesheet_client",
    "dashboard": "timesheet_reader",
    "unsubscribe": "timesheet_unsubscribe",
    "poller": "timesheet_ingest",
    "operator": "timesheet_operator",
    "portal": "timesheet_portal",
}


class Logins:
    """The block's logins under names of their own, as roles belong to the whole server."""

    def __init__(self, uri, *changes):
        self.tag = uuid.uuid4().hex[:8]
        self.server = uri.split("@", 1)[1]
        self.block = BLOCK
        for limit, other in changes:
            assert limit in self.block
            self.block = self.block.replace(limit, other)
        for name in LOGINS:
            self.block = self.block.replace(f"('{name}',", f"('{self.name(name)}',")

    def name(self, login):
        return f"test_{login}_{self.tag}"

    def make(self, db):
        db.execute(self.block)

    def connect(self, login):
        return psycopg.connect(f"postgresql://{self.name(login)}:x@{self.server}", autocommit=True)


@pytest.fixture(scope="module")
def uri(migrated_database):
    return migrated_database()


@pytest.fixture
def logins(uri):
    made = []

    def make(*changes):
        its = Logins(uri, *changes)
        made.append(its)
        with psycopg.connect(SUPERUSER_URI, autocommit=True) as db:
            its.make(db)
            its.make(db)  # again is safe
            for login in LOGINS:
                db.execute(f"ALTER ROLE {its.name(login)} PASSWORD 'x'")
        return its

    yield make
    with psycopg.connect(SUPERUSER_URI, autocommit=True) as db:
        for its in made:
            for login in LOGINS:
                db.execute(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s",
                    (its.name(login),),
                )
                db.execute(f"DROP ROLE {its.name(login)}")


def test_each_login_has_its_role_and_the_limits_that_stand_there(logins):
    its = logins()
    version = psycopg.connect(SUPERUSER_URI).info.server_version
    for login, role in LOGINS.items():
        (written,) = re.findall(rf"\('{login}', '{role}', (\d+, '.*?')\)", BLOCK, re.DOTALL)
        limits = dict(each.split("=") for each in re.findall(r"\w+=\w+", written))
        assert len(limits) >= 4
        with its.connect(login) as db:
            assert db.execute(
                "SELECT r.rolname FROM pg_auth_members AS m JOIN pg_roles AS r ON r.oid = m.roleid "
                "WHERE m.member = current_user::regrole"
            ).fetchall() == [(role,)]
            assert db.execute("SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user").fetchone() == (
                int(written.split(",")[0]),
            )
            for name, value in limits.items():
                if name != "transaction_timeout" or version >= 170000:
                    assert db.execute("SELECT current_setting(%s)", (name,)).fetchone() == (value,), (login, name)


def test_a_query_that_runs_too_long_waits_too_long_or_takes_too_much_space_is_ended(logins):
    its = logins(
        ("statement_timeout=30s", "statement_timeout=300ms"),
        ("temp_file_limit=1GB", "temp_file_limit=1MB"),
        ("work_mem=16MB", "work_mem=64kB"),
        ("lock_timeout=5s", "lock_timeout=50ms"),
    )
    with its.connect("bi") as db, psycopg.connect(
        SUPERUSER_URI.rsplit("/", 1)[0] + "/" + its.server.rsplit("/", 1)[1]
    ) as owner:
        with pytest.raises(psycopg.errors.QueryCanceled):
            db.execute("SELECT pg_sleep(20)")
        with pytest.raises(psycopg.errors.ConfigurationLimitExceeded, match="temp_file_limit"):
            db.execute(
                "SELECT max(n) FROM (SELECT n FROM generate_series(1, 100000) AS n ORDER BY n DESC OFFSET 1) AS t"
            )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("SET temp_file_limit = -1")
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            db.execute("CREATE TEMP TABLE mine AS SELECT 1; CREATE TABLE public.mine ()")
        owner.execute("LOCK TABLE timesheet.time_entries")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            db.execute("SELECT count(*) FROM timesheet.time_entries")
        owner.rollback()
        assert db.execute("SELECT count(*) FROM timesheet.time_entries").fetchone() == (0,)


def test_a_connection_too_many_is_refused_and_the_other_logins_have_theirs(logins):
    its = logins(("'timesheet_reader', 5,", "'timesheet_reader', 2,"))
    with its.connect("bi"), its.connect("bi"):
        with pytest.raises(psycopg.OperationalError, match="too many connections"):
            its.connect("bi")
        its.connect("dashboard").close()


def test_who_sits_in_a_transaction_or_does_nothing_is_sent_away(logins):
    its = logins(
        ("idle_in_transaction_session_timeout=30s", "idle_in_transaction_session_timeout=100ms"),
        ("idle_session_timeout=10min", "idle_session_timeout=100ms"),
    )
    with its.connect("bi") as sitting, its.connect("dashboard") as idle, its.connect("poller") as poller:
        sitting.execute("BEGIN")
        poller.execute("BEGIN")  # as it holds its lock
        time.sleep(0.5)
        with pytest.raises(psycopg.Error, match="idle-in-transaction timeout"):
            sitting.execute("SELECT 1")
        with pytest.raises(psycopg.Error, match="idle-session timeout"):
            idle.execute("SELECT 1")
        assert poller.execute("SELECT 1").fetchone() == (1,)


def test_a_role_that_is_no_superuser_sets_what_it_may_and_gets_a_notice_of_the_rest(uri):
    its = Logins(uri)
    with psycopg.connect(SUPERUSER_URI) as db:
        notices = []
        db.add_notice_handler(lambda notice: notices.append(notice.message_primary))
        maker = f"test_maker_{its.tag}"
        db.execute(f"CREATE ROLE {maker} CREATEROLE")
        for role in set(LOGINS.values()):
            db.execute(f"GRANT {role} TO {maker} WITH ADMIN OPTION")
        db.execute(f"SET LOCAL ROLE {maker}")
        its.make(db)
        (settings,) = db.execute(
            "SELECT setconfig::text FROM pg_db_role_setting WHERE setrole = %s::regrole", (its.name("bi"),)
        ).fetchone()
        db.rollback()
    assert "statement_timeout=30s" in settings and "temp_file_limit" not in settings
    assert f"temp_file_limit of {its.name('bi')} is left as it is: a superuser may set it" in notices


def test_one_login_of_a_role_sees_and_ends_nothing_of_anothers(logins):
    its = logins()
    with its.connect("dashboard") as dashboard, its.connect("bi") as bi:
        dashboard.execute("SELECT 'what the dashboard asks'")
        pid = dashboard.info.backend_pid
        assert bi.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", (pid,)).fetchone() == (
            "<insufficient privilege>",
        )
        for end in ("pg_cancel_backend", "pg_terminate_backend"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                bi.execute(f"SELECT {end}(%s)", (pid,))
        assert dashboard.execute("SELECT 1").fetchone() == (1,)


ROLE_BLOCKS = [
    block
    for path in STEPS.values()
    for block in re.findall(r"^DO \$\$\n.*?^\$\$;$", path.read_text(), re.MULTILINE | re.DOTALL)
    if "CREATE ROLE timesheet_" in block
]


@pytest.mark.parametrize("role", [*OURS])
def test_no_role_that_a_step_makes_can_sign_in(uri, role):
    """Its members could end such sessions. The step's own block, with a name that is not there yet."""
    assert len(ROLE_BLOCKS) == 6
    (block,) = (each for each in ROLE_BLOCKS if f"CREATE ROLE {role};" in each)
    with psycopg.connect(SUPERUSER_URI.rsplit("/", 1)[0] + "/" + uri.rsplit("/", 1)[1]) as db:
        db.execute(block.replace(role, "timesheet_anew"))
        assert db.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'timesheet_anew'").fetchone() == (False,)
        db.rollback()
