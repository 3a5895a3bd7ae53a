#include "optim/bounded_minimiser.h"

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <mutex>
#include <string_view>
#include <vector>

// Fortran entry point of L-BFGS-B; character arguments carry their length at the end.
extern "C" void setulb_(const int* n, const int* m, double* x, const double* l, const double* u,
                        const int* nbd, double* f, double* g, const double* factr, const double* pgtol,
                        double* wa, int* iwa, char* task, const int* iprint, char* csave, int* lsave,
                        int* isave, double* dsave, std::size_t taskLength, std::size_t csaveLength);

extern "C" void alidade_silence_fortran();

namespace alidade {
namespace {

constexpr std::size_t kTextLength = 60;

void setTask(std::array<char, kTextLength>& task, std::string_view text) {
    task.fill(' ');
    std::memcpy(task.data(), text.data(), text.size());
}

} // namespace

BoundedReport minimiseBounded(const DifferentiableFunction& objective, const Eigen::VectorXd& start,
                              const Eigen::VectorXd& lower, const Eigen::VectorXd& upper,
                              const BoundedOptions& options, const Monitor& monitor) {
    static std::once_flag silenced;
    std::call_once(silenced, alidade_silence_fortran);
    const int n = static_cast<int>(start.size());
    const int m = options.memory;
    const int silent = -1;
    Eigen::VectorXd x = start.cwiseMax(lower).cwiseMin(upper);
    Eigen::VectorXd gradient = Eigen::VectorXd::Zero(n);
    double value = 0.0;
    const std::vector<int> boundKind(static_cast<std::size_t>(n), 2);
    std::vector<double> work(static_cast<std::size_t>(2 * m * n + 5 * n + 11 * m * m + 8 * m));
    std::vector<int> integerWork(static_cast<std::size_t>(3 * n));
    std::array<char, kTextLength> task{};
    std::array<char, kTextLength> textState{};
    std::array<int, 4> logicalState{};
    std::array<int, 44> integerState{};
    std::array<double, 29> doubleState{};
    setTask(task, "START");
    textState.fill(' ');

    BoundedReport report;
    report.status = BoundedReport::Status::Failed;
    report.point = x;
    report.value = std::numeric_limits<double>::infinity();
    const auto ended = [&](BoundedReport::Status status) {
        if (std::isfinite(report.value))
            report.status = status;
        return report;
    };
    for (;;) {
        setulb_(&n, &m, x.data(), lower.data(), upper.data(), boundKind.data(), &value, gradient.data(),
                &options.functionTolerance, &options.gradientTolerance, work.data(), integerWork.data(),
                task.data(), &silent, textState.data(), logicalState.data(), integerState.data(),
                doubleState.data(), kTextLength, kTextLength);
        const std::string_view state(task.data(), kTextLength);
        if (state.starts_with("FG")) {
            if (monitor.stopRequested())
                return ended(BoundedReport::Status::Stopped);
            if (report.evaluations >= options.maximumEvaluations)
                return ended(BoundedReport::Status::IterationLimit);
            value = objective(x, gradient);
            ++report.evaluations;
            if (!std::isfinite(value) || !gradient.allFinite()) {
                // A large finite value makes the line search turn back; at the very start nothing can be
                // done.
                if (!std::isfinite(report.value))
                    return report;
                value = std::abs(report.value) * 10.0 + 1e10;
                gradient.setZero();
            } else if (value < report.value) {
                report.value = value;
                report.point = x;
            }
        } else if (state.starts_with("NEW_X")) {
            report.iterations = integerState[29];
            const bool hopeless = options.judgedAfter > 0 && report.iterations >= options.judgedAfter &&
                                  !(report.value < options.hopeful);
            if (report.iterations >= options.maximumIterations || hopeless)
                return ended(BoundedReport::Status::IterationLimit);
        } else if (state.starts_with("CONV")) {
            return ended(BoundedReport::Status::Converged);
        } else {
            // ABNORMAL or ERROR: the line search found no descent; the best point stands.
            return ended(BoundedReport::Status::Converged);
        }
    }
}

} // namespace alidade
