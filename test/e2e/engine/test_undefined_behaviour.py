"""The native engine built so that undefined behaviour ends its process, before the values that invite it.

Address sanitizer would have to be loaded into the whole server, and Debian's does not start under it: a library of its
own (GnuTLS) then leaves glibc's message catalogues locked. test/unit runs the engine under it without a server.
"""

import os
import pathlib
import shutil
import subprocess
import sys

from conftest import TIMESHEETD

EXTENSION = pathlib.Path(__file__).parents[3] / "extension"
SANITIZE = "-fsanitize=undefined -fno-sanitize-recover=all"


def test_no_value_of_a_table_is_undefined_behaviour():
    copy = pathlib.Path(TIMESHEETD).parents[1] / "undefined" / "extension"
    shutil.rmtree(copy.parent, ignore_errors=True)
    shutil.copytree(EXTENSION, copy, ignore=shutil.ignore_patterns("*.o", "*.d", "*.so"))
    shutil.copy(EXTENSION.parent / "META.json", copy.parent)
    # The runtime is linked in: the server loads nothing else.
    subprocess.run(
        [
            "make",
            "-s",
            "-j2",
            "-C",
            copy,
            f"PG_CXXFLAGS=-std=c++17 -O0 -g0 -fvisibility=hidden {SANITIZE}",
            f"SHLIB_LINK={SANITIZE} -static-libubsan -lstdc++",
            "timesheet.so",
        ],
        check=True,
    )
    assert b"__ubsan_handle_add_overflow" in (copy / "timesheet.so").read_bytes()
    tests = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "e2e/engine/test_wrong_types.py",
            "e2e/engine/test_hostile_tables.py",
            "-k",
            "null or allow or one_row or extreme or ended_ages or order or new_session",
        ],
        env={**os.environ, "TIMESHEET_TEST_LIBRARY": str(copy / "timesheet.so")},
        stdout=subprocess.PIPE,
        text=True,
        cwd=EXTENSION.parent / "test",
    )
    assert tests.returncode == 0, tests.stdout
    assert int(tests.stdout.split(" passed")[0].split()[-1]) > 100
