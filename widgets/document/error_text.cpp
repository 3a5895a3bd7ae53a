#include "document/error_text.h"

#include <QCoreApplication>

namespace alidade {

QString errorTitle(ErrorCode code) {
    const auto tr = [](const char* text) { return QCoreApplication::translate("ErrorText", text); };
    switch (code) {
    case ErrorCode::InvalidArgument: return tr("This input cannot be used");
    case ErrorCode::InvalidConfiguration: return tr("The study is not complete or not consistent");
    case ErrorCode::Syntax: return tr("The text cannot be read");
    case ErrorCode::UnknownName: return tr("Unknown name");
    case ErrorCode::OutOfRange: return tr("Value out of range");
    case ErrorCode::Infeasible: return tr("No setting satisfies the constraints");
    case ErrorCode::Exhausted: return tr("Every setting of the space has been tried");
    case ErrorCode::NotFound: return tr("Not found");
    case ErrorCode::AlreadyExists: return tr("It exists already");
    case ErrorCode::ForeignFile: return tr("Not an Alidade project");
    case ErrorCode::NewerFile: return tr("Written by a newer version of Alidade");
    case ErrorCode::DamagedFile: return tr("The file is damaged");
    case ErrorCode::Locked: return tr("Another program is using the file");
    case ErrorCode::ReadOnly: return tr("The file can only be read");
    case ErrorCode::Conflict: return tr("The state has changed in the meantime");
    case ErrorCode::InputOutput: return tr("The file cannot be read or written");
    case ErrorCode::Process: return tr("A program failed");
    case ErrorCode::Cancelled: return tr("Stopped");
    case ErrorCode::Numerical: return tr("No finite answer");
    case ErrorCode::Unsupported: return tr("Not available in this version");
    case ErrorCode::Internal: return tr("An internal error occurred");
    }
    return tr("An internal error occurred");
}

QString errorText(const Error& error) {
    return QCoreApplication::translate("ErrorText", "%1. %2")
        .arg(errorTitle(error.code), QString::fromStdString(error.text()));
}

} // namespace alidade
