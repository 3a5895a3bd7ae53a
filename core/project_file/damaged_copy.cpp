#include "project_file/damaged_copy.h"

#include "project_file/file_system.h"

#include <array>
#include <cerrno>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace alidade {
namespace {

// The layout of SQLite's files: https://www.sqlite.org/fileformat2.html, sections 1.3 and 1.6.
constexpr std::size_t kPageSize = 4096;
constexpr std::size_t kHeaderSize = 100;
constexpr unsigned char kInteriorTablePage = 5;
constexpr char kMagic[] = "SQLite format 3";

using Page = std::array<char, kPageSize>;

std::size_t bigEndian(const Page& page, std::size_t offset, std::size_t bytes) {
    std::size_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i)
        value = value << 8U | static_cast<unsigned char>(page.at(offset + i));
    return value;
}

/// Pages that the table of contents occupies: the first and, if that is an inner node, its children.
std::vector<std::size_t> schemaPages(const Page& first) {
    std::vector<std::size_t> pages = {1};
    if (static_cast<unsigned char>(first[kHeaderSize]) != kInteriorTablePage)
        return pages;
    const std::size_t cells = bigEndian(first, kHeaderSize + 3, 2);
    for (std::size_t cell = 0; cell < cells; ++cell)
        pages.push_back(bigEndian(first, bigEndian(first, kHeaderSize + 12 + 2 * cell, 2), 4));
    pages.push_back(bigEndian(first, kHeaderSize + 8, 4));
    return pages;
}

Error unreadable(const std::filesystem::path& path) {
    return systemError(errno, "The file cannot be read or written", path);
}

} // namespace

Result<DamagedCopy> DamagedCopy::make(const std::filesystem::path& damaged,
                                      const std::filesystem::path& copy) {
    DamagedCopy made(copy);
    for (const char* suffix : {"", "-wal", "-journal"}) {
        std::error_code failure;
        const std::filesystem::path source = damaged.string() + suffix;
        if (*suffix != 0 && !std::filesystem::exists(source, failure))
            continue;
        std::filesystem::copy_file(source, copy.string() + suffix, failure);
        if (failure)
            return systemError(failure.value(), "The file cannot be copied", source);
    }
    return made;
}

DamagedCopy::DamagedCopy(DamagedCopy&& other) noexcept : m_path(std::exchange(other.m_path, {})) {}

DamagedCopy::~DamagedCopy() {
    if (!m_path.empty())
        removeWithCompanions(m_path);
}

Result<void> DamagedCopy::mendHeader() {
    std::fstream file(m_path, std::ios::binary | std::ios::in | std::ios::out);
    Page page{};
    file.read(page.data(), kHeaderSize);
    if (!file)
        return makeError(ErrorCode::DamagedFile, "The file is too short to hold anything.");
    const bool logged = std::filesystem::exists(m_path.string() + "-wal");
    std::copy(std::begin(kMagic), std::end(kMagic), page.begin());
    const auto put = [&page](std::size_t offset, std::initializer_list<int> bytes) {
        for (const int byte : bytes)
            page.at(offset++) = static_cast<char>(byte);
    };
    put(16, {kPageSize >> 8U, kPageSize & 0xffU});
    put(18, {logged ? 2 : 1, logged ? 2 : 1, 0, 64, 32, 32});
    put(44, {0, 0, 0, 4}); // schema format
    put(52, {0, 0, 0, 0}); // no automatic vacuum
    put(56, {0, 0, 0, 1}); // UTF-8
    file.seekp(0);
    file.write(page.data(), kHeaderSize);
    file.flush();
    return file ? Result<void>() : unreadable(m_path);
}

Result<void> DamagedCopy::transplantSchema(const std::filesystem::path& donor) {
    // What the log holds would be laid over the new pages.
    std::filesystem::remove(m_path.string() + "-wal");
    std::ifstream source(donor, std::ios::binary);
    std::fstream file(m_path, std::ios::binary | std::ios::in | std::ios::out);
    const auto readPage = [&source](std::size_t number, Page& page) {
        source.seekg(static_cast<std::streamoff>((number - 1) * kPageSize));
        source.read(page.data(), kPageSize);
    };
    Page first{};
    readPage(1, first);
    for (const std::size_t number : schemaPages(first)) {
        Page page{};
        readPage(number, page);
        // A page count of 0 makes SQLite take the size of the file; so does no list of free pages.
        if (number == 1)
            std::fill(page.begin() + 24, page.begin() + 40, '\0');
        file.seekp(static_cast<std::streamoff>((number - 1) * kPageSize));
        file.write(page.data(), kPageSize);
    }
    file.flush();
    return source && file ? Result<void>() : unreadable(m_path);
}

Result<sqlite::Database> DamagedCopy::open() const {
    ALIDADE_ASSIGN(auto database,
                   sqlite::Database::open(m_path, sqlite::Access::ReadWrite, std::chrono::milliseconds(0)));
    database.tolerateDamagedSchema();
    return database;
}

} // namespace alidade
