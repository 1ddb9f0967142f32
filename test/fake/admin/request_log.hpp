#pragma once

#include <mutex>
#include <string>
#include <vector>

namespace fake
{

// The API requests answered so far, in the order of their answers.
class RequestLog
{
  public:
    struct Entry {
        std::string method;
        std::string path;
        // Decoded, so that tests can look for "$skip=1000".
        std::string query;
        // 0 for a connection closed without an answer.
        int status;
    };

    void add(Entry entry);
    void clear();
    std::string json() const;

  private:
    mutable std::mutex mutex_;
    std::vector<Entry> entries_;
};

} // namespace fake
