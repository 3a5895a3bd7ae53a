// What the table of trials shows of the goals, and how it uses the width that it has.
#include "document/project_document.h"
#include "document/selection.h"
#include "editors/state_delegate.h"
#include "editors/trials_view.h"
#include "exchange/study_json.h"
#include "models/trials_model.h"

#include <QHeaderView>
#include <QPainter>
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
    void marksShowOnASelectedCell();
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

/// The highlight has the colour of some marks.
void TrialsViewTest::marksShowOnASelectedCell() {
    Study study;
    study.definition = definitionFromText(kThreeGoals).value();
    for (const TrialState state : {TrialState::Pending, TrialState::Running, TrialState::Complete,
                                   TrialState::Failed, TrialState::Stopped, TrialState::Withdrawn}) {
        Trial trial;
        trial.id = {study.definition.nextId++};
        trial.setting[study.definition.space.parameters[0].id] = 0.5;
        trial.state = state;
        study.trials.push_back(trial);
    }
    ProjectDocument document;
    document.openInMemory(study);
    const TrialsModel model(document);
    int column = 0;
    while (model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString() != "State")
        ++column;
    const StateDelegate delegate;
    QStyleOptionViewItem option;
    option.rect = {0, 0, 160, 26};
    option.palette.setColor(QPalette::HighlightedText, Qt::magenta);
    QCOMPARE(model.rowCount(), 6);
    for (int row = 0; row < model.rowCount(); ++row)
        for (const bool selected : {false, true}) {
            option.state = selected ? QStyle::State_Enabled | QStyle::State_Selected
                                    : QStyle::StateFlag(QStyle::State_Enabled);
            QImage image(option.rect.size(), QImage::Format_RGB32);
            image.fill(Qt::white);
            QPainter painter(&image);
            delegate.paint(&painter, option, model.index(row, column));
            painter.end();
            int inTextColor = 0;
            for (int x = 8; x < 20; ++x) // left of the word
                for (int y = 6; y < 20; ++y) {
                    const QColor color =
                        image.pixelColor(x, y); // smoothed lines are hardly ever the whole of it
                    inTextColor += color.red() > 170 && color.green() < 90 && color.blue() > 170 ? 1 : 0;
                }
            QVERIFY2(selected ? inTextColor > 3 : inTextColor == 0,
                     qPrintable(QString("row %1: %2 points").arg(row).arg(inTextColor)));
        }
}

QTEST_MAIN(TrialsViewTest)
#include "tst_trials_view.moc"
