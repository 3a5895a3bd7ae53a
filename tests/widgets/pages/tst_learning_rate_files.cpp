// What goes in and out of the page Learning rate: logs of runs, code, tables; and what is made of them.
#include "document/job_runner.h"
#include "pages/learning_rate_export.h"
#include "pages/learning_rate_fit.h"
#include "pages/learning_rate_import.h"
#include "pages/learning_rate_model.h"
#include "pages/learning_rate_refine.h"
#include "pages/learning_rate_simulate.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace alidade;

namespace {

QString write(const QTemporaryDir& folder, const QString& name, const QByteArray& content) {
    QFile file(folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write");
    return file.fileName();
}

} // namespace

class LearningRateFilesTest : public QObject {
    Q_OBJECT
private slots:
    void readsNorms();
    void saysWhatIsWrongWithALog();
    void constantNormsRefineToLinearDecay();
    void fallingNormsGiveAWarmup();
    void fitFindsDistanceAndNorm();
    void fitNeedsEnoughSteps();
    void csvHoldsEveryStep();
    void codeIsOfTheSelectedSchedule();
    void savesAndOpens();
    void simulationStaysBelowTheBound();
    void simulatesOnImages();
    void normsOfTheOtherKind();
};

void LearningRateFilesTest::readsNorms() {
    const QTemporaryDir folder;
    QByteArray csv = "step,loss,grad_norm\n";
    for (int i = 1; i <= 40; ++i)
        csv += QByteArray::number(10 * i) + ",1.5," + (i == 7 ? "nan" : QByteArray::number(2.0 + 0.01 * i)) +
               "\n";
    JobRunner jobs;
    LearningRateModel model(jobs);
    LearningRateImport import(model, nullptr);
    QSignalSpy noticed(&import, &LearningRateImport::noticed);
    import.readNorms(write(folder, "run.csv", csv));
    QTRY_COMPARE(noticed.count(), 1);
    QVERIFY(model.state().norms);
    QCOMPARE(model.state().norms->values.size(), std::size_t(40));
    QCOMPARE(model.state().norms->steps.front(), 10.0);
    QCOMPARE(model.state().norms->source, QString("run.csv"));
    QVERIFY(noticed.at(0).at(0).toString().contains("1 unreadable"));
    QTRY_VERIFY(model.isUpToDate());
    QVERIFY(model.endTerms(*model.state().selected()).has_value());
    model.undoStack().undo();
    QVERIFY(!model.state().norms);
}

void LearningRateFilesTest::saysWhatIsWrongWithALog() {
    const QTemporaryDir folder;
    JobRunner jobs;
    LearningRateModel model(jobs);
    LearningRateImport import(model, nullptr);
    QSignalSpy failed(&import, &LearningRateImport::failed);
    import.readNorms(write(folder, "empty.csv", "step,grad_norm\n"));
    QTRY_COMPARE(failed.count(), 1);
    import.readLosses(folder.filePath("missing.csv"));
    QTRY_COMPARE(failed.count(), 2);
    QVERIFY(!model.state().norms && !model.state().losses);
}

void LearningRateFilesTest::constantNormsRefineToLinearDecay() {
    RefineRequest request;
    request.norms = std::make_shared<const LoggedSeries>(LoggedSeries{"", {}, std::vector<double>(101, 2.0)});
    request.steps = 400;
    const auto result = computeRefinement(request, {});
    QVERIFY(result.ok());
    QCOMPARE(result->rates.size(), std::size_t(400));
    for (std::size_t i = 0; i < 400; ++i)
        QVERIFY(std::abs(result->rates[i] - (1.0 - double(i) / 400.0)) < 1e-9);
    // Bounds scale with the norms: published values for G = 1 at T = 400.
    QVERIFY(std::abs(result->linearBound - 2.0 * 0.100630) < 1e-5);
    QVERIFY(result->bestBound < result->linearBound);
}

void LearningRateFilesTest::fallingNormsGiveAWarmup() {
    LoggedSeries series{"", {}, {}};
    for (int i = 0; i < 200; ++i)
        series.values.push_back(1.0 + 9.0 * std::exp(-i / 15.0));
    RefineRequest request{std::make_shared<const LoggedSeries>(series), 1000, {2, 0.0}};
    const auto result = computeRefinement(request, {});
    QVERIFY(result.ok());
    QVERIFY(result->rates.front() < 0.1);
    QVERIFY(*std::max_element(result->rates.begin(), result->rates.end()) > 0.99);
    QVERIFY(result->rates.back() < 0.02);
    QVERIFY(result->refinedBound < result->linearBound);
    QVERIFY(result->bestBound <= result->refinedBound);
}

void LearningRateFilesTest::fitFindsDistanceAndNorm() {
    const Schedule schedule{WsdShape{}};
    const auto eta = rates(schedule, 500);
    const auto curve = boundCurveExact(*eta, {3.0, {0.7}});
    LoggedSeries losses{"", {}, {}};
    for (std::size_t t = 5; t <= 500; t += 5) {
        losses.steps.push_back(double(t));
        losses.values.push_back(1.25 + (*curve)[t - 1].at(0.2));
    }
    const auto fit = computeFit({std::make_shared<const LoggedSeries>(losses), schedule, 500, 0.2}, {});
    QVERIFY(fit.ok());
    QVERIFY(std::abs(fit->fit.distance - 3.0) < 1e-6);
    QVERIFY(std::abs(fit->fit.gradientNorm - 0.7) < 1e-6);
    QVERIFY(std::abs(fit->fit.floor - 1.25) < 1e-6);
    QCOMPARE(fit->steps.size(), std::size_t(100));
}

void LearningRateFilesTest::fitNeedsEnoughSteps() {
    const LoggedSeries losses{"", {1, 2, 3, 4, 900}, {5, 4, 3, 2, 1}};
    const auto fit = computeFit({std::make_shared<const LoggedSeries>(losses), {WsdShape{}}, 500, 0.2}, {});
    QVERIFY(!fit.ok());
    QVERIFY(fit.error().message.find("900") != std::string::npos);
}

void LearningRateFilesTest::csvHoldsEveryStep() {
    LearningRateState state;
    state.steps = 4;
    state.add({LinearShape{}}, "a, b");
    state.add({ConstantShape{}}, "flat");
    const auto csv = schedulesCsv(state, {{1, 2.0}, {2, 0.5}});
    QVERIFY(csv.ok());
    QCOMPARE(*csv, QByteArray("step,\"a, b\",flat\n1,2,0.5\n2,1.5,0.5\n3,1,0.5\n4,0.5,0.5\n"));
}

void LearningRateFilesTest::codeIsOfTheSelectedSchedule() {
    JobRunner jobs;
    LearningRateModel model(jobs);
    QTRY_VERIFY(model.isUpToDate());
    LearningRateExport exporter(model, nullptr);
    const auto torch = exporter.code(LearningRateExport::Language::PyTorch);
    QVERIFY(torch.ok());
    QVERIFY(torch->contains("LambdaLR"));
    const auto optax = exporter.code(LearningRateExport::Language::Optax);
    QVERIFY(optax.ok());
    QVERIFY(optax->contains("optax"));
}

void LearningRateFilesTest::savesAndOpens() {
    const QTemporaryDir folder;
    JobRunner jobs;
    LearningRateModel model(jobs);
    model.addSchedule({PolynomialShape{3.0}}, "cubic", 0.5);
    const LearningRateState before = model.state();
    LearningRateExport exporter(model, nullptr);
    QVERIFY(exporter.save(folder.filePath("s.json")).ok());
    model.undoStack().undo();
    QVERIFY(exporter.open(folder.filePath("s.json")).ok());
    QVERIFY(model.state() == before);
    model.undoStack().undo();
    QCOMPARE(model.state().entries.size(), std::size_t(4));
    QVERIFY(!exporter.open(folder.filePath("none.json")).ok());
}

void LearningRateFilesTest::simulationStaysBelowTheBound() {
    SimulateRequest request;
    request.problem = ConvexProblem::Kind::LargestTerm;
    request.dimension = 8;
    request.steps = 300;
    for (const LearningRateEntry& entry : initialLearningRateState().entries)
        request.runs.push_back({entry.id, entry.name, 0, 0, entry.schedule, 1.0});
    const auto result = computeSimulation(request, {});
    QVERIFY(result.ok());
    QCOMPARE(result->runs.size(), std::size_t(4));
    for (const SimulatedRun& run : result->runs) {
        QVERIFY2(run.simulation.has_value(), run.problem.c_str());
        QVERIFY(run.simulation->bounded);
        for (std::size_t t = 0; t < run.simulation->gaps.size(); ++t)
            QVERIFY(run.simulation->gaps[t] <= run.simulation->bound[t] * (1.0 + 1e-9));
    }
}

void LearningRateFilesTest::simulatesOnImages() {
    const QTemporaryDir folder;
    QByteArray csv; // 60 images in which odd digits are bright at the left
    for (int image = 0; image < 60; ++image) {
        for (int pixel = 0; pixel < 64; ++pixel)
            csv +=
                QByteArray::number((image * 7 + pixel * 5 + (image % 2 == 1 && pixel % 8 < 4 ? 6 : 0)) % 17) +
                ',';
        csv += QByteArray::number(image % 10) + '\n';
    }
    SimulateRequest request;
    request.images = write(folder, "digits.csv", csv);
    request.batch = 0;
    request.steps = 200;
    request.runs.push_back({1, "linear", 0, 0, {LinearShape{}}, 1.0});
    const auto result = computeSimulation(request, {});
    QVERIFY2(result.ok(), result.ok() ? "" : result.error().message.c_str());
    const Simulation& run = result->runs[0].simulation.value();
    QCOMPARE(run.gaps.size(), std::size_t(200));
    QVERIFY(run.gaps.front() > 0.0 && run.gaps.front() < std::log(2.0)); // weights 0: the loss is log 2
    for (std::size_t t = 0; t < run.gaps.size(); ++t)
        QVERIFY(run.gaps[t] <= run.bound[t] * (1.0 + 1e-9));
    request.images = folder.filePath("none.csv");
    QVERIFY(!computeSimulation(request, {}).ok());
}

void LearningRateFilesTest::normsOfTheOtherKind() {
    const QTemporaryDir folder;
    const QString path = write(folder, "run.csv", "step,grad_norm,grad_norm_l1\n1,2,20\n2,3,30\n3,4,40\n");
    JobRunner jobs;
    LearningRateModel model(jobs);
    LearningRateImport import(model, nullptr);
    import.readNorms(path, 1);
    QTRY_VERIFY(model.state().norms);
    QCOMPARE(model.state().norms->values, (std::vector<double>{20, 30, 40}));
    import.readNorms(path, 2);
    QTRY_COMPARE(model.state().norms->values, (std::vector<double>{2, 3, 4}));
}

QTEST_MAIN(LearningRateFilesTest)
#include "tst_learning_rate_files.moc"
