#pragma once

#include "learning_rate/bound.h"
#include "learning_rate/schedule.h"

#include <QByteArray>
#include <QString>

#include <memory>
#include <vector>

namespace alidade {

/// What the page Learning rate knows: a plain value, so that undo and files are copies of it.

/// A series from a file: a value per logged step.
struct LoggedSeries {
    QString source;            ///< name of the file
    std::vector<double> steps; ///< ascending; empty: equally spaced
    std::vector<double> values;
    bool operator==(const LoggedSeries&) const = default;
};
using LoggedSeriesPtr = std::shared_ptr<const LoggedSeries>;

/// One schedule to compare.
struct LearningRateEntry {
    qint64 id = 0;
    QString name;
    int color = 0; ///< of seriesColor()
    int dash = 0;  ///< of lineDash()
    bool shown = true;
    Schedule schedule;
    bool atOptimum = true;  ///< the base rate follows the optimum of the bound
    double baseRate = 0.01; ///< otherwise; units of distance / gradient norm
    bool operator==(const LearningRateEntry&) const = default;
};

struct LearningRateState {
    std::size_t steps = 10000;
    double distance = 1.0;     ///< D = |x_1 - x*|
    double gradientNorm = 1.0; ///< G, or what measured norms are multiplied by
    LoggedSeriesPtr norms;     ///< measured gradient norms; null: constant G
    LoggedSeriesPtr losses;    ///< measured losses, for the tab Fit
    std::vector<LearningRateEntry> entries;
    qint64 current = 0; ///< id of the selected entry
    qint64 nextId = 1;

    [[nodiscard]] const LearningRateEntry* find(qint64 id) const;
    [[nodiscard]] LearningRateEntry* find(qint64 id);
    /// The selected entry, or the first; null when there is none.
    [[nodiscard]] const LearningRateEntry* selected() const;
    /// Appends a schedule in the next colour and dash and selects it; an empty name is made from the shape.
    LearningRateEntry& add(const Schedule& schedule, const QString& name = {});
    bool operator==(const LearningRateState& other) const;
};

inline constexpr std::size_t kLeastSteps = 2;
inline constexpr std::size_t kMostSteps = 1000000;

/// WSD with a fifth of cooldown, linear decay, cosine and constant, at their optimal base rates.
[[nodiscard]] LearningRateState initialLearningRateState();

/// Solid, dashed, ... by number, so that lines differ without their colour.
[[nodiscard]] Qt::PenStyle lineDash(int dash);
inline constexpr int kLineDashes = 5;

/// A schedule that is valid for `steps`: warm-up, switch step and parts are cut where they would not end in
/// time, tables are interpolated.
[[nodiscard]] Schedule fitted(const Schedule& schedule, std::size_t steps);

/// Gives the entry another schedule; a name that was made from the shape follows.
void reshape(LearningRateEntry& entry, const Schedule& schedule);

/// One norm per step by linear interpolation over the logged run (which may have had another length);
/// {1} without measured norms.
[[nodiscard]] std::vector<double> normsPerStep(const LoggedSeriesPtr& norms, std::size_t steps);

/// The page's file: JSON, "alidade_learning_rate": 1.
[[nodiscard]] QByteArray learningRateToJson(const LearningRateState& state);
[[nodiscard]] Result<LearningRateState> learningRateFromJson(const QByteArray& json);

} // namespace alidade
