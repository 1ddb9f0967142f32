#include "process/standard_streams.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "process/failure.hpp"

namespace timesheetd
{

namespace
{

[[noreturn]] void fail()
{
    throw Failure(
        fmt::format("standard output cannot be written: {}; give it a place that takes all "
                    "of it",
                    std::strerror(errno)));
}

} // namespace

void open_standard_descriptors()
{
    for (int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (fcntl(fd, F_GETFD) != -1 || errno != EBADF)
            continue;
        // The lowest that is free is the one that was closed. Opened the wrong way round on
        // purpose.
        if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            std::abort();
    }
}

void print_output(const std::string& text)
{
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
        fail();
}

void finish_output()
{
    if (std::fflush(stdout) != 0 || std::ferror(stdout))
        fail();
}

} // namespace timesheetd
