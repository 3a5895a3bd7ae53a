#pragma once

#include "space/parameter.h"

#include <QWidget>

class QTableWidget;

namespace alidade {

/// Parts of a mixture with the bounds of their shares.
class MixtureTable : public QWidget {
    Q_OBJECT
public:
    explicit MixtureTable(QWidget* parent = nullptr);
    void setMixture(const MixtureParts& mixture);

signals:
    void edited(const alidade::MixtureParts& mixture);

private:
    void readBack();
    void changeCount(bool add);

    MixtureParts m_mixture;
    QTableWidget* m_table = nullptr;
    bool m_filling = false;
};

} // namespace alidade
