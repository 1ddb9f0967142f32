// Rows out of a query one by one, without a cursor and without keeping them.
#pragma once

#include <string>

#include "arguments.hpp"
#include "guard.hpp"
#include "input_table.hpp"

namespace timesheet::server
{

// Of one table, called t in the text. Parameters $1 to $3 of a query, in order of use; text and
// parameters are built before the server is called.
class Query
{
  public:
    // SELECT and FROM.
    explicit Query(const InputTable& table);
    // Appends text; "$?" in it means this parameter.
    void add(const char* condition, Oid type, Datum value);
    void add(const char* text) { text_ += text; }

  protected:
    // Runs the query inside SPI, read-only, under the caller's snapshot; rows go to dest.
    void run_into(DestReceiver* dest);

  private:
    const InputTable& table_;
    std::string text_;
    Oid types_[3] = {};
    Datum values_[3] = {};
    int count_ = 0;
};

// A receiver that hands each row to a function object, R: operator()(TupleTableSlot*), its columns
// read, their types and nulls checked.
template <const InputTable& table, class R>
struct RowReceiver {
    DestReceiver pub; // first: the server knows only this part
    R* row;

    explicit RowReceiver(R& r) : row(&r)
    {
        pub.receiveSlot = [](TupleTableSlot* slot, DestReceiver* self) {
            RowReceiver* me = reinterpret_cast<RowReceiver*>(self);
            slot_getallattrs(slot);
            check_nulls<table>(slot);
            from_server([&] { (*me->row)(slot); });
            return true;
        };
        pub.rStartup = [](DestReceiver*, int, TupleDesc type) { check_row_type(table, type); };
        pub.rShutdown = [](DestReceiver*) {};
        pub.rDestroy = [](DestReceiver*) {};
        pub.mydest = DestTuplestore; // DestNone would make SPI take the query for a utility command
    }
};

template <const InputTable& table>
class TableQuery : public Query
{
  public:
    TableQuery() : Query(table) {}
    template <class R>
    void each_row(R& row)
    {
        RowReceiver<table, R> receiver(row);
        run_into(&receiver.pub);
    }
};

} // namespace timesheet::server
