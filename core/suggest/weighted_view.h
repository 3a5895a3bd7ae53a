#pragma once

#include "suggest/study_model.h"

#include <memory>

namespace alidade {

/// A model seen through the beliefs of its study: predictions are weighted means and standard deviations of
/// sample functions, acquisitions are those that a suggestion with beliefs would use. Where no belief says
/// anything, and for Feasibility, the plain ones. What has to be drawn or searched is done at the first
/// question and remembered; safe to share between threads (who asks meanwhile waits), cheap to copy.
class WeightedView {
public:
    /// `beta` as in StudyModel::acquisition().
    explicit WeightedView(StudyModel model, AcquisitionKind kind = AcquisitionKind::LogEi, double beta = 4.0);

    /// As StudyModel::predict(), user's units. Errors: those, and of studyBeliefModel().
    [[nodiscard]] Result<Prediction> predict(MeasureId measure, const std::vector<Setting>& settings) const;
    /// As StudyModel::acquisition() of the kind.
    [[nodiscard]] Result<Eigen::VectorXd> acquisition(const std::vector<Setting>& settings) const;
    [[nodiscard]] const StudyModel& model() const;
    [[nodiscard]] AcquisitionKind kind() const;

private:
    struct Parts;
    std::shared_ptr<Parts> m_parts;
};

} // namespace alidade
