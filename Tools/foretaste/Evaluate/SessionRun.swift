import Evaluation
import IndexBuilding
import Interactions
import RecommendationIndex
import RecommendationService

/// Builds an index of sessions, opens it as the server does, and asks it how others go on.
struct SessionRun {
    let training: SessionQueries
    /// Those of `training`, or some of them.
    let asked: [SessionQueries.Query]
    let configuration: BuildConfiguration
    let cutOffs: CutOffs
    let observer: ProgressObserver

    func report() throws -> SessionReport {
        let clock = ContinuousClock()
        let start = clock.now
        let serving = try Self.index(of: training, configuration: configuration, observer: observer)
        let buildSeconds = (clock.now - start) / .seconds(1)
        let rows = ask(serving)
        observer.end()
        return SessionReport(
            rows: rows, trainingSessionCount: training.training.count, queryCount: asked.count,
            itemCount: serving.index.itemCount, byteCount: serving.index.fileByteCount, buildSeconds: buildSeconds)
    }

    /// The training sessions, built and open.
    static func index(
        of queries: SessionQueries, configuration: BuildConfiguration, observer: ProgressObserver
    ) throws -> ServingIndex {
        let loaded = LoadedInputs(log: queries.trainingLog, items: [], reports: [])
        let contents = try IndexBuilder(configuration).contents(
            of: loaded, createdMilliseconds: Machine.nowMilliseconds, observer: observer)
        observer.stage("write and open the index")
        return ServingIndex(try HeldOutIndex.open(contents))
    }

    /// recommend.session with and without what the session has seen, and plain popularity.
    private func ask(_ serving: ServingIndex) -> [SessionReport.Row] {
        let recommender = Recommender(serving)
        let wanted = asked.map { Int32(serving.index.items.index(of: $0.next) ?? -1) }
        // As a request has them: most recent first. Made before the clock runs, as a server's parser would.
        let sessions = asked.map { Array($0.prefix.reversed()) }
        var options = RecommendationOptions(count: cutOffs.longest)
        options.excludeSeen = false
        var unseen = options
        unseen.excludeSeen = true
        return [
            measure("session", wanted) { recommender.recommend(session: sessions[$0], options: options) },
            measure("session, seen left out", wanted) {
                recommender.recommend(session: sessions[$0], options: unseen)
            },
            measure("popularity", wanted) { _ in recommender.popular(.popular, options: options) },
        ]
    }

    private func measure(
        _ name: String, _ wanted: [Int32], _ answer: (_ query: Int) -> Recommendation
    ) -> SessionReport.Row {
        observer.stage("ask \(wanted.count) times: \(name)")
        let clock = ContinuousClock()
        var busyNanoseconds: Int64 = 0
        let evaluation = NextItemEvaluation(of: name, wanted: wanted, at: cutOffs) { query in
            let busyBefore = Machine.threadNanoseconds
            let start = clock.now
            let found = answer(query)
            let nanoseconds = Int64((clock.now - start) / .nanoseconds(1))
            busyNanoseconds += Machine.threadNanoseconds - busyBefore
            return (found.items.map(\.item.rawValue), nanoseconds)
        }
        return SessionReport.Row(
            evaluation: evaluation,
            processorMicroseconds: wanted.isEmpty ? nil : Double(busyNanoseconds) / Double(wanted.count) / 1000)
    }
}
