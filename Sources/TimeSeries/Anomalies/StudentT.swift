/// Student's t distribution.
enum StudentT {
    /// The value below which a variable of so many degrees of freedom lies with that probability, to about 1e-12 of itself. By halving: the
    /// function below is monotonous.
    static func quantile(_ probability: Double, degreesOfFreedom: Double) -> Double {
        precondition(probability > 0 && probability < 1 && degreesOfFreedom > 0)
        if probability < 0.5 { return -quantile(1 - probability, degreesOfFreedom: degreesOfFreedom) }
        let tail = 1 - probability
        var (low, high) = (0.0, 1.0)
        while upperTail(high, degreesOfFreedom) > tail && high < 1e300 { high *= 2 }
        // As many halvings as a Double has bits leave neighbours.
        for _ in 0..<64 {
            let middle = (low + high) / 2
            if upperTail(middle, degreesOfFreedom) > tail { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The probability of more than `value`, which is not negative.
    static func upperTail(_ value: Double, _ degreesOfFreedom: Double) -> Double {
        let share = degreesOfFreedom / (degreesOfFreedom + value * value)
        return IncompleteBeta.regularised(share, degreesOfFreedom / 2, 0.5) / 2
    }
}
