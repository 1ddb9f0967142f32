"""The workflow that deploys: it installs what make vercel needs, builds without a secret, deploys what was built."""

import os
import pathlib
import re
import shutil
import subprocess

import yaml

from debian_packages import declared

ROOT = pathlib.Path(__file__).parents[3]
FILE = ROOT / ".github/workflows/deploy.yml"
WORKFLOW = yaml.load(FILE.read_text(), yaml.BaseLoader)
JOBS = WORKFLOW["jobs"]
BUILD, DEPLOY = (JOBS[name]["steps"] for name in ("build", "deploy"))
RUNS = {step["name"]: step["run"] for step in BUILD + DEPLOY if "run" in step}


def action(steps, name):
    (step,) = [step for step in steps if step.get("uses", "").startswith(f"actions/{name}@")]
    return step


def test_it_starts_by_hand_alone_and_may_only_read():
    assert list(WORKFLOW["on"]) == ["workflow_dispatch"]
    assert WORKFLOW["permissions"] == {"contents": "read"}


def test_the_build_has_no_secret_and_no_environment_that_has_one():
    assert list(JOBS) == ["build", "deploy"]
    assert "secrets" not in str(JOBS["build"]) and "environment" not in JOBS["build"]
    assert "env" not in WORKFLOW and "env" not in JOBS["build"]


def test_only_the_last_step_of_the_deployment_has_the_secret():
    assert (JOBS["deploy"]["needs"], JOBS["deploy"]["environment"]) == ("build", "vercel")
    assert "env" not in JOBS["deploy"]
    *others, last = DEPLOY
    assert last["name"] == "Deploy" and "secrets" not in str(others)
    assert [name for name, value in last["env"].items() if "secrets." in value] == ["VERCEL_TOKEN"]
    assert not [name for name, run in RUNS.items() if "secrets" in run]


def test_where_the_secret_is_nothing_is_built_and_no_package_runs_a_script():
    assert not [run for run in (step.get("run", "") for step in DEPLOY) if "make" in run or "npm" in run]
    (install,) = [step for step in DEPLOY if "install_packages" in step.get("run", "")]
    assert re.search(r"install_packages .*", install["run"]).group() == "install_packages ../deploy/vercel"
    assert install["env"] == {"npm_config_ignore_scripts": "true"}
    node = subprocess.run(
        ["npm", "config", "get", "ignore-scripts"],
        env={**os.environ, **install["env"]},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert node.stdout.strip() == "true"


def test_every_action_is_named_by_its_commit():
    uses = [step["uses"] for step in BUILD + DEPLOY if "uses" in step]
    assert len(uses) == 4 and all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", use) for use in uses)


def test_what_was_built_comes_to_the_deployment_as_it_was(tmp_path):
    upload, download = action(BUILD, "upload-artifact")["with"], action(DEPLOY, "download-artifact")["with"]
    assert upload["name"] == download["name"] and "path" not in download
    built, there = tmp_path / "built/build/vercel", tmp_path / "there"
    (built / ".vercel/output/functions/a.func").mkdir(parents=True)
    (built / ".vercel/project.json").write_text("the link of another machine")
    (built / "vercel.json").write_text("{}")
    program = built / ".vercel/output/functions/a.func/program"
    program.write_text("")
    program.chmod(0o755)
    (built / ".vercel/output/functions/b.func").symlink_to("a.func")
    there.mkdir()
    subprocess.run(["bash", "-e", "-c", RUNS["Pack what was built"]], cwd=tmp_path / "built", check=True)
    shutil.copy(tmp_path / "built" / upload["path"], there)
    subprocess.run(["bash", "-e", "-c", RUNS["Unpack what was built"]], cwd=there, check=True)
    output = there / "build/vercel/.vercel/output/functions"
    assert (output / "a.func/program").stat().st_mode & 0o777 == 0o755
    assert (output / "b.func").readlink() == pathlib.Path("a.func")
    assert (there / "build/vercel/vercel.json").read_text() == "{}"
    assert not (there / "build/vercel/.vercel/project.json").exists()


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


def test_each_project_is_deployed_to_with_its_own_id(tmp_path):
    cli = tmp_path / "deploy/vercel/node_modules/vercel/dist/vc.js"
    for folder in (cli.parent, tmp_path / "web", tmp_path / "build/vercel"):
        folder.mkdir(parents=True)
    shutil.copy(ROOT / "web/node.sh", tmp_path / "web")
    (tmp_path / "node").write_text('#!/bin/sh\necho "$VERCEL_ORG_ID $VERCEL_PROJECT_ID ${PWD##*/} $*"\n')
    (tmp_path / "node").chmod(0o755)  # is asked for its version too, and is new enough

    def deploy(projects):
        path = f"{tmp_path}:{os.environ['PATH']}"
        environment = {"PATH": path, "VERCEL_ORG_ID": "team_1", "VERCEL_PROJECT_IDS": projects}
        bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", RUNS["Deploy"]]
        return subprocess.run(bash, cwd=tmp_path, env=environment, capture_output=True, text=True)

    done = deploy("prj_1 prj_2")
    assert done.returncode == 0, done.stderr
    command = "../../deploy/vercel/node_modules/vercel/dist/vc.js deploy --prebuilt --prod --yes"
    expected = [f"team_1 {project} vercel {command}" for project in ("prj_1", "prj_2")]
    assert done.stdout.splitlines()[-2:] == expected
    refused = deploy("")
    assert refused.returncode == 1 and "VERCEL_PROJECT_IDS names no project" in refused.stderr
