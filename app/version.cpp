#include "version.h"

namespace alidade {

std::string version() {
    return ALIDADE_VERSION;
}

} // namespace alidade
