"""make bundle: one folder that runs where there is nothing but name resolution and a temporary folder, over TLS with a
test authority; the same sources give the same bytes."""

import datetime
import filecmp
import os
import pathlib
import re
import shutil
import subprocess
from urllib.parse import urlsplit

import psycopg
import pytest

from airtable_peer import Airtable
from conftest import TIMESHEETD, Daemon, FakeJibble
from mail_peers import Resend
from tls_front import Authority, NameServer, TlsFront

ROOT = pathlib.Path(__file__).parents[3]
BUNDLE = ROOT / "build/bundle"
NAME_SERVER = "127.77.5.3"
NAMES = {part: f"{part}.example.test" for part in ("database", "jibble", "airtable", "mail")}
only_root = pytest.mark.skipif(os.getuid() != 0, reason="empty-root: only root changes the root folder")


@pytest.fixture(scope="module")
def bundle():
    subprocess.run(["make", "-s", "-C", ROOT, "bundle"], check=True)
    return BUNDLE


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_it_has_the_program_its_loader_its_libraries_and_the_authorities(bundle):
    found = files(bundle)
    assert [name for name in found if not name.startswith("lib/")] == ["bin/timesheetd", "share/ca-certificates.crt"]
    assert "lib/ld-linux-x86-64.so.2" in found
    assert all(re.fullmatch(r"lib/[\w.+-]+\.so[\w.+-]*", name) for name in found if name.startswith("lib/"))
    needed = {
        name
        for path in [bundle / name for name in found if name != "share/ca-certificates.crt"]
        for name in re.findall(
            r"NEEDED.*\[(.*)\]", subprocess.run(["readelf", "-d", path], stdout=subprocess.PIPE, text=True).stdout
        )
    }
    assert {f"lib/{name}" for name in needed} <= set(found)  # nothing is looked for elsewhere
    sections = subprocess.run(["readelf", "-SW", bundle / "bin/timesheetd"], stdout=subprocess.PIPE, text=True).stdout
    assert ".symtab" not in sections and ".debug_" not in sections
    assert sum(path.stat().st_size for path in bundle.rglob("*") if path.is_file()) < 40 << 20
    authorities = (bundle / "share/ca-certificates.crt").read_text()
    assert authorities.count("BEGIN CERTIFICATE") == authorities.count("END CERTIFICATE") > 100
    assert str(ROOT).encode() not in (bundle / "bin/timesheetd").read_bytes()


def test_the_same_sources_give_the_same_bytes(bundle, tmp_path):
    """Built a second time, in another folder and another order of work."""
    for part in ("daemon", "sql", "deploy/bundle"):
        shutil.copytree(ROOT / part, tmp_path / "other_place" / part)
    for part in ("META.json", "Makefile"):
        shutil.copy(ROOT / part, tmp_path / "other_place" / part)
    # Without what is for a debugger, which is not in the bundle.
    variables = {"PATH": os.environ["PATH"], "CXXFLAGS": "-O2"}
    subprocess.run(["make", "-s", "-j3", "-C", tmp_path / "other_place", "bundle"], env=variables, check=True)
    other = tmp_path / "other_place/build/bundle"
    assert files(other) == files(bundle)
    assert filecmp.cmpfiles(bundle, other, files(bundle), shallow=False)[1:] == ([], [])
    for name in files(bundle):
        one, two = (folder / name for folder in (bundle, other))
        assert (one.stat().st_mode, one.stat().st_mtime) == (two.stat().st_mode, two.stat().st_mtime)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def server(authority, tmp_path_factory):
    """A PostgreSQL that takes TLS, by its own certificate; the URI of a migrated database."""
    directory = tmp_path_factory.mktemp("cluster") / "cluster"
    stage = pathlib.Path(TIMESHEETD).parents[1] / "stage"

    def cluster(*arguments):
        return subprocess.run(
            [ROOT / "test/cluster.sh", *arguments], check=True, stdout=subprocess.PIPE, text=True
        ).stdout.strip()

    uri = cluster("scratch", directory, stage)
    try:
        owner = (directory / "data").stat()
        for source, name in zip(authority.certificate(NAMES["database"]), ("server.crt", "server.key")):
            target = directory / "data" / name
            shutil.copy(source, target)
            os.chown(target, owner.st_uid, owner.st_gid)
            target.chmod(0o600)
        with psycopg.connect(cluster("uri", directory, "postgres"), autocommit=True) as admin:
            admin.execute("ALTER SYSTEM SET ssl = on")
            admin.execute("SELECT pg_reload_conf()")
        Daemon(uri).must("migrate")
        with psycopg.connect(uri, autocommit=True) as db:  # a week is due as soon as it is over
            db.execute("UPDATE timesheet.settings SET digest_grace = '0', digest_time = '00:00'")
        yield uri
    finally:
        cluster("stop", directory)


