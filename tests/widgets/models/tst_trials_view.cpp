// What the table of trials shows of the goals, and how it uses the width that it has.
#include "document/project_document.h"
#include "document/selection.h"
#include "editors/trials_view.h"
#include "exchange/study_json.h"
#include "models/trials_model.h"

#include <QHeaderView>
#include <QTest>

using namespace alidade;

namespace {

constexpr const char* kThreeGoals = R"({"alidade": 1, "name": "goals", "parameters": [
        {"name": "x", "type": "real", "low": 0, "high": 1}],
    "objectives": [{"name": "cost"}, {"name": "yield", "goal": "maximize", "unit": "%"},
        {"name": "pH", "goal": "maximize",
         "desirability": {"shape": "target", "low": 5, "target": 7, "high": 9}}]})";

} // namespace

class TrialsViewTest : public QObject {
    Q_OBJECT
private slots:
    void headersTellTheGoal();
    void reasonsTakeWhatIsLeft();
};

void TrialsViewTest::headersTellTheGoal() {
    ProjectDocument document;
    Study study;
    study.definition = definitionFromText(kThreeGoals).value();
    document.openInMemory(study);
    const TrialsModel model(document);
    QStringList titles;
    for (int column = 0; column < model.columnCount(); ++column)
        titles << model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    QVERIFY2(titles.contains("cost ↓") && titles.contains("yield [%] ↑") && titles.contains("pH ◎"),
             qPrintable(titles.join(", ")));
}

void TrialsViewTest::reasonsTakeWhatIsLeft() {
    ProjectDocument document;
    Study study;
    study.definition = definitionFromText(kThreeGoals).value();
    document.openInMemory(study);
    TrialSelection selection;
    TrialsView view(document, selection);
    view.resize(1600, 300);
    view.show();
    QHeaderView* const header = view.horizontalHeader();
    QTRY_COMPARE(header->length(), view.viewport()->width());
    view.resize(2000, 300);
    QTRY_COMPARE(header->length(), view.viewport()->width());
    view.resize(300, 300);
    int reason = 0;
    while (header->model()->headerData(reason, Qt::Horizontal).toString() != "Why")
        ++reason;
    QTRY_COMPARE(header->sectionSize(reason), 320); // readable, at the cost of scrolling
}

QTEST_MAIN(TrialsViewTest)
#include "tst_trials_view.moc"
