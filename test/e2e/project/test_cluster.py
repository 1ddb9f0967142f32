"""The private cluster starts below a closed directory, also where root's capabilities are few."""

import os
import pathlib
import subprocess

import pytest

CLUSTER = pathlib.Path(__file__).parents[2] / "cluster.sh"


@pytest.mark.skipif(os.getuid() != 0, reason="server-as-another-user: only root starts the server as somebody else")
@pytest.mark.parametrize("missing", ["-dac_read_search", "-sys_admin"])
def test_it_starts_below_a_closed_directory(tmp_path, missing):
    tmp_path.chmod(0o700)
    bounded = ["setpriv", f"--bounding-set={missing}", f"--inh-caps={missing}", CLUSTER]
    try:
        started = subprocess.run(
            [*bounded, "start", tmp_path / "cluster"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert started.returncode == 0, started.stderr
        asked = subprocess.run(
            ["psql", "-XAtc", "SELECT current_user", started.stdout.strip()], stdout=subprocess.PIPE, text=True
        )
        assert asked.stdout == "timesheet\n"
    finally:
        subprocess.run([*bounded, "stop", tmp_path / "cluster"], check=True)
