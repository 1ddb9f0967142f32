"""The workflow that deploys: it installs what make vercel needs, builds without a secret, deploys what was built."""

import pathlib
import re
import subprocess

import yaml

from debian_packages import declared

ROOT = pathlib.Path(__file__).parents[3]
FILE = ROOT / ".github/workflows/deploy.yml"
WORKFLOW = yaml.load(FILE.read_text(), yaml.BaseLoader)
STEPS = WORKFLOW["jobs"]["deploy"]["steps"]
RUNS = {step["name"]: step["run"] for step in STEPS if "run" in step}


def test_it_starts_by_hand_alone_and_may_only_read():
    assert list(WORKFLOW["on"]) == ["workflow_dispatch"]
    assert WORKFLOW["permissions"] == {"contents": "read"}


def test_only_the_deployment_has_a_secret():
    assert [step.get("name") for step in STEPS if "secrets." in str(step)] == ["Deploy"]
    assert STEPS[-1]["name"] == "Deploy"
    assert "env" not in WORKFLOW and "env" not in WORKFLOW["jobs"]["deploy"]
    assert not [name for name, run in RUNS.items() if "secrets." in run]


def test_it_installs_what_the_build_needs():
    install = RUNS["Install what the build needs"].replace("\\\n", " ")
    words = re.search(r"apt-get install (.*)", install).group(1).split()
    packages = {word for word in words if not word.startswith("-")}
    assert packages - {"nodejs", "npm"} <= declared()
    dockerfile = (ROOT / "deploy/timesheetd/Dockerfile").read_text()
    build = re.search(r"build-essential [^\n]*", dockerfile).group().rstrip("\\ ").split()
    assert set(build) <= packages


def test_it_deploys_what_make_vercel_builds_by_the_command_that_it_prints():
    assert RUNS["Build the bundle and what Vercel takes"] == "make vercel"
    said = subprocess.run(["make", "-n", "vercel"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    assert "deploy/vercel/build.sh" in said
    command = re.search(r"node \S*vc\.js deploy .*", RUNS["Deploy"]).group()
    printed = (ROOT / "deploy/vercel/build.sh").read_text()
    assert "node $cli deploy --prebuilt --prod" in printed
    assert command == "node ../../deploy/vercel/node_modules/vercel/dist/vc.js deploy --prebuilt --prod --yes"
