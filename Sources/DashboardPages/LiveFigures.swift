import AnalyticsArtefacts
import AnalyticsService
import CommandLineInterface
import RecommendationService
import ServiceMethods
import WireProtocol

/// Figures that change while a page is looked at, as they are shown.
struct LiveFigures {
    let values: [(name: String, value: String)]

    init(_ context: ServiceContext) {
        let facts = context.facts()
        let index = ServiceContext.summary(of: context.recommender.serving)
        let asked = facts.answeredCount + facts.failedCount
        values = [
            ("state", facts.isDraining ? "draining" : "ready"),
            ("uptime", ReadableNumber.duration(seconds: Double(facts.uptimeSeconds))),
            ("connections", Shown.count(facts.connectionCount)), ("answered", Shown.count(facts.answeredCount)),
            ("failed", Shown.count(facts.failedCount)),
            ("failedShare", asked > 0 ? Shown.percent(Double(facts.failedCount) / Double(asked)) : Shown.nothing),
            ("indexVersion", index.version),
            ("indexAge", ReadableNumber.duration(seconds: Double(index.ageSeconds))),
            ("analysed", context.analytics.map { Shown.time($0.view.bundle.manifest.facts.created) } ?? Shown.nothing),
        ]
    }

    func fact(_ name: String, _ live: String) -> PageContent.Fact {
        PageContent.Fact(name: name, value: values.first { $0.name == live }?.value ?? Shown.nothing, live: live)
    }

    var json: [UInt8] {
        var bytes: [UInt8] = []
        var writer = JSONWriter(appendingTo: &bytes)
        writer.beginObject()
        for (name, value) in values { writer.member(name, value) }
        writer.endObject()
        writer.finish(into: &bytes)
        return bytes
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ value: String) {
        var name = name
        name.withUTF8 { unsafe key($0) }
        string(value)
    }
}
