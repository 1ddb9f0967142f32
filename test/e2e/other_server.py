"""Another server beside the one that the tests share: nobody's roles are on it,
and its pg_cron is one module's alone."""

import os
import pathlib
import subprocess

import psycopg
import pytest

from conftest import SUPERUSER_URI

CLUSTER = pathlib.Path(__file__).parents[1] / "cluster.sh"


def shared_stage():
    """Where the server that the tests share finds extensions beside its own, as cluster.sh told it."""
    with psycopg.connect(SUPERUSER_URI) as db:
        folder, path = db.execute(
            "SELECT current_setting('extension_destdir', true), current_setting('extension_control_path', true)"
        ).fetchone()
    if path and path != "$system":
        share = subprocess.run(
            [os.environ.get("PG_CONFIG", "pg_config"), "--sharedir"], check=True, stdout=subprocess.PIPE, text=True
        ).stdout.strip()
        folder = path.split(":")[0].removesuffix(share)
    return folder


class OtherServer:
    """Its one database is timesheet, with pg_cron; the owner is timesheet, as on the server that the tests share."""

    def __init__(self, folder):
        stage = shared_stage()
        self.folder = folder
        self.uri = self.run("scratch", *([stage] if stage else []))
        self.superuser_uri = self.run("uri", "postgres")

    def run(self, command, *arguments):
        return subprocess.run(
            [CLUSTER, command, self.folder, *arguments], check=True, stdout=subprocess.PIPE, text=True
        ).stdout.strip()


@pytest.fixture(scope="module")
def other_server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    try:
        yield OtherServer(folder)
    finally:
        subprocess.run([CLUSTER, "stop", folder], check=True)
