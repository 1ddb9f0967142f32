#include "postgres/spare_session.hpp"

#include "process/log.hpp"

namespace timesheetd
{

namespace
{

std::unique_ptr<Database>& spare()
{
    static std::unique_ptr<Database> session;
    return session;
}

} // namespace

void keep_spare_session(std::unique_ptr<Database> session)
{
    if (session && session->is_idle())
        spare() = std::move(session);
}

std::unique_ptr<Database> take_spare_session()
{
    std::unique_ptr<Database> session = std::move(spare());
    if (!session)
        return nullptr;
    try {
        session->require_connected();
        return session;
    } catch (const DatabaseError& e) {
        log::debug("{}", e.what());
        return nullptr;
    }
}

} // namespace timesheetd
