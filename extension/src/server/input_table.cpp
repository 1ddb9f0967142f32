#include "input_table.hpp"

namespace timesheet::server
{

namespace
{

[[noreturn]] void report_type(const InputTable& table, const InputColumn& wanted, Oid found)
{
    ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
                    errmsg("column \"%s\" of timesheet.%s is %s, not %s", wanted.name, table.name,
                           format_type_be(found), format_type_be(wanted.type)),
                    errhint("Give timesheet.%s the columns and types that timesheetd migrate gives "
                            "it; a domain is another type.",
                            table.name)));
}

} // namespace

Relation open_checked(const InputTable& table)
{
    RangeVar* name = makeRangeVar(pstrdup("timesheet"), pstrdup(table.name), -1);
    Relation relation = relation_openrv(name, AccessShareLock);
    TupleDesc row = RelationGetDescr(relation);
    for (const InputColumn* wanted = table.columns; wanted < table.columns + table.count;
         wanted++) {
        Oid found = InvalidOid;
        for (int i = 0; i < row->natts && found == InvalidOid; i++) {
            const Form_pg_attribute column = TupleDescAttr(row, i);
            if (!column->attisdropped && strcmp(NameStr(column->attname), wanted->name) == 0)
                found = column->atttypid;
        }
        if (found == InvalidOid)
            ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
                            errmsg("column \"%s\" of timesheet.%s does not exist", wanted->name,
                                   table.name),
                            errhint("It must be %s, as timesheetd migrate makes it.",
                                    format_type_be(wanted->type))));
        if (found != wanted->type)
            report_type(table, *wanted, found);
    }
    return relation;
}

void check_table(const InputTable& table)
{
    relation_close(open_checked(table), NoLock);
}

void check_row_type(const InputTable& table, TupleDesc row)
{
    if (row->natts != table.selected)
        ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
                        errmsg("reading timesheet.%s gave %d columns, not %d", table.name,
                               row->natts, table.selected),
                        errhint("Repeat the call.")));
    for (int i = 0; i < table.selected; i++) {
        const Oid found = TupleDescAttr(row, i)->atttypid;
        if (found != table.columns[i].type)
            report_type(table, table.columns[i], found);
    }
}

void report_null(const InputTable& table, const bool* is_null)
{
    int column = 0;
    while (!is_null[column] || table.columns[column].may_be_null)
        column++;
    ereport(ERROR, (errcode(ERRCODE_NOT_NULL_VIOLATION),
                    errmsg("column \"%s\" of timesheet.%s is null", table.columns[column].name,
                           table.name),
                    errhint("Give every row a value there, and make the column NOT NULL, as "
                            "timesheetd migrate does.")));
}

void report_value(const InputTable& table, const char* column, const char* value, const char* what,
                  int sqlstate)
{
    ereport(ERROR, (errcode(sqlstate),
                    errmsg("column \"%s\" of timesheet.%s is %s", column, table.name, value),
                    errhint("It must be %s.", what)));
}

void report_order(const InputTable& table)
{
    ereport(ERROR,
            (errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
             errmsg("rows of timesheet.%s do not come in the order of their agents and times",
                    table.name),
             errhint("If it is a foreign table, its columns must have the same types on the other "
                     "server.")));
}

} // namespace timesheet::server
