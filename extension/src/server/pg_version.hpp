// What differs between the versions of PostgreSQL that the extension builds against, 15 to 18, and
// no other file knows: everything else that it calls has the same signature in all of them. After
// PostgreSQL's own headers.
#pragma once

#if PG_VERSION_NUM < 150000
#error "pg_timesheet needs PostgreSQL 15 or newer: InitMaterializedSRF came with it"
#endif

// Before version 16 this was empty, and we build with hidden visibility.
#if PG_VERSION_NUM < 160000
#undef PGDLLEXPORT
#define PGDLLEXPORT __attribute__((visibility("default")))
#endif

// Since version 18 a module shows its name and version, see pg_get_loaded_modules().
#ifdef PG_MODULE_MAGIC_EXT
#define TIMESHEET_MODULE_MAGIC                                                                     \
    PG_MODULE_MAGIC_EXT(.name = "timesheet", .version = TIMESHEET_VERSION)
#else
#define TIMESHEET_MODULE_MAGIC PG_MODULE_MAGIC
#endif

// Since version 18 the executor counts a scan's descents for EXPLAIN, which we leave out.
inline IndexScanDesc begin_index_scan(Relation table, Relation index, Snapshot snapshot, int keys)
{
#if PG_VERSION_NUM >= 180000
    return index_beginscan(table, index, snapshot, nullptr, keys, 0);
#else
    return index_beginscan(table, index, snapshot, keys, 0);
#endif
}
