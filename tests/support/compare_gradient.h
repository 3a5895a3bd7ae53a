#pragma once

#include "base/rng.h"
#include "near.h"

#include <QTest>

#include <Eigen/Core>

#include <cmath>

namespace alidade::test {

/// Fails the test where, at places in the unit cube of three dimensions, one(x, gradient) and several(x) do
/// not agree or the gradient is not that of central differences.
template <typename One, typename Several>
void compareGradient(const One& one, const Several& several) {
    Rng rng(9, "gradients");
    for (int i = 0; i < 8; ++i) {
        Eigen::RowVectorXd x(3);
        for (double& entry : x)
            entry = rng.uniform(0.02, 0.98);
        Eigen::VectorXd gradient;
        Eigen::VectorXd unused;
        const double value = one(x, gradient);
        QVERIFY(std::isfinite(value));
        VERIFY_NEAR(value, several(x)(0), 1e-9);
        for (Eigen::Index c = 0; c < 3; ++c) {
            Eigen::RowVectorXd ahead = x;
            Eigen::RowVectorXd behind = x;
            ahead(c) += 1e-5;
            behind(c) -= 1e-5;
            const double difference = (one(ahead, unused) - one(behind, unused)) / 2e-5;
            QVERIFY2(near(gradient(c), difference, 2e-4, 2e-5 * (1.0 + gradient.norm())),
                     qPrintable(
                         QString("%1 against %2").arg(gradient(c), 0, 'g', 10).arg(difference, 0, 'g', 10)));
        }
    }
}

} // namespace alidade::test
