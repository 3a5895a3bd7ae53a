#include "pages/learning_rate_export.h"

#include "base/text.h"
#include "document/error_text.h"
#include "exchange/csv_table.h"
#include "learning_rate/schedule_export.h"
#include "pages/learning_rate_model.h"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QMenu>
#include <QSaveFile>

namespace alidade {

Result<QByteArray> schedulesCsv(const LearningRateState& state, const std::map<qint64, double>& baseRates) {
    std::string text = "step";
    std::vector<std::vector<double>> columns;
    for (const LearningRateEntry& entry : state.entries) {
        const auto base = baseRates.find(entry.id);
        if (base == baseRates.end())
            continue;
        ALIDADE_ASSIGN(std::vector<double> eta, rates(fitted(entry.schedule, state.steps), state.steps));
        for (double& rate : eta)
            rate *= base->second;
        columns.push_back(std::move(eta));
        text += "," + csvCell(entry.name.toStdString());
    }
    text += "\n";
    for (std::size_t i = 0; i < state.steps; ++i) {
        text += std::to_string(i + 1);
        for (const auto& column : columns)
            text += "," + formatDouble(column[i]);
        text += "\n";
    }
    return QByteArray::fromStdString(text);
}

LearningRateExport::LearningRateExport(LearningRateModel& model, QWidget* parent)
    : QObject(parent), m_model(model), m_parent(parent) {}

void LearningRateExport::fill(QMenu& menu) {
    const auto add = [&](const QString& text, const QString& name, auto slot) {
        QAction* const action = menu.addAction(text);
        action->setObjectName(name);
        connect(action, &QAction::triggered, this, slot);
    };
    add(tr("Copy &PyTorch code (LambdaLR)"), "copyPyTorch", [this] { copyCode(Language::PyTorch); });
    add(tr("Copy &optax code (JAX)"), "copyOptax", [this] { copyCode(Language::Optax); });
    menu.addSeparator();
    add(tr("Save rates per step (&CSV)…"), "saveCsv", [this] { ask(true, tr("CSV (*.csv)"), "csv"); });
    add(tr("Save schedules (&JSON)…"), "saveJson", [this] { ask(true, tr("Schedules (*.json)"), "json"); });
    add(tr("Open schedules (JSON)…"), "openJson", [this] { ask(false, tr("Schedules (*.json)"), "json"); });
}

void LearningRateExport::ask(bool saving, const QString& filter, const QString& suffix) {
    auto* const dialog = new QFileDialog(m_parent, saving ? tr("Save") : tr("Open schedules"),
                                         saving ? "learning_rate." + suffix : QString(), filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(saving ? QFileDialog::AcceptSave : QFileDialog::AcceptOpen);
    dialog->setFileMode(saving ? QFileDialog::AnyFile : QFileDialog::ExistingFile);
    dialog->setDefaultSuffix(suffix);
    connect(dialog, &QFileDialog::fileSelected, this, [this, saving](const QString& path) {
        const auto done = saving ? save(path) : open(path);
        const QString name = QDir::toNativeSeparators(path);
        if (!done)
            emit failed(errorText(done.error()));
        else
            emit noticed(saving ? tr("Saved to %1.").arg(name) : tr("Opened %1.").arg(name));
    });
    dialog->open();
}

Result<void> LearningRateExport::save(const QString& path) {
    QByteArray content;
    if (path.endsWith(".csv", Qt::CaseInsensitive)) {
        std::map<qint64, double> baseRates;
        for (const LearningRateEntry& entry : m_model.state().entries)
            if (const double rate = m_model.baseRate(entry); rate > 0.0)
                baseRates[entry.id] = rate;
        ALIDADE_ASSIGN(content, schedulesCsv(m_model.state(), baseRates));
    } else {
        content = learningRateToJson(m_model.state());
    }
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.commit())
        return makeError(ErrorCode::InputOutput, file.errorString().toStdString());
    return {};
}

Result<void> LearningRateExport::open(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return makeError(ErrorCode::InputOutput, file.errorString().toStdString());
    ALIDADE_ASSIGN(const LearningRateState state, learningRateFromJson(file.readAll()));
    m_model.replace(tr("open schedules"), state);
    return {};
}

Result<QString> LearningRateExport::code(Language language) const {
    const LearningRateEntry* const entry = m_model.state().selected();
    if (entry == nullptr)
        return makeError(ErrorCode::NotFound, "no schedule is selected");
    const double rate = m_model.baseRate(*entry);
    if (!(rate > 0.0))
        return makeError(ErrorCode::Numerical, "the base rate of this schedule is not known");
    const std::size_t steps = m_model.state().steps;
    const Schedule schedule = fitted(entry->schedule, steps);
    ALIDADE_ASSIGN(const std::string text, language == Language::PyTorch ? lambdaLrCode(schedule, steps, rate)
                                                                         : optaxCode(schedule, steps, rate));
    return QString::fromStdString(text);
}

void LearningRateExport::copyCode(Language language) {
    const auto text = code(language);
    if (!text) {
        emit failed(errorText(text.error()));
        return;
    }
    QApplication::clipboard()->setText(*text);
    emit noticed(tr("Code of the selected schedule copied; paste it into your program."));
}

} // namespace alidade

#include "moc_learning_rate_export.cpp"
