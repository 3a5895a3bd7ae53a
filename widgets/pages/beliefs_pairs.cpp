#include "pages/beliefs_pairs.h"

#include "editors/widget_style.h"
#include "models/value_text.h"
#include "suggest/model_state.h"

#include <QDialogButtonBox>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSlider>
#include <QVBoxLayout>

#include <algorithm>

namespace alidade {
namespace {

constexpr std::size_t kPairs = 12;

/// Two columns: names and values; what differs from the other setting in bold.
QString cardText(const SearchSpace& space, const Setting& setting, const Setting& other) {
    QString rows;
    for (const Parameter& parameter : space.parameters) {
        const auto found = setting.find(parameter.id);
        if (found == setting.end())
            continue;
        const auto elsewhere = other.find(parameter.id);
        const bool differs = elsewhere == other.end() || elsewhere->second != found->second;
        const QString value = withUnit(valueText(found->second), parameter.unit).toHtmlEscaped();
        rows += QStringLiteral("<tr><td>%1&nbsp;&nbsp;</td><td>%2</td></tr>")
                    .arg(QString::fromStdString(parameter.name).toHtmlEscaped(),
                         differs ? QStringLiteral("<b>%1</b>").arg(value) : value);
    }
    return QStringLiteral("<table>%1</table>").arg(rows);
}

} // namespace

Result<std::vector<SettingPair>> pairsToAsk(const std::shared_ptr<const Study>& study,
                                            const std::optional<StudyModel>& model, const Monitor& monitor) {
    const StudyModel::State state(study->definition);
    const GaussianProcess* process = nullptr;
    if (model && !study->definition.objectives.empty()) {
        const auto& processes = model->state()->processes;
        if (const auto found = processes.find(study->definition.objectives.front().id);
            found != processes.end())
            process = &found->second.process;
    }
    // As in sketchBeliefs().
    const FeatureMap& features = process ? model->state()->features : state.features;
    const FeatureRows rows = [&features](const std::vector<Setting>& settings) {
        return features.rows(settings);
    };
    // Other pairs each time: the number of beliefs grows with every answer.
    const std::uint64_t seed = study->definition.seed + study->definition.beliefs.size();
    return informativePairs(study->definition.space, process, rows, seed, kPairs, monitor);
}

PairsDialog::PairsDialog(const Definition& definition, QWidget* parent)
    : QDialog(parent), m_definition(definition) {
    setObjectName(QStringLiteral("pairsDialog"));
    setWindowTitle(tr("Which is better?"));
    auto* const layout = new QVBoxLayout(this);
    m_question = new QLabel;
    m_question->setWordWrap(true);
    layout->addWidget(m_question);
    auto* const cards = new QHBoxLayout;
    const auto card = [&](QLabel*& text, QPushButton*& button, const QString& caption, const QString& name) {
        auto* const frame = new QFrame;
        frame->setFrameShape(QFrame::StyledPanel);
        auto* const column = new QVBoxLayout(frame);
        text = new QLabel;
        text->setTextFormat(Qt::RichText);
        text->setAlignment(Qt::AlignTop);
        // A line per parameter, and the half more that rich text takes: none is cut off.
        const auto lines = std::clamp<int>(static_cast<int>(definition.space.parameters.size()), 6, 24);
        text->setMinimumSize(220, fontMetrics().lineSpacing() * 5 * lines / 4);
        button = textButton(QStringLiteral("check"), caption, name);
        column->addWidget(text, 1);
        column->addWidget(button);
        cards->addWidget(frame, 1);
    };
    card(m_first, m_firstButton, tr("&Left is better"), QStringLiteral("leftBetter"));
    card(m_second, m_secondButton, tr("&Right is better"), QStringLiteral("rightBetter"));
    layout->addLayout(cards, 1);
    auto* const sure = new QHBoxLayout;
    auto* const label = new QLabel(tr("Con&fidence"));
    m_confidence = new QSlider(Qt::Horizontal);
    m_confidence->setObjectName(QStringLiteral("pairConfidence"));
    m_confidence->setRange(5, 100);
    m_confidence->setValue(80);
    label->setBuddy(m_confidence);
    auto* const percent = new QLabel(tr("%1 %").arg(80));
    connect(m_confidence, &QSlider::valueChanged, percent,
            [percent](int value) { percent->setText(tr("%1 %").arg(value)); });
    sure->addWidget(label);
    sure->addWidget(m_confidence, 1);
    sure->addWidget(percent);
    layout->addLayout(sure);
    auto* const buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    m_skip = buttons->addButton(tr("I cannot &say"), QDialogButtonBox::ActionRole);
    m_skip->setObjectName(QStringLiteral("skipPair"));
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_skip, &QPushButton::clicked, this, &PairsDialog::next);
    connect(m_firstButton, &QPushButton::clicked, this, [this] { choose(true); });
    connect(m_secondButton, &QPushButton::clicked, this, [this] { choose(false); });
    setProblem(tr("Looking for pairs that teach most …"));
}

void PairsDialog::setPairs(std::vector<SettingPair> pairs) {
    m_pairs = std::move(pairs);
    std::reverse(m_pairs.begin(), m_pairs.end());
    next();
}

void PairsDialog::setProblem(const QString& text) {
    m_present.reset();
    m_question->setText(text);
    m_first->clear();
    m_second->clear();
    for (QPushButton* button : {m_firstButton, m_secondButton, m_skip})
        button->setEnabled(false);
}

void PairsDialog::next() {
    if (m_pairs.empty()) {
        setProblem(tr("These were all pairs that teach much. Measure some trials, then ask again."));
        return;
    }
    m_present = std::move(m_pairs.back());
    m_pairs.pop_back();
    m_question->setText(tr("By what you know: which of these two would do better? %n more pair(s) wait.",
                           nullptr, static_cast<int>(m_pairs.size())));
    m_first->setText(cardText(m_definition.space, m_present->first, m_present->second));
    m_second->setText(cardText(m_definition.space, m_present->second, m_present->first));
    for (QPushButton* button : {m_firstButton, m_secondButton, m_skip})
        button->setEnabled(true);
}

void PairsDialog::choose(bool first) {
    if (!m_present)
        return;
    const SettingPair pair = *m_present;
    emit answered(first ? pair.first : pair.second, first ? pair.second : pair.first,
                  m_confidence->value() / 100.0);
    next();
}

} // namespace alidade

#include "moc_beliefs_pairs.cpp"
