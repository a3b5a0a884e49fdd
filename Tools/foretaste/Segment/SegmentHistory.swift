import CommandLineInterface
import Interactions
import Segmentation

/// The segments of customers at several dates, by one model, so that they compare: what each had bought before the date, and who
/// moved from which segment to which.
struct SegmentHistory {
    private struct Place {
        let values: RFMValues
        let segment: Int
        let rule: RFMSegment
    }

    private let dates: [Int64]
    private let names: [String]
    /// Per date, the customers that had bought before it.
    private let places: [[String: Place]]

    /// The segments are those of `segmentation`.
    init(
        _ log: TransactionLog, _ rules: RFMRules, dates given: [Int64], _ segmentation: RFMSegmentation
    ) throws(SegmentationError) {
        dates = Array(Set(given)).sorted()
        names = segmentation.model.profiles.map(\.name)
        var places: [[String: Place]] = []
        for date in dates {
            var then = rules
            then.referenceTime = date
            then.endsAtReference = true
            let table: RFMTable
            do throws(SegmentationError) {
                table = try RFMTable(log, then)
            } catch {
                throw SegmentationError(
                    .tooFewRows, operation: "look back to \(GivenTime.text(milliseconds: date))",
                    expected: "a purchase before it", found: "none", remedy: "Give later dates by --as-of.")
            }
            var found: [String: Place] = [:]
            for customer in 0..<table.count {
                let prediction = try segmentation.model.predict(table[customer])
                found[table.customerIds[customer]] = Place(
                    values: table[customer], segment: prediction.segmentIndex, rule: prediction.ruleSegment)
            }
            places.append(found)
        }
        self.places = places
    }

    /// A row for each customer and date.
    var csv: String {
        var text = "customer_id,as_of,recency,frequency,monetary,rfm_segment,segment_id,segment_name\n"
        for (date, found) in zip(dates, places) {
            let day = GivenTime.text(milliseconds: date)
            for id in found.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
                guard let place = found[id] else { continue }
                text += "\(CSVField.text(id)),\(day),\(Int(place.values.recency)),\(Int(place.values.frequency)),"
                text += "\(SegmentTableFile.rounded(place.values.monetary)),\(place.rule.rawValue),\(place.segment),"
                text += names[place.segment] + "\n"
            }
        }
        return text
    }

    /// From each date to the next: how many customers of one segment are in which then; `none` for those who had not bought yet.
    var migrationCSV: String {
        var text = "from_date,to_date,from_segment,to_segment,customers\n"
        for (from, to) in zip(dates.indices, dates.indices.dropFirst()) {
            var counts: [[Int]] = Array(repeating: Array(repeating: 0, count: names.count), count: names.count + 1)
            for (id, place) in places[to] { counts[places[from][id]?.segment ?? names.count][place.segment] += 1 }
            let days = "\(GivenTime.text(milliseconds: dates[from])),\(GivenTime.text(milliseconds: dates[to]))"
            for (old, row) in counts.enumerated() {
                for (new, count) in row.enumerated() where count > 0 {
                    text += "\(days),\(old < names.count ? names[old] : "none"),\(names[new]),\(count)\n"
                }
            }
        }
        return text
    }
}
