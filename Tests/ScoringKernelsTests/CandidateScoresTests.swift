import ScoringKernels
import TestSupport
import Testing

/// Sums, sizes and the best of random rows against dense loops in `Double`.
@Suite struct CandidateScoresTests {
    /// A catalogue with links that are exact in any of the formats: multiples of 2^-6 up to 1.
    private struct Sample {
        let itemCount: Int
        var rows: [(postings: [UInt32], unit: Float, weight: Float, component: CandidateScores.Component)] = []
        var content: [Double]
        var collaborative: [Double]
        var known: [ItemFlags]
        var ranks: [UInt32]
        let fallback: PaddedScores

        init(itemCount: Int, rowCount: Int, seed: UInt64) {
            var generator = SeededGenerator(seed: seed)
            self.itemCount = itemCount
            content = Array(repeating: 0, count: itemCount)
            collaborative = content
            known = (0..<itemCount).map { _ in ItemFlags(rawValue: UInt8(generator.index(below: 4))) }
            ranks = (0..<UInt32(itemCount)).shuffled(using: &generator)
            fallback = PaddedScores(itemCount: itemCount)
            for item in 0..<itemCount { fallback[item] = Float(generator.index(below: 64)) / 64 }
            let format = PostingFormat(itemCount: itemCount)
            for row in 0..<rowCount {
                var columns = Set<Int>()
                for _ in 0..<min(itemCount, 60) { columns.insert(generator.index(below: itemCount)) }
                let links = columns.sorted().map {
                    (column: Int32($0), value: Float(generator.index(below: 128) - 40) / 64)
                }
                let weight = Float(1 + generator.index(below: 8)) / 4
                let component: CandidateScores.Component = row % 3 == 0 ? .content : .collaborative
                for link in links {
                    let added = Double(weight) * Double(link.value)
                    if component == .content {
                        content[Int(link.column)] += added
                    } else {
                        collaborative[Int(link.column)] += added
                    }
                }
                var postings: [UInt32] = []
                let unit = format.append(links, to: &postings)
                rows.append((postings, unit, weight, component))
            }
        }

        func add(to scores: inout CandidateScores) {
            for row in rows {
                unsafe row.postings.withUnsafeBufferPointer {
                    unsafe scores.add($0, unit: row.unit, weight: row.weight, to: row.component)
                }
            }
        }
    }

    @Test(arguments: [1, 15, 16, 17, 127, 129, 1000, 20_000], [0, 1, 5, 40])
    func equalsDenseLoops(itemCount: Int, rowCount: Int) throws {
        let sample = Sample(itemCount: itemCount, rowCount: rowCount, seed: UInt64(itemCount * 100 + rowCount))
        var scores = CandidateScores(itemCount: itemCount)
        var admission = Admission(itemCount: itemCount, capacity: scores.format.columnLimit) { sample.known[$0] }
        var generator = SeededGenerator(seed: 77)
        // The second and third round begin with what the first has left behind.
        for round in 0..<3 {
            scores.clear()
            admission.reset()
            sample.add(to: &scores)
            var refused = Set<Int>()
            for _ in 0..<itemCount / 3 { refused.insert(generator.index(below: itemCount)) }
            if round == 2 {
                admission.refuseAll(but: (0..<itemCount).filter { !refused.contains($0) }.map { Int32($0) })
            } else {
                for item in refused { admission.mark(Int32(item), round == 0 ? .seen : .excluded) }
            }
            try check(sample, &scores, admission, refused, withFallback: round != 1)
        }
    }

