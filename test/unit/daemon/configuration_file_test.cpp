#include "configuration/configuration_file.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "process/failure.hpp"

using namespace timesheetd;

namespace
{

// A folder of its own, gone with the test.
class Folder
{
  public:
    Folder()
    {
        path_ = testing::TempDir() + "timesheetd-test-XXXXXX";
        if (!mkdtemp(path_.data()))
            path_.clear();
    }
    ~Folder() { std::system(("rm -rf '" + path_ + "'").c_str()); }
    std::string operator/(const char* name) const { return path_ + "/" + name; }

  private:
    std::string path_;
};

std::string file(const std::string& path, mode_t mode, const std::string& text = "LOG_LEVEL=info\n")
{
    std::ofstream(path) << text;
    chmod(path.c_str(), mode);
    return path;
}

std::string complaint(const std::string& path)
{
    try {
        read_configuration_file(path);
    } catch (const WrongUsage& e) {
        return e.what();
    }
    return "none";
}

bool says(const std::string& text, const char* part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST(TrustedFile, IsReadWithoutAWarningWhereItIsOursAlone)
{
    Folder folder;
    for (mode_t mode : {0600, 0400}) {
        ConfigurationText read = read_configuration_file(file(folder / "f", mode));
        EXPECT_EQ(read.text, "LOG_LEVEL=info\n");
        EXPECT_EQ(read.warning, "");
        unlink((folder / "f").c_str());
    }
}

TEST(TrustedFile, IsWarnedOfWhereOthersMayRead)
{
    Folder folder;
    for (mode_t mode : {0640, 0604, 0644}) {
        ConfigurationText read = read_configuration_file(file(folder / "f", mode));
        EXPECT_TRUE(says(read.warning, "may be read by others")) << read.warning;
        EXPECT_TRUE(says(read.warning, "chmod 600")) << read.warning;
    }
}

TEST(TrustedFile, IsRefusedWhereOthersMayWrite)
{
    Folder folder;
    for (mode_t mode : {0620, 0602, 0666}) {
        std::string said = complaint(file(folder / "f", mode));
        EXPECT_TRUE(says(said, "may be written by others")) << said;
    }
}

TEST(TrustedFile, IsTheOneBehindALink)
{
    Folder folder;
    file(folder / "f", 0666);
    ASSERT_EQ(symlink((folder / "f").c_str(), (folder / "link").c_str()), 0);
    EXPECT_TRUE(says(complaint(folder / "link"), "may be written by others"));
}

TEST(TrustedFile, IsARegularOneOfModestSize)
{
    Folder folder;
    EXPECT_TRUE(says(complaint(folder / "."), "is not a regular file"));
    EXPECT_TRUE(says(complaint("/dev/zero"), "is not a regular file"));
    ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
    EXPECT_TRUE(says(complaint(folder / "pipe"), "is not a regular file")); // and does not wait
    file(folder / "f", 0600, std::string((1 << 20) + 1, '#'));
    EXPECT_TRUE(says(complaint(folder / "f"), "more than 1 MiB"));
    file(folder / "g", 0600, std::string("LOG_LEVEL=\0info", 15));
    EXPECT_TRUE(says(complaint(folder / "g"), "is no text"));
}

TEST(TrustedFile, IsNoneOfTheWorldsWhereSystemdHandsItOver)
{
    Folder folder;
    setenv("CREDENTIALS_DIRECTORY", (folder / "").c_str(), 1);
    std::string path = (folder / "") + "/f";
    EXPECT_EQ(read_configuration_file(file(path, 0440)).warning, "");
    unsetenv("CREDENTIALS_DIRECTORY");
    EXPECT_NE(read_configuration_file(path).warning, "");
}