@pytest.fixture(scope="module")
def services(authority, server, tmp_path_factory):
    """All that timesheetd talks to, by name and over TLS; what they were asked, and the environment that names them."""
    now = datetime.datetime.now(datetime.timezone.utc)
    jibble = FakeJibble(
        tmp_path_factory.mktemp("truth") / "truth.json", "--weeks", "4", "--now", now.strftime("%Y-%m-%dT%H:%M:%SZ")
    )
    group = jibble.admin("GET", "truth")["groups"][0]["id"]
    airtable = Airtable(
        "pat-1",
        "appBase",
        "Clients",
        [("rec1", {"Email": "ann@example.com", "Jibble Group ID": group})],
        fields=["Email", "Jibble Group ID"],
    )
    mail = Resend("key-1", requests_per_second=1000)
    fronts = {
        "jibble": TlsFront(authority, NAMES["jibble"], jibble.urls["port"]),
        "airtable": TlsFront(authority, NAMES["airtable"], urlsplit(airtable.url).port),
        "mail": TlsFront(authority, NAMES["mail"], urlsplit(mail.url).port),
    }
    environment = {
        "DATABASE_URL": server.replace("127.0.0.1", NAMES["database"]) + "?sslmode=verify-full",
        "JIBBLE_CLIENT_ID": "demo",
        "JIBBLE_CLIENT_SECRET": "demo-secret",
        "JIBBLE_REQUESTS_PER_SECOND": "1000",
        **{
            f"JIBBLE_{host.upper()}_URL": fronts["jibble"].url + urlsplit(jibble.urls[host]).path
            for host in ("identity", "workspace", "time_tracking", "time_attendance")
        },
        "AIRTABLE_TOKEN": "pat-1",
        "AIRTABLE_BASE_ID": "appBase",
        "AIRTABLE_API_URL": fronts["airtable"].url,
        "MAIL_PROVIDER": "resend",
        "MAIL_FROM": "Agency <hours@example.com>",
        "RESEND_API_KEY": "key-1",
        "RESEND_API_URL": fronts["mail"].url,
    }
    yield environment, mail
    for front in fronts.values():
        front.stop()
    airtable.stop()
    mail.stop()
    jibble.stop()


