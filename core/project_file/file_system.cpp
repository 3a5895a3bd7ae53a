#include "project_file/file_system.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <random>
#include <string>
#include <sys/vfs.h>
#include <unistd.h>

namespace alidade {
namespace {

// Numbers from statfs(2) and the headers of the kernel. FUSE stands for sshfs and its kin; local FUSE file
// systems lose only some speed.
constexpr std::array<std::uint64_t, 20> kNetworkTypes = {
    0x6969,     // NFS
    0x517b,     // SMB
    0xff534d42, // CIFS
    0xfe534d42, // SMB 2 and 3
    0x65735546, // FUSE
    0x01021997, // 9p
    0x5346414f, // AFS
    0x6b414653, // AFS of the kernel
    0x00c36400, // Ceph
    0x73757245, // Coda
    0x564c,     // NCP
    0x01161970, // GFS2
    0x7461636f, // OCFS2
    0x0bd00bd0, // Lustre
    0x47504653, // GPFS
    0x19830326, // BeeGFS
    0xaad7aaea, // PanFS
    0x20030528, // OrangeFS
    0x786f4256, // VirtualBox shared folder
    0x7c7c6673, // Parallels shared folder
};

constexpr std::array<const char*, 3> kCompanions = {"-wal", "-shm", "-journal"};

/// Flushes a file or folder to the disk.
Result<void> synchronise(const std::filesystem::path& path, int flags) {
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    if (descriptor < 0)
        return systemError(errno, "The file cannot be opened", path);
    const int outcome = ::fsync(descriptor);
    const int errorNumber = errno;
    ::close(descriptor);
    // Some file systems cannot flush folders; they say EINVAL.
    if (outcome != 0 && errorNumber != EINVAL)
        return systemError(errorNumber, "The file cannot be written to the disk", path);
    return {};
}

/// rename(2) that never replaces; 0 or the error number.
int renameWithoutReplacing(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    // File systems without the flag: a link fails when the name is taken.
    if (::link(from.c_str(), to.c_str()) == 0)
        return ::unlink(from.c_str()) == 0 ? 0 : errno;
    if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS)
        return errno;
    if (std::filesystem::exists(to))
        return EEXIST;
    return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

std::filesystem::path folderOf(const std::filesystem::path& path) {
    return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

} // namespace

Error systemError(int errorNumber, const std::string& doing, const std::filesystem::path& path) {
    return makeError(ErrorCode::InputOutput, doing + ": " + std::strerror(errorNumber) + ".", path.string());
}

bool isNetworkFileSystem(std::uint64_t type) {
    // f_type is signed on some systems; the numbers have 32 bits.
    return std::find(kNetworkTypes.begin(), kNetworkTypes.end(), type & 0xffffffffU) != kNetworkTypes.end();
}

Result<bool> isOnNetworkFileSystem(const std::filesystem::path& path) {
    struct statfs information {};
    if (::statfs(path.c_str(), &information) != 0)
        return systemError(errno, "The file system cannot be examined", path);
    return isNetworkFileSystem(static_cast<std::uint64_t>(information.f_type));
}

std::filesystem::path temporaryNameBeside(const std::filesystem::path& target) {
    std::random_device random;
    const std::uint64_t number = (std::uint64_t{random()} << 32U) | random();
    // The leading dot hides it in file dialogues.
    const std::string name = "." + target.filename().string() + "." + std::to_string(number) + ".part";
    return folderOf(target) / name;
}

Result<void> publishFile(const std::filesystem::path& temporary, const std::filesystem::path& target,
                         bool overwrite) {
    const auto abandon = [&temporary](Error error) {
        ::unlink(temporary.c_str());
        return error;
    };
    if (auto written = synchronise(temporary, O_RDWR); !written.ok())
        return abandon(std::move(written).error());
    if (overwrite) {
        if (::rename(temporary.c_str(), target.c_str()) != 0)
            return abandon(systemError(errno, "The file cannot be put in place", target));
    } else if (const int failure = renameWithoutReplacing(temporary, target); failure == EEXIST) {
        return abandon(makeError(ErrorCode::AlreadyExists,
                                 "There is a file with this name already. Choose another name.",
                                 target.string()));
    } else if (failure != 0) {
        return abandon(systemError(failure, "The file cannot be put in place", target));
    }
    return synchronise(folderOf(target), O_RDONLY | O_DIRECTORY);
}

bool hasCompanionFiles(const std::filesystem::path& database) {
    return std::any_of(kCompanions.begin(), kCompanions.end(), [&database](const char* suffix) {
        std::error_code ignored;
        return std::filesystem::exists(database.string() + suffix, ignored);
    });
}

void removeWithCompanions(const std::filesystem::path& database) {
    ::unlink(database.c_str());
    for (const char* suffix : kCompanions)
        ::unlink((database.string() + suffix).c_str());
}

} // namespace alidade
