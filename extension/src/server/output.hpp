// A set-returning function's result, row by row, allocating nothing per row.
#pragma once

#include "../engine/entry.hpp"
#include "pg_prelude.hpp"

namespace timesheet::server
{

class Output
{
  public:
    // May ereport: call inside in_server.
    void open(FunctionCallInfo fcinfo)
    {
        InitMaterializedSRF(fcinfo, 0);
        result_ = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
        // A store that goes to its file early: a result is written and read once, in order, and
        // touching new memory for it costs more than the file does.
        tuplestore_end(result_->setResult);
        MemoryContext caller = MemoryContextSwitchTo(result_->econtext->ecxt_per_query_memory);
        const bool is_random = (result_->allowedModes & SFRM_Materialize_Random) != 0;
        result_->setResult =
            tuplestore_begin_heap(is_random, false, Min(work_mem, kilobytes_before_file));
        MemoryContextSwitchTo(caller);
    }

    Output& put(Datum value)
    {
        values_[count_] = value;
        nulls_[count_++] = false;
        return *this;
    }
    Output& put_id(OptionalId id)
    {
        values_[count_] = id == no_id ? Datum{0} : Int32GetDatum(static_cast<int32_t>(id));
        nulls_[count_++] = id == no_id;
        return *this;
    }
    Output& put_null()
    {
        values_[count_] = Datum{0};
        nulls_[count_++] = true;
        return *this;
    }
    // May ereport.
    void end_row()
    {
        tuplestore_putvalues(result_->setResult, result_->setDesc, values_, nulls_);
        count_ = 0;
    }

  private:
    static constexpr int kilobytes_before_file = 256;
    static constexpr int max_columns = 16;
    ReturnSetInfo* result_ = nullptr;
    Datum values_[max_columns];
    bool nulls_[max_columns];
    int count_ = 0;
};

// A text value in place; shorter texts than its capacity only.
template <int capacity>
class FixedText
{
  public:
    FixedText() { set(""); }
    explicit FixedText(const char* text) { set(text); }
    void set(const char* text)
    {
        const size_t length = strnlen(text, capacity);
        memcpy(VARDATA(&bytes_), text, length);
        SET_VARSIZE(&bytes_, VARHDRSZ + length);
    }
    Datum datum() const { return PointerGetDatum(&bytes_); }

  private:
    union {
        int32 align_;
        char bytes_[VARHDRSZ + capacity];
    };
};

using ShortText = FixedText<60>;

} // namespace timesheet::server
