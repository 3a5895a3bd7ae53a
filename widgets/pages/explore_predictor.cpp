#include "pages/explore_slices.h"

namespace alidade {

ExplorePredictor explorePredictor(const StudyModel& model, AcquisitionKind kind) {
    ExplorePredictor predictor;
    predictor.predict = [model](MeasureId measure, const std::vector<Setting>& settings) {
        return model.predict(measure, settings);
    };
    predictor.feasibility = [model](const std::vector<Setting>& settings) {
        return model.feasibility(settings);
    };
    predictor.acquisition = [model, kind](const std::vector<Setting>& settings) {
        return model.acquisition(kind, settings);
    };
    return predictor;
}

} // namespace alidade
