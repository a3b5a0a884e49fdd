#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension PreparedNumber {
    /// What the number is of each item of the range; NaN where it is missing.
    func numbers(_ range: Range<Int>) -> [Double] {
        switch self {
        case .constant(let constant): return Array(repeating: constant, count: range.count)
        case .column(let column):
            precondition(range.upperBound <= column.count)
            return unsafe Array(UnsafeBufferPointer(rebasing: column.values[range]))
        case .arithmetic(let arithmetic, let left, let right):
            let (first, second) = (left.numbers(range), right.numbers(range))
            switch arithmetic {
            case .add: return Self.joined(first, second) { $0 + $1 }
            case .subtract: return Self.joined(first, second) { $0 - $1 }
            case .multiply: return Self.joined(first, second) { $0 * $1 }
            case .divide: return Self.joined(first, second) { $0 / $1 }
            }
        case .negated(let part): return part.numbers(range).map { -$0 }
        case .function(let function, let parts):
            let arguments = parts.map { $0.numbers(range) }
            switch function {
            case .min: return arguments.dropFirst().reduce(arguments[0]) { Self.joined($0, $1) { Self.least($0, $1) } }
            case .max:
                return arguments.dropFirst().reduce(arguments[0]) { Self.joined($0, $1) { -Self.least(-$0, -$1) } }
            case .abs: return arguments[0].map { $0.magnitude }
            case .log: return arguments[0].map { Self.finite($0 > 0 ? Self.logarithm($0) : .nan) }
            case .sqrt: return arguments[0].map { $0 >= 0 ? $0.squareRoot() : .nan }
            }
        case .condition(let condition): return condition.truths(range).map { $0 == Truth.yes ? 1 : 0 }
        }
    }

    @inline(__always)
    private static func joined(_ left: [Double], _ right: [Double], _ join: (Double, Double) -> Double) -> [Double] {
        var numbers = left
        for place in numbers.indices { numbers[place] = finite(join(numbers[place], right[place])) }
        return numbers
    }

    @inline(__always)
    private static func finite(_ number: Double) -> Double { number.isFinite ? number : .nan }

    /// Of something missing nothing is the least.
    private static func least(_ left: Double, _ right: Double) -> Double {
        left.isNaN || right.isNaN ? .nan : left < right ? left : right
    }

    private static func logarithm(_ number: Double) -> Double { log(number) }
}
