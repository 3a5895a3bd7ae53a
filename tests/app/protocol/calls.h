#pragma once

#include "exchange/study_json.h"
#include "protocol/json_rpc.h"

#include <nlohmann/json.hpp>

#include <QtGlobal>

namespace alidade {

/// The whole answer to one request, as a client sees it.
inline Json request(Session& session, const std::string& method, const Json& params) {
    const Json message{{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}};
    return Json::parse(answer(session, message.dump()).value());
}

/// Its result; null, with the error in the log, when it failed.
inline Json call(Session& session, const std::string& method, const Json& params = Json::object()) {
    const Json reply = request(session, method, params);
    if (reply.contains("error"))
        qWarning("%s", reply["error"].dump().c_str());
    return reply.value("result", Json());
}

} // namespace alidade
