#include "pages/parallel_color.h"

#include "editors/widget_style.h"
#include "plots/parallel_item.h"

#include <QSignalBlocker>

#include <algorithm>

namespace alidade {

ParallelColorBox::ParallelColorBox(ParallelItem& item, QWidget* parent) : QComboBox(parent), m_item(item) {
    setSizeAdjustPolicy(QComboBox::AdjustToContents);
    setAccessibleName(tr("Colour of the lines"));
    guardWheel(this);
    connect(this, &QComboBox::currentIndexChanged, this, &ParallelColorBox::apply);
}

void ParallelColorBox::setMeasures(const QString& plain, const std::vector<QString>& measures) {
    if (count() == 0 || plain != m_plain || measures != m_measures) {
        const QSignalBlocker blocker(this);
        const bool first = count() == 0;
        const bool wasPlain = currentIndex() == 0;
        const QString before = currentText();
        clear();
        addItem(plain);
        for (const QString& measure : measures)
            addItem(measure);
        const int kept = wasPlain ? 0 : findText(before);
        setCurrentIndex(first || kept < 0 ? std::min(1, count() - 1) : kept);
        m_plain = plain;
        m_measures = measures;
    }
    apply();
}

void ParallelColorBox::apply() {
    if (currentIndex() > 0)
        m_item.setColorAxis(static_cast<std::size_t>(currentIndex() - 1));
    else
        m_item.setColorAxis(std::nullopt);
}

} // namespace alidade

#include "moc_parallel_color.cpp"
