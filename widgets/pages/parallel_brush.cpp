#include "pages/parallel_brush.h"

#include "document/selection.h"
#include "plots/parallel_item.h"

#include <QCoreApplication>

#include <set>

namespace alidade {

namespace {

struct BrushText {
    Q_DECLARE_TR_FUNCTIONS(ParallelCoordinates)
};

} // namespace

QString brushText(const ParallelItem& item) {
    return item.isBrushed()
               ? BrushText::tr("%1 of %2 trials are within the ranges; those are selected everywhere.")
                     .arg(item.insideCount())
                     .arg(item.lines().size())
               : BrushText::tr("Drag along an axis to keep a range; drag a name to move its axis.");
}

void selectBrushed(const ParallelItem& item, TrialSelection& selection) {
    std::set<TrialId> selected;
    if (item.isBrushed())
        for (const qint64 key : item.inside())
            selected.insert(TrialId{key});
    const TrialId current = selection.current();
    selection.setSelection(selected, selected.contains(current) ? current : TrialId{});
}

} // namespace alidade
