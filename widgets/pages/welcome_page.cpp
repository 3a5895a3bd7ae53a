#include "pages/welcome_page.h"

#include "editors/widget_style.h"

#include <QDir>
#include <QFileInfo>
#include <QFrame>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace alidade {
namespace {

void clear(QLayout* layout) {
    while (QLayoutItem* item = layout->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
}

} // namespace

WelcomePage::WelcomePage(QWidget* parent) : QWidget(parent) {
    auto* const outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* const scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    outer->addWidget(scroll);
    auto* const content = new QWidget;
    auto* const layout = new QVBoxLayout(content);
    layout->setContentsMargins(4 * kGap, 4 * kGap, 4 * kGap, 4 * kGap);
    layout->setSpacing(kGap);
    scroll->setWidget(content);

    layout->addWidget(titleLabel(tr("Alidade")));
    layout->addWidget(
        hintLabel(tr("Tune what is slow or costly to try: define a space and a goal, measure a few "
                     "settings, and let a model choose the next ones.")));
    auto* const row = new QHBoxLayout;
    row->setSpacing(kGap);
    QPushButton* const create = textButton("new", tr("&New study…"), "welcomeNew");
    makePrimary(create);
    QPushButton* const open = textButton("open", tr("&Open project…"), "welcomeOpen");
    QPushButton* const configuration =
        textButton("import", tr("From &configuration…"), "welcomeConfiguration");
    configuration->setToolTip(tr("A study described in a JSON file"));
    connect(create, &QPushButton::clicked, this, &WelcomePage::newRequested);
    connect(open, &QPushButton::clicked, this, &WelcomePage::openRequested);
    connect(configuration, &QPushButton::clicked, this, &WelcomePage::configurationRequested);
    for (QPushButton* const button : {create, open, configuration})
        row->addWidget(button);
    row->addStretch();
    layout->addSpacing(kGap);
    layout->addLayout(row);
    layout->addWidget(
        hintLabel(tr("A project, configuration or CSV file can also be dropped on the window.")));

    layout->addSpacing(2 * kGap);
    layout->addWidget(headingLabel(tr("Examples that really run")));
    m_examples = new QGridLayout;
    m_examples->setSpacing(kMargin);
    layout->addLayout(m_examples);
    layout->addSpacing(2 * kGap);
    layout->addWidget(headingLabel(tr("Recent projects")));
    m_recent = new QVBoxLayout;
    m_recent->setSpacing(2);
    layout->addLayout(m_recent);
    layout->addStretch();
    setExamples({});
    setRecent({});
}

void WelcomePage::setRecent(const QStringList& paths) {
    clear(m_recent);
    if (paths.isEmpty())
        m_recent->addWidget(hintLabel(tr("None yet.")));
    for (const QString& path : paths) {
        auto* const line = new QPushButton(QFileInfo(path).completeBaseName() + "   –   " +
                                           QDir::toNativeSeparators(QFileInfo(path).absolutePath()));
        line->setFlat(true);
        line->setProperty("role", "link");
        line->setCursor(Qt::PointingHandCursor);
        line->setObjectName("welcomeRecent");
        connect(line, &QPushButton::clicked, this, [this, path] { emit recentRequested(path); });
        m_recent->addWidget(line, 0, Qt::AlignLeft);
    }
}

void WelcomePage::setExamples(const QVector<ExampleInfo>& examples) {
    clear(m_examples);
    if (examples.isEmpty())
        m_examples->addWidget(hintLabel(tr("No examples are installed.")), 0, 0);
    constexpr int kColumns = 3;
    for (int i = 0; i < examples.size(); ++i) {
        const ExampleInfo& example = examples[i];
        auto* const card = new QFrame;
        card->setProperty("role", "card");
        auto* const layout = new QVBoxLayout(card);
        layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
        layout->setSpacing(kGap);
        layout->addWidget(headingLabel(example.title));
        QLabel* const text = hintLabel(example.description);
        text->setAlignment(Qt::AlignTop | Qt::AlignLeft);
        layout->addWidget(text, 1);
        QPushButton* const open = textButton("flask", tr("Open"), "welcomeExample");
        open->setAccessibleName(tr("Open the example %1").arg(example.title));
        connect(open, &QPushButton::clicked, this,
                [this, path = example.configuration] { emit exampleRequested(path); });
        layout->addWidget(open, 0, Qt::AlignLeft);
        card->setMinimumHeight(132);
        m_examples->addWidget(card, i / kColumns, i % kColumns);
    }
    for (int c = 0; c < kColumns; ++c)
        m_examples->setColumnStretch(c, 1);
}

} // namespace alidade
