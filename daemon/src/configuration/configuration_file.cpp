#include "configuration/configuration_file.hpp"

#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "process/failure.hpp"

namespace timesheetd
{

namespace
{

constexpr off_t max_file_bytes = 1 << 20;

class Descriptor
{
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor()
    {
        if (fd_ >= 0)
            close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return fd_; }

  private:
    int fd_;
};

[[noreturn]] void refuse(const std::string& path, const std::string& why)
{
    throw WrongUsage(fmt::format("--config: \"{}\" {}", path, why));
}

// systemd's copies are readable by the service's user alone; their ACL shows as a group's right.
bool is_credential(const std::string& path)
{
    const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
    return directory && *directory && path.rfind(std::string(directory) + "/", 0) == 0;
}

std::string all_of(int fd, const std::string& path)
{
    std::string text;
    char buffer[8192];
    for (;;) {
        ssize_t length = read(fd, buffer, sizeof buffer);
        if (length == 0)
            return text;
        if (length < 0 && errno != EINTR)
            refuse(path, "cannot be read; give a readable file of KEY=VALUE lines");
        if (length > 0)
            text.append(buffer, static_cast<std::size_t>(length));
        if (static_cast<off_t>(text.size()) > max_file_bytes)
            refuse(path, "has more than 1 MiB; give a file of KEY=VALUE lines");
    }
}

} // namespace

ConfigurationText read_configuration_file(const std::string& path)
{
    // Without waiting for a pipe's writer, and without becoming a terminal's session.
    Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat status = {};
    if (file.get() < 0 || fstat(file.get(), &status) != 0)
        throw WrongUsage(fmt::format(
            "--config: cannot read \"{}\"; give a readable file of KEY=VALUE lines", path));
    if (!S_ISREG(status.st_mode))
        refuse(path, "is not a regular file; give a file of KEY=VALUE lines");
    if (status.st_uid != 0 && status.st_uid != geteuid())
        refuse(path, fmt::format("belongs to the user with id {}, who could change what it says; "
                                 "chown it to root or to the user that runs timesheetd",
                                 status.st_uid));
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        refuse(path,
               fmt::format("may be written by others (mode {:04o}); chmod 600 it, after a look "
                           "at what it says",
                           status.st_mode & 07777));
    ConfigurationText found;
    found.text = all_of(file.get(), path);
    if (found.text.find('\0') != std::string::npos)
        refuse(path, "is no text; give a file of KEY=VALUE lines");
    if ((status.st_mode & (S_IRGRP | S_IROTH)) != 0 && !is_credential(path))
        found.warning =
            fmt::format("--config: \"{}\" may be read by others (mode {:04o}), with the "
                        "secrets in it; chmod 600 it",
                        path, status.st_mode & 07777);
    return found;
}

} // namespace timesheetd
