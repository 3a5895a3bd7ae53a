#include "pages/learning_rate_import.h"

#include "document/error_text.h"
#include "document/job_runner.h"
#include "learning_rate/gradient_log.h"
#include "pages/learning_rate_model.h"

#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>

#include <algorithm>
#include <cmath>

namespace alidade {

namespace {

constexpr qint64 kLargestFile = 256 * 1024 * 1024;

Result<std::string> contentOf(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return makeError(ErrorCode::InputOutput, file.errorString().toStdString());
    if (file.size() > kLargestFile)
        return makeError(ErrorCode::Unsupported, "the file is larger than 256 MiB; log fewer steps");
    return file.readAll().toStdString();
}

QString shortPath(const QString& path) {
    return QDir::toNativeSeparators(path);
}

QString firstNote(const std::vector<LogNote>& notes) {
    return notes.empty() ? QString()
                         : ' ' + LearningRateImport::tr("Line %1: %2")
                                     .arg(notes.front().row)
                                     .arg(QString::fromStdString(notes.front().message));
}

} // namespace

LearningRateImport::LearningRateImport(LearningRateModel& model, QWidget* parent)
    : QObject(parent), m_model(model), m_parent(parent) {}

void LearningRateImport::ask(const QString& title, void (LearningRateImport::*read)(const QString&)) {
    auto* const dialog =
        new QFileDialog(m_parent, title, {}, tr("Tables (*.csv *.tsv *.txt *.log);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, read);
    dialog->open();
}

void LearningRateImport::askNorms(int power) {
    m_power = power;
    ask(tr("Gradient norms of a run"), &LearningRateImport::readNorms);
}

void LearningRateImport::askLosses() {
    ask(tr("Losses of a run"), &LearningRateImport::readLosses);
}

void LearningRateImport::askRates(bool replace) {
    ask(tr("Learning rates, one per step"),
        replace ? &LearningRateImport::replaceRates
                : static_cast<void (LearningRateImport::*)(const QString&)>(&LearningRateImport::readRates));
}

void LearningRateImport::replaceRates(const QString& path) {
    readRates(path, true);
}

void LearningRateImport::readRates(const QString& path) {
    readRates(path, false);
}

void LearningRateImport::readRates(const QString& path, bool replace) {
    m_model.jobs().start(
        {"learning-rate-rates", tr("Reading learning rates"), 0}, this,
        [path](const Monitor&) -> Result<RateLog> {
            ALIDADE_ASSIGN(const std::string text, contentOf(path));
            return readRateLog(text);
        },
        [this, path, replace](const Result<RateLog>& log, quint64) {
            if (!log) {
                emit failed(tr("%1 cannot be used. %2").arg(shortPath(path), errorText(log.error())));
                return;
            }
            // A shape with largest value 1, and the largest rate as base rate.
            TableShape table{log->rates};
            const double largest = *std::max_element(table.values.begin(), table.values.end());
            for (double& value : table.values)
                value /= largest;
            const QString name = QFileInfo(path).completeBaseName();
            m_model.change(replace ? tr("another table") : tr("add a schedule"),
                           [&](LearningRateState& state) {
                               LearningRateEntry* const entry = replace && state.selected() != nullptr
                                                                    ? state.find(state.selected()->id)
                                                                    : &state.add({table}, name);
                               entry->schedule.shape = table;
                               entry->atOptimum = false;
                               entry->baseRate = largest;
                           });
            emit noticed(tr("%n rate(s) from the column “%1”; the largest is the base rate.", nullptr,
                            static_cast<int>(log->rates.size()))
                             .arg(QString::fromStdString(log->rateColumn)) +
                         firstNote(log->notes));
        });
}

void LearningRateImport::readNorms(const QString& path) {
    readNorms(path, m_power);
}

void LearningRateImport::readNorms(const QString& path, int power) {
    m_model.jobs().start(
        {"learning-rate-norms", tr("Reading gradient norms"), 0}, this,
        [path, power](const Monitor&) -> Result<GradientLog> {
            ALIDADE_ASSIGN(const std::string text, contentOf(path));
            GradientLogOptions options;
            options.power = power;
            return readGradientLog(text, options);
        },
        [this, path](const Result<GradientLog>& log, quint64) {
            if (!log) {
                emit failed(tr("%1 cannot be used. %2").arg(shortPath(path), errorText(log.error())));
                return;
            }
            LoggedSeries series;
            series.source = QFileInfo(path).fileName();
            series.values = log->norms;
            for (std::size_t i = 0; i < log->norms.size(); ++i)
                series.steps.push_back(static_cast<double>(log->firstStep + i * log->stride));
            m_model.change(tr("gradient norms"), [&](LearningRateState& state) {
                state.norms = std::make_shared<const LoggedSeries>(std::move(series));
                state.gradientNorm = 1.0;
            });
            QString text =
                tr("%n norm(s) from the column “%1”.", nullptr, static_cast<int>(log->norms.size()))
                    .arg(QString::fromStdString(log->normColumn));
            const std::size_t mended = log->unreadable + log->zeros + log->spikes + log->missing;
            if (mended > 0)
                text += ' ' + tr("Cleaned: %1 unreadable, %2 zero, %3 spikes, %4 missing steps filled in.")
                                  .arg(log->unreadable)
                                  .arg(log->zeros)
                                  .arg(log->spikes)
                                  .arg(log->missing);
            emit noticed(text + firstNote(log->notes));
        });
}

void LearningRateImport::readLosses(const QString& path) {
    m_model.jobs().start(
        {"learning-rate-losses", tr("Reading losses"), 0}, this,
        [path](const Monitor&) -> Result<LossLog> {
            ALIDADE_ASSIGN(const std::string text, contentOf(path));
            return readLossLog(text);
        },
        [this, path](const Result<LossLog>& log, quint64) {
            if (!log) {
                emit failed(tr("%1 cannot be used. %2").arg(shortPath(path), errorText(log.error())));
                return;
            }
            LoggedSeries series;
            series.source = QFileInfo(path).fileName();
            for (const LossPoint& point : log->points) {
                series.steps.push_back(static_cast<double>(point.step));
                series.values.push_back(point.loss);
            }
            m_model.change(tr("losses"), [&](LearningRateState& state) {
                state.losses = std::make_shared<const LoggedSeries>(std::move(series));
            });
            emit noticed(
                tr("%n loss(es) from the column “%1”.", nullptr, static_cast<int>(log->points.size()))
                    .arg(QString::fromStdString(log->lossColumn)) +
                firstNote(log->notes));
        });
}

} // namespace alidade

#include "moc_learning_rate_import.cpp"
