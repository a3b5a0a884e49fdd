import Embeddings
import IndexBuilding
import Interactions
import LinearAlgebra
import RecommendationIndex
import Testing

@Suite struct ContentTests {
    @Test func oneSharedGenreIsNotIdentity() throws {
        // One tag, in both of two items: idf = ln(3/3) + 1 = 1, |t| = 1, d² = 1 / (1 + 1/4).
        var inputs = SampleInputs()
        for item in ["a", "b"] {
            inputs.add("u", item)
            inputs.addItem(item, tags: ["drama"])
        }
        let contents = try inputs.contents()
        #expect(Array(contents.contentLinks(of: 0).keys) == [1])
        #expect(abs((contents.contentLinks(of: 0)[1] ?? 0) - 0.8) < 1e-6)
        #expect(abs((contents.contentLinks(of: 1)[0] ?? 0) - 0.8) < 1e-6)
    }

    @Test func whoSaysMoreIsMoreAlike() throws {
        var inputs = SampleInputs()
        for item in ["a", "b"] { inputs.addItem(item, tags: ["drama"]) }
        for item in ["c", "d"] { inputs.addItem(item, tags: ["space", "robots", "war", "love", "time"]) }
        for item in ["a", "b", "c", "d"] { inputs.add("u", item) }
        let contents = try inputs.contents()
        let poor = contents.contentLinks(of: 0)[1] ?? 0
        let rich = contents.contentLinks(of: 2)[3] ?? 0
        // idf = ln(5/3) + 1 = i for all; |t|² = i² and 5 i², the upper median sqrt(5) i: d² = x / (x + 5/4), x = 1 and 5.
        #expect(abs(poor - 1 / 2.25) < 1e-6)
        #expect(abs(rich - 5 / 6.25) < 1e-6)
        #expect(contents.contentLinks(of: 0).keys.sorted() == [1])
    }

    @Test func coldItemsAreTargetsAndLeadOnButAreNoOnesSource() throws {
        // a and b are bought, x and y are new; all four share a tag.
        var inputs = SampleInputs()
        for item in ["a", "b", "x", "y"] { inputs.addItem(item, tags: ["drama"]) }
        inputs.add("u", "a")
        inputs.add("u", "b")
        let contents = try inputs.contents()
        #expect(contents.interactionCounts == [1, 1, 0, 0])
        #expect(contents.contentLinks(of: 0).keys.sorted() == [1, 2, 3])
        #expect(contents.contentLinks(of: 1).keys.sorted() == [0, 2, 3])
        // A new item leads to the known ones, with the same similarity as the other way round.
        #expect(contents.contentLinks(of: 2) == [0: 0.8, 1: 0.8])
        #expect(contents.contentLinks(of: 3) == [0: 0.8, 1: 0.8])
        #expect(contents.contentLinks(of: 0)[2] == 0.8)
    }

    @Test func coldItemsTakeNoPlaceAmongTheStrongestSources() throws {
        // Every target keeps one source. The new items are nearest to each other, and must not crowd out the known one.
        var inputs = SampleInputs()
        inputs.addItem("known", tags: ["drama"])
        for item in ["new1", "new2", "new3"] { inputs.addItem(item, tags: ["drama", "space", "robots"]) }
        inputs.add("u", "known")
        var configuration = BuildConfiguration.sample()
        configuration.contentNeighbourCount = 1
        let contents = try inputs.contents(configuration)
        #expect(contents.contentLinks(of: 0).keys.sorted() == [1, 2, 3])
    }

    @Test func coldItemsWithVectorsTakeNoPlaceEither() throws {
        var inputs = SampleInputs()
        for item in ["known", "new1", "new2", "new3"] { inputs.addItem(item) }
        inputs.add("u", "known")
        var configuration = BuildConfiguration.sample()
        configuration.contentNeighbourCount = 1
        let vectors = try ItemVectors(
            ids: ["known", "new1", "new2", "new3"],
            vectors: DenseMatrix(rowCount: 4, columnCount: 2, values: [3, 4, 0, 1, 0, 2, 1, 0]))
        let contents = try inputs.contents(configuration, vectors: vectors)
        // Cosines 4/5, 4/5, 3/5; the new items are nobody's source, but lead to the known one.
        #expect(contents.contentLinks(of: 0) == [1: 0.8, 2: 0.8, 3: 0.6])
        for item in 1...3 { #expect(contents.contentLinks(of: item).keys.sorted() == [0]) }
    }

    @Test func itemsWithoutPropertiesHaveNoContent() throws {
        var inputs = SampleInputs()
        for item in ["a", "b", "c"] { inputs.add("u", item) }
        inputs.addItem("a", tags: ["drama"])
        inputs.addItem("b", tags: ["drama"])
        inputs.addItem("c")
        inputs.addItem("d")
        let contents = try inputs.contents()
        let width = contents.vectors.columnCount
        #expect(width > 0)
        for item in 0..<4 {
            let square = contents.vectors.values[item * width..<(item + 1) * width].reduce(0) { $0 + $1 * $1 }
            #expect(item < 2 ? abs(square - 1) < 1e-5 : square == 0)
        }
        #expect(contents.contentLinks(of: 2).isEmpty && contents.contentLinks(of: 3).isEmpty)
        #expect(
            (0..<4).allSatisfy { contents.contentLinks(of: $0)[2] == nil && contents.contentLinks(of: $0)[3] == nil })
    }

    @Test func vectorsFromOutsideAreAligned() throws {
        var inputs = SampleInputs()
        for item in ["a", "b", "c"] { inputs.add("u", item) }
        inputs.addItem("d", tags: ["words that the vectors replace"])
        let vectors = try ItemVectors(
            ids: ["b", "unknown", "a", "d"],
            vectors: DenseMatrix(rowCount: 4, columnCount: 2, values: [3, 4, 9, 9, 0, 2, -5, 0]))
        let contents = try inputs.contents(vectors: vectors)
        #expect(contents.vectors == DenseMatrix(rowCount: 4, columnCount: 2, values: [0, 1, 0.6, 0.8, 0, 0, -1, 0]))
        // cos(a, b) = .8; b and d point apart, and only positive similarities are kept.
        #expect(contents.contentNeighbours.storedCount == 2)
        #expect(abs((contents.contentLinks(of: 0)[1] ?? 0) - 0.8) < 1e-6)
        #expect(abs((contents.contentLinks(of: 1)[0] ?? 0) - 0.8) < 1e-6)
    }
}
