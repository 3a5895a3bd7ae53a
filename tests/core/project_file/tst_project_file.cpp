#include "project_file/project_file.h"
#include "result_checks.h"
#include "sample_study.h"
#include "scratch_folder.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace alidade;
using namespace alidade::test;

namespace {

const double kNaN = std::nan("");

} // namespace

class ProjectFileTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();

    void keepsEverything();
    void assignsIdsOnceAndForEver();
    void followsTheLifeCycle_data();
    void followsTheLifeCycle();
    void refusesNaN();
    void collectsSteps();
    void claimsTheOldest();
    void editsAndUndoes_data();
    void editsAndUndoes();
    void failedEditLeavesNoTrace();
    void reportsChanges();
    void addingExpectsARevision();
    void keepsOutput();
    void keepsVersions();
    void keepsTheHistoryOfDefinitions();

private:
    [[nodiscard]] std::filesystem::path pathOf(const char* name) const {
        return m_folder->filePath(name).toStdString();
    }
    std::unique_ptr<QTemporaryDir> m_folder;
    std::optional<ProjectFile> m_file;
};

void ProjectFileTest::init() {
    m_folder = std::make_unique<QTemporaryDir>(fastTemplate());
    QVERIFY(m_folder->isValid());
    TAKE(m_file, ProjectFile::create(pathOf("study.alidade"), sampleDefinition()));
}

void ProjectFileTest::cleanup() {
    m_file.reset();
    m_folder.reset();
}

void ProjectFileTest::keepsEverything() {
    Study expected{sampleDefinition(), sampleTrials()};
    TAKE(const auto ids, m_file->addTrials(expected.trials));
    for (std::size_t i = 0; i < ids.size(); ++i)
        expected.trials[i].id = ids[i];
    TAKE(const Study here, m_file->load());
    QVERIFY(here == expected);
    m_file.reset();
    QVERIFY(!std::filesystem::exists(pathOf("study.alidade-wal")));
    QVERIFY(!std::filesystem::exists(pathOf("study.alidade-shm")));
    TAKE(auto again, ProjectFile::open(pathOf("study.alidade")));
    QVERIFY(!again.isReadOnly());
    QCOMPARE(again.notice(), std::string());
    TAKE(const Study there, again.load());
    QVERIFY(there == expected);
}

void ProjectFileTest::assignsIdsOnceAndForEver() {
    TAKE(const auto ids, m_file->addTrials({Trial{}, Trial{}, Trial{}}));
    QCOMPARE(ids, (std::vector{TrialId{1}, TrialId{2}, TrialId{3}}));
    SUCCEED(m_file->apply(RemoveTrial{TrialId{3}}));
    m_file.reset();
    TAKE(m_file, ProjectFile::open(pathOf("study.alidade")));
    TAKE(const auto next, m_file->addTrials({Trial{}}));
    QCOMPARE(next.front(), TrialId{4});
    // A trial may come back under its own id, also a high one; the counter follows.
    Trial restored;
    restored.id = TrialId{40};
    SUCCEED(m_file->apply(PutTrial{restored}));
    SUCCEED(m_file->apply(RemoveTrial{TrialId{40}}));
    TAKE(const auto after, m_file->addTrials({Trial{}}));
    QCOMPARE(after.front(), TrialId{41});
}

void ProjectFileTest::followsTheLifeCycle_data() {
    QTest::addColumn<int>("from");
    QTest::addColumn<QByteArray>("verb");
    QTest::addColumn<bool>("allowed");
    QTest::addColumn<int>("to");
    const auto row = [](TrialState from, const char* verb, bool allowed, TrialState to) {
        QTest::addRow("%s %d", verb, int(from)) << int(from) << QByteArray(verb) << allowed << int(to);
    };
    using enum TrialState;
    for (const TrialState from : {Pending, Running, Complete, Failed, Stopped, Withdrawn}) {
        const bool unfinished = from == Pending || from == Running;
        row(from, "complete", unfinished, unfinished ? Complete : from);
        row(from, "fail", unfinished, unfinished ? Failed : from);
        row(from, "withdraw", from == Pending, from == Pending ? Withdrawn : from);
        row(from, "claim", from == Pending, from == Pending ? Running : from);
        row(from, "release", from == Running, from == Running ? Pending : from);
        row(from, "step", unfinished, from);
    }
}

