"""A strict reader of OpenMetrics text (version 1.0.0), as far as gauges, infos, counters and state sets go: what
Prometheus would refuse is an error here."""

import re
from dataclasses import dataclass, field

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)')
SAMPLE = re.compile(rf'({NAME})(?:\{{((?:[^"}}]|"(?:[^"\\\n]|\\["\\n])*")*)\}})? (\S+)')
NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
SUFFIX = {"gauge": "", "info": "_info", "counter": "_total", "stateset": "", "unknown": ""}


@dataclass
class Family:
    kind: str = "unknown"
    help: str | None = None
    unit: str | None = None
    samples: dict = field(default_factory=dict)  # by the labels, as a sorted tuple of pairs

    def value(self, **labels):
        return self.samples[tuple(sorted(labels.items()))]


def unescaped(text):
    return re.sub(r'\\(["\\n])', lambda m: "\n" if m.group(1) == "n" else m.group(1), text)


def labels_of(text, line):
    labels, at = [], 0
    while at < len(text):
        found = LABEL.match(text, at)
        assert found, f"labels: {line}"
        assert found.group(1) not in dict(labels), f"a label twice: {line}"
        labels.append((found.group(1), unescaped(found.group(2))))
        at = found.end()
    assert not text.endswith(","), f"a comma at the end: {line}"
    return tuple(sorted(labels))


def parse(text):
    """{name: Family}"""
    assert text.endswith("# EOF\n") and text.count("# EOF") == 1, "it does not end with # EOF"
    assert "\r" not in text and "\0" not in text
    families, current = {}, None
    for line in text.removesuffix("# EOF\n").splitlines(keepends=True):
        assert line.endswith("\n") and line.strip(), f"an empty line or one without an end: {line!r}"
        line = line[:-1]
        if line.startswith("#"):
            current = _metadata(families, current, line)
            continue
        found = SAMPLE.fullmatch(line)
        assert found, f"no sample: {line}"
        name, labels, number = found.groups()
        assert current is not None and name == current + SUFFIX[families[current].kind], f"of no family: {line}"
        assert NUMBER.fullmatch(number), f"no number: {line}"
        labels = labels_of(labels or "", line)
        assert labels not in families[current].samples, f"twice: {line}"
        families[current].samples[labels] = float(number)
    for name, family in families.items():
        assert family.samples, f"{name} has no sample"
        assert not family.unit or name.endswith(f"_{family.unit}"), f"{name} does not end with its unit"
        assert family.kind != "info" or set(family.samples.values()) == {1.0}
    return families


def _metadata(families, current, line):
    found = re.fullmatch(rf"# (TYPE|HELP|UNIT) ({NAME}) (.+)", line)
    assert found, f"no metadata: {line}"
    word, name, value = found.groups()
    if name != current:
        assert name not in families, f"{name} is in two places"
        families[name] = Family()
    family = families[name]
    assert not family.samples, f"after its samples: {line}"
    if word == "TYPE":
        assert value in SUFFIX and family.kind == "unknown", f"a second or an unknown type: {line}"
        family.kind = value
    elif word == "HELP":
        assert family.help is None and re.fullmatch(r'(?:[^\\\n]|\\["\\n])*', value), line
        family.help = unescaped(value)
    else:
        assert family.unit is None, line
        family.unit = value
    return name
