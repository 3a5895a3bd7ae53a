#pragma once

#include "pages/welcome_page.h"

namespace alidade {

/// The bundled examples: folders with a study.json; title and one sentence from their README.md. Reads files:
/// call it in a job.
[[nodiscard]] QVector<ExampleInfo> bundledExamples();

/// Configuration of the example with this folder name; empty if there is none.
[[nodiscard]] QString exampleConfiguration(const QString& name);

} // namespace alidade
