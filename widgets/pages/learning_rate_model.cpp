#include "pages/learning_rate_model.h"

#include "document/job_runner.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QUndoCommand>

#include <utility>

namespace alidade {

namespace {

const QString kCoarseKey = QStringLiteral("learning-rate-coarse");
const QString kFineKey = QStringLiteral("learning-rate-fine");
const QString kBestKey = QStringLiteral("learning-rate-best");
constexpr int kSaveDelayMs = 1000;
constexpr int kUndoLimit = 200;
constexpr int kCommandId = 0x4c52;
using Curves = std::map<qint64, LearningRateCurve>;

Result<Curves> computeAll(const std::map<qint64, CurveKey>& keys, bool coarse, const Monitor& monitor) {
    Curves curves;
    for (const auto& [id, key] : keys) {
        ALIDADE_ASSIGN(LearningRateCurve curve, computeCurve(key, coarse, monitor));
        curves.emplace(id, std::move(curve));
    }
    return curves;
}

} // namespace

class LearningRateCommand : public QUndoCommand {
public:
    LearningRateCommand(LearningRateModel& model, const QString& text, LearningRateState after,
                        quint64 gesture)
        : QUndoCommand(text), m_model(model), m_before(model.m_state), m_after(std::move(after)),
          m_gesture(gesture) {}
    void undo() override { m_model.setState(m_before); }
    void redo() override { m_model.setState(m_after); }
    [[nodiscard]] int id() const override { return m_gesture != 0 ? kCommandId : -1; }
    bool mergeWith(const QUndoCommand* other) override {
        const auto* next = dynamic_cast<const LearningRateCommand*>(other);
        if (next == nullptr || next->m_gesture != m_gesture)
            return false;
        m_after = next->m_after;
        return true;
    }

private:
    LearningRateModel& m_model;
    LearningRateState m_before;
    LearningRateState m_after;
    quint64 m_gesture;
};

LearningRateModel::LearningRateModel(JobRunner& jobs, QObject* parent)
    : QObject(parent), m_jobs(jobs), m_state(initialLearningRateState()) {
    m_undo.setUndoLimit(kUndoLimit);
    m_saveTimer.setSingleShot(true);
    m_saveTimer.setInterval(kSaveDelayMs);
    connect(&m_saveTimer, &QTimer::timeout, this, &LearningRateModel::save);
    request();
}

void LearningRateModel::change(const QString& text, const Change& change, quint64 gesture) {
    LearningRateState after = m_state;
    change(after);
    if (after == m_state)
        return;
    m_undo.push(new LearningRateCommand(*this, text, std::move(after), gesture));
}

void LearningRateModel::select(qint64 id) {
    if (m_state.current == id || m_state.find(id) == nullptr)
        return;
    m_state.current = id;
    m_saveTimer.start();
    emit changed();
}

void LearningRateModel::replace(const QString& text, const LearningRateState& state) {
    change(text, [&](LearningRateState& target) { target = state; });
}

void LearningRateModel::addSchedule(const Schedule& schedule, const QString& name,
                                    std::optional<double> baseRate) {
    change(tr("add a schedule"), [&](LearningRateState& state) {
        LearningRateEntry& entry = state.add(schedule, name);
        entry.atOptimum = !baseRate.has_value();
        entry.baseRate = baseRate.value_or(entry.baseRate);
    });
}

void LearningRateModel::setState(const LearningRateState& state) {
    m_state = state;
    m_saveTimer.start();
    std::erase_if(m_curves, [this](const auto& item) { return m_state.find(item.first) == nullptr; });
    emit changed();
    request();
}

LearningRateCurvePtr LearningRateModel::curve(qint64 id) const {
    const auto it = m_curves.find(id);
    return it == m_curves.end() ? nullptr : it->second;
}

bool LearningRateModel::isUpToDate() const {
    return missing(false).empty();
}

double LearningRateModel::baseRate(const LearningRateEntry& entry) const {
    const LearningRateCurvePtr known = curve(entry.id);
    return known ? baseRateOf(entry, m_state, *known) : entry.atOptimum ? 0.0 : entry.baseRate;
}

std::optional<BoundTerms> LearningRateModel::endTerms(const LearningRateEntry& entry) const {
    const LearningRateCurvePtr known = curve(entry.id);
    if (!known || known->error)
        return std::nullopt;
    return scaledTerms(known->end, m_state.distance, m_state.gradientNorm);
}

std::map<qint64, CurveKey> LearningRateModel::missing(bool coarseIsEnough) const {
    std::map<qint64, CurveKey> keys;
    for (const LearningRateEntry& entry : m_state.entries) {
        CurveKey key{fitted(entry.schedule, m_state.steps), m_state.steps, m_state.norms};
        const auto known = m_curves.find(entry.id);
        if (known == m_curves.end() || !(known->second->key == key) ||
            (known->second->coarse && !coarseIsEnough))
            keys.emplace(entry.id, std::move(key));
    }
    return keys;
}

void LearningRateModel::store(const std::map<qint64, LearningRateCurve>& curves) {
    for (const auto& [id, curve] : curves)
        if (m_state.find(id) != nullptr)
            m_curves[id] = std::make_shared<const LearningRateCurve>(curve);
    emit curvesChanged();
}

void LearningRateModel::request() {
    if (m_coarseRunning)
        return; // its end asks again
    const auto keys = missing(true);
    if (keys.empty())
        return computeFine();
    m_jobs.discard(kFineKey);
    m_coarseRunning = true;
    m_jobs.start(
        {kCoarseKey, {}, 0}, this, [keys](const Monitor& monitor) { return computeAll(keys, true, monitor); },
        [this](const Result<Curves>& curves, quint64) {
            m_coarseRunning = false;
            if (!curves)
                return; // asked to stop: until the next change
            store(*curves);
            request();
        });
}

std::optional<double> LearningRateModel::bestBound() const {
    if (m_best.steps != m_state.steps || m_best.norms != m_state.norms || !m_best.bound)
        return std::nullopt;
    return *m_best.bound * m_state.distance * m_state.gradientNorm;
}

void LearningRateModel::computeBest() {
    if (m_best.steps == m_state.steps && m_best.norms == m_state.norms)
        return;
    const Best wanted{m_state.steps, m_state.norms, std::nullopt};
    m_jobs.start(
        {kBestKey, {}, 0}, this,
        [wanted](const Monitor&) -> Result<double> {
            ALIDADE_ASSIGN(const OptimalSchedule best,
                           optimalSchedule(wanted.steps, {1.0, normsPerStep(wanted.norms, wanted.steps)}));
            return best.bound;
        },
        [this, wanted](const Result<double>& bound, quint64) {
            m_best = wanted;
            if (bound)
                m_best.bound = *bound;
            emit curvesChanged();
        });
}

void LearningRateModel::computeFine() {
    computeBest();
    const auto keys = missing(false);
    if (keys.empty())
        return;
    m_jobs.start(
        {kFineKey, tr("Bounds of the schedules"), 0}, this,
        [keys](const Monitor& monitor) { return computeAll(keys, false, monitor); },
        [this](const Result<Curves>& curves, quint64) {
            if (curves)
                store(*curves);
        });
}

Result<void> LearningRateModel::setFile(const QString& path) {
    m_path = path;
    QFile file(path);
    if (!file.exists())
        return {};
    if (!file.open(QIODevice::ReadOnly))
        return makeError(ErrorCode::InputOutput, file.errorString().toStdString());
    const auto state = learningRateFromJson(file.readAll());
    m_keepOld = !state.ok();
    if (!state)
        return state.error();
    m_undo.clear();
    setState(*state);
    m_saveTimer.stop();
    return {};
}

void LearningRateModel::saveNow() {
    if (!m_saveTimer.isActive())
        return; // nothing has changed since
    m_saveTimer.stop();
    save();
}

void LearningRateModel::save() {
    if (m_path.isEmpty())
        return;
    if (std::exchange(m_keepOld, false))
        QFile::copy(m_path, m_path + QStringLiteral(".old"));
    QDir().mkpath(QFileInfo(m_path).absolutePath());
    QSaveFile file(m_path);
    if (file.open(QIODevice::WriteOnly) && file.write(learningRateToJson(m_state)) >= 0)
        file.commit();
}

} // namespace alidade
