import CommandLineInterface
import LinearAlgebra
import RecommendationIndex
import RecommendationService
import SeededRandom
import Telemetry

/// `foretaste-load score`: what an answer costs inside the server, without sockets and JSON, by length of history.
enum ScoreCommand {
    static let command = Command(
        name: "score", summary: "Time recommendations in this process, on one thread, by length of history.",
        options: [
            .required("index", "DIR", help: "The index to answer from."),
            .value("count", "N", default: "10", help: "Items of an answer."),
            .value("rounds", "N", default: "5", help: "How often each user is asked for; the best time counts."),
            .value("users", "N", default: "300", help: "Users of each group of lengths."),
            .value("seed", "N", default: "1", help: "Which users are drawn."),
        ])

    /// Powers of two: the first group has histories of 1 item, the next 2 and 3, then 4 to 7 and so on.
    private static func group(ofLength length: Int) -> Int { Int.bitWidth - length.leadingZeroBitCount }

    static func run(_ parsed: ParsedCommand) throws {
        let serving = ServingIndex(try RecommendationIndex.open(try parsed.string("index")))
        let recommender = Recommender(serving)
        let options = RecommendationOptions(count: try parsed.integer("count", in: 1...500))
        let users = groups(
            serving.index, limit: try parsed.integer("users", in: 1...1_000_000),
            seed: UInt64(try parsed.integer("seed", in: 0...Int.max)))
        let rounds = try parsed.integer("rounds", in: 1...1000)
        let first = milliseconds {
            _ = recommender.recommend(for: UserEvidence(userId: users[0].ids[0]), options: options)
        }
        var rows: [JSONText] = []
        var checksum = 0
        for group in users {
            var best = Double.infinity
            for _ in 0..<rounds {
                best = min(
                    best,
                    milliseconds {
                        for id in group.ids {
                            let answer = recommender.recommend(for: UserEvidence(userId: id), options: options)
                            for item in answer.items { checksum = checksum &* 31 &+ Int(item.item.rawValue) }
                        }
                    })
            }
            rows.append(
                .object([
                    .init("users", .integer(group.ids.count)),
                    .init("meanHistory", .number(Double(group.entryCount) / Double(group.ids.count))),
                    .init("microseconds", .number(best * 1000 / Double(group.ids.count))),
                ]))
        }
        let members: [JSONText.Member] = [
            .init("firstMilliseconds", .number(first)), .init("checksum", .integer(checksum)),
            .init("groups", .array(rows)),
        ]
        Terminal.standardOutput.write(JSONText.object(members).indented + "\n")
    }

    private static func groups(
        _ index: RecommendationIndex, limit: Int, seed: UInt64
    ) -> [(ids: [String], entryCount: Int)] {
        var random = SplitMix64(seed: seed)
        var groups: [(ids: [String], entryCount: Int)] = Array(repeating: ([], 0), count: Int.bitWidth)
        // Enough draws that every length that is not rare has its users.
        for _ in 0..<index.userCount {
            let user = random.nextIndex(below: index.userCount)
            let length = unsafe index.histories.history(ofUser: user).itemIndexes.count
            let group = group(ofLength: length)
            guard length > 0, groups[group].ids.count < limit else { continue }
            groups[group].ids.append(index.users.string(at: user))
            groups[group].entryCount += length
        }
        return groups.filter { !$0.ids.isEmpty }
    }

    /// Of processor time: other work on the machine takes the clock's time, but not that.
    private static func milliseconds(_ body: () -> Void) -> Double {
        let begin = ProcessFacts.read(startedAtNanoseconds: 0).cpuSeconds
        body()
        return (ProcessFacts.read(startedAtNanoseconds: 0).cpuSeconds - begin) * 1000
    }
}
