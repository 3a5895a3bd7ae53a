#include "suggest/relatedness.h"

#include <algorithm>

namespace alidade {

Result<std::vector<Relatedness>> relatednessOf(const Study& study, const ModelOptions& options,
                                               const Monitor& monitor) {
    std::vector<Relatedness> result;
    if (!options.sources)
        return result;
    const auto model = StudyModel::fit(study, options, monitor);
    if (!model && model.error().code == ErrorCode::Cancelled)
        return model.error();
    for (const MeasureId measure : study.definition.measures()) {
        std::vector<Relatedness> about;
        if (model)
            std::copy_if(model->related().begin(), model->related().end(), std::back_inserter(about),
                         [&](const Relatedness& one) { return one.measure == measure; });
        if (about.empty())
            about = firstLook(study.definition, measure, *options.sources);
        result.insert(result.end(), about.begin(), about.end());
    }
    return result;
}

} // namespace alidade
