#include "editors/mixture_table.h"

#include "editors/widget_style.h"
#include "models/value_text.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace alidade {

MixtureTable::MixtureTable(QWidget* parent) : QWidget(parent) {
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    m_table = new QTableWidget(0, 3, this);
    m_table->setObjectName(QStringLiteral("mixtureTable"));
    m_table->setHorizontalHeaderLabels({tr("Part"), tr("Least share"), tr("Greatest")});
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->verticalHeader()->hide();
    m_table->setMinimumHeight(120);
    auto* const buttons = new QHBoxLayout;
    auto* const add = iconButton(QStringLiteral("add"), tr("Add a part"), QStringLiteral("addPart"), this);
    auto* const remove = iconButton(QStringLiteral("remove"), tr("Remove the selected part"),
                                    QStringLiteral("removePart"), this);
    buttons->addStretch();
    buttons->addWidget(add);
    buttons->addWidget(remove);
    layout->addWidget(m_table);
    layout->addLayout(buttons);
    connect(m_table, &QTableWidget::itemChanged, this, &MixtureTable::readBack);
    connect(add, &QToolButton::clicked, this, [this] { changeCount(true); });
    connect(remove, &QToolButton::clicked, this, [this] { changeCount(false); });
}

void MixtureTable::setMixture(const MixtureParts& mixture) {
    m_mixture = mixture;
    m_filling = true;
    m_table->setRowCount(static_cast<int>(mixture.parts.size()));
    for (std::size_t i = 0; i < mixture.parts.size(); ++i) {
        const int row = static_cast<int>(i);
        const auto bound = [&](const std::vector<double>& bounds) {
            return i < bounds.size() ? exactNumberText(bounds[i]) : QString();
        };
        const QString texts[] = {QString::fromStdString(mixture.parts[i]), bound(mixture.low),
                                 bound(mixture.high)};
        for (int column = 0; column < 3; ++column) {
            auto* const item = new QTableWidgetItem(texts[column]);
            if (column > 0)
                item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            m_table->setItem(row, column, item);
        }
    }
    m_filling = false;
}

void MixtureTable::readBack() {
    if (m_filling)
        return;
    MixtureParts mixture;
    mixture.total = m_mixture.total;
    bool anyHigh = false;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto text = [&](int column) {
            const QTableWidgetItem* item = m_table->item(row, column);
            return item == nullptr ? QString() : item->text().trimmed();
        };
        mixture.parts.push_back(text(0).toStdString());
        mixture.low.push_back(numberFromUser(text(1)).value_or(0.0));
        const auto high = numberFromUser(text(2));
        anyHigh = anyHigh || high.has_value();
        mixture.high.push_back(high.value_or(mixture.total));
    }
    if (!anyHigh)
        mixture.high.clear();
    if (!(mixture == m_mixture))
        emit edited(mixture);
}

void MixtureTable::changeCount(bool add) {
    MixtureParts mixture = m_mixture;
    mixture.low.resize(mixture.parts.size(), 0.0);
    if (add) {
        int number = static_cast<int>(mixture.parts.size()) + 1;
        const auto taken = [&](const std::string& name) {
            return std::find(mixture.parts.begin(), mixture.parts.end(), name) != mixture.parts.end();
        };
        while (taken("part" + std::to_string(number)))
            ++number;
        mixture.parts.push_back("part" + std::to_string(number));
        mixture.low.push_back(0.0);
        if (!mixture.high.empty())
            mixture.high.push_back(mixture.total);
    } else {
        const int row = m_table->currentRow();
        if (row < 0 || mixture.parts.size() <= 2)
            return;
        mixture.parts.erase(mixture.parts.begin() + row);
        mixture.low.erase(mixture.low.begin() + row);
        if (static_cast<std::size_t>(row) < mixture.high.size())
            mixture.high.erase(mixture.high.begin() + row);
    }
    emit edited(mixture);
}

} // namespace alidade
