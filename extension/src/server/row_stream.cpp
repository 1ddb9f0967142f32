#include "row_stream.hpp"

namespace timesheet::server
{

void Query::add(const char* condition, Oid type, Datum value)
{
    std::string text = condition;
    types_[count_] = type;
    values_[count_] = value;
    count_++;
    text.replace(text.find("$?"), 2, "$" + std::to_string(count_));
    text_ += text;
}

void Query::run_into(DestReceiver* dest) const
{
    in_server([&] {
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
        const int result = SPI_execute_extended(text_.c_str(), &options);
        if (result != SPI_OK_SELECT)
            ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
                            errmsg("reading entries failed: %s", SPI_result_code_string(result))));
    });
}

} // namespace timesheet::server
