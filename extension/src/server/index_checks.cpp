#include "index_checks.hpp"

namespace timesheet::server
{

namespace
{

constexpr const char* index_name = "time_entries_session_order";
constexpr const InputTable& entries = time_entries_table;

AttrNumber column_number(Relation table, const char* name)
{
    TupleDesc row = RelationGetDescr(table);
    for (int i = 0; i < row->natts; i++) {
        const Form_pg_attribute column = TupleDescAttr(row, i);
        if (!column->attisdropped && strcmp(NameStr(column->attname), name) == 0)
            return column->attnum;
    }
    return InvalidAttrNumber;
}

// Of the whole table, or of all columns that the query would name.
bool may_select(Relation table)
{
    const Oid oid = RelationGetRelid(table);
    const Oid user = GetUserId();
    if (pg_class_aclcheck(oid, user, ACL_SELECT) == ACLCHECK_OK)
        return true;
    for (int i = 0; i < entries.count; i++) {
        const AttrNumber column = column_number(table, entries.columns[i].name);
        if (pg_attribute_aclcheck(oid, column, user, ACL_SELECT) != ACLCHECK_OK)
            return false;
    }
    return true;
}

// Those of time_entries_table, each stored as the table stores it.
bool has_our_columns(Relation table, Relation index)
{
    const Form_pg_index form = index->rd_index;
    if (form->indnatts != entries.selected || form->indnkeyatts != session_order_keys)
        return false;
    for (int i = 0; i < entries.selected; i++) {
        const InputColumn& wanted = entries.columns[i];
        const AttrNumber number = form->indkey.values[i];
        if (number <= 0) // an expression
            return false;
        const Form_pg_attribute column = TupleDescAttr(RelationGetDescr(table), number - 1);
        if (strcmp(NameStr(column->attname), wanted.name) != 0 ||
            TupleDescAttr(RelationGetDescr(index), i)->atttypid != wanted.type)
            return false;
    }
    return true;
}

// Each key ascending, nulls last, by its type's own order: that of the query's ORDER BY.
bool has_our_order(Relation index)
{
    for (int i = 0; i < session_order_keys; i++) {
        const TypeCacheEntry* type =
            lookup_type_cache(entries.columns[i].type, TYPECACHE_BTREE_OPFAMILY);
        if (index->rd_opfamily[i] != type->btree_opf ||
            index->rd_opcintype[i] != type->btree_opintype ||
            OidIsValid(index->rd_indcollation[i]) || index->rd_indoption[i] != 0)
            return false;
    }
    return true;
}

// WHERE deleted_at IS NULL
bool has_our_predicate(Relation table, Relation index)
{
    const List* predicate = RelationGetIndexPredicate(index);
    if (list_length(predicate) != 1 || !IsA(linitial(predicate), NullTest))
        return false;
    const NullTest* test = reinterpret_cast<const NullTest*>(linitial(predicate));
    if (test->nulltesttype != IS_NULL || test->argisrow || !IsA(test->arg, Var))
        return false;
    const Var* column = reinterpret_cast<const Var*>(test->arg);
    return column->varattno == column_number(table, "deleted_at");
}

// To this snapshot: an index that was built when rows had other values may lack what it sees.
bool is_complete(Relation index)
{
    const Form_pg_index form = index->rd_index;
    if (!form->indisvalid || !form->indisready || !form->indislive || !form->indimmediate)
        return false;
    return !form->indcheckxmin ||
           TransactionIdPrecedes(HeapTupleHeaderGetXmin(index->rd_indextuple->t_data),
                                 TransactionXmin);
}

} // namespace

const char* obstacle_in_table(Relation table)
{
    if (!enable_indexonlyscan || !enable_indexscan)
        return "index-only scans are switched off";
    if (ExecutorCheckPerms_hook) // an audit, or other rights than the server's own
        return "an extension checks what the executor reads";
    if (!ActiveSnapshotSet() || !IsMVCCSnapshot(GetActiveSnapshot()))
        return "the statement has no snapshot of its own";
    if (table->rd_rel->relkind != RELKIND_RELATION ||
        table->rd_rel->relpersistence != RELPERSISTENCE_PERMANENT ||
        table->rd_tableam != GetHeapamTableAmRoutine())
        return "it is no ordinary table";
    if (table->rd_rel->relhassubclass)
        return "it has, or had, children";
    for (int i = 0; i < entries.selected; i++) {
        const AttrNumber column = column_number(table, entries.columns[i].name);
        if (!entries.columns[i].may_be_null &&
            !TupleDescAttr(RelationGetDescr(table), column - 1)->attnotnull)
            return "a column may be null";
    }
    if (!may_select(table))
        return "the user may not select from it";
    if (check_enable_rls(RelationGetRelid(table), InvalidOid, true) == RLS_ENABLED)
        return "the user is subject to row-level security";
    return nullptr;
}

Oid session_order_of(Relation table)
{
    const Oid index = get_relname_relid(index_name, RelationGetNamespace(table));
    List* indexes = RelationGetIndexList(table);
    const bool is_there = OidIsValid(index) && list_member_oid(indexes, index);
    list_free(indexes);
    return is_there ? index : InvalidOid;
}

const char* obstacle_in_index(Relation table, Relation index)
{
    if (index->rd_rel->relkind != RELKIND_INDEX || index->rd_rel->relam != BTREE_AM_OID)
        return "its index time_entries_session_order is no B-tree";
    if (!has_our_columns(table, index) || !has_our_order(index))
        return "its index time_entries_session_order has other columns";
    if (!has_our_predicate(table, index))
        return "its index time_entries_session_order has other rows";
    if (!is_complete(index))
        return "its index time_entries_session_order is not complete";
    return nullptr;
}

} // namespace timesheet::server
