internal import Segmentation

/// Rows of declared features, by column, ready to learn from.
package struct FeatureColumns: Sendable {
    /// Per row the user's number in the log.
    package let users: [Int32]
    package let columns: [PredictionColumn]

    package init(_ rows: [FeatureTables.VisitRow]) {
        users = rows.map(\.user)
        columns = VisitFeatures.definitions.map { definition in
            Self.column(definition.name, isWord: definition.unit == "word", rows.map { definition.value($0.soFar) })
        }
    }

    /// Users with an event before the moment, ascending. One user's history is in memory at a time.
    package init(_ tables: FeatureTables, moment: Int64, of isWanted: (Int32) -> Bool = { _ in true }) {
        let definitions = UserFeatures.definitions
        var users: [Int32] = []
        var values = definitions.map { _ in [FeatureDefinition<EventHistory>.Value]() }
        for user in tables.users.indices where isWanted(Int32(user)) {
            guard let history = tables.history(of: user, before: moment) else { continue }
            users.append(Int32(user))
            for (place, definition) in definitions.enumerated() { values[place].append(definition.value(history)) }
        }
        self.users = users
        columns = zip(definitions, values).map { definition, values in
            Self.column(definition.name, isWord: definition.unit == "word", values)
        }
    }

    private static func column<Subject>(
        _ name: String, isWord: Bool, _ values: [FeatureDefinition<Subject>.Value]
    ) -> PredictionColumn {
        if isWord {
            return PredictionColumn(
                name,
                words: values.map { value in
                    guard case .word(let word) = value else { return "" }
                    return word
                })
        }
        return PredictionColumn(
            name,
            numbers: values.map { value in
                guard case .number(let number) = value else { return .nan }
                return number
            })
    }
}

extension FeatureTables {
    /// What a user did within the days after the moment; nil where the events end before.
    package func outcomes(of user: Int32, moment: Int64, days: Int) -> (purchases: Bool, churns: Bool)? {
        let end = moment + Int64(days) * EventHistory.dayMilliseconds
        guard let lastTime, lastTime >= end - EventHistory.dayMilliseconds else { return nil }
        let later = users[Int(user)].events.filter { $0.time >= moment && $0.time < end }
        return (later.contains { $0.kind == .purchase }, later.isEmpty)
    }
}

extension PredictionColumn {
    /// Whether rows differ in it: one that is the same for all tells nothing.
    package var varies: Bool {
        switch values {
        case .numbers(let numbers):
            guard let first = numbers.first else { return false }
            return numbers.contains { $0 != first && !($0.isNaN && first.isNaN) }
        case .words(let indexes, _): return Set(indexes).count > 1
        }
    }
}
