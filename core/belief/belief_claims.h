#pragma once

#include "belief/axis_density.h"
#include "study/definition.h"

#include <Eigen/Core>

#include <functional>
#include <vector>

namespace alidade {

/// The beliefs of a study that say something about one modelled outcome, ready to be asked how well a sample
/// function fits each of them.
class BeliefClaims {
public:
    /// Beliefs of confidence above 0 that are not flat. `objective`: the outcome is this objective; nothing:
    /// a scalarisation of several, of which only the place of the optimum and preferences without an
    /// objective are known. Beliefs about other objectives are left out. The definition must be valid.
    BeliefClaims(const Definition& definition, std::optional<MeasureId> objective);

    [[nodiscard]] const SearchSpace& space() const { return m_space; }
    [[nodiscard]] bool empty() const { return m_claims.empty(); }
    [[nodiscard]] Eigen::Index count() const { return static_cast<Eigen::Index>(m_claims.size()); }
    [[nodiscard]] const Belief& belief(Eigen::Index claim) const {
        return m_claims[static_cast<std::size_t>(claim)].belief;
    }

    /// log ratio of each claim about the optimum's place at a setting: 0 for the other claims and for
    /// parameters that are inactive there. Ratio to knowing nothing, so 0 says nothing.
    [[nodiscard]] Eigen::VectorXd logPlaceRatios(const Setting& setting) const;
    /// Of all claims about the place, each mixed with its doubt: sum of log(c r + 1 - c).
    [[nodiscard]] double logPlaceDensity(const Setting& setting) const;
    [[nodiscard]] bool hasPlace() const;
    /// Whether a claim is about the optimum's place.
    [[nodiscard]] bool isPlace(Eigen::Index claim) const;

    /// A setting drawn from the claims about the place: `base` with the parameters they are about replaced,
    /// each with the probability of its confidence; `uniform` gives numbers in [0, 1). Constraints are not
    /// considered.
    [[nodiscard]] Setting drawPlace(const Setting& base, const std::function<double()>& uniform) const;
    /// `base` with each of those parameters at its most likely value.
    [[nodiscard]] Setting placeMode(const Setting& base) const;

    /// Settings at which functions must be known besides the candidates: preferences and trends.
    [[nodiscard]] const std::vector<Setting>& probes() const { return m_probes; }

    /// Where each function has its optimum, and its value there in model units.
    struct Optima {
        std::vector<Eigen::Index> place; ///< index of a candidate
        Eigen::VectorXd value;
    };
    /// Up to a constant of each claim, the log of how well each function fits it: claims x functions.
    /// `places` (candidates x claims) holds logPlaceRatios of the candidates, `probes` (probes().size() x
    /// functions) the function values there in model units; `toUser` turns a model value into the objective's
    /// units.
    [[nodiscard]] Eigen::MatrixXd logFit(const Eigen::MatrixXd& places, const Optima& optima,
                                         const Eigen::MatrixXd& probes, bool maximise,
                                         const std::function<double(double)>& toUser) const;
    /// logPlaceRatios of each candidate: candidates x claims.
    [[nodiscard]] Eigen::MatrixXd logPlaceRatios(const std::vector<Setting>& candidates) const;
    [[nodiscard]] Eigen::VectorXd confidences() const;

private:
    struct Axis {
        ParameterId parameter;
        AxisDensity density;
    };
    struct Claim {
        Belief belief;
        std::optional<Axis> axis; ///< of an optimum belief
        std::size_t firstProbe = 0;
    };

    void addProbes(Claim& claim);
    [[nodiscard]] double logGoodPoints(const GoodPointsBelief& belief, const Setting& setting) const;
    void drawNear(const GoodPointsBelief& good, Setting& setting,
                  const std::function<double()>& uniform) const;

    SearchSpace m_space;
    std::vector<Claim> m_claims;
    std::vector<Setting> m_probes;
};

} // namespace alidade
