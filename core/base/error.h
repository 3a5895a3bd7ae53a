#pragma once

#include <string>
#include <utility>

namespace alidade {

/// What went wrong, as a closed set: the user interface translates the code, the message names the place.
enum class ErrorCode {
    InvalidArgument,      ///< a function was called with values outside its documented range
    InvalidConfiguration, ///< a study, or a part of one, breaks a rule
    Syntax,               ///< text (JSON, CSV, an expression) cannot be parsed
    UnknownName,          ///< a name that nothing carries
    OutOfRange,           ///< a value outside the range of its parameter
    Infeasible,           ///< no point satisfies the constraints
    Exhausted,            ///< a finite space has no untried point left
    NotFound,             ///< an id or a file that does not exist
    AlreadyExists,        ///< would overwrite
    ForeignFile,          ///< the file is not an Alidade project
    NewerFile,            ///< written by a newer version
    DamagedFile,          ///< the file's content is inconsistent
    Locked,               ///< another process holds the file too long
    ReadOnly,             ///< the file can be read, not written
    Conflict,             ///< the state changed under the caller, or a transition is not allowed
    InputOutput,          ///< the operating system refused
    Process,              ///< somebody else's process failed
    Cancelled,            ///< stopped by request before there was a usable result
    Numerical,            ///< no finite answer exists
    Unsupported,          ///< a valid wish that this version does not fulfil
    Internal              ///< a defect of Alidade
};

/// `message` says what and how to mend it; `context` says where (JSON path, file, row, parameter).
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string message;
    std::string context;

    bool operator==(const Error&) const = default;

    /// "context: message", or the message alone.
    [[nodiscard]] std::string text() const { return context.empty() ? message : context + ": " + message; }
};

} // namespace alidade
