#include "suggest/weighted_view.h"

#include "suggest/belief_term.h"
#include "suggest/target.h"

#include <cmath>
#include <map>
#include <mutex>

namespace alidade {
namespace {

Method methodOf(AcquisitionKind kind) {
    switch (kind) {
    case AcquisitionKind::Pi:
    case AcquisitionKind::LogPi: return Method::Pi;
    case AcquisitionKind::Ucb: return Method::Ucb;
    case AcquisitionKind::LogNei: return Method::LogNei;
    case AcquisitionKind::Kg: return Method::Kg;
    case AcquisitionKind::Mes: return Method::Mes;
    case AcquisitionKind::Jes: return Method::Jes;
    case AcquisitionKind::Pes: return Method::Pes;
    case AcquisitionKind::Thompson: return Method::Thompson;
    case AcquisitionKind::EiPerSecond: return Method::EiPerSecond;
    case AcquisitionKind::LogEi:
    case AcquisitionKind::Ei:
    case AcquisitionKind::Feasibility: break;
    }
    return Method::LogEi;
}

} // namespace

struct WeightedView::Parts {
    StudyModel model;
    AcquisitionKind kind;
    double beta;
    std::mutex mutex;
    std::map<MeasureId, std::optional<BeliefModel>> weighted;
    std::optional<AcquisitionTarget> target;

    Parts(StudyModel m, AcquisitionKind k, double b) : model(std::move(m)), kind(k), beta(b) {}
};

WeightedView::WeightedView(StudyModel model, AcquisitionKind kind, double beta)
    : m_parts(std::make_shared<Parts>(std::move(model), kind, beta)) {}

const StudyModel& WeightedView::model() const {
    return m_parts->model;
}

AcquisitionKind WeightedView::kind() const {
    return m_parts->kind;
}

Result<Prediction> WeightedView::predict(MeasureId measure, const std::vector<Setting>& settings) const {
    const StudyModel::State& state = *m_parts->model.state();
    const Objective* objective = state.definition.findObjective(measure);
    const auto found = state.processes.find(measure);
    if (!objective || found == state.processes.end())
        return m_parts->model.predict(measure, settings);
    const BeliefModel* beliefs = nullptr;
    {
        const std::lock_guard lock(m_parts->mutex);
        auto known = m_parts->weighted.find(measure);
        if (known == m_parts->weighted.end()) {
            ALIDADE_ASSIGN(
                std::optional<BeliefModel> drawn,
                studyBeliefModel(state, found->second, measure, objective->goal == Goal::Maximize));
            known = m_parts->weighted.emplace(measure, std::move(drawn)).first;
        }
        beliefs = known->second ? &*known->second : nullptr; // entries stay where they are
    }
    if (!beliefs)
        return m_parts->model.predict(measure, settings);
    return inUserUnits(found->second.transform, beliefs->predict(state.features.rows(settings)));
}

Result<Eigen::VectorXd> WeightedView::acquisition(const std::vector<Setting>& settings) const {
    const StudyModel& model = m_parts->model;
    const AcquisitionKind kind = m_parts->kind;
    ALIDADE_ASSIGN(Eigen::VectorXd values, model.acquisition(kind, settings, m_parts->beta));
    if (kind == AcquisitionKind::Feasibility)
        return values;
    const AcquisitionTarget* target = nullptr;
    {
        const std::lock_guard lock(m_parts->mutex);
        if (!m_parts->target) {
            ALIDADE_ASSIGN(m_parts->target, AcquisitionTarget::next(model.state(), 0, 1, {}, methodOf(kind)));
        }
        target = &*m_parts->target;
    }
    if (!target->beliefs())
        return values;
    const Eigen::MatrixXd rows = model.state()->features.rows(settings);
    const auto* bound = std::get_if<BoundFactor>(&target->beliefs()->factor);
    if (!bound && !std::holds_alternative<PathDifference>(target->beliefs()->factor)) {
        const Eigen::VectorXd terms = target->beliefs()->values(rows);
        if (isLogarithm(kind))
            values += terms;
        else
            values.array() *= terms.array().exp();
        return values;
    }
    Eigen::VectorXd terms;
    if (bound) {
        BoundFactor factor = *bound;
        factor.beta = m_parts->beta;
        terms = factor.values(rows);
    } else {
        terms = target->beliefs()->values(rows);
    }
    const OutcomeTransform& transform = target->process().transform;
    for (Eigen::Index i = 0; i < values.size(); ++i)
        values(i) =
            transform.toUser(transform.toModel(values(i)) + (target->maximise() ? terms(i) : -terms(i)));
    return values;
}

} // namespace alidade
