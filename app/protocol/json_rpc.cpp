#include "protocol/json_rpc.h"

#include "base/text.h"
#include "exchange/json_cursor.h"
#include "protocol/methods.h"

#include <istream>
#include <new>
#include <ostream>

namespace alidade {
namespace {

constexpr int kParseError = -32700;
constexpr int kInvalidRequest = -32600;
constexpr int kMethodNotFound = -32601;
constexpr int kInvalidParams = -32602;
constexpr int kServerError = -32000;

Json errorAnswer(const Json& id, int code, const std::string& message, const std::string& path = {}) {
    Json error{{"code", code}, {"message", message}};
    if (!path.empty())
        error["data"] = Json{{"path", path}};
    return Json{{"jsonrpc", "2.0"}, {"id", id}, {"error", std::move(error)}};
}

/// Wrong parameters have a place; everything else is the server's.
bool isAboutParameters(const Error& error) {
    switch (error.code) {
    case ErrorCode::InvalidArgument:
    case ErrorCode::InvalidConfiguration:
    case ErrorCode::OutOfRange:
    case ErrorCode::UnknownName:
    case ErrorCode::Syntax:
    case ErrorCode::Infeasible: return error.context.starts_with("params");
    default: return false;
    }
}

Result<Json> invoke(Session& session, const ProtocolMethod& method, const Json& params) {
    // The one place where what libraries throw becomes an answer, so that the server goes on.
    try {
        return method.call(session, JsonCursor(params, "params"));
    } catch (const std::bad_alloc&) {
        return makeError(ErrorCode::Internal, "not enough memory for this request");
    } catch (const std::exception& failure) {
        return makeError(ErrorCode::Internal, std::string("internal error: ") + failure.what());
    }
}

std::optional<Json> answerOne(Session& session, const Json& request) {
    if (!request.is_object())
        return errorAnswer(nullptr, kInvalidRequest, "a request is an object");
    const bool notification = !request.contains("id");
    const Json id = notification ? Json() : request["id"];
    if (!id.is_null() && !id.is_string() && !id.is_number())
        return errorAnswer(nullptr, kInvalidRequest, "an id is a text, a number or null");
    if (!request.contains("jsonrpc") || request["jsonrpc"] != "2.0")
        return errorAnswer(id, kInvalidRequest, "\"jsonrpc\" must be \"2.0\"");
    if (!request.contains("method") || !request["method"].is_string())
        return errorAnswer(id, kInvalidRequest, "\"method\" must be a text");
    const Json params = request.contains("params") ? request["params"] : Json::object();
    if (!params.is_object())
        return notification
                   ? std::nullopt
                   : std::optional(errorAnswer(id, kInvalidParams,
                                               "parameters are given by name, as an object", "params"));
    const std::string name = request["method"].get<std::string>();
    const ProtocolMethod* method = findMethod(name);
    if (!method)
        return notification ? std::nullopt
                            : std::optional(errorAnswer(id, kMethodNotFound,
                                                        "unknown method \"" + name + "\"" +
                                                            didYouMean(name, methodNames())));
    const auto result = invoke(session, *method, params);
    if (notification)
        return std::nullopt;
    if (result)
        return Json{{"jsonrpc", "2.0"}, {"id", id}, {"result", *result}};
    const bool parameters = isAboutParameters(result.error());
    return errorAnswer(id, parameters ? kInvalidParams : kServerError, result.error().text(),
                       parameters ? result.error().context : std::string());
}

std::string written(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// One line without its end; false at the end of the input. What exceeds the limit is skipped and reported.
bool readLine(std::istream& input, std::string& line, bool& tooLong) {
    line.clear();
    tooLong = false;
    std::streambuf& buffer = *input.rdbuf();
    for (int c = buffer.sbumpc();; c = buffer.sbumpc()) {
        if (c == std::char_traits<char>::eof())
            return !line.empty() || tooLong;
        if (c == '\n')
            return true;
        if (line.size() < kLongestMessage)
            line += static_cast<char>(c);
        else
            tooLong = true;
    }
}

} // namespace

std::optional<std::string> answer(Session& session, std::string_view message) {
    const auto request = parseJson(message);
    if (!request)
        return written(errorAnswer(nullptr, kParseError, request.error().text()));
    if (!request->is_array()) {
        const auto single = answerOne(session, *request);
        return single ? std::optional(written(*single)) : std::nullopt;
    }
    if (request->empty())
        return written(errorAnswer(nullptr, kInvalidRequest, "an empty batch asks for nothing"));
    Json answers = Json::array();
    for (const Json& one : *request)
        if (auto single = answerOne(session, one))
            answers.push_back(std::move(*single));
    return answers.empty() ? std::nullopt : std::optional(written(answers));
}

Result<std::string> callMethod(Session& session, const std::string& name, std::string_view params) {
    const ProtocolMethod* method = findMethod(name);
    if (!method)
        return makeError(ErrorCode::UnknownName,
                         "unknown method \"" + name + "\"" + didYouMean(name, methodNames()));
    ALIDADE_ASSIGN(const Json json,
                   trimmed(params).empty() ? Result<Json>(Json::object()) : parseJson(params));
    if (!json.is_object())
        return makeError(ErrorCode::InvalidArgument, "parameters are given by name, as an object", "params");
    ALIDADE_ASSIGN(const Json result, invoke(session, *method, json));
    return written(result);
}

void serve(Session& session, std::istream& input, std::ostream& output) {
    std::string line;
    bool tooLong = false;
    while (readLine(input, line, tooLong)) {
        if (trimmed(line).empty() && !tooLong)
            continue;
        const auto reply = tooLong ? std::optional(written(errorAnswer(nullptr, kInvalidRequest,
                                                                       "the message is longer than 64 MiB")))
                                   : answer(session, line);
        if (reply)
            output << *reply << '\n' << std::flush;
    }
}

} // namespace alidade
