/// What a filter or a boost may be at most. The limits are part of the protocol.
package enum FilterLimits {
    /// Of a text, and of the text that a filter in JSON stands for.
    package static let textBytes = 8 << 10
    /// Operators, functions and brackets inside one another: evaluation and printing recurse as deep.
    package static let depth = 24
    /// Operators and functions in one expression: each looks at every item of the catalogue once, at about a nanosecond an item.
    package static let operators = 64
    /// Values in one list.
    package static let listValues = 1_000
    /// What a boost multiplies a score with. It pushes and holds back; forbidding is a filter's task.
    package static let boost: ClosedRange<Double> = 0.1...10
    /// Longer than between any two times that can be written.
    package static let durationMilliseconds: Double = 1e15
}
