#include "protocol/json_rpc.h"
#include "verbs/verbs.h"

#include <iostream>
#include <iterator>
#include <unistd.h>

namespace alidade {
namespace {

Result<Session> sessionFor(const Arguments& arguments, std::size_t place) {
    if (arguments.positional().size() <= place)
        return Session();
    return Session::open(arguments.positional()[place]);
}

} // namespace

int callVerb(const Arguments& arguments) {
    auto session = sessionFor(arguments, 1);
    if (!session) {
        reportError(session.error());
        return kCannotOpen;
    }
    // Without redirected input there are no parameters; a terminal is not waited for.
    std::string params;
    if (::isatty(STDIN_FILENO) == 0)
        params.assign(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
    const auto result = callMethod(*session, arguments.positional()[0], params);
    if (!result)
        return reportError(result.error());
    std::cout << *result << std::endl;
    return kDone;
}

int serveVerb(const Arguments& arguments) {
    auto session = sessionFor(arguments, 0);
    if (!session) {
        reportError(session.error());
        return kCannotOpen;
    }
    std::ios::sync_with_stdio(false);
    serve(*session, std::cin, std::cout);
    return kDone;
}

} // namespace alidade
