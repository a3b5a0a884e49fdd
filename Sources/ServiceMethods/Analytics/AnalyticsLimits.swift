import WireProtocol

/// Limits of the methods of analyses.
enum AnalyticsLimits {
    /// As long as a name in an analysis may be.
    static let nameBytes = 1024
    /// There are 14.
    static let indicators = 32
    /// Three years of days.
    static let periods = 1...1_096
    static let defaultPeriods = 90
    static let namesInErrors = 30
    /// `user:` or `visit:`, an id, and a time.
    static let anomalyBytes = 2 * nameBytes
    static let noteBytes = 1024
    /// A rule, and the ids of a pair.
    static let insightBytes = 3 * nameBytes
    /// Days before the newest one.
    static let days = 1...36_500
    static let defaultAnomalies = 50
    static let defaultInsights = 20
    static let defaultUsers = 20
}
