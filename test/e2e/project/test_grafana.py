"""deploy/grafana/timesheet.json: each query of the dashboard runs as timesheet_reader and gives what its panel shows.
Grafana itself is not here: its macros and variables are replaced as its PostgreSQL data source replaces them."""

import datetime
import json
import pathlib
import re

import psycopg
import pytest
import yaml

from logins import login
from stage import Stage

ROOT = pathlib.Path(__file__).parents[3]
DASHBOARD = json.loads((ROOT / "deploy/grafana/timesheet.json").read_text())
VARIABLES = {each["name"]: each for each in DASHBOARD["templating"]["list"]}
PANELS = {(panel["type"], panel["title"]): panel for panel in DASHBOARD["panels"]}
ALTAMERE = 'Altamere\'s "Health"'
DOCUMENT = (ROOT / "docs/alerts.md").read_text()


@pytest.fixture(scope="module")
def world(migrated_database, login):
    """Two clients; of agent 1 of the first, a clock-out is missing. One alert, one failed run, no e-mail."""
    it = Stage(migrated_database())
    for n, client in ((1, ALTAMERE), (2, "Bluefin")):
        it.client_group(n, client)
        it.agent(n, n)
        it.shift(n, n, 0, "09:00", "17:30")
    it.feed("TimeEntries", it.event(9, 1, 2, "10:00", "In"))
    it.db.execute("SELECT timesheet.refresh()")
    it.db.execute("SELECT timesheet.raise_alert('sender_refused', '', 'the key is not known')")
    (run,) = it.db.execute("SELECT timesheet.begin_run('sync', current_date - 3, current_date + 1)").fetchone()
    it.db.execute("SELECT timesheet.fail_run(%s, 'Jibble is away')", (run,))
    _, uri = login(it.uri, "timesheet_reader")
    it.reader = psycopg.connect(uri, autocommit=True)
    it.reader.execute("SET statement_timeout = '10s'")
    it.reader.execute("SET default_transaction_read_only = on")
    yield it
    it.reader.close()
    it.close()


def clients(world, but=None):
    """As Grafana has them for All: the second column of the variable's query."""
    cursor = world.reader.execute(VARIABLES["client"]["query"])
    assert [column.name for column in cursor.description] == ["__text", "__value"]
    return [value for text, value in cursor if text != but]


def replaced(sql, since, until, chosen):
    """The macros as Grafana has them: instants of UTC in quotes; the values of a variable quoted, with commas."""
    begin, end = (f"'{at.strftime('%Y-%m-%dT%H:%M:%SZ')}'" for at in (since, until))
    sql = re.sub(r"\$__timeFilter\(([^()]*)\)", rf"\1 BETWEEN {begin} AND {end}", sql)
    sql = sql.replace("$__timeFrom()", begin).replace("$__timeTo()", end)
    sql = sql.replace("$client", ",".join("'" + each.replace("'", "''") + "'" for each in chosen))
    assert "$" not in sql, sql
    return sql


def rows(world, kind, title, chosen=None, days=28):
    """Of a panel: a dict for each row, as the reader gets it for the last days."""
    now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1)  # to the second
    (target,) = PANELS[kind, title]["targets"]
    sql = replaced(target["rawSql"], now - datetime.timedelta(days), now, chosen or clients(world))
    cursor = world.reader.execute(sql)
    names = [column.name for column in cursor.description]
    return [dict(zip(names, row)) for row in cursor]


@pytest.mark.parametrize(("kind", "title"), PANELS)
def test_each_query_gives_what_its_panel_takes(world, kind, title):
    (target,) = PANELS[kind, title]["targets"]
    assert target["rawQuery"] and "timesheet." in target["rawSql"]
    found = rows(world, kind, title)
    if kind == "timeseries":
        assert target["format"] == "time_series"
        for row in found:
            assert list(row) == ["time", "metric", "value"]
            assert isinstance(row["time"], datetime.datetime) and row["time"].tzinfo
            assert isinstance(row["metric"], str) and isinstance(row["value"], (int, float))
        assert [row["time"] for row in found] == sorted(row["time"] for row in found)
    else:
        assert target["format"] == "table"
    if kind == "stat":
        assert len(found) == 1 and len(found[0]) == 1
        assert isinstance(next(iter(found[0].values())), (int, float))


@pytest.mark.parametrize(("kind", "title"), PANELS)
def test_each_query_runs_on_an_empty_database(empty, kind, title):
    found = rows(empty, kind, title, chosen=["0"])
    assert kind != "stat" or len(found) <= 1


@pytest.fixture(scope="module")
def empty(migrated_database, login):
    it = Stage(migrated_database())
    _, uri = login(it.uri, "timesheet_reader")
    it.reader = psycopg.connect(uri, autocommit=True)
    yield it
    it.reader.close()
    it.close()


