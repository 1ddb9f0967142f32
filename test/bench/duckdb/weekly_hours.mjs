// DuckDB for test/bench/peers.py: answers each line of its input with a line of JSON.
//   load FILE   a table of the entries in this CSV file: seconds
//   threads N   so many from now on: null
//   run         weekly hours, all of them read: seconds
//   rows        weekly hours: rows, in order
import { createInterface } from "node:readline";
import { DuckDBInstance } from "@duckdb/node-api";

const LOAD = (file) => `
    CREATE TABLE entries AS SELECT * FROM read_csv('${file}', header = false, columns = {
        'agent_id': 'INTEGER', 'client_group_id': 'INTEGER', 'activity_id': 'INTEGER', 'start_time_utc': 'TIMESTAMPTZ',
        'raw_type': 'VARCHAR', 'workday': 'DATE'})`;
// As peers.py asks PostgreSQL.
const WEEKLY = `
    SELECT date_trunc('week', workday)::date AS week_start, agent_id, client_group_id, activity_id,
        sum(epoch(ended_at - start_time_utc))::bigint AS work_seconds
    FROM (
        SELECT *, lead(start_time_utc) OVER (PARTITION BY agent_id ORDER BY start_time_utc) AS ended_at
        FROM entries) AS e
    WHERE raw_type = 'In'
    GROUP BY ALL`;

const connection = await (await DuckDBInstance.create(":memory:")).connect();
await connection.run("SET TimeZone = 'UTC'");

async function seconds(query) {
    const begin = performance.now();
    await connection.runAndReadAll(query);
    return (performance.now() - begin) / 1000;
}

async function answer(line) {
    const [command, argument] = line.split(" ");
    switch (command) {
        case "load":
            return await seconds(LOAD(argument));
        case "threads":
            await connection.run(`SET threads = ${Number(argument)}`);
            return null;
        case "run":
            return await seconds(`SELECT count(*), sum(work_seconds) FROM (${WEEKLY})`);
        case "rows":
            return (
                await connection.runAndReadAll(`SELECT week_start::text, * EXCLUDE (week_start) FROM (${WEEKLY})
                    ORDER BY ALL`)
            )
                .getRowsJson()
                .map((row) => [row[0], ...row.slice(1).map((value) => (value === null ? null : Number(value)))]);
    }
    throw new Error(`${line}: not one of load FILE, threads N, run, rows`);
}

for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await answer(line))}\n`);
}
