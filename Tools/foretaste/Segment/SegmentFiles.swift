import CommandLineInterface
import Interactions
import Segmentation

/// `rfm_table.csv`: a row a customer, in ascending order of their ids' bytes.
enum SegmentTableFile {
    static func csv(_ segmentation: RFMSegmentation) -> String {
        let (table, model) = (segmentation.table, segmentation.model)
        var text =
            "customer_id,recency,frequency,monetary,r_score,f_score,m_score,rfm_segment,segment_id,segment_name\n"
        for customer in 0..<table.count {
            let values = table[customer]
            let label = Int(segmentation.clustering.labels[customer])
            let scores = RFMFeature.allCases.map { "\(model.scores.score(values, $0))" }
            text += CSVField.text(table.customerIds[customer])
            text += ",\(Int(values.recency)),\(Int(values.frequency)),\(rounded(values.monetary)),"
            text += scores.joined(separator: ",")
            text += ",\(segmentation.ruleSegments[customer].rawValue),\(label),\(model.profiles[label].name)\n"
        }
        return text
    }

    /// To a millionth: a sum of prices carries the rounding of each.
    static func rounded(_ sum: Double) -> Double {
        sum.magnitude < 1e9 ? (sum * 1e6).rounded() / 1e6 : sum
    }
}

/// `k_diagnostics.csv`.
enum SegmentDiagnosticsFile {
    static func csv(_ diagnostics: ClusterCountDiagnostics) -> String {
        var text = "k,inertia,silhouette,davies_bouldin,calinski_harabasz,gap,gap_standard_error\n"
        for row in diagnostics.rows {
            text += "\(row.clusterCount),\(row.inertia),\(row.silhouette),\(row.daviesBouldin),"
            text += "\(row.calinskiHarabasz),\(row.gap.gap),\(row.gap.standardError)\n"
        }
        return text
    }
}

/// `segment_profiles.json`.
enum SegmentProfilesFile {
    static func json(_ result: SegmentResult) -> JSONText {
        let segmentation = result.segmentation
        let cleaning = segmentation.table.cleaning
        return [
            "customers": .integer(segmentation.table.count),
            "reference_time": .integer(Int(segmentation.table.referenceTime)),
            "cleaning": [
                "rows": .integer(cleaning.rowCount), "no_customer": .integer(cleaning.noCustomerCount),
                "non_positive_quantity": .integer(cleaning.nonPositiveQuantityCount),
                "non_positive_price": .integer(cleaning.nonPositivePriceCount),
                "duplicates": .integer(cleaning.duplicateCount),
                "duplicates_left_out": .boolean(cleaning.leavesDuplicatesOut),
                "returns_netted": .integer(cleaning.netReturnCount),
                "cancelled_orders_rows": .integer(cleaning.cancelledCount),
                "customers_of_returns_only": .integer(cleaning.returnOnlyCustomerCount),
                "customers_net_below_zero": .integer(cleaning.overdrawnCustomerCount),
                "unreadable": .integer(result.source.badRows.total), "clean": .integer(cleaning.cleanRowCount),
            ],
            "k": .integer(segmentation.clustering.clusterCount),
            "inertia": .number(segmentation.clustering.inertia),
            "segments": .array(
                segmentation.model.profiles.enumerated().map { index, profile in
                    .object([.init("segment_id", .integer(index))] + members(profile))
                }),
            "rfm_segments": .array(segmentation.ruleProfiles.map { .object(members($0)) }),
            "recommended_k": .integer(result.diagnostics.recommendation.clusterCount),
            "reasons": .array(result.diagnostics.recommendation.reasons.map { .string($0) }),
        ]
    }

    static func members(_ profile: SegmentProfile) -> [JSONText.Member] {
        [
            .init("segment_name", .string(profile.name)), .init("title", .string(profile.title)),
            .init("customers", .integer(profile.customerCount)), .init("share", .number(profile.share)),
            .init("revenue_share", .number(profile.revenueShare)), .init("stats", statistics(profile)),
        ]
    }

    /// `Recency_mean` and so on: the names that the API had which this one replaces.
    static func statistics(_ profile: SegmentProfile) -> JSONText {
        .object(
            zip(["Recency", "Frequency", "Monetary"], profile.statistics).flatMap { name, statistics in
                [
                    JSONText.Member("\(name)_mean", .number(statistics.mean)),
                    .init("\(name)_median", .number(statistics.median)),
                    .init("\(name)_min", .number(statistics.least)),
                    .init("\(name)_max", .number(statistics.greatest)),
                ]
            })
    }
}

/// What the command says when it has finished.
enum SegmentSummary {
    static func text(_ result: SegmentResult, seconds: Double) -> String {
        let segmentation = result.segmentation
        let cleaning = segmentation.table.cleaning
        func count(_ value: Int) -> String { ReadableNumber.count(value) }
        var text = "\(count(cleaning.rowCount)) rows: \(count(cleaning.noCustomerCount)) without a customer, "
        text += "\(count(cleaning.nonPositiveQuantityCount)) with a quantity and "
        text += "\(count(cleaning.nonPositivePriceCount)) with a price of zero or less left out; "
        text += "\(count(cleaning.cleanRowCount)) rows of \(count(segmentation.table.count)) customers kept\n"
        if cleaning.cancelledCount > 0 {
            text += "\(count(cleaning.cancelledCount)) rows of cancelled orders (C and a number) left out\n"
        }
        if cleaning.returnOnlyCustomerCount > 0 {
            text += "\(count(cleaning.returnOnlyCustomerCount)) customers have returns alone and are in no segment\n"
        }
        if cleaning.netReturnCount > 0 {
            text += "\(count(cleaning.netReturnCount)) rows of returns taken from what their customers spent; "
            text += "\(count(cleaning.overdrawnCustomerCount)) customers came to less than 0, which counts as 0\n"
        }
        if cleaning.duplicateCount > 0 {
            text += "\(count(cleaning.duplicateCount)) rows repeat an earlier one exactly and were "
            text += cleaning.leavesDuplicatesOut ? "left out\n" : "counted (--duplicates drop leaves them out)\n"
        }
        text += "k-means: \(segmentation.clustering.clusterCount) clusters, "
        text += "inertia \(ReadableNumber.fixed(segmentation.clustering.inertia, 2)), "
        text += "\(ReadableNumber.duration(seconds: seconds)) in all\n\n"
        text += table("segment", segmentation.model.profiles) + "\n"
        text += table("by rule", segmentation.ruleProfiles) + "\n"
        for reason in result.diagnostics.recommendation.reasons { text += reason + "\n" }
        return text
    }

    private static func table(_ heading: String, _ profiles: [SegmentProfile]) -> String {
        var table = TextTable([
            .left(heading), .right("customers"), .right("share"), .right("revenue"), .right("recency"),
            .right("frequency"), .right("monetary"),
        ])
        for profile in profiles {
            table.add(
                [profile.title, ReadableNumber.count(profile.customerCount)]
                    + [profile.share, profile.revenueShare].map { ReadableNumber.fixed(100 * $0, 1) + " %" }
                    + profile.statistics.map { ReadableNumber.fixed($0.mean, 1) })
        }
        return table.text
    }
}
