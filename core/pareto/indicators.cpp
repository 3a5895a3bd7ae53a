#include "pareto/indicators.h"

#include "base/constants.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace alidade {

namespace {

constexpr double kMostRows = 1e6;

} // namespace

Result<double> invertedGenerationalDistancePlus(const ObjectiveMatrix& points, const ObjectiveMatrix& known) {
    if (known.rows() == 0 || known.cols() != points.cols())
        return makeError(ErrorCode::InvalidArgument,
                         "the known front needs points with as many objectives as the others", "known");
    double sum = 0.0;
    Eigen::Index counted = 0;
    for (Eigen::Index z = 0; z < known.rows(); ++z) {
        if (!isComplete(pointRow(known, z)))
            continue;
        double nearest = kInfinity;
        for (Eigen::Index p = 0; p < points.rows(); ++p) {
            const double distance = (points.row(p) - known.row(z)).array().max(0.0).matrix().norm();
            if (isComplete(pointRow(points, p)))
                nearest = std::min(nearest, distance);
        }
        sum += nearest;
        ++counted;
    }
    if (counted == 0)
        return makeError(ErrorCode::InvalidArgument, "no point of the known front is complete", "known");
    return sum / static_cast<double>(counted);
}

Result<double> r2Indicator(const ObjectiveMatrix& points, const Eigen::VectorXd& ideal,
                           const ObjectiveMatrix& weights) {
    if (ideal.size() != points.cols() || !ideal.allFinite())
        return makeError(ErrorCode::InvalidArgument, "the ideal point needs one finite value per objective",
                         "ideal");
    if (weights.rows() == 0 || weights.cols() != points.cols() || !(weights.array() >= 0.0).all())
        return makeError(ErrorCode::InvalidArgument,
                         "weights need one value >= 0 per objective and at least one row", "weights");
    double sum = 0.0;
    for (Eigen::Index w = 0; w < weights.rows(); ++w) {
        double best = kInfinity;
        for (Eigen::Index p = 0; p < points.rows(); ++p) {
            if (isComplete(pointRow(points, p)))
                best = std::min(
                    best, ((points.row(p) - ideal.transpose()).array() * weights.row(w).array()).maxCoeff());
        }
        sum += best;
    }
    return sum / static_cast<double>(weights.rows());
}

Result<ObjectiveMatrix> simplexLattice(int objectives, int divisions) {
    if (objectives < 1 || divisions < 1)
        return makeError(ErrorCode::InvalidArgument, "objectives and divisions must be at least 1");
    double rows = 1.0; // C(divisions + objectives - 1, objectives - 1)
    for (int k = 1; k < objectives; ++k)
        rows *= static_cast<double>(divisions + k) / k;
    if (rows > kMostRows)
        return makeError(ErrorCode::InvalidArgument, "that many divisions give over a million vectors",
                         "divisions");
    ObjectiveMatrix lattice(static_cast<Eigen::Index>(std::lround(rows)), objectives);
    std::vector<int> counts(static_cast<std::size_t>(objectives), 0);
    counts.back() = divisions;
    for (Eigen::Index row = 0; row < lattice.rows(); ++row) {
        for (int k = 0; k < objectives; ++k)
            lattice(row, k) = static_cast<double>(counts[static_cast<std::size_t>(k)]) / divisions;
        // The next in order: the last component that is not 0 gives one to its left, the rest goes to the
        // end.
        const std::size_t last = counts.size() - 1;
        std::size_t at = last;
        int behind = counts[last];
        while (at > 0 && behind == 0)
            behind = counts[--at];
        if (at == 0)
            break;
        counts[at] = 0;
        ++counts[at - 1];
        counts[last] = behind - 1;
    }
    return lattice;
}

} // namespace alidade
