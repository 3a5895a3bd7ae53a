#pragma once

#include "report/report.h"
#include "study/study.h"
#include "suggest/study_model.h"

#include <QCoreApplication>

namespace alidade {

/// The context of all texts of reports for translators.
struct ReportTr {
    Q_DECLARE_TR_FUNCTIONS(Report)
};

/// Chapters of a report; each appends its blocks.
void addQuestion(const Study& study, std::vector<ReportBlock>& blocks);
void addSpace(const Study& study, std::vector<ReportBlock>& blocks);
void addBeliefs(const Study& study, std::vector<ReportBlock>& blocks);
void addTried(const PlotContext& context, std::vector<ReportBlock>& blocks);
void addRecommendation(const PlotContext& context, std::vector<ReportBlock>& blocks);
void addDiagnostics(const PlotContext& context, std::vector<ReportBlock>& blocks);
void addReproduction(const Study& study, const QString& path, std::vector<ReportBlock>& blocks);

/// As it reads well: without columns that say nothing, with minus signs instead of hyphens.
[[nodiscard]] ReportTable tidied(const ReportTable& table);

} // namespace alidade
