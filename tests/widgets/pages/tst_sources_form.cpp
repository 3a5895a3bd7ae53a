#include "document/job_runner.h"
#include "document/project_document.h"
#include "editors/sources_form.h"
#include "project_file/project_file.h"

#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <cmath>

using namespace alidade;

namespace {

constexpr int kWaitMs = 20'000;

double loss(double x, double shift) {
    return std::sin(7.0 * (x + shift)) + x;
}

/// One parameter, one objective, `count` results.
Study studyOf(int count, double shift) {
    Study study;
    Parameter parameter;
    parameter.id = {study.definition.nextId++};
    parameter.name = "x";
    study.definition.space.parameters.push_back(parameter);
    Objective objective;
    objective.id = {study.definition.nextId++};
    objective.name = "loss";
    study.definition.objectives.push_back(objective);
    for (int i = 0; i < count; ++i) {
        Trial trial;
        trial.id = {i + 1};
        trial.state = TrialState::Complete;
        const double x = std::fmod(0.07 + 0.61803 * i, 1.0);
        trial.setting[parameter.id] = x;
        trial.values[objective.id] = {loss(x, shift), std::nullopt};
        study.trials.push_back(trial);
    }
    return study;
}

QString write(const QTemporaryDir& folder, const QString& name, const Study& study) {
    const QString path = folder.filePath(name);
    auto file = ProjectFile::create(path.toStdString(), study.definition);
    if (!file || !file->addTrials(study.trials))
        qFatal("no project");
    return path;
}

struct Fixture {
    JobRunner jobs;
    ProjectDocument document;
    SourcesForm form;

    explicit Fixture(Study study) : form(document, jobs) {
        document.openInMemory(std::move(study));
        form.resize(900, 300);
        form.show();
    }
    [[nodiscard]] QStringList relations() const {
        QStringList texts;
        for (const QLabel* const label : form.findChildren<QLabel*>("sourceRelation"))
            texts << label->text();
        return texts;
    }
    [[nodiscard]] bool waitFor(const QString& text) const {
        return QTest::qWaitFor([&] { return relations().join(u'\n').contains(text); }, kWaitMs);
    }
};

} // namespace

class SourcesFormTest : public QObject {
    Q_OBJECT
private slots:
    void showsHowRelatedAStudyIs();
    void tellsWhatCannotBeRead();
    void aStudyWithoutResultsWaits();
    void nothingCanBeChangedReadOnly();
};

void SourcesFormTest::showsHowRelatedAStudyIs() {
    const QTemporaryDir folder;
    const QString path = write(folder, "older.alidade", studyOf(12, 0.02));
    Fixture f(studyOf(6, 0.0));
    QVERIFY(f.relations().isEmpty());
    f.form.addFiles({path});
    QCOMPARE(f.document.definition().strategy.sources, std::vector<std::string>{path.toStdString()});
    QVERIFY2(f.waitFor("related"), qPrintable(f.relations().join(u'\n')));
    QVERIFY2(f.relations().front().contains("12"), qPrintable(f.relations().front()));
    const auto meters = f.form.findChildren<QProgressBar*>();
    QCOMPARE(meters.size(), 1);
    QVERIFY(meters.front()->value() > 60);
    // Once is enough.
    f.form.addFiles({path});
    QCOMPARE(f.document.definition().strategy.sources.size(), std::size_t{1});
    f.form.findChild<QToolButton*>("removeSource")->click();
    QVERIFY(f.document.definition().strategy.sources.empty());
    QTRY_VERIFY(f.relations().isEmpty());
    f.document.undoStack().undo();
    QVERIFY2(f.waitFor("related"), qPrintable(f.relations().join(u'\n')));
    f.document.undoStack().undo();
    QTRY_VERIFY(f.relations().isEmpty());
    QVERIFY(!f.document.undoStack().canUndo());
}

void SourcesFormTest::tellsWhatCannotBeRead() {
    const QTemporaryDir folder;
    Fixture f(studyOf(6, 0.0));
    f.form.addFiles({folder.filePath("gone.alidade")});
    QVERIFY2(f.waitFor("no such file"), qPrintable(f.relations().join(u'\n')));
    // It turns up, and is read again on request.
    write(folder, "gone.alidade", studyOf(12, 0.0));
    f.form.findChild<QPushButton*>("readSourcesAgain")->click();
    QVERIFY2(f.waitFor("related"), qPrintable(f.relations().join(u'\n')));
}

void SourcesFormTest::aStudyWithoutResultsWaits() {
    const QTemporaryDir folder;
    Fixture f(studyOf(0, 0.0));
    f.form.addFiles(
        {write(folder, "older.alidade", studyOf(12, 0.0)), write(folder, "small.alidade", studyOf(2, 0.0))});
    QVERIFY2(f.waitFor("after the first trials"), qPrintable(f.relations().join(u'\n')));
    QVERIFY2(f.waitFor("too few"), qPrintable(f.relations().join(u'\n')));
    QCOMPARE(f.relations().size(), 2);
}

void SourcesFormTest::nothingCanBeChangedReadOnly() {
    Fixture f(studyOf(2, 0.0));
    QVERIFY(f.form.isEnabled());
    f.document.close();
    QTRY_VERIFY(!f.form.isEnabled());
}

QTEST_MAIN(SourcesFormTest)
#include "tst_sources_form.moc"
