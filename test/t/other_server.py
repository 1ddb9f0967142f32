"""Another server beside the one that the tests share: nobody's roles are on it, and its pg_cron is one module's alone."""

import pathlib
import subprocess

import psycopg
import pytest

from conftest import SUPERUSER_URI

CLUSTER = pathlib.Path(__file__).parents[1] / "cluster.sh"


class OtherServer:
    """Its one database is timesheet, with pg_cron; the owner is timesheet, as on the server that the tests share."""

    def __init__(self, folder):
        with psycopg.connect(SUPERUSER_URI) as db:
            stage, = db.execute("SHOW extension_destdir").fetchone()
        self.folder = folder
        self.uri = self.run("start", *([stage] if stage else []))
        self.superuser_uri = self.run("uri", "postgres")

    def run(self, command, *arguments):
        return subprocess.run([CLUSTER, command, self.folder, *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


@pytest.fixture(scope="module")
def other_server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    try:
        yield OtherServer(folder)
    finally:
        subprocess.run([CLUSTER, "stop", folder], check=True)