void ProjectFileTest::followsTheLifeCycle() {
    QFETCH(int, from);
    QFETCH(QByteArray, verb);
    QFETCH(bool, allowed);
    QFETCH(int, to);
    Trial start;
    start.state = static_cast<TrialState>(from);
    start.setting = sampleSetting();
    TAKE(const auto ids, m_file->addTrials({start}));
    const TrialId id = ids.front();
    TAKE(const Revision before, m_file->revision());
    const auto perform = [&](TrialId trial) -> Result<void> {
        if (verb == "complete")
            return m_file->complete(trial, {{MeasureId{9}, {0.5, {}}}});
        if (verb == "fail")
            return m_file->fail(trial, "the reason");
        if (verb == "withdraw")
            return m_file->withdraw(trial);
        if (verb == "release")
            return m_file->release(trial);
        if (verb == "step")
            return m_file->addStep(trial, {1.0, {}});
        ALIDADE_CHECK(m_file->claim(currentProcess(), trial));
        return {};
    };
    if (allowed)
        SUCCEED(perform(id));
    else
        REFUSE(perform(id), ErrorCode::Conflict);
    REFUSE(perform(TrialId{id.value + 1}), ErrorCode::NotFound);
    TAKE(const Revision after, m_file->revision());
    QCOMPARE(after, before + (allowed ? 1 : 0));
    TAKE(const Study study, m_file->load());
    QCOMPARE(int(study.trials.front().state), to);
    const Trial& trial = study.trials.front();
    QVERIFY(trial.setting == start.setting);
    if (verb == "complete" && allowed)
        QCOMPARE(trial.values.at(MeasureId{9}).value, 0.5);
    if (verb == "fail" && allowed)
        QCOMPARE(trial.failure, std::string("the reason"));
    QCOMPARE(trial.finishedMs > 0, allowed && (verb == "complete" || verb == "fail" || verb == "withdraw"));
    QCOMPARE(trial.attempt, verb == "claim" && allowed ? 1 : 0);
}

void ProjectFileTest::refusesNaN() {
    TAKE(const auto ids, m_file->addTrials({Trial{}}));
    TAKE(const Study before, m_file->load());
    const TrialId id = ids.front();
    REFUSE(m_file->complete(id, {{MeasureId{9}, {kNaN, {}}}}), ErrorCode::InvalidArgument);
    REFUSE(m_file->complete(id, {{MeasureId{9}, {1.0, kNaN}}}), ErrorCode::InvalidArgument);
    REFUSE(m_file->complete(id, {{MeasureId{9}, {1.0, -1.0}}}), ErrorCode::InvalidArgument);
    REFUSE(m_file->complete(id, {{MeasureId{9}, {1.0, HUGE_VAL}}}), ErrorCode::InvalidArgument);
    REFUSE(m_file->addStep(id, {kNaN, {}}), ErrorCode::InvalidArgument);
    REFUSE(m_file->addStep(id, {1.0, {{MeasureId{9}, {kNaN, {}}}}}), ErrorCode::InvalidArgument);
    Trial bad;
    bad.setting = {{ParameterId{1}, Value(kNaN)}};
    REFUSE(m_file->addTrials({Trial{}, bad}), ErrorCode::InvalidArgument);
    bad.setting = {{ParameterId{6}, Value(std::vector<double>{0.5, kNaN})}};
    REFUSE(m_file->addTrials({bad}), ErrorCode::InvalidArgument);
    bad.setting = {{ParameterId{6}, Value(std::vector<double>())}};
    REFUSE(m_file->addTrials({bad}), ErrorCode::InvalidArgument);
    bad = before.trials.front();
    bad.steps = {{1.0, {{MeasureId{9}, {1.0, kNaN}}}}};
    REFUSE(m_file->apply(PutTrial{bad}), ErrorCode::InvalidArgument);
    TAKE(const Study after, m_file->load());
    QVERIFY(after == before);
}

