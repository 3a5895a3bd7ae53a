#pragma once

#include "project_file/project_file.h"
#include "project_file/sqlite_database.h"

namespace alidade {

struct StoredDefinition {
    std::int64_t id = 0;
    Revision revision = 0; ///< when it was written last
    std::int64_t savedMs = 0;
    Definition definition;
};

/// The definition in force. DamagedFile when its checksum or its text is wrong.
[[nodiscard]] Result<StoredDefinition> readDefinition(sqlite::Database& database);
[[nodiscard]] Result<StoredDefinition> readDefinition(sqlite::Database& database, std::int64_t id);
/// Revision of the definition in force, without reading it.
[[nodiscard]] Result<Revision> definitionRevision(sqlite::Database& database);

/// Adds the definition to the history as the one in force. Edits that follow each other within seconds, with
/// nothing else between them (a dragged handle, typing), are kept as one entry.
[[nodiscard]] Result<void> writeDefinition(sqlite::Database& database, const Definition& definition,
                                           Revision revision, std::int64_t nowMs);

/// Text of a definition as the file keeps it; InvalidArgument for text that is not UTF-8.
[[nodiscard]] Result<std::string> definitionText(const Definition& definition);
[[nodiscard]] Result<Definition> definitionFromText(const std::string& text);

} // namespace alidade