def test_hours_are_those_of_the_report_and_follow_the_chosen_clients(world):
    reported = world.db.execute(
        "SELECT client_group, week_start, sum(hours)::float8 FROM timesheet.weekly_report GROUP BY 1, 2 ORDER BY 1"
    ).fetchall()
    shown = rows(world, "timeseries", "Hours by client and week")
    assert sorted((row["metric"], row["time"].date(), row["value"]) for row in shown) == reported
    assert len(shown) == 2 and {row["time"].hour for row in shown} == {12}
    (only,) = rows(world, "timeseries", "Hours by client and week", clients(world, but="Bluefin"))
    assert (only["metric"], only["value"]) == (ALTAMERE, 8.5 + 14)
    # Where only today is shown, a week that is over is not.
    assert rows(world, "timeseries", "Hours by client and week", days=0) == []


def test_missing_clock_outs_are_counted_and_named(world):
    assert rows(world, "stat", "Missing clock-outs") == [{"Missing": 1}]
    (named,) = rows(world, "table", "Missing clock-outs")
    assert named["Workday"] == str(world.week + datetime.timedelta(2))
    assert (named["Client"], named["Agent"]) == (ALTAMERE, "Agent 1")
    (counted,) = rows(world, "timeseries", "Missing clock-outs by day")
    assert (str(counted["time"].date()), counted["value"]) == (named["Workday"], 1)
    other = clients(world, but=ALTAMERE)
    assert rows(world, "stat", "Missing clock-outs", other) == [{"Missing": 0}]
    assert rows(world, "table", "Missing clock-outs", other) == []


def test_alerts_and_runs_are_those_of_now(world):
    (alert,) = rows(world, "table", "Open alerts")
    (texts,) = world.db.execute("SELECT title, remedy FROM timesheet.alert_texts('sender_refused')").fetchall()
    assert (alert["Alert"], alert["What to do"]) == texts and alert["What happened"] == "the key is not known"
    assert rows(world, "stat", "Open alerts") == [{"Open": 1}]
    assert rows(world, "stat", "Failed runs") == [{"Failed": 1}]
    runs = rows(world, "timeseries", "Runs by hour")
    by_status = dict.fromkeys((row["metric"] for row in runs), 0)
    for row in runs:
        by_status[row["metric"]] += row["value"]
    assert by_status["failed"] == 1 and by_status["succeeded"] == 7


def test_each_state_of_emails_has_its_colour(world):
    states = {"queued", "sending", "sent", "failed", "in_doubt"}
    colours = PANELS["timeseries", "E-mails by day"]["fieldConfig"]["overrides"]
    assert {each["matcher"]["options"] for each in colours} == states


def test_it_fits_any_database_and_overlaps_nothing():
    assert VARIABLES["datasource"]["type"] == "datasource"
    assert VARIABLES["datasource"]["query"] == "grafana-postgresql-datasource"
    asking = [*DASHBOARD["panels"], *(target for panel in DASHBOARD["panels"] for target in panel["targets"])]
    for each in [*asking, VARIABLES["client"]]:
        assert each["datasource"] == {"type": "grafana-postgresql-datasource", "uid": "${datasource}"}
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"]) == len(PANELS)
    taken = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken and max(x for x, _ in cells) < 24, panel["title"]
        taken |= cells
        assert panel["description"] and panel["title"]


def test_each_metric_is_documented_with_its_labels(world):
    documented = re.findall(r"^\| `(timesheet_\w+)` \|([^|]*)\|", DOCUMENT, re.MULTILINE)
    made = world.db.execute(
        "SELECT t.name, ARRAY(SELECT DISTINCT k FROM timesheet.metrics AS m, jsonb_object_keys(m.labels) AS k "
        "WHERE m.name = t.name) FROM timesheet.metric_texts() AS t"
    )
    assert {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in documented} == {
        name: set(labels) for name, labels in made
    }


def test_the_documented_exporter_gives_the_metrics(world):
    """docs/alerts.md: the collector of sql_exporter, each of whose queries runs and has the columns it names."""
    (collector,) = [
        yaml.safe_load(block)
        for block in re.findall(r"^```yaml\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
        if "collector_name" in block
    ]
    stored = world.db.execute("SELECT count(*) FROM timesheet.metrics").fetchone()[0]
    for metric in collector["metrics"]:
        cursor = world.reader.execute(metric["query"])
        names = {column.name for column in cursor.description}
        assert names == set(metric["key_labels"]) | set(metric["values"])
        found = cursor.fetchall()
        assert len(found) == len(set(found)) == stored and not any(value is None for row in found for value in row)


def test_the_documented_scrape_asks_for_the_job():
    (scrape,) = [
        yaml.safe_load(block)
        for block in re.findall(r"^```yaml\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
        if "scrape_configs" in block
    ]
    (job,) = scrape["scrape_configs"]
    assert (job["scheme"], job["metrics_path"]) == ("https", "/jobs/metrics")
    assert "credentials_file" in job["authorization"]
