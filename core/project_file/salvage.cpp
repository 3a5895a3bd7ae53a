#include "project_file/salvage.h"

#include "project_file/vocabulary.h"

#include <algorithm>
#include <set>
#include <string>

namespace alidade {
namespace {

using sqlite::Database;
using sqlite::Statement;

/// No row takes fewer bytes: bounds how many ids an unreadable stretch of the file can hold.
constexpr std::int64_t kSmallestRow = 32;
constexpr std::int64_t kPageSize = 4096;
constexpr std::int64_t kLargestId = (std::int64_t{1} << 53) - 1;

/// Reads a column of ids until the end (true) or until something is unreadable.
bool scan(Database& database, const std::string& sql, std::set<std::int64_t>& ids, std::int64_t& last) {
    auto rows = database.prepare(sql);
    while (rows.ok()) {
        const auto row = rows->step();
        if (!row.ok())
            return false;
        if (!*row)
            return true;
        const std::int64_t id = rows->integer(0);
        if (rows->isRejected())
            return false;
        last = id;
        if (id > 0 && id <= kLargestId)
            ids.insert(id);
    }
    return false;
}

bool exists(Statement& probe, std::int64_t id) {
    if (!probe.bindAll(id).ok())
        return false;
    const auto row = probe.step();
    // An unreadable place may hold the id; the caller's reading will tell.
    const bool found = !row.ok() || *row;
    probe.reset();
    return found;
}

/// All ids that a table mentions: from both ends up to the damage, then one by one within it.
void collectIds(Database& database, const std::string& table, const std::string& column,
                std::int64_t lastKnown, std::set<std::int64_t>& ids) {
    std::int64_t low = 0;
    const std::string query = "SELECT DISTINCT " + column + " FROM " + table + " ORDER BY " + column;
    if (scan(database, query, ids, low))
        return;
    std::int64_t high = std::max(low, lastKnown) + 1;
    scan(database, query + " DESC", ids, high);
    const auto pages = database.queryInteger("PRAGMA page_count");
    high = std::min(high, low + (pages.ok() ? *pages : 1) * kPageSize / kSmallestRow);
    auto probe = database.prepare("SELECT 1 FROM " + table + " WHERE " + column + " = ? LIMIT 1");
    for (std::int64_t id = std::max<std::int64_t>(1, low + 1); probe.ok() && id < high; ++id)
        if (exists(*probe, id))
            ids.insert(id);
}

std::int64_t readableInteger(Database& database, const std::string& sql, std::int64_t fallback) {
    const auto value = database.queryInteger(sql);
    return value.ok() && *value > 0 && *value <= kLargestId ? *value : fallback;
}

void salvageDefinitions(Database& database, Salvage& salvage) {
    std::set<std::int64_t> ids;
    const std::int64_t last =
        readableInteger(database, "SELECT seq FROM sqlite_sequence WHERE name = 'definition'", 0);
    collectIds(database, "definition", "id", last, ids);
    for (const std::int64_t id : ids) {
        auto stored = readDefinition(database, id);
        salvage.definitionIsNewest = stored.ok() && id >= last;
        // Revisions ascend; a damaged one that does not would break the order of the history.
        if (stored.ok() &&
            (salvage.definitions.empty() || stored->revision > salvage.definitions.back().revision))
            salvage.definitions.push_back(std::move(stored).value());
    }
}

void salvageTrials(Database& database, int version, Salvage& salvage) {
    salvage.lastTrialId =
        readableInteger(database, "SELECT seq FROM sqlite_sequence WHERE name = 'trial'", 0);
    // Mostly the damage is elsewhere, and one by one is slow.
    if (auto all = readTrials(database, TrialSelection::all(), version); all.ok() && !all->empty()) {
        for (Trial& trial : *all)
            salvage.trials.push_back({std::move(trial), true, true});
        salvage.lastTrialId = std::max(salvage.lastTrialId, salvage.trials.back().trial.id.value);
        return;
    }
    std::set<std::int64_t> ids;
    collectIds(database, "trial", "id", salvage.lastTrialId, ids);
    for (const char* table : {"trial_value", "measurement", "slope", "step"})
        collectIds(database, table, "trial", salvage.lastTrialId, ids);
    TrialSalvager salvager(database, version);
    for (const std::int64_t id : ids) {
        SalvagedTrial trial = salvager.read(TrialId{id});
        const Trial& content = trial.trial;
        if (!trial.hasHead && content.setting.empty() && content.values.empty() && content.steps.empty())
            ++salvage.lostTrials;
        else
            salvage.trials.push_back(std::move(trial));
    }
    if (!ids.empty())
        salvage.lastTrialId = std::max(salvage.lastTrialId, *ids.rbegin());
}

void salvageOutputs(Database& database, Salvage& salvage) {
    auto rows = database.prepare("SELECT content FROM output WHERE trial = ? AND stream = ?");
    for (const SalvagedTrial& entry : salvage.trials) {
        for (const OutputStream stream : {OutputStream::StandardOutput, OutputStream::StandardError}) {
            if (!rows.ok() || !rows->bindAll(entry.trial.id.value, storedStream(stream)).ok())
                continue;
            const auto row = rows->step();
            if (!row.ok() || !*row)
                continue;
            std::string content = rows->blob(0);
            if (rows->finish().ok())
                salvage.outputs.push_back({entry.trial.id, stream, std::move(content)});
        }
    }
}

bool knowsDefinition(const Salvage& salvage, std::int64_t id) {
    return std::any_of(salvage.definitions.begin(), salvage.definitions.end(),
                       [id](const StoredDefinition& stored) { return stored.id == id; });
}

void salvageVersions(Database& database, int version, Salvage& salvage) {
    std::set<std::int64_t> ids;
    collectIds(database, "version", "id", 0, ids);
    auto rows = database.prepare("SELECT id, name, created_ms, definition FROM version WHERE id = ?");
    for (const std::int64_t id : ids) {
        ++salvage.lostVersions;
        if (!rows.ok() || !rows->bindAll(id).ok())
            continue;
        const auto row = rows->step();
        if (!row.ok() || !*row)
            continue;
        SalvagedVersion found{{rows->integer(0), rows->text(1), rows->integer(2)}, rows->integer(3), {}};
        auto trials = readTrials(database, TrialSelection::version(id), version);
        if (!rows->finish().ok() || !trials.ok() || !knowsDefinition(salvage, found.definition))
            continue;
        found.trials = std::move(trials).value();
        salvage.versions.push_back(std::move(found));
        --salvage.lostVersions;
    }
}

} // namespace

Salvage salvage(Database& database, int version) {
    Salvage salvage;
    // Only for speed: the copy is ours alone.
    const auto transaction = sqlite::Transaction::begin(database, sqlite::Transaction::Kind::Read);
    salvageDefinitions(database, salvage);
    salvageTrials(database, version, salvage);
    salvageOutputs(database, salvage);
    salvageVersions(database, version, salvage);
    salvage.revision = readableInteger(database, "SELECT revision FROM project", 1);
    salvage.createdMs = readableInteger(database, "SELECT created_ms FROM project", 0);
    return salvage;
}

} // namespace alidade
