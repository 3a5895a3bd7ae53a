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

ExplorePredictor explorePredictor(const WeightedView& view) {
    ExplorePredictor predictor = explorePredictor(view.model(), view.kind());
    predictor.predict = [view](MeasureId measure, const std::vector<Setting>& settings) {
        return view.predict(measure, settings);
    };
    predictor.acquisition = [view](const std::vector<Setting>& settings) {
        return view.acquisition(settings);
    };
    return predictor;
}

ExplorePredictor ExplorePredictors::predictor(const StudyModel& model, AcquisitionKind kind, bool beliefs) {
    if (!beliefs)
        return explorePredictor(model, kind);
    if (!m_weighted.empty() && m_weighted.begin()->second.model().state() != model.state())
        m_weighted.clear();
    return explorePredictor(m_weighted.try_emplace(kind, model, kind).first->second);
}

bool beliefsAct(const Definition& definition) {
    return !definition.beliefs.empty() && definition.strategy.beliefs != BeliefUse::Off;
}

} // namespace alidade
