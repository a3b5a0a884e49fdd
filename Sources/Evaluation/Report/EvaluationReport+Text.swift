extension EvaluationReport {
    /// Plain text for a terminal, one block a cut-off, numbers with four decimals, without a newline at the end.
    package var text: String {
        var lines = ["Split \(split.spelling). Ranked: \(catalogueItemCount) items less the user's training items."]
        for (index, k) in cutOffs.values.enumerated() {
            lines += ["", "All test users"] + mainTable(index, k: k).lines
        }
        if facts.newUserCount > 0 {
            for (index, k) in cutOffs.values.enumerated() {
                lines += ["", "Test users with training history"] + groupTable(\.withHistory, index, k: k).lines
                lines += ["", "New test users"] + groupTable(\.withoutHistory, index, k: k).lines
            }
        }
        lines += ["", "95 % intervals over users (\(intervalMethod))"] + intervalTable.lines
        if !comparisons.isEmpty {
            lines += ["", "Difference on the same users, with its 95 % interval"] + comparisonTable.lines
        }
        lines += section("Notes", notes) + section("Warnings", warnings)
        return lines.joined(separator: "\n")
    }

    private func mainTable(_ index: Int, k: Int) -> TextTable {
        let heads = RankingMetric.allCases.map { "\($0.title)@\(k)" }
        var table = TextTable(
            head: ["System"] + heads
                + ["UserCov@\(k)", "CatCov@\(k)", "Popularity@\(k)", "Gini@\(k)", "Seconds"])
        for row in rows {
            let catalogue = row.evaluation.catalogue[index]
            var cells = groupCells(row.evaluation.all, index)
            cells += [
                fixedPoint(catalogue.coverage, decimals: 4), number(catalogue.meanPopularity), number(catalogue.gini),
                row.seconds.map { fixedPoint($0, decimals: 2) } ?? "-",
            ]
            table.add([row.evaluation.name] + cells)
        }
        return table
    }

    private func groupTable(_ group: KeyPath<SystemEvaluation, GroupMetrics>, _ index: Int, k: Int) -> TextTable {
        let heads = RankingMetric.allCases.map { "\($0.title)@\(k)" }
        var table = TextTable(head: ["System"] + heads + ["UserCov@\(k)", "Users"])
        for row in rows {
            let metrics = row.evaluation[keyPath: group]
            table.add([row.evaluation.name] + groupCells(metrics, index) + [String(metrics.userCount)])
        }
        return table
    }

    private func groupCells(_ group: GroupMetrics, _ index: Int) -> [String] {
        RankingMetric.allCases.map { number(group.mean(of: $0, atCutOff: index)) } + [number(group.userCoverage)]
    }

    private var intervalTable: TextTable {
        var table = TextTable(head: ["System"] + cutOffs.values.flatMap { ["HitRate@\($0)", "NDCG@\($0)"] })
        for row in rows {
            let cells = zip(row.hitRate, row.ndcg).flatMap {
                [interval($0, signed: false), interval($1, signed: false)]
            }
            table.add([row.evaluation.name] + cells)
        }
        return table
    }

    private var comparisonTable: TextTable {
        var table = TextTable(head: ["Systems", "k", "HitRate@k", "NDCG@k", "NDCG@k beyond chance"])
        for comparison in comparisons {
            table.add([
                "\(reference) - \(comparison.other)", String(comparison.cutOff),
                interval(comparison.hitRate, signed: true), interval(comparison.ndcg, signed: true),
                comparison.ndcg.excludesZero ? "yes" : "no",
            ])
        }
        return table
    }

    private var intervalMethod: String {
        rows.first?.ndcg.first??.method == .normal
            ? "normal approximation" : "bootstrap, \(bootstrap.resampleCount) resamples, seed \(bootstrap.seed)"
    }

    private func interval(_ interval: ConfidenceInterval?, signed: Bool) -> String {
        guard let interval else { return "-" }
        let texts = [interval.mean, interval.lower, interval.upper].map { value in
            let text = fixedPoint(value, decimals: 4)
            return signed && value >= 0 ? "+" + text : text
        }
        return "\(texts[0]) [\(texts[1]), \(texts[2])]"
    }

    private func number(_ value: Double?) -> String { value.map { fixedPoint($0, decimals: 4) } ?? "-" }

    private func section(_ title: String, _ sentences: [String]) -> [String] {
        sentences.isEmpty ? [] : ["", title] + sentences.map { "- " + $0 }
    }
}
