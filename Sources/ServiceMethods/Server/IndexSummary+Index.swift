import RecommendationIndex
import Telemetry
import WireProtocol

extension IndexSummary {
    /// What `hello` and `info` tell of an open index.
    init(_ index: RecommendationIndex) {
        let facts = index.manifest.facts
        self.init(
            version: index.version, formatVersion: index.manifest.formatVersion, createdAt: facts.createdMilliseconds,
            ageSeconds: 0, bytes: index.fileByteCount, users: index.userCount, items: index.itemCount,
            interactions: facts.counts.first { $0.name == "interactions" }?.count ?? 0)
    }

    /// The same with its age.
    var atNow: Self {
        var summary = self
        // The time comes from a file, which may say anything.
        let (age, isBeyond) = WallClock.milliseconds().subtractingReportingOverflow(createdAt)
        summary.ageSeconds = isBeyond ? 0 : max(0, Int(age / 1000))
        return summary
    }
}
