#include "api/tokens.hpp"

#include "values/random.hpp"

namespace fake
{

std::string Tokens::issue()
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::lock_guard lock(mutex_);
    Random random = stream(seed_, "token", issued_++);
    std::string token = "eyJ";
    while (token.size() < 120)
        token += letters[random.below(64)];
    expiry_[token] = Clock::now() + lifetime_;
    return token;
}

bool Tokens::is_valid(const std::string& token)
{
    std::lock_guard lock(mutex_);
    auto found = expiry_.find(token);
    return found != expiry_.end() && Clock::now() < found->second;
}

void Tokens::revoke_all()
{
    std::lock_guard lock(mutex_);
    expiry_.clear();
}

} // namespace fake
