"""The files of sql/, and how they are applied without timesheetd."""

import json
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).parents[2]
VERSION = json.loads((ROOT / "META.json").read_text())["version"]
STEPS = {int(path.name[:4]): path for path in sorted((ROOT / "sql/schema").glob("*.sql"))}
FUNCTIONS = sorted((ROOT / "sql/functions").glob("*/*.sql"))
PSQL = ["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "--single-transaction"]


def assembled(*options, sql=ROOT / "sql"):
    """What sql/functions/assemble.sh prints: the text of all functions, or the list of their files, or their hash."""
    return subprocess.run(
        [sql / "functions/assemble.sh", *options], check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def apply_steps(uri, through=9999, sql=ROOT / "sql"):
    """Applies the steps by psql, up to that one."""
    for path in sorted((sql / "schema").glob("*.sql")):
        if int(path.name[:4]) <= through:
            subprocess.run([*PSQL, "-f", path, uri], check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def apply_everything(uri, sql=ROOT / "sql"):
    """As test/apply_sql.sh does: what something else than timesheetd would."""
    apply_steps(uri, sql=sql)
    subprocess.run([*PSQL, "-f", "-", uri], input=assembled(sql=sql), check=True, stdout=subprocess.PIPE, text=True)
