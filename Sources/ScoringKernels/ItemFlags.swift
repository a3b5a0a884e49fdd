internal import CScoringKernels

/// What a request knows of an item before any score: who has evidence of it, and why it must not appear.
package struct ItemFlags: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The content component knows the item.
    package static let hasContent = ItemFlags(rawValue: UInt8(FT_HAS_CONTENT))
    /// The collaborative component knows the item.
    package static let hasCollaborative = ItemFlags(rawValue: UInt8(FT_HAS_COLLABORATIVE))
    /// The answer is based on the item.
    package static let inHistory = ItemFlags(rawValue: UInt8(FT_IN_HISTORY))
    /// The user has it already.
    package static let seen = ItemFlags(rawValue: UInt8(FT_FIRST_REFUSAL))
    /// The request names it among those that must not appear.
    package static let excluded = ItemFlags(rawValue: UInt8(FT_FIRST_REFUSAL) << 1)
    /// The request allows other items only.
    package static let notListed = ItemFlags(rawValue: UInt8(FT_FIRST_REFUSAL) << 2)
    /// Nobody is shown it.
    package static let hidden = ItemFlags(rawValue: UInt8(FT_FIRST_REFUSAL) << 3)

    // Bits, since a literal of options is put together anew each time.
    static let refusals = ItemFlags(rawValue: UInt8(FT_FIRST_REFUSAL) * 0b1111)
    /// What holds for one request only.
    static let ofRequest = ItemFlags(rawValue: UInt8(FT_IN_HISTORY) | UInt8(FT_FIRST_REFUSAL) * 0b111)
}
