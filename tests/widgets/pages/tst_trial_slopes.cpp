// Slopes of a trial: typed in the dialog, shown beside the results, kept when a result is corrected.
#include "document/job_runner.h"
#include "document/project_document.h"
#include "document/selection.h"
#include "editors/slopes_dialog.h"
#include "editors/trial_details.h"
#include "exchange/study_json.h"
#include "models/trials_model.h"
#include "pages/trials_page.h"

#include <QAction>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QTableWidget>
#include <QTest>

#include <cmath>

using namespace alidade;

namespace {

constexpr const char* kStudy = R"({"alidade": 1, "name": "s", "parameters": [
        {"name": "kind", "type": "categorical", "choices": ["a", "b"]},
        {"name": "rate", "type": "real", "low": 0.001, "high": 1, "scale": "log", "unit": "s"},
        {"name": "extra", "type": "real", "low": 0, "high": 1, "when": {"kind": ["b"]}},
        {"name": "width", "type": "real", "low": 0, "high": 10}],
    "objectives": [{"name": "loss", "unit": "nat"}, {"name": "time", "unit": "s"}]})";

} // namespace

class TrialSlopesTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void typedSlopesBecomeOneEdit();
    void saysWhatIsWrong();
    void trialsWithoutSlopesAreTold();
    void correctedResultsKeepTheirSlopes();
    void openFromPageAndPanel();

private:
    [[nodiscard]] ParameterId parameter(const char* name) const {
        return m_document->definition().space.find(name)->id;
    }
    [[nodiscard]] MeasureId measure(const char* name) const {
        return *m_document->definition().findMeasure(name);
    }
    [[nodiscard]] const Trial& trial(std::int64_t id) const { return *m_document->study().find(TrialId{id}); }

    std::unique_ptr<ProjectDocument> m_document;
};

/// Trial 1 is complete, trial 2 pending, trial 3 diverged in one measure.
void TrialSlopesTest::init() {
    Study study;
    study.definition = definitionFromText(kStudy).value();
    const auto id = [&](const char* name) { return study.definition.space.find(name)->id; };
    for (std::int64_t i = 1; i <= 3; ++i) {
        Trial trial;
        trial.id = {i};
        trial.setting = {{id("kind"), std::string("a")}, {id("rate"), 0.1}, {id("width"), 4.0}};
        trial.state = i == 2 ? TrialState::Pending : TrialState::Complete;
        if (i != 2)
            trial.values = {{*study.definition.findMeasure("loss"), {i == 1 ? 0.5 : HUGE_VAL}},
                            {*study.definition.findMeasure("time"), {20.0}}};
        study.trials.push_back(trial);
    }
    m_document = std::make_unique<ProjectDocument>();
    m_document->openInMemory(std::move(study));
}

void TrialSlopesTest::typedSlopesBecomeOneEdit() {
    {
        SlopesDialog dialog(*m_document, trial(1));
        auto* table = dialog.findChild<QTableWidget*>("slopesTable");
        QCOMPARE(table->rowCount(), 2); // `extra` is not active, `kind` a choice
        QCOMPARE(table->columnCount(), 2);
        QCOMPARE(table->verticalHeaderItem(0)->text(), QString("rate [s]"));
        QCOMPARE(table->horizontalHeaderItem(0)->text(), QString("loss [nat]"));
        QCOMPARE(table->item(0, 0)->toolTip(), QString("dloss/drate [nat/s]"));
        table->item(0, 0)->setText("-2.5 ± 0.25");
        table->item(1, 1)->setText("1e-3");
        dialog.accept();
        QCOMPARE(dialog.result(), int(QDialog::Accepted));
    }
    const std::map<ParameterId, Slope> loss{{parameter("rate"), {-2.5, 0.25}}};
    const std::map<ParameterId, Slope> time{{parameter("width"), {1e-3}}};
    QVERIFY(trial(1).values.at(measure("loss")).slopes == loss);
    QVERIFY(trial(1).values.at(measure("time")).slopes == time);
    QCOMPARE(trial(1).values.at(measure("loss")).value, 0.5);
    {
        SlopesDialog dialog(*m_document, trial(1));
        auto* table = dialog.findChild<QTableWidget*>("slopesTable");
        QCOMPARE(table->item(0, 0)->text(), QString("-2.5 ± 0.25"));
        table->item(0, 0)->setText(" ");
        dialog.accept();
    }
    QVERIFY(trial(1).values.at(measure("loss")).slopes.empty());
    m_document->undoStack().undo();
    QVERIFY(trial(1).values.at(measure("loss")).slopes == loss);
    m_document->undoStack().undo();
    QVERIFY(trial(1).values.at(measure("time")).slopes.empty());
}

