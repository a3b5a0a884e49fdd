import CommandLineInterface
import SyntheticShop

/// `foretaste synthesize`
enum SynthesizeCommand {
    static let command = Command(
        name: "synthesize",
        summary: "Make a shop: items, users, 180 days of interactions, and what was planted in them.",
        options: [
            .value("users", "N", default: "2000", help: "How many users."),
            .value("items", "N", default: "1000", help: "How many items."),
            .value("seed", "S", default: "7", help: "The same seed makes the same shop."),
            .flag(
                "plant",
                help:
                    "Let things go wrong in the shop, for 'analyse all' to find: items that are not bought, sold out or never met, "
                    + "searches that lead nowhere, a channel that sells less, odd days, users who leave, programs. "
                    + "\(ShopGenerator.truthFile) has the right answers."),
            .required("out", "DIR", help: "Where the files go; made where it is missing.").asOutput(
                ShopFile.allCases.map(\.rawValue) + [ShopGenerator.truthFile]),
            .flag("quiet", short: "q", help: "No progress."),
            .flag("json", help: "The counts as JSON on standard output."),
        ],
        examples: [.init("foretaste synthesize --users 2000 --items 1000 --seed 7 --out shop", "A small shop.")])

    static func run(_ parsed: ParsedCommand) throws {
        let configuration = ShopConfiguration(
            userCount: try parsed.integer("users", in: 1...ShopConfiguration.maximumUserCount),
            itemCount: try parsed.integer("items", in: 1...ShopConfiguration.maximumItemCount),
            seed: UInt64(try parsed.integer("seed", in: 0...Int.max)), isPlanted: parsed.flag("plant"))
        let directory = try parsed.string("out")
        let bar = ProgressBar.standardError(quiet: parsed.flag("quiet"))
        bar.begin("make a shop", total: configuration.userCount, unit: "users")
        let summary = try ShopGenerator.generate(configuration, to: directory) { bar.advance(to: $0) }
        bar.end()
        let counts = [
            ("users", summary.userCount), ("items", summary.itemCount), ("interactions", summary.interactionCount),
            ("searches", summary.searchCount), ("views", summary.viewCount), ("carts", summary.cartCount),
            ("purchases", summary.purchaseCount), ("brandNewItems", summary.brandNewItemCount),
            ("oneVisitUsers", summary.oneVisitUserCount),
        ]
        if parsed.flag("json") {
            let members = counts.map { JSONText.Member($0.0, .integer($0.1)) }
            Terminal.standardOutput.write(JSONText.object(members).indented + "\n")
            return
        }
        let names = ShopFile.allCases.map(\.rawValue) + (configuration.isPlanted ? [ShopGenerator.truthFile] : [])
        let files = names.joined(separator: ", ")
        Terminal.standardOutput.write("\(directory): \(files)\n")
        for (name, count) in counts { Terminal.standardOutput.write("  \(ReadableNumber.count(count)) \(name)\n") }
    }
}
