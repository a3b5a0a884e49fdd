import Interactions

/// A name for a segment, and the words that say what it means.
struct SearchLabel: Equatable {
    let name: String
    let text: String

    /// The five segments of a shop whose visitors buy electronics, bargains, clothes, luxury and things for the home.
    static let shop = [
        SearchLabel(
            name: "tech_enthusiast",
            text:
                "tech enthusiast electronics gadgets laptop phone smartphone computer headphones camera gaming smart watch"
        ),
        SearchLabel(
            name: "budget_conscious",
            text: "budget conscious cheap discount sale affordable bargain deal coupon clearance under low price"),
        SearchLabel(
            name: "fashion_oriented",
            text: "fashion oriented clothes dress shoes sneakers style jacket jeans outfit shirt handbag"),
        SearchLabel(
            name: "luxury_seeker",
            text: "luxury seeker designer premium gold diamond watch exclusive brand leather silk high end"),
        SearchLabel(
            name: "home_improvement",
            text: "home improvement tools drill paint furniture garden kitchen bathroom lamp shelf repair"),
    ]

    /// Nil gives none, `shop` the built-in ones, anything else is a file with lines `name: words`.
    static func list(_ source: String?) throws -> [SearchLabel] {
        guard let source else { return [] }
        if source == "shop" { return shop }
        let labels = try WholeFile.text(source).split(whereSeparator: \.isNewline).filter {
            !$0.allSatisfy(\.isWhitespace)
        }.map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            let name = parts[0].filter { !$0.isWhitespace }
            return SearchLabel(name: name, text: parts.count == 2 ? "\(parts[0]) \(parts[1])" : String(parts[0]))
        }
        guard !labels.isEmpty, labels.allSatisfy({ !$0.name.isEmpty }) else {
            throw RunFailure(description: "\(source) has no labels: write a line each, 'name: words that describe it'.")
        }
        guard Set(labels.map(\.name)).count == labels.count else {
            throw RunFailure(description: "\(source) has a label twice.")
        }
        return labels
    }
}
