// An expression with types. Times, durations and numbers are one kind of number: milliseconds, in double precision; what is
// missing is NaN, and so is what is not finite.

/// Where a value comes from.
enum FilterReference: Sendable, Equatable {
    /// The place of the name in `TypedFilter.itemProperties`.
    case item(Int)
    case context(String)
    case user(String)
}

/// True, false or unknown.
indirect enum FilterCondition: Sendable, Equatable {
    case constant(Bool)
    case reference(FilterReference)
    /// Unknown where a side is missing.
    case order(ComparisonOperator, FilterNumber, FilterNumber)
    /// False where a side is missing, as all that follow.
    case equalNumbers(FilterNumber, FilterNumber)
    case equalTruths(FilterCondition, FilterCondition)
    case numberIn(FilterNumber, [Double])
    case textTest(FilterTextTest, FilterTerm, FilterTerm)
    case textIn(FilterTerm, FilterTerms)
    case overlap(FilterTerms, FilterTerms)
    case missingNumber(FilterNumber)
    case missingTruth(FilterCondition)
    case missingText(FilterTerm)
    case missingTexts(FilterTerms)
    case not(FilterCondition)
    case all([FilterCondition])
    case any([FilterCondition])
}

enum FilterTextTest: Sendable, Equatable { case equal, contains, startsWith, endsWith }

indirect enum FilterNumber: Sendable, Equatable {
    case constant(Double)
    case reference(FilterReference)
    case now
    case arithmetic(ArithmeticOperator, FilterNumber, FilterNumber)
    case negated(FilterNumber)
    case function(FilterFunction, [FilterNumber])
    /// 1 where it holds, else 0.
    case condition(FilterCondition)
}

/// A string or nothing.
enum FilterTerm: Sendable, Equatable {
    case constant(String)
    case reference(FilterReference)
}

/// A list of strings, perhaps empty.
enum FilterTerms: Sendable, Equatable {
    case constant([String])
    case reference(FilterReference)
}

/// An expression whose names are known.
package struct TypedFilter: Sendable, Equatable {
    enum Root: Sendable, Equatable {
        case condition(FilterCondition)
        case number(FilterNumber)
    }

    let root: Root
    /// The properties of the item that is looked at, each once.
    package let itemProperties: [String]
    package let contextProperties: [String]
    package let userProperties: [String]
    package let usesNow: Bool
    /// The whole of it in its shortest form: equal for equal expressions.
    package let text: String
    /// Of a filter, the conditions that must all hold.
    let partTexts: [String]
}
