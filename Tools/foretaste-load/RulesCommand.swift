import CommandLineInterface
import ItemFilter
import RecommendationIndex
import RecommendationService
import Telemetry

/// `foretaste-load rules`: what each rule of a request costs inside the server, beside the request without it, on a made-up
/// catalogue.
enum RulesCommand {
    static let command = Command(
        name: "rules",
        summary: "Time filters, boosts and arrangements beside the plain request, on a made-up catalogue.",
        options: [
            .value("items", "N", default: "1000000", help: "Items of the catalogue."),
            .required("folder", "DIR", help: "Where the index is made; it must not have one yet."),
            .value("history", "N", default: "44", help: "Items of each user's history."),
            .value("neighbours", "N", default: "30", help: "Neighbours of each item."),
            .value("rounds", "N", default: "7", help: "How often all users are asked for; the best time counts."),
        ])

    /// What is measured; the filters admit about a half, a tenth, a thousandth and a thousandth by four conditions.
    private static let filters = [
        "inStock", "price < 100", "price < 1",
        "price < 100 and brand in ['b1', 'b2', 'b3'] and not tags contains 't5' and launch > now() - 3650d",
        "title contains 'x9'",
    ]
    private static let boost = "1 + 0.5 * (price > 500)"

    static func run(_ parsed: ParsedCommand) throws {
        let shop = RuleShop(
            itemCount: try parsed.integer("items", in: 1_000...10_000_000),
            historyLength: try parsed.integer("history", in: 1...500),
            neighbourCount: try parsed.integer("neighbours", in: 1...400))
        let path = try parsed.string("folder")
        _ = try IndexDirectory(path: path).beginBuild().publish(shop.contents())
        let rounds = try parsed.integer("rounds", in: 1...1000)
        let index = try RecommendationIndex.open(path)
        var recommender: Recommender?
        let columns = milliseconds { _ = PropertyColumns(index) }
        let bytes = ProcessFacts.read(startedAtNanoseconds: 0).residentBytes
        let serving = ServingIndex(index)
        let grown = ProcessFacts.read(startedAtNanoseconds: 0).residentBytes - bytes
        recommender = Recommender(serving)
        guard let recommender else { return }
        var rows: [JSONText] = []
        let plain = best(rounds, recommender, shop.userIds) { _ in }
        func add(_ name: String, first: FirstTime?, _ microseconds: Double) {
            rows.append(
                .object(
                    [.init("rule", .string(name))]
                        + (first.map {
                            [
                                .init("firstMicroseconds", .number($0.evaluation)),
                                .init("longestTurnMicroseconds", .number($0.longestTurn)),
                            ]
                        } ?? [])
                        + [
                            .init("microseconds", .number(microseconds)),
                            .init("timesPlain", .number(microseconds / plain)),
                        ]))
        }
        add("none", first: nil, plain)
        for text in filters {
            let filter = try recommender.filters.filter(text)
            let first = firstTime(serving, shop.userIds[0]) { $0.filter = filter }
            add(text, first: first, best(rounds, recommender, shop.userIds) { $0.filter = filter })
        }
        let boost = try recommender.filters.boost(boost)
        let firstBoost = firstTime(serving, shop.userIds[0]) { $0.boost = boost }
        add("boost " + Self.boost, first: firstBoost, best(rounds, recommender, shop.userIds) { $0.boost = boost })
        let limit = PropertyLimit(property: "brand", count: 1)
        add("maxPer brand 1", first: nil, best(rounds, recommender, shop.userIds) { $0.limits = [limit] })
        add("diversity 0.5", first: nil, best(rounds, recommender, shop.userIds) { $0.diversity = 0.5 })
        let pinned = [PinnedItem(item: ItemNumber(17), place: 2)]
        add("pinned", first: nil, best(rounds, recommender, shop.userIds) { $0.pinned = pinned })
        let members: [JSONText.Member] = [
            .init("items", .integer(shop.itemCount)), .init("columnsMilliseconds", .number(columns)),
            .init("openedGrowthMegabytes", .number(Double(grown) / 1_048_576)), .init("rules", .array(rows)),
        ]
        Terminal.standardOutput.write(JSONText.object(members).indented + "\n")
    }

    /// Microseconds of processor time.
    private struct FirstTime {
        /// Of a request that looks everything over itself.
        var evaluation = Double.infinity
        /// What a loop works at a time where a worker looks it over: until the request waits, or when it is answered.
        var longestTurn = 0.0
    }

    /// Of a rule that is met for the first time: by another recommender each time, whose request without one has warmed it up.
    private static func firstTime(
        _ serving: ServingIndex, _ id: String, _ change: (inout RecommendationOptions) -> Void
    ) -> FirstTime {
        var time = FirstTime()
        for _ in 0..<3 {
            let fresh = Recommender(serving)
            ask(fresh, id) { _ in }
            time.evaluation = min(time.evaluation, threadMicroseconds { ask(fresh, id, change) })
            let waiting = Recommender(serving)
            let bench = Bench()
            waiting.filters.desk = RuleDesk(workerCount: 1) { bench.works.append($0) }
            ask(waiting, id) { _ in }
            waiting.filters.begin(lent: [], mayWait: true)
            var missing: RuleEvaluation?
            var turn = threadMicroseconds {
                ask(waiting, id, change)
                missing = waiting.filters.takeMissing()
                if let missing {
                    _ = waiting.filters.desk?.evaluate(missing, isWanted: { true }, then: { bench.found.append($0) })
                }
            }
            if missing != nil {
                for work in bench.works { work() }
                let again = threadMicroseconds {
                    waiting.filters.begin(lent: bench.found, mayWait: true)
                    ask(waiting, id, change)
                }
                turn = max(turn, again)
            }
            time.longestTurn = max(time.longestTurn, turn)
        }
        return time
    }

    /// What a worker would do.
    // SAFETY: one thread's.
    private final class Bench: @unchecked Sendable {
        var works: [RuleDesk.Work] = []
        var found: [RuleResult] = []
    }

    private static func threadMicroseconds(_ body: () -> Void) -> Double {
        let begin = ThreadClock.nanoseconds()
        body()
        return Double(ThreadClock.nanoseconds() - begin) / 1_000
    }

    private static func ask(
        _ recommender: Recommender, _ id: String, _ change: (inout RecommendationOptions) -> Void
    ) {
        var options = RecommendationOptions(count: 10)
        options.now = 1_764_000_000_000
        change(&options)
        _ = recommender.recommend(for: UserEvidence(userId: id), options: options)
    }

    /// Microseconds a request.
    private static func best(
        _ rounds: Int, _ recommender: Recommender, _ ids: [String], _ change: (inout RecommendationOptions) -> Void
    ) -> Double {
        var best = Double.infinity
        for _ in 0..<rounds {
            best = min(best, milliseconds { for id in ids { ask(recommender, id, change) } })
        }
        return best * 1000 / Double(ids.count)
    }

    /// Of processor time.
    private static func milliseconds(_ body: () -> Void) -> Double {
        let begin = ProcessFacts.read(startedAtNanoseconds: 0).cpuSeconds
        body()
        return (ProcessFacts.read(startedAtNanoseconds: 0).cpuSeconds - begin) * 1000
    }
}
