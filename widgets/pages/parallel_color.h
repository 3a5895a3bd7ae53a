#pragma once

#include <QComboBox>
#include <QString>

#include <vector>

namespace alidade {

class ParallelItem;

/// Chooses what the lines of parallel coordinates take their colour from: nothing but their kind, or one of
/// the measures, which are the first axes. At first the first measure.
class ParallelColorBox : public QComboBox {
    Q_OBJECT
public:
    ParallelColorBox(ParallelItem& item, QWidget* parent);
    /// `plain`: what lines are told apart by without a colour. Keeps the choice where it still exists. Call
    /// it again after the axes were set.
    void setMeasures(const QString& plain, const std::vector<QString>& measures);

private:
    void apply();

    ParallelItem& m_item;
    QString m_plain;
    std::vector<QString> m_measures;
};

} // namespace alidade
