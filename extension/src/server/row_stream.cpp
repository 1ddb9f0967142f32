#include <unordered_map>

#include "row_stream.hpp"

namespace timesheet::server
{

namespace
{

// Plans are kept for the life of the process, as many as there are combinations of bounds: a call
// for one agent's day takes less time than planning it. The server plans again what has changed.
SPIPlanPtr& kept_plan(const std::string& text)
{
    static std::unordered_map<std::string, SPIPlanPtr> plans;
    return plans[text];
}

} // namespace

Query::Query(const InputTable& table) : table_(table), text_("SELECT")
{
    for (int i = 0; i < table.selected; i++)
        text_ += std::string(i ? ", t." : " t.") + table.columns[i].name;
    text_ += std::string(" FROM timesheet.") + table.name + " AS t";
}

void Query::add(const char* condition, Oid type, Datum value)
{
    std::string text = condition;
    types_[count_] = type;
    values_[count_] = value;
    count_++;
    text.replace(text.find("$?"), 2, "$" + std::to_string(count_));
    text_ += text;
}

void Query::run_into(DestReceiver* dest)
{
    SPIPlanPtr& plan = kept_plan(text_);
    in_server([&] {
        check_table(table_); // before the query fails in words of its own
        if (!plan) {
            // Without CURSOR_OPT_PARALLEL_OK: the parallel plan is the caller's, over agents.
            SPIPlanPtr made = SPI_prepare_cursor(text_.c_str(), count_, types_, 0);
            if (!made || SPI_keepplan(made) != 0)
                ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
                                errmsg("planning to read entries failed: %s",
                                       SPI_result_code_string(SPI_result))));
            plan = made;
        }
        ParamListInfo parameters = makeParamList(count_);
        for (int i = 0; i < count_; i++) {
            parameters->params[i].value = values_[i];
            parameters->params[i].isnull = false;
            parameters->params[i].pflags = PARAM_FLAG_CONST;
            parameters->params[i].ptype = types_[i];
        }
        SPIExecuteOptions options = {};
        options.params = parameters;
        options.read_only = true;
        options.must_return_tuples = true;
        options.dest = dest;
        const int result = SPI_execute_plan_extended(plan, &options);
        if (result != SPI_OK_SELECT)
            ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
                            errmsg("reading entries failed: %s", SPI_result_code_string(result))));
    });
}

} // namespace timesheet::server