class EmptyRoot:
    """A folder with the bundle, the test authority, a temporary folder and name resolution, and no other file."""

    def __init__(self, folder, bundle, authority, environment, **resolution):
        self.folder, self.environment = folder, environment
        shutil.copytree(bundle, folder / "bundle")
        (folder / "etc").mkdir()
        (folder / "tmp").mkdir(mode=0o1777)
        shutil.copy(authority.file, folder / "authority.crt")
        for name, text in resolution.items():
            (folder / "etc" / name.replace("_", ".")).write_text(text)
        for path in (folder, *folder.parents):  # another user passes through
            if path.stat().st_uid == os.getuid() and path != pathlib.Path("/tmp") and path != pathlib.Path("/"):
                path.chmod(path.stat().st_mode | 0o055)

    def __call__(self, *arguments, authorities="/authority.crt", **environment):
        """Runs the bundle there as a user without rights, and with no variable but ours."""
        return subprocess.run(
            [
                "/usr/sbin/chroot",
                "--userspec=65534:65534",
                self.folder,
                "/bundle/lib/ld-linux-x86-64.so.2",
                "--inhibit-cache",
            ]
            + ["--library-path", "/bundle/lib", "/bundle/bin/timesheetd", *arguments],
            env=self.environment | {"SSL_CERT_FILE": authorities} | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
        )

    def must(self, *arguments, **environment):
        done = self(*arguments, **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done


@pytest.fixture
def empty_root(bundle, authority, services, tmp_path):
    return lambda **resolution: EmptyRoot(tmp_path / "root", bundle, authority, services[0], **resolution)


@pytest.fixture
def name_server():
    it = NameServer(NAME_SERVER, set(NAMES.values()))
    yield it
    it.stop()


@only_root
def test_in_an_empty_root_it_does_the_work_of_every_job(empty_root, services, server, name_server):
    root = empty_root(resolv_conf=f"nameserver {NAME_SERVER}\n")
    _, mail = services
    since = str(datetime.date.today() - datetime.timedelta(20))
    assert "sync finished: run 1, " in root.must("sync", "--since", since).stderr
    root.must("contacts", "--time-limit", "60")
    root.must("digest", "send", "--time-limit", "60")
    done = root.must("check")
    assert len(mail.mails) == 1 and mail.mails[0].to == ["ann@example.com"]
    with psycopg.connect(server) as db:
        assert db.execute("SELECT count(*) > 1000 FROM timesheet.time_entries").fetchone() == (True,)
        assert db.execute("SELECT state FROM timesheet.digests").fetchall() == [("sent",)]
        assert db.execute("SELECT is_stale FROM timesheet.feed_health").fetchone() == (False,)
    assert set(name_server.asked) >= set(NAMES.values())
    # It has written nothing, and the temporary folder is as it was.
    assert files(root.folder / "tmp") == [] and len(files(root.folder)) == len(files(BUNDLE)) + 2


@only_root
def test_a_hosts_file_is_name_resolution_too(empty_root):
    root = empty_root(hosts="".join(f"127.0.0.1 {name}\n" for name in NAMES.values()))
    root.must("sync", "--time-limit", "60")
    root.must("probe")


@only_root
@pytest.mark.parametrize(
    "authorities, says",
    [
        ("/bundle/share/ca-certificates.crt", "/bundle/share/ca-certificates.crt"),
        ("/no such file", "/no such file"),
    ],
    ids=["that do not know the service", "that are not there"],
)
def test_authorities_other_than_the_services_are_refused_by_name(empty_root, authorities, says):
    root = empty_root(hosts="".join(f"127.0.0.1 {name}\n" for name in NAMES.values()))
    # The database's certificate is checked by the same file, for verify-full.
    done = root("sync", authorities=authorities)
    assert done.returncode == 1 and "cannot connect to PostgreSQL" in done.stderr, done.stderr
    assert "certificate" in done.stderr
    # Without that, the connection is as safe as libpq's default makes it.
    unchecked = root.environment["DATABASE_URL"].replace("verify-full", "require")
    done = root("sync", authorities=authorities, DATABASE_URL=unchecked)
    assert done.returncode == 1, done.stderr
    assert f'the certificates in "{says}", which SSL_CERT_FILE names' in done.stderr, done.stderr


@only_root
def test_a_name_that_is_not_known_is_named(empty_root, name_server):
    root = empty_root(resolv_conf=f"nameserver {NAME_SERVER}\n")
    done = root("contacts", "--time-limit", "10", AIRTABLE_API_URL="https://no.example.test")
    assert done.returncode == 1 and "no.example.test" in done.stderr, done.stderr


def test_where_the_folder_cannot_be_made_it_says_why(bundle, tmp_path):
    done = subprocess.run(
        [ROOT / "deploy/bundle/bundle.sh", ROOT / "Makefile", tmp_path / "bundle"], stderr=subprocess.PIPE, text=True
    )
    assert done.returncode == 1 and f"{ROOT}/Makefile is no program that this machine can start" in done.stderr
    assert not (tmp_path / "bundle").exists()
