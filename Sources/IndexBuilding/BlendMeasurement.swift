import HybridBlending
import Interactions
import LinearAlgebra
import Recommenders

// Learns the factors of `AdaptiveWeights` on a split of the training data. The users whose kept histories fall into one bucket
// vote together:
//
//     tried    content and fallback times 0, 1/2, 1 or 2 each
//     taken    the best by mean NDCG@10, where it is ahead of the fixed blend by more than one standard error of the paired
//              difference (Breiman et al. 1984), drawn towards 1 by n / (n + 50); else the fixed blend

struct BlendMeasurement {
    private static let triedFactors: [Float] = [0, 0.5, 1, 2]
    /// Users at which what was found counts half.
    private static let priorUserCount = 50.0

    let split: HistorySplit
    let collaborative: MeasuredModel
    let content: SparseMatrix
    let fallback: [Float]
    let weights: BlendWeights
    let findings: InternalValidation.Findings

    /// Every pair of tried factors.
    static let options = triedFactors.flatMap { content in
        triedFactors.map { AdaptiveWeights.Factors(content: content, fallback: $0) }
    }

    func adaptiveWeights(_ users: [Int]) throws(BuildError) -> AdaptiveWeights {
        var usersOfBuckets = [[Int]](repeating: [], count: AdaptiveWeights.bucketCount)
        for user in users { usersOfBuckets[AdaptiveWeights.bucket(itemCount: split.kept(user).count)].append(user) }
        var factors: [AdaptiveWeights.Factors] = []
        for users in usersOfBuckets { factors.append(Self.choice(Self.options, try qualities(users, Self.options))) }
        return AdaptiveWeights(factors)
    }

    /// NDCG@10 per user, of each pair of factors.
    func qualities(_ users: [Int], _ options: [AdaptiveWeights.Factors]) throws(BuildError) -> [[Double]] {
        let hasContent = knownToContent()
        let profiles = users.map { split.profile($0, findings.historyDecay) }
        var workspace = Workspace(itemCount: split.interactions.matrix.columnCount)
        var qualities = [[Double]](repeating: [], count: users.count)
        try collaborative.answer(profiles) { answer in
            let profile = profiles[answer.place]
            unsafe content.withView { view in unsafe workspace.content.score(profile, neighbours: view) }
            workspace.collaborative.reset()
            for candidate in answer.candidates { workspace.collaborative.set(candidate.index, score: candidate.score) }
            // As the server does, which asks factors for every candidate.
            for position in 0..<workspace.content.candidateCount {
                let item = workspace.content.candidate(at: position).index
                guard workspace.collaborative.score(of: Int(item)) == nil, let score = answer.score(item) else {
                    continue
                }
                workspace.collaborative.set(item, score: score)
            }
            qualities[answer.place] = quality(users[answer.place], options, hasContent: hasContent, workspace)
        }
        return qualities
    }

    /// - Parameter qualities: per user, of each option.
    static func choice(_ options: [AdaptiveWeights.Factors], _ qualities: [[Double]]) -> AdaptiveWeights.Factors {
        guard qualities.count > 1, let fixed = options.firstIndex(of: .one) else { return .one }
        var best = (factors: AdaptiveWeights.Factors.one, gain: 0.0)
        for (option, factors) in options.enumerated() {
            let gains = qualities.map { $0[option] - $0[fixed] }
            let gain = InternalValidation.mean(gains)
            if gain > best.gain && InternalValidation.isClear(gains) { best = (factors, gain) }
        }
        let trust = Float(Double(qualities.count) / (Double(qualities.count) + priorUserCount))
        return AdaptiveWeights.Factors(
            content: 1 + trust * (best.factors.content - 1), fallback: 1 + trust * (best.factors.fallback - 1))
    }

    private struct Workspace: ~Copyable {
        var collaborative: NeighbourScoring
        var content: NeighbourScoring

        init(itemCount: Int) {
            collaborative = NeighbourScoring(itemCount: itemCount)
            content = NeighbourScoring(itemCount: itemCount)
        }
    }

    private func knownToContent() -> [Bool] {
        var isKnown = [Bool](repeating: false, count: content.columnCount)
        for item in content.columnIndexes { isKnown[Int(item)] = true }
        return isKnown
    }

    /// NDCG@10 of each option, by the rules of `Blend`.
    private func quality(
        _ user: Int, _ options: [AdaptiveWeights.Factors], hasContent: [Bool],
        _ workspace: borrowing Workspace
    ) -> [Double] {
        var items: [Int32] = []
        for position in 0..<workspace.collaborative.candidateCount {
            items.append(workspace.collaborative.candidate(at: position).index)
        }
        for position in 0..<workspace.content.candidateCount {
            let item = workspace.content.candidate(at: position).index
            if workspace.collaborative.score(of: Int(item)) == nil { items.append(item) }
        }
        items = split.candidates(items, of: user)
        var scores = (content: [Float](), collaborative: [Float]())
        let speaks = (
            content: workspace.content.candidateCount > 0, collaborative: workspace.collaborative.candidateCount > 0
        )
        for item in items {
            let index = Int(item)
            scores.content.append(
                workspace.content.score(of: index) ?? (speaks.content && hasContent[index] ? 0 : .nan))
            scores.collaborative.append(workspace.collaborative.score(of: index) ?? (speaks.collaborative ? 0 : .nan))
        }
        let fallbackScores = items.map { fallback[Int($0)] }
        return options.map { factors in
            let blend = Blend(
                weights: BlendWeights(
                    content: weights.content * factors.content, collaborative: weights.collaborative,
                    fallback: weights.fallback * factors.fallback),
                contentReliability: findings.contentReliability, content: scores.content.span,
                collaborative: scores.collaborative.span, fallbackShare: findings.fallbackShare.usual,
                fallback: fallbackScores.span)
            return split.ndcg(
                items.indices.map { position in
                    ScoredIndex(
                        index: items[position],
                        score: blend.contributions(
                            content: scores.content[position], collaborative: scores.collaborative[position],
                            fallback: fallbackScores[position]
                        ).score)
                }.filter { $0.score > 0 }, user)
        }
    }
}
