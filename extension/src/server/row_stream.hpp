// Rows out of a query one by one, without a cursor and without keeping them.
#pragma once

#include <string>

#include "arguments.hpp"
#include "guard.hpp"

namespace timesheet::server
{

// Parameters $1 to $3 of a query, in order of use; text and parameters are built before the server
// is called.
class Query
{
  public:
    explicit Query(const char* text) : text_(text) {}
    // Appends text; "$?" in it stands for this parameter.
    void add(const char* condition, Oid type, Datum value);
    void add(const char* text) { text_ += text; }
    // Runs the query inside SPI, read-only, under the caller's snapshot; rows go to dest.
    void run_into(DestReceiver* dest);

  private:
    std::string text_;
    Oid types_[3] = {};
    Datum values_[3] = {};
    int count_ = 0;
};

// A receiver that hands each row to a function object, R: operator()(TupleTableSlot*).
template <class R>
struct RowReceiver {
    DestReceiver pub; // first: the server knows only this part
    R* row;

    explicit RowReceiver(R& r) : row(&r)
    {
        pub.receiveSlot = [](TupleTableSlot* slot, DestReceiver* self) {
            RowReceiver* me = reinterpret_cast<RowReceiver*>(self);
            from_server([&] { (*me->row)(slot); });
            return true;
        };
        pub.rStartup = [](DestReceiver*, int, TupleDesc) {};
        pub.rShutdown = [](DestReceiver*) {};
        pub.rDestroy = [](DestReceiver*) {};
        pub.mydest = DestTuplestore; // DestNone would make SPI take the query for a utility command
    }
};

} // namespace timesheet::server
