import CommandLineInterface
import Interactions

/// Whether two files that are to be read together know the same keys.
enum JoinCheck {
    static let option = CommandOption.flag(
        "allow-unmatched",
        help: "Go on where no key of one file is in the other, as for a catalogue of new items alone.")

    /// Tells how many keys met; refuses where none did.
    static func check(_ join: KeyJoin, _ parsed: ParsedCommand, _ observer: ProgressObserver) throws {
        observer.say(join.text)
        switch join.verdict {
        case .good: return
        case .poor: observer.warn(join.text + join.explanation)
        case .none:
            guard parsed.flag("allow-unmatched") else {
                observer.end()
                throw RunFailure(
                    description: "\(join.text)\(join.explanation) Mend the ids, or go on by --allow-unmatched.")
            }
            observer.warn(join.text + join.explanation)
        }
    }
}