void TrialSlopesTest::saysWhatIsWrong() {
    SlopesDialog dialog(*m_document, trial(1));
    dialog.show();
    auto* table = dialog.findChild<QTableWidget*>("slopesTable");
    auto* error = dialog.findChild<QLabel*>("slopesError");
    QVERIFY(!error->isVisible());
    for (const auto& [text, said] : {std::pair("steep", "steep"), std::pair("inf", "finite number")}) {
        table->item(1, 0)->setText(text);
        dialog.accept();
        QVERIFY(dialog.isVisible() && error->isVisible());
        QVERIFY2(error->text().contains(said), qPrintable(error->text()));
        QCOMPARE(table->currentRow(), 1);
        QVERIFY(trial(1).values.at(measure("loss")).slopes.empty());
    }
    table->item(1, 0)->setText("2");
    dialog.accept();
    QVERIFY(!dialog.isVisible());
}

void TrialSlopesTest::trialsWithoutSlopesAreTold() {
    const Definition& definition = m_document->definition();
    QVERIFY(SlopesDialog::refusal(definition, trial(1)).isEmpty());
    QVERIFY(SlopesDialog::refusal(definition, trial(2)).contains("type the result of trial 2 first"));
    QVERIFY(SlopesDialog::refusal(definition, trial(3)).isEmpty());
    SlopesDialog diverged(*m_document, trial(3));
    QCOMPARE(diverged.findChild<QTableWidget*>("slopesTable")->columnCount(), 1);
    Trial bare = trial(1);
    bare.setting = {{parameter("kind"), std::string("a")}};
    QVERIFY(SlopesDialog::refusal(definition, bare).contains("real parameters"));
}

void TrialSlopesTest::correctedResultsKeepTheirSlopes() {
    Trial changed = trial(1);
    changed.values.at(measure("loss")).slopes = {{parameter("rate"), {-2.5}}};
    m_document->push(PutTrial{changed}, "slopes");
    TrialsModel model(*m_document);
    int column = 0;
    while (model.columns()[static_cast<std::size_t>(column)].kind != TrialsModel::ColumnKind::Measure)
        ++column;
    const QModelIndex cell = model.index(0, column);
    QCOMPARE(cell.data(Qt::ToolTipRole).toString(),
             QString("∂loss/∂rate = -2.5") + QChar(0x202f) + QString("nat/s"));
    QVERIFY(model.setData(cell, "0.75 ± 0.5", Qt::EditRole));
    QVERIFY((trial(1).values.at(measure("loss")) == Measurement{0.75, 0.5, {{parameter("rate"), {-2.5}}}}));
    QVERIFY(model.setData(cell, "inf", Qt::EditRole));
    QVERIFY(trial(1).values.at(measure("loss")).slopes.empty());
}

void TrialSlopesTest::openFromPageAndPanel() {
    JobRunner jobs;
    TrialSelection selection;
    TrialsPage page(*m_document, jobs, selection);
    TrialDetails details(*m_document, selection);
    page.show();
    details.show();
    auto* button = details.findChild<QPushButton*>("trialSlopes");
    QVERIFY(!button->isVisible());
    selection.setCurrent(TrialId{2});
    QVERIFY(!button->isVisible());
    selection.setCurrent(TrialId{1});
    QVERIFY(button->isVisible());
    button->click();
    auto* dialog = details.findChild<SlopesDialog*>();
    QVERIFY(dialog && dialog->isVisible());
    dialog->findChild<QTableWidget*>("slopesTable")->item(0, 0)->setText("-3");
    dialog->accept();
    QVERIFY(details.findChild<QLabel*>("trialDetailsText")->text().contains("∂loss/∂rate"));
    const QList<QAction*> actions = page.findChild<QTableView*>("trialsTable")->actions();
    const auto slopes = std::find_if(actions.begin(), actions.end(),
                                     [](const QAction* action) { return action->text() == "Slopes…"; });
    QVERIFY(slopes != actions.end());
    (*slopes)->trigger();
    QVERIFY(page.findChild<SlopesDialog*>());
}

QTEST_MAIN(TrialSlopesTest)
#include "tst_trial_slopes.moc"
