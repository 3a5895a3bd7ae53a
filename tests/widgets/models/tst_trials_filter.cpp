#include "document/project_document.h"
#include "models/trials_filter.h"
#include "models/trials_model.h"

#include <QTest>

#include <algorithm>
#include <functional>

using namespace alidade;

namespace {

constexpr MeasureId kLoss{2};

/// Every third is pending, the rest measured in no order.
Study sampleStudy(int trials) {
    Study study;
    Parameter x;
    x.id = {1};
    x.name = "x";
    study.definition.space.parameters.push_back(x);
    Objective loss;
    loss.id = kLoss;
    loss.name = "loss";
    study.definition.objectives.push_back(loss);
    study.definition.nextId = 3;
    for (int i = 0; i < trials; ++i) {
        Trial trial;
        trial.id = {i + 1};
        trial.setting[x.id] = 0.5;
        if (i % 3 != 0) {
            trial.state = TrialState::Complete;
            trial.values[kLoss].value = (i * 37) % 101;
        }
        study.trials.push_back(trial);
    }
    return study;
}

std::vector<std::int64_t> shownIds(const TrialsFilter& filter) {
    std::vector<std::int64_t> ids;
    for (int row = 0; row < filter.rowCount(); ++row)
        ids.push_back(filter.index(row, 0).data(TrialsModel::IdRole).toLongLong());
    return ids;
}

/// Pending trials on top, then by the loss.
std::vector<double> lossesBelowPending(const TrialsFilter& filter, const Study& study, int pending) {
    std::vector<double> losses;
    const auto ids = shownIds(filter);
    for (std::size_t row = 0; row < ids.size(); ++row) {
        const Trial* trial = study.find(TrialId{ids[row]});
        if ((trial->state == TrialState::Pending) != (static_cast<int>(row) < pending))
            return {};
        if (trial->state == TrialState::Complete)
            losses.push_back(trial->values.at(kLoss).value);
    }
    return losses;
}

} // namespace

class TrialsFilterTest : public QObject {
    Q_OBJECT
private slots:
    void resultsTakeTheirPlace_data();
    void resultsTakeTheirPlace();
    void findsWordsAfterAChange();
};

void TrialsFilterTest::resultsTakeTheirPlace_data() {
    QTest::addColumn<int>("order");
    QTest::newRow("ascending") << static_cast<int>(Qt::AscendingOrder);
    QTest::newRow("descending") << static_cast<int>(Qt::DescendingOrder);
}

void TrialsFilterTest::resultsTakeTheirPlace() {
    QFETCH(int, order);
    ProjectDocument document;
    document.openInMemory(sampleStudy(60));
    TrialsModel model(document);
    TrialsFilter filter;
    filter.setSourceModel(&model);
    filter.sort(2, static_cast<Qt::SortOrder>(order)); // the measure, behind number and state
    int pending = 20;
    for (const double loss : {-5.0, 1000.0, 50.5, 50.25}) {
        const TrialId next{3 * (20 - pending) + 1};
        document.complete(next, {{kLoss, {loss, std::nullopt}}});
        --pending;
        const auto losses = lossesBelowPending(filter, document.study(), pending);
        QCOMPARE(losses.size(), static_cast<std::size_t>(60 - pending));
        QVERIFY(order == Qt::AscendingOrder ? std::is_sorted(losses.begin(), losses.end())
                                            : std::is_sorted(losses.begin(), losses.end(), std::greater<>()));
    }
    // A trial that comes in has its key, too.
    Trial added;
    added.setting[ParameterId{1}] = 0.25;
    document.addTrials({added});
    QTRY_COMPARE(filter.rowCount(), 61);
    QCOMPARE(lossesBelowPending(filter, document.study(), pending + 1).size(),
             static_cast<std::size_t>(60 - pending));
}

void TrialsFilterTest::findsWordsAfterAChange() {
    ProjectDocument document;
    document.openInMemory(sampleStudy(12));
    TrialsModel model(document);
    TrialsFilter filter;
    filter.setSourceModel(&model);
    filter.setText("broken");
    QCOMPARE(filter.rowCount(), 0);
    document.fail(TrialId{4}, "the pump is broken");
    QCOMPARE(shownIds(filter), std::vector<std::int64_t>{4});
}

QTEST_MAIN(TrialsFilterTest)
#include "tst_trials_filter.moc"
