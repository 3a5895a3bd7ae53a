#pragma once

namespace alidade {

/// Opens the workbench: `alidade [FILE] [--example NAME [--start]]`. Returns the exit code.
int runWindow(int argc, char** argv);

} // namespace alidade