void ProjectFileTest::collectsSteps() {
    TAKE(const auto ids, m_file->addTrials({Trial{}}));
    for (const double step : {1.0, 3.0, 9.0})
        SUCCEED(m_file->addStep(ids.front(), {step, {{MeasureId{9}, {1.0 / step, 0.5}}}}));
    SUCCEED(m_file->addStep(ids.front(), {3.0, {{MeasureId{10}, {-HUGE_VAL, {}}}}}));
    SUCCEED(m_file->complete(ids.front(), {{MeasureId{9}, {0.1, {}}}}));
    const std::vector<StepReport> expected = {{1.0, {{MeasureId{9}, {1.0, 0.5}}}},
                                              {3.0, {{MeasureId{10}, {-HUGE_VAL, {}}}}},
                                              {9.0, {{MeasureId{9}, {1.0 / 9.0, 0.5}}}}};
    TAKE(const Study study, m_file->load());
    QVERIFY(study.trials.front().steps == expected);
}

void ProjectFileTest::claimsTheOldest() {
    TAKE(const auto none, m_file->claim(currentProcess()));
    QVERIFY(!none.has_value());
    TAKE(const auto ids, m_file->addTrials({Trial{}, Trial{}, Trial{}}));
    SUCCEED(m_file->complete(ids[0], {}));
    TAKE(const auto first, m_file->claim(currentProcess()));
    QCOMPARE(first->id, ids[1]);
    QCOMPARE(first->attempt, 1);
    QVERIFY(first->startedMs > 0);
    SUCCEED(m_file->release(ids[1]));
    TAKE(const auto again, m_file->claim(currentProcess()));
    QCOMPARE(again->id, ids[1]);
    QCOMPARE(again->attempt, 2);
    TAKE(const auto second, m_file->claim(currentProcess()));
    QCOMPARE(second->id, ids[2]);
    TAKE(const auto rest, m_file->claim(currentProcess()));
    QVERIFY(!rest.has_value());
}

void ProjectFileTest::editsAndUndoes_data() {
    QTest::addColumn<Edit>("edit");
    Trial corrected;
    corrected.id = TrialId{2};
    corrected.state = TrialState::Complete;
    corrected.values = {{MeasureId{9}, {0.75, {}}}};
    Trial brought = corrected;
    brought.id = TrialId{30};
    Parameter widened = sampleDefinition().space.parameters[0];
    widened.domain = RealRange{1e-6, 1.0, Scale::Log, {}};
    Parameter renamed = sampleDefinition().space.parameters[1];
    renamed.name = "depth";
    const auto row = [](const char* name, Edit edit) { QTest::newRow(name) << std::move(edit); };
    row("info", SetInfo{"other", "no notes", 3});
    row("widen", PutParameter{widened, kKeepPlace});
    row("rename", PutParameter{renamed, 0});
    row("objective", RemoveObjective{MeasureId{10}});
    row("runner", SetRunner{std::nullopt});
    row("correct a trial", PutTrial{corrected});
    row("bring a trial", PutTrial{brought});
    row("remove a trial", RemoveTrial{TrialId{5}});
    row("sequence", EditSequence{{PutTrial{corrected}, SetInfo{"other", "", 1}, RemoveTrial{TrialId{1}},
                                  PutTrial{brought}, RemoveTrial{TrialId{30}}}});
    row("nothing", EditSequence{});
}

void ProjectFileTest::editsAndUndoes() {
    QFETCH(Edit, edit);
    SUCCEED(m_file->addTrials(sampleTrials()));
    TAKE(const Study before, m_file->load());
    // The same edit on the value in memory is the truth.
    Study expected = before;
    TAKE(const Edit expectedInverse, alidade::apply(edit, expected));
    TAKE(const Edit inverse, m_file->apply(edit));
    QVERIFY(inverse == expectedInverse);
    TAKE(const Study after, m_file->load());
    QVERIFY(after == expected);
    SUCCEED(m_file->apply(inverse));
    TAKE(const Study undone, m_file->load());
    QVERIFY(undone == before);
}

