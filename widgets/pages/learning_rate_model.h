#pragma once

#include "pages/learning_rate_curve.h"
#include "pages/learning_rate_state.h"

#include <QObject>
#include <QTimer>
#include <QUndoStack>

#include <functional>
#include <map>

namespace alidade {

class JobRunner;

/// The state of the page with its undo history, its place on disk, and the curves that belong to it, computed
/// in the background: first coarse ones, then fine ones. While a coarse computation runs, further changes
/// wait for its end and then start the next one with the newest state, so that a drag shows every result
/// instead of starving.
class LearningRateModel : public QObject {
    Q_OBJECT
public:
    explicit LearningRateModel(JobRunner& jobs, QObject* parent = nullptr);

    [[nodiscard]] const LearningRateState& state() const { return m_state; }
    [[nodiscard]] QUndoStack& undoStack() { return m_undo; }
    [[nodiscard]] JobRunner& jobs() const { return m_jobs; }

    using Change = std::function<void(LearningRateState&)>;
    /// Changes with the same gesture (not 0) are one step of undo.
    void change(const QString& text, const Change& change, quint64 gesture = 0);
    /// A number for the next gesture: a drag from press to release.
    [[nodiscard]] quint64 newGesture() { return ++m_gestures; }
    /// Selection is no step of undo.
    void select(qint64 id);
    /// Another state as a whole, undoable.
    void replace(const QString& text, const LearningRateState& state);
    /// Adds a schedule and selects it.
    void addSchedule(const Schedule& schedule, const QString& name = {},
                     std::optional<double> baseRate = std::nullopt);

    /// Newest curve of an entry, perhaps of a moment ago (isUpToDate() says); null before the first.
    [[nodiscard]] LearningRateCurvePtr curve(qint64 id) const;
    /// All curves belong to the present state and are fine.
    [[nodiscard]] bool isUpToDate() const;
    [[nodiscard]] double baseRate(const LearningRateEntry& entry) const;
    [[nodiscard]] std::optional<BoundTerms> endTerms(const LearningRateEntry& entry) const;
    /// The smallest bound that any schedule can have for these steps and norms; nothing until it is known, or
    /// where a norm is 0.
    [[nodiscard]] std::optional<double> bestBound() const;

    /// Keeps the state in this file from now on, and reads what is there. The error says why an existing
    /// file was not used; before the next change replaces it, it is copied to PATH.old.
    Result<void> setFile(const QString& path);
    void saveNow();

signals:
    void changed();       ///< the state; views show it at once
    void curvesChanged(); ///< newer curves have arrived

private:
    friend class LearningRateCommand;
    void setState(const LearningRateState& state);
    void request();
    void save();
    void computeFine();
    void computeBest();
    [[nodiscard]] std::map<qint64, CurveKey> missing(bool coarseIsEnough) const;
    void store(const std::map<qint64, LearningRateCurve>& curves);

    JobRunner& m_jobs;
    LearningRateState m_state;
    QUndoStack m_undo;
    QTimer m_saveTimer;
    QString m_path;
    std::map<qint64, LearningRateCurvePtr> m_curves;
    struct Best {
        std::size_t steps = 0;
        LoggedSeriesPtr norms;
        std::optional<double> bound; ///< for D = 1
    };
    Best m_best;
    quint64 m_gestures = 0;
    bool m_coarseRunning = false;
    bool m_keepOld = false;
};

} // namespace alidade
