#include "editors/help_window.h"

#include "editors/help_topics.h"
#include "editors/widget_style.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QSplitter>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <algorithm>

namespace alidade {
namespace {

constexpr int kKeyRole = Qt::UserRole;

bool hasAll(const QString& text, const QStringList& words) {
    return std::all_of(words.begin(), words.end(),
                       [&text](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

} // namespace

const QString HelpWindow::kKeyboard = QStringLiteral("keyboard");

HelpWindow::HelpWindow(const QString& keyboard, QWidget* parent) : QDialog(parent), m_keyboard(keyboard) {
    setObjectName("helpWindow");
    setWindowTitle(tr("Help"));
    setModal(false);
    auto* const column = new QVBoxLayout(this);
    m_field = new QLineEdit;
    m_field->setObjectName("helpField");
    m_field->setPlaceholderText(tr("Find a word"));
    m_field->setClearButtonEnabled(true);
    m_list = new QListWidget;
    m_list->setObjectName("helpTopics");
    m_list->setWordWrap(true);
    m_list->setMinimumWidth(160);
    m_text = new QTextBrowser;
    m_text->setObjectName("helpText");
    m_text->setOpenLinks(false);
    auto* const left = new QWidget;
    auto* const leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(0, 0, 0, 0);
    leftColumn->addWidget(m_field);
    leftColumn->addWidget(m_list, 1);
    auto* const splitter = new QSplitter(Qt::Horizontal);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(left);
    splitter->addWidget(m_text);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({260, 460});
    column->addWidget(splitter);
    resize(760, 480);
    connect(m_field, &QLineEdit::textChanged, this, &HelpWindow::filter);
    connect(m_list, &QListWidget::currentRowChanged, this, &HelpWindow::showCurrent);
    connect(m_text, &QTextBrowser::anchorClicked, this, [this](const QUrl& link) { showTopic(link.path()); });
    filter({});
}

void HelpWindow::filter(const QString& words) {
    const QStringList wanted = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    const QString before = shownTopic();
    m_list->clear();
    const auto add = [this](const QString& title, const QString& key) {
        auto* const item = new QListWidgetItem(title, m_list);
        item->setData(kKeyRole, key);
    };
    for (const HelpTopic& topic : helpTopics())
        if (hasAll(topic.title + QLatin1Char(' ') + topic.brief + QLatin1Char(' ') + topic.text, wanted))
            add(topic.title, topic.key);
    if (hasAll(tr("Keyboard shortcuts") + QLatin1Char(' ') + m_keyboard, wanted))
        add(tr("Keyboard shortcuts"), kKeyboard);
    for (int row = 0; row < m_list->count(); ++row)
        if (m_list->item(row)->data(kKeyRole).toString() == before)
            return m_list->setCurrentRow(row);
    m_list->setCurrentRow(0);
}

void HelpWindow::showTopic(const QString& key) {
    if (!m_field->text().isEmpty())
        m_field->clear();
    for (int row = 0; row < m_list->count(); ++row)
        if (m_list->item(row)->data(kKeyRole).toString() == key)
            return m_list->setCurrentRow(row);
    m_list->setCurrentRow(0);
}

QString HelpWindow::shownTopic() const {
    const QListWidgetItem* const item = m_list->currentItem();
    return item == nullptr ? QString() : item->data(kKeyRole).toString();
}

void HelpWindow::showCurrent() {
    const QString key = shownTopic();
    if (key == kKeyboard) {
        m_text->setHtml(QStringLiteral("<h3>%1</h3>%2").arg(tr("Keyboard shortcuts"), m_keyboard));
    } else if (const HelpTopic* const topic = findHelpTopic(key)) {
        m_text->setHtml(QStringLiteral("<h3>%1</h3><p>%2</p>%3")
                            .arg(topic->title.toHtmlEscaped(), topic->brief.toHtmlEscaped(), topic->text));
    } else {
        m_text->setHtml(tr("No page has these words."));
    }
}

} // namespace alidade

#include "moc_help_window.cpp"
