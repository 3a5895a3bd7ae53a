#include "pareto/reference_point.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace alidade {

namespace {

constexpr double kSmallestRange = 1e-7;

Error invalid(std::string message, std::string context) {
    return makeError(ErrorCode::InvalidArgument, std::move(message), std::move(context));
}

Result<void> check(const ObjectiveMatrix& front, const ReferencePointOptions& options) {
    if (!(options.margin >= 0.0) || std::isinf(options.margin))
        return invalid("the margin must be a number >= 0", "margin");
    for (Eigen::Index i = 0; i < front.rows(); ++i) {
        if (!front.row(i).allFinite())
            return invalid("a front point must have all its values", "front[" + std::to_string(i) + "]");
    }
    if (!options.worstAcceptable) {
        if (front.rows() == 0)
            return invalid("without a measured point the reference point must be given for every objective",
                           "reference");
        return {};
    }
    const Eigen::VectorXd& worst = *options.worstAcceptable;
    if (front.rows() > 0 && worst.size() != front.cols())
        return invalid("there are " + std::to_string(worst.size()) + " worst acceptable values for " +
                           std::to_string(front.cols()) + " objectives",
                       "reference");
    for (Eigen::Index k = 0; k < worst.size(); ++k) {
        if (std::isinf(worst[k]) || (front.rows() == 0 && std::isnan(worst[k])))
            return invalid("a finite worst acceptable value is needed here",
                           "reference[" + std::to_string(k) + "]");
    }
    return {};
}

double worstIn(const ObjectiveMatrix& front, Eigen::Index objective) {
    return front.col(objective).maxCoeff();
}

} // namespace

Result<Eigen::VectorXd> inferReferencePoint(const ObjectiveMatrix& front,
                                            const ReferencePointOptions& options) {
    ALIDADE_CHECK(check(front, options));
    const double margin = options.margin;
    const Eigen::Index objectives = front.rows() > 0 ? front.cols() : options.worstAcceptable->size();
    const Eigen::VectorXd worst =
        options.worstAcceptable.value_or(Eigen::VectorXd::Constant(objectives, std::nan("")));
    if (front.rows() == 0) {
        if (options.marginOnWorst)
            return Eigen::VectorXd(worst + margin * worst.cwiseAbs());
        return worst;
    }
    std::vector<Eigen::Index> beating; // rows strictly better than every given limit
    for (Eigen::Index i = 0; i < front.rows(); ++i) {
        bool beats = true;
        for (Eigen::Index k = 0; k < objectives; ++k)
            beats = beats && (std::isnan(worst[k]) || front(i, k) < worst[k]);
        if (beats)
            beating.push_back(i);
    }
    const bool limited = !worst.hasNaN();
    Eigen::VectorXd reference(objectives);
    for (Eigen::Index k = 0; k < objectives; ++k) {
        const double best = front.col(k).minCoeff();
        if (limited && !beating.empty()) {
            double bestBeating = front(beating.front(), k);
            for (const Eigen::Index i : beating)
                bestBeating = std::min(bestBeating, front(i, k));
            const double range = std::max(worst[k] - bestBeating, kSmallestRange);
            reference[k] = options.marginOnWorst ? worst[k] + margin * range : worst[k];
            continue;
        }
        double start = worstIn(front, k);
        double range = std::max(std::abs(start), kSmallestRange);
        if (front.rows() > 1) {
            if (!std::isnan(worst[k]))
                start = std::max(start, worst[k]);
            range = std::max(start - best, kSmallestRange);
        }
        // A limit on some objectives only: it replaces the inferred value where a point beats the limits.
        if (!limited && !std::isnan(worst[k]) && !beating.empty())
            reference[k] = options.marginOnWorst ? worst[k] + margin * range : worst[k];
        else
            reference[k] = start + margin * range;
    }
    return reference;
}

} // namespace alidade
