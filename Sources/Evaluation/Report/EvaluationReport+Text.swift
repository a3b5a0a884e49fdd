extension EvaluationReport {
    /// Plain text for a terminal, one block a cut-off, numbers with four decimals, without a newline at the end.
    package var text: String {
        var lines = [
            "Split \(split.spelling). Ranked: \(catalogueItemCount) items"
                + (repeats == .exclude ? " less the user's training items." : ", the user's training items among them.")
        ]
        for (index, k) in cutOffs.values.enumerated() {
            lines += ["", "All test users"] + mainTable(index, k: k).lines
        }
        if repeats == .include { lines += wantedPartLines }
        for (index, k) in cutOffs.values.enumerated() {
            lines += ["", "Beyond accuracy"] + catalogueTable(index, k: k).lines
        }
        for position in (rows.first?.evaluation.groupings ?? []).indices { lines += groupingLines(position) }
        lines += itemGroupLines
        lines += ["", "95 % intervals over users (\(intervalMethod))"] + intervalTable.lines
        if !comparisons.isEmpty {
            lines += ["", "Difference on the same users, with its 95 % interval; p of a paired randomisation test"]
            lines += comparisonTable.lines
        }
        if rows.contains(where: { $0.latency != nil }) {
            lines += ["", "Microseconds a request on this machine, one at a time"] + latencyTable.lines
        }
        lines += section("Verdict", [verdict])
        lines += section("Notes", notes) + section("Warnings", warnings)
        return lines.joined(separator: "\n")
    }

    private func mainTable(_ index: Int, k: Int) -> ReportTable {
        let heads = RankingMetric.allCases.map { "\($0.title)@\(k)" }
        var table = ReportTable(head: ["System"] + heads + ["UserCov@\(k)"])
        for row in rows { table.add([row.evaluation.name] + groupCells(row.evaluation.all, index)) }
        return table
    }

    private func catalogueTable(_ index: Int, k: Int) -> ReportTable {
        var table = ReportTable(head: ["System"] + CatalogueMetric.allCases.map { "\($0.title)@\(k)" })
        for row in rows {
            let catalogue = row.evaluation.catalogue[index]
            table.add([row.evaluation.name] + CatalogueMetric.allCases.map { number(catalogue.value(of: $0)) })
        }
        return table
    }

    /// NDCG of every group that has users; the other metrics are in the JSON.
    private func groupingLines(_ position: Int) -> [String] {
        guard let first = rows.first?.evaluation.groupings[position] else { return [] }
        let shown = first.groups.indices.filter { first.groups[$0].userCount > 0 }
        var lines: [String] = []
        for (index, k) in cutOffs.values.enumerated() {
            let heads = shown.map { "\(first.grouping.groups[$0].name) (\(first.groups[$0].userCount))" }
            var table = ReportTable(head: ["System"] + heads)
            for row in rows {
                let groups = row.evaluation.groupings[position].groups
                table.add([row.evaluation.name] + shown.map { number(groups[$0].mean(of: .ndcg, atCutOff: index)) })
            }
            lines += ["", "NDCG@\(k) by \(first.grouping.name) of users (how many)"] + table.lines
        }
        let rules = shown.map { first.grouping.groups[$0] }.filter { !$0.rule.isEmpty }.map { "\($0.name): \($0.rule)" }
        return rules.isEmpty ? lines : lines + [rules.joined(separator: "; ")]
    }

    private var wantedPartLines: [String] {
        var lines: [String] = []
        for part in WantedPart.allCases {
            for (index, k) in cutOffs.values.enumerated() {
                let users = rows.first?.evaluation.wantedParts[part.rawValue].userCount ?? 0
                var table = ReportTable(head: ["System"] + RankingMetric.allCases.map { "\($0.title)@\(k)" })
                for row in rows {
                    let figures = row.evaluation.wantedParts[part.rawValue]
                    table.add(
                        [row.evaluation.name]
                            + RankingMetric.allCases.map { number(figures.mean(of: $0, atCutOff: index)) })
                }
                let words = part == .repeated ? "What users have already" : "What is new to users"
                lines += ["", "\(words) (\(part.name); \(users) users want such items)"] + table.lines
            }
        }
        return lines
    }

    private var itemGroupLines: [String] {
        guard let first = rows.first?.evaluation else { return [] }
        var lines: [String] = []
        for (index, k) in cutOffs.values.enumerated() {
            let heads = ItemGroup.allCases.map { "\($0.name) (\(first.itemGroups[$0.rawValue].pairCount))" }
            var table = ReportTable(head: ["System"] + heads + ItemGroup.allCases.map { "\($0.name) shown" })
            for row in rows {
                let groups = row.evaluation.itemGroups
                table.add(
                    [row.evaluation.name] + groups.map { number($0.recall(atCutOff: index)) }
                        + groups.map { number($0.shownShare(atCutOff: index)) })
            }
            lines += ["", "Recall@\(k) of test pairs by group of items (how many), and its share of the lists"]
            lines += table.lines
        }
        return lines + [
            "cold: no training interaction; head: the fewest items with half of the training interactions; tail: the rest"
        ]
    }

    private var latencyTable: ReportTable {
        var table = ReportTable(head: ["System", "Requests", "p50", "p90", "p99", "Mean", "Seconds in all"])
        for row in rows {
            guard let latency = row.latency else { continue }
            table.add(
                [row.evaluation.name, String(latency.requestCount)]
                    + [latency.p50, latency.p90, latency.p99, latency.mean].map { fixedPoint($0, decimals: 0) }
                    + [fixedPoint(latency.totalSeconds, decimals: 2)])
        }
        return table
    }

    private func groupCells(_ group: GroupMetrics, _ index: Int) -> [String] {
        RankingMetric.allCases.map { number(group.mean(of: $0, atCutOff: index)) } + [number(group.userCoverage)]
    }

    private var intervalTable: ReportTable {
        var table = ReportTable(head: ["System"] + cutOffs.values.flatMap { ["HitRate@\($0)", "NDCG@\($0)"] })
        for row in rows {
            let cells = zip(row.hitRate, row.ndcg).flatMap {
                [interval($0, signed: false), interval($1, signed: false)]
            }
            table.add([row.evaluation.name] + cells)
        }
        return table
    }

    private var comparisonTable: ReportTable {
        var table = ReportTable(head: ["Systems", "k", "HitRate@k", "NDCG@k", "p(NDCG@k)", "by Holm"])
        for comparison in comparisons {
            table.add([
                "\(reference) - \(comparison.other)", String(comparison.cutOff),
                interval(comparison.hitRate.interval, signed: true), interval(comparison.ndcg.interval, signed: true),
                fixedPoint(comparison.ndcg.test.pValue, decimals: 4),
                fixedPoint(comparison.ndcg.adjustedPValue, decimals: 4),
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