void ProjectFileTest::failedEditLeavesNoTrace() {
    SUCCEED(m_file->addTrials(sampleTrials()));
    TAKE(const Study before, m_file->load());
    TAKE(const Revision revision, m_file->revision());
    REFUSE(m_file->apply(RemoveTrial{TrialId{77}}), ErrorCode::NotFound);
    REFUSE(
        m_file->apply(EditSequence{{SetInfo{"x", "", 0}, RemoveTrial{TrialId{1}}, RemoveTrial{TrialId{77}}}}),
        ErrorCode::NotFound);
    SetInfo unreadable{"\xff\xfe", "", 0};
    REFUSE(m_file->apply(unreadable), ErrorCode::InvalidArgument);
    TAKE(const Study after, m_file->load());
    QVERIFY(after == before);
    TAKE(const Revision same, m_file->revision());
    QCOMPARE(same, revision);
}

void ProjectFileTest::reportsChanges() {
    TAKE(auto other, ProjectFile::open(pathOf("study.alidade")));
    TAKE(Revision seen, other.revision());
    const auto changes = [&] {
        auto found = other.changesSince(seen);
        if (found.ok())
            seen = found->revision;
        return found;
    };
    TAKE(const Changes none, changes());
    QVERIFY(!none.definition && none.trials.empty() && none.removed.empty());

    TAKE(const auto ids, m_file->addTrials(sampleTrials()));
    SUCCEED(m_file->complete(ids[0], {{MeasureId{9}, {0.5, {}}}}));
    TAKE(const Changes added, changes());
    QVERIFY(!added.definition && added.removed.empty());
    TAKE(const Study study, m_file->load());
    QVERIFY(added.trials == study.trials);

    SUCCEED(m_file->apply(SetInfo{"renamed", "", 1}));
    TAKE(const Edit back, m_file->apply(RemoveTrial{ids[2]}));
    REFUSE(m_file->addStep(ids[0], {1.0, {}}), ErrorCode::Conflict);
    TAKE(const Changes removed, changes());
    QCOMPARE(removed.definition->name, std::string("renamed"));
    QVERIFY(removed.trials.empty());
    QCOMPARE(removed.removed, std::vector{ids[2]});

    SUCCEED(m_file->apply(back));
    TAKE(const Changes returned, changes());
    QCOMPARE(returned.trials.size(), std::size_t{1});
    QVERIFY(returned.trials.front() == study.trials[2]);
    QVERIFY(returned.removed.empty() && !returned.definition);

    // All at once, for one who has seen nothing.
    TAKE(const Changes all, other.changesSince(0));
    TAKE(const Study now, m_file->load());
    QVERIFY(all.definition == now.definition && all.trials == now.trials && all.removed.empty());
    REFUSE(other.changesSince(seen + 1), ErrorCode::InvalidArgument);
}

void ProjectFileTest::addingExpectsARevision() {
    TAKE(const Revision seen, m_file->revision());
    TAKE(auto other, ProjectFile::open(pathOf("study.alidade")));
    SUCCEED(other.addTrials({Trial{}}));
    REFUSE(m_file->addTrials({Trial{}}, seen), ErrorCode::Conflict);
    TAKE(const auto ids, m_file->addTrials({Trial{}}, seen + 1));
    QCOMPARE(ids.front(), TrialId{2});
}