    private func check(
        _ sample: Sample, _ scores: inout CandidateScores, _ admission: borrowing Admission, _ refused: Set<Int>,
        withFallback: Bool
    ) throws {
        let candidates = (0..<sample.itemCount).filter { item in
            !refused.contains(item) && (sample.content[item] != 0 || sample.collaborative[item] != 0)
        }
        func squares(_ values: [Double]) -> Double { candidates.reduce(0) { $0 + values[$1] * values[$1] } }
        let fallback = withFallback ? sample.fallback : nil
        let found = scores.measure(admission, fallback: fallback)
        #expect(found.count == candidates.count)
        #expect(abs(found.contentSquares - squares(sample.content)) <= 1e-4 * squares(sample.content))
        #expect(abs(found.collaborativeSquares - squares(sample.collaborative)) <= 1e-4 * squares(sample.collaborative))
        let (contentSpeaks, collaborativeSpeaks) = (scores.contentSpeaks, scores.collaborativeSpeaks)
        func knowsContent(_ item: Int) -> Bool {
            sample.content[item] != 0 || (contentSpeaks && sample.known[item].contains(.hasContent))
        }
        func knowsCollaborative(_ item: Int) -> Bool {
            sample.collaborative[item] != 0
                || (collaborativeSpeaks && sample.known[item].contains(.hasCollaborative))
        }
        #expect(found.contentCount == candidates.count { knowsContent($0) })
        #expect(found.collaborativeCount == candidates.count { knowsCollaborative($0) })
        let units = CandidateScores.Units(
            content: 0.25, contentAlone: 1, collaborative: 0.5, collaborativeAlone: 0.75,
            fallback: withFallback ? 0.125 : 0)
        let ranking = candidates.map { item in
            var score =
                Double(knowsCollaborative(item) ? units.content : units.contentAlone) * sample.content[item]
                + Double(knowsContent(item) ? units.collaborative : units.collaborativeAlone)
                * sample.collaborative[item]
            if score > 0 { score += Double(units.fallback) * Double(sample.fallback[item]) }
            return (item: item, score: score)
        }
        for (count, threshold) in [(1, Float(0)), (20, 0), (20, 1.5), (sample.itemCount, 0)] {
            let expected = ranking.filter { $0.score > 0 && $0.score >= Double(threshold) }
                .sorted { ($1.score, sample.ranks[$0.item]) < ($0.score, sample.ranks[$1.item]) }
                .prefix(count)
            let chosen = unsafe sample.ranks.withUnsafeBufferPointer {
                unsafe scores.select(
                    count, units: units, threshold: threshold, ranks: CandidateRanks(known: $0), admission,
                    fallback: fallback)
            }
            let best = (0..<chosen).map { scores.best(at: $0) }
            #expect(best.map { Int($0.item) } == expected.map(\.item))
            // All numbers are exact in 24 bits.
            #expect(best.map { Double($0.score) } == expected.map(\.score))
        }
    }

    /// Whatever a damaged file holds, nothing outside of the workspace is touched, and no item beyond the catalogue comes back.
    @Test func anyPostingIsWithinBounds() {
        var generator = SeededGenerator(seed: 4)
        var scores = CandidateScores(itemCount: 1000)
        let admission = Admission(itemCount: 1000, capacity: scores.format.columnLimit) { _ in [.hasContent] }
        let noise = (0..<50_000).map { _ in UInt32(truncatingIfNeeded: generator.next()) }
        for (unit, weight) in [(1, 1), (Float.greatestFiniteMagnitude, Float.greatestFiniteMagnitude), (.nan, 1)] {
            scores.clear()
            unsafe noise.withUnsafeBufferPointer { unsafe scores.add($0, unit: unit, weight: weight, to: .content) }
            _ = scores.measure(admission, fallback: nil)
            let units = CandidateScores.Units(
                content: 1, contentAlone: 1, collaborative: 1, collaborativeAlone: 1, fallback: 0)
            let ranks = (0..<1000).map { UInt32($0) }
            let count = unsafe ranks.withUnsafeBufferPointer {
                unsafe scores.select(
                    500, units: units, threshold: 0, ranks: CandidateRanks(known: $0), admission, fallback: nil)
            }
            #expect((0..<count).allSatisfy { (0..<1000).contains(Int(scores.best(at: $0).item)) })
        }
    }

    @Test(arguments: [1, 16, 33, 192, 300]) func wholeNumbersMultiplyExactly(dimension: Int) {
        var generator = SeededGenerator(seed: UInt64(dimension))
        let rows = (0..<70).map { _ in (0..<dimension).map { _ in Float(generator.unit() - 0.5) } }
        let vector = (0..<dimension).map { _ in Float(generator.unit() - 0.5) }
        var stored: [Int8] = []
        let scales = rows.map { QuantizedRows.append($0[...], to: &stored) }
        var quantised = QuantizedVector(dimension: dimension)
        quantised.take(vector)
        let output = PaddedScores(itemCount: 70)
        unsafe stored.withUnsafeBufferPointer { values in
            unsafe scales.withUnsafeBufferPointer {
                unsafe QuantizedRows.multiply(values, scales: $0, by: quantised, into: output, firstRow: 0)
            }
        }
        for row in 0..<70 {
            var sum = 0
            for column in 0..<dimension {
                sum += Int(stored[row * dimension + column]) * Int(quantised.values[column])
                #expect(
                    abs(scales[row] * Float(stored[row * dimension + column]) - rows[row][column]) <= scales[row]
                        * 0.501)
            }
            #expect(abs(sum) <= Int(Int32.max))
            #expect(output[row] == scales[row] * (quantised.unit * Float(sum)))
        }
    }
}
