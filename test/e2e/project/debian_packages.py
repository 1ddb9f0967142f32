"""Packages of Debian: those that deps.sh installs,
and those of this release that another one names with other versions."""

import pathlib
import re
import subprocess

DEPS = pathlib.Path(__file__).parents[3] / "deps.sh"


def declared():
    """What deps.sh installs besides the server and what the page needs."""
    return set(re.search(r"^packages=\((.*?)\$\{version:", DEPS.read_text(), re.MULTILINE | re.DOTALL).group(1).split())


def stem(package):
    """libcurl4 of Debian 12 is libcurl4t64 in 13, libspdlog1.10 is libspdlog1.15."""
    return re.sub(r"[\d.]+(t64)?$", "", package)


def installed_here(packages):
    """What this machine has of them, by the names of its own release; one that it lacks is an error."""
    said = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n"], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    have = [line.split()[1] for line in said.splitlines() if line.startswith("installed ")]
    own = {
        package: [package] if package in have else [name for name in have if stem(name) == stem(package)]
        for package in packages
    }
    assert all(own.values()), own
    return {name for names in own.values() for name in names}
