// An expression about to be evaluated: the request's values are put in, names are columns, and strings are codes.

indirect enum PreparedCondition {
    case constant(UInt8)
    case booleans(ColumnValues<UInt8>)
    case order(ComparisonOperator, PreparedNumber, PreparedNumber)
    case equalNumbers(PreparedNumber, PreparedNumber)
    case equalTruths(PreparedCondition, PreparedCondition)
    /// The values ascending.
    case numberIn(PreparedNumber, [Double])
    case code(ColumnValues<UInt32>, UInt32)
    /// Per code, whether it is meant.
    case codeTable(ColumnValues<UInt32>, [Bool])
    case listTable(TextListColumn, [Bool])
    /// What compares two columns of strings, item by item.
    case pair(@Sendable (Int) -> Bool)
    case missingNumber(PreparedNumber)
    case missingTruth(PreparedCondition)
    case missingText(ColumnValues<UInt32>)
    case missingTexts(ColumnValues<UInt32>)
    case not(PreparedCondition)
    case all([PreparedCondition])
    case any([PreparedCondition])
}

indirect enum PreparedNumber {
    case constant(Double)
    case column(ColumnValues<Double>)
    case arithmetic(ArithmeticOperator, PreparedNumber, PreparedNumber)
    case negated(PreparedNumber)
    case function(FilterFunction, [PreparedNumber])
    case condition(PreparedCondition)
}

/// A string, or a column of them, or nothing.
enum PreparedTerm {
    case missing
    case constant([UInt8])
    case column(TextColumn)
}

enum PreparedTerms {
    case constant([[UInt8]])
    case column(TextListColumn)
}
