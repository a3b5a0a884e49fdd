import ItemFilter
import ScoringKernels

// What a filter or a boost comes to over a catalogue, found on any thread:
//
//     TypedFilter + bindings ─▶ RuleKey ─▶ known? ─▶ RuleResult
//                                   └────▶ RuleEvaluation ─▶ here, where it is quick, or on a worker (RuleDesk) ─▶ RuleResult

enum RulePurpose: Hashable, Sendable { case filter, boost }

/// Equal where the result is, for the same catalogue.
struct RuleKey: Hashable, Sendable {
    let purpose: RulePurpose
    let filter: FilterKey
}

/// Per item of an index, before anything has changed.
enum RuleValues: Sendable {
    case bits([UInt64])
    case factors([Float])
}

/// What a filter or a boost comes to.
package struct RuleResult: Sendable {
    /// As the index was built.
    let plain: RuleValues
    /// With what has changed; one of the two is there.
    let bits: ItemBits?
    let boosts: ItemBoosts?
    /// Of the index and the overlay that it is for.
    let identity: ServingIdentity
    let generation: UInt64
    let key: RuleKey

    /// Without the key's.
    var byteCount: Int {
        switch plain {
        case .bits(let words): 8 * words.count + (bits?.byteCount ?? 0)
        case .factors(let factors): 4 * factors.count + (boosts?.byteCount ?? 0)
        }
    }
}

/// A filter or a boost that has yet to be looked at over a catalogue, with all that takes.
package struct RuleEvaluation: Sendable {
    let serving: ServingIndex
    let changed: ChangedColumns?
    /// With new items.
    let itemCount: Int
    /// Of the overlay that `changed` is of.
    let generation: UInt64
    let rule: TypedFilter
    let bindings: FilterBindings
    let key: RuleKey
    /// What is known already, so that changed items alone are looked at.
    let plain: RuleValues?

    /// Of bits a word, of factors one: they are copied as often as there is a change.
    private static let nanosecondsPerWord = 2

    /// What it takes about, rather more than less.
    var nanoseconds: Int {
        let copied = key.purpose == .filter ? serving.workspaceCapacity / 64 : serving.workspaceCapacity
        let parts = [
            plain == nil ? rule.nanoseconds(over: serving.columns) : 0,
            changed.map { rule.nanoseconds(over: $0.columns) } ?? 0, Self.nanosecondsPerWord * copied,
        ]
        return parts.reduce(0) { sum, part in
            let (whole, isTooLarge) = sum.addingReportingOverflow(part)
            return isTooLarge ? .max : whole
        }
    }

    /// - Parameter isWanted: asked now and then; nil is returned where it is not.
    func run(while isWanted: @escaping () -> Bool = { true }) -> RuleResult? {
        switch key.purpose {
        case .filter: bits(while: isWanted)
        case .boost: boosts(while: isWanted)
        }
    }

    private func bits(while isWanted: @escaping () -> Bool) -> RuleResult? {
        let plain: [UInt64]
        if case .bits(let known) = self.plain {
            plain = known
        } else {
            guard let found = rule.bits(over: serving.columns, bindings, while: isWanted) else { return nil }
            plain = found
        }
        var words = plain
        words += Array(repeating: 0, count: (itemCount + 63) / 64 - words.count)
        if let changed {
            guard let own = rule.bits(over: changed.columns, bindings, while: isWanted) else { return nil }
            for (place, item) in changed.items.enumerated() {
                let bit: UInt64 = 1 << UInt64(item % 64)
                let isAdmitted = own[place / 64] >> UInt64(place % 64) & 1 == 1
                if isAdmitted { words[Int(item) / 64] |= bit } else { words[Int(item) / 64] &= ~bit }
            }
        }
        let bits = ItemBits(itemCount: itemCount, capacity: serving.workspaceCapacity, words: words)
        return RuleResult(
            plain: .bits(plain), bits: bits, boosts: nil, identity: serving.identity, generation: generation, key: key)
    }

    private func boosts(while isWanted: @escaping () -> Bool) -> RuleResult? {
        let plain: [Float]
        if case .factors(let known) = self.plain {
            plain = known
        } else {
            guard let found = rule.factors(over: serving.columns, bindings, while: isWanted) else { return nil }
            plain = found
        }
        // Up to the workspaces' capacity, so that it serves for items that come while it is worked out.
        var factors = plain
        factors += Array(repeating: 1, count: serving.workspaceCapacity - factors.count)
        if let changed {
            guard let own = rule.factors(over: changed.columns, bindings, while: isWanted) else { return nil }
            for (place, item) in changed.items.enumerated() { factors[Int(item)] = own[place] }
        }
        let boosts = ItemBoosts(factors, capacity: serving.workspaceCapacity)
        return RuleResult(
            plain: .factors(plain), bits: nil, boosts: boosts, identity: serving.identity, generation: generation,
            key: key)
    }
}