void ProjectFileTest::keepsOutput() {
    TAKE(const auto ids, m_file->addTrials({Trial{}}));
    TAKE(const Revision before, m_file->revision());
    const std::string bytes("line\n\0\xff\x80 end", 12);
    TAKE(const std::string empty, m_file->output(ids[0], OutputStream::StandardError));
    QVERIFY(empty.empty());
    SUCCEED(m_file->storeOutput(ids[0], OutputStream::StandardOutput, "old"));
    SUCCEED(m_file->storeOutput(ids[0], OutputStream::StandardOutput, bytes));
    SUCCEED(m_file->storeOutput(ids[0], OutputStream::StandardError, ""));
    REFUSE(m_file->storeOutput(TrialId{9}, OutputStream::StandardError, ""), ErrorCode::NotFound);
    TAKE(const std::string kept, m_file->output(ids[0], OutputStream::StandardOutput));
    QVERIFY(kept == bytes);
    TAKE(const Revision after, m_file->revision());
    QCOMPARE(after, before);
    // Undoing a removal brings it back.
    TAKE(const Edit back, m_file->apply(RemoveTrial{ids[0]}));
    SUCCEED(m_file->apply(back));
    TAKE(const std::string again, m_file->output(ids[0], OutputStream::StandardOutput));
    QVERIFY(again == bytes);
}

void ProjectFileTest::keepsVersions() {
    SUCCEED(m_file->addTrials(sampleTrials()));
    TAKE(const Study first, m_file->load());
    TAKE(const auto version, m_file->keepVersion("before widening"));
    SUCCEED(m_file->apply(SetInfo{"changed", "", 1}));
    SUCCEED(m_file->apply(RemoveTrial{TrialId{2}}));
    TAKE(const auto second, m_file->keepVersion("after"));
    TAKE(const Study changed, m_file->load());
    TAKE(const auto versions, m_file->versions());
    QCOMPARE(versions.size(), std::size_t{2});
    QCOMPARE(versions[0].name, std::string("before widening"));
    QVERIFY(versions[0].createdMs > 0);
    TAKE(const Study kept, m_file->versionContent(version));
    QVERIFY(kept == first);
    TAKE(const Study keptToo, m_file->versionContent(second));
    QVERIFY(keptToo == changed);
    REFUSE(m_file->versionContent(99), ErrorCode::NotFound);
    REFUSE(m_file->restoreVersion(99), ErrorCode::NotFound);

    TAKE(const auto mine, m_file->claim(currentProcess()));
    REFUSE(m_file->restoreVersion(version), ErrorCode::Conflict);
    SUCCEED(m_file->release(mine->id));
    TAKE(const auto added, m_file->addTrials({Trial{}}));
    TAKE(const Revision before, m_file->revision());
    SUCCEED(m_file->restoreVersion(version));
    TAKE(const Study restored, m_file->load());
    QVERIFY(restored == first);
    TAKE(const Changes changes, m_file->changesSince(before));
    QVERIFY(changes.definition == first.definition);
    QCOMPARE(changes.removed, added);
    QCOMPARE(changes.trials.size(), std::size_t{2}); // the one that was claimed, and the one that was removed
    TAKE(const auto next, m_file->addTrials({Trial{}}));
    QCOMPARE(next.front().value, added.front().value + 1);
    SUCCEED(m_file->restoreVersion(second));
    TAKE(const Study forward, m_file->load());
    QVERIFY(forward == changed);
}

void ProjectFileTest::keepsTheHistoryOfDefinitions() {
    // Edits in quick succession are one entry; anything between them separates.
    SUCCEED(m_file->apply(SetInfo{"a", "", 1}));
    SUCCEED(m_file->apply(SetInfo{"ab", "", 1}));
    SUCCEED(m_file->addTrials({Trial{}}));
    TAKE(const Revision withTrial, m_file->revision());
    SUCCEED(m_file->apply(SetInfo{"abc", "", 1}));
    SUCCEED(m_file->keepVersion("kept"));
    SUCCEED(m_file->apply(SetInfo{"abcd", "", 1}));
    TAKE(const auto history, m_file->definitionHistory());
    QCOMPARE(history.size(), std::size_t{3});
    TAKE(const Definition then, m_file->definitionAt(withTrial));
    QCOMPARE(then.name, std::string("ab"));
    TAKE(const Definition now, m_file->definitionAt(history.back().revision + 100));
    QCOMPARE(now.name, std::string("abcd"));
    REFUSE(m_file->definitionAt(0), ErrorCode::NotFound);
}

QTEST_APPLESS_MAIN(ProjectFileTest)
#include "tst_project_file.moc"
