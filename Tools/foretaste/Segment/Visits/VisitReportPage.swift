import Segmentation

/// `report.html` of visits.
struct VisitReportPage {
    let result: VisitResult

    init(_ result: VisitResult) { self.result = result }

    var html: String { "" }
}
