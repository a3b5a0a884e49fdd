import Interactions
import LinearAlgebra
import RecommendationIndex
import TestSupport
import Testing

@Suite struct ContentsCheckTests {
    private func error(_ change: (inout IndexContents) -> Void) throws -> IndexError {
        let directory = try TemporaryDirectory()
        var contents = SampleContents.make(itemCount: 6, userCount: 4)
        change(&contents)
        return try #require(throws: IndexError.self) {
            _ = try IndexDirectory(path: directory.path("a.index")).beginBuild().publish(contents)
        }
    }

    @Test func shapesThatDoNotFitAreNamed() throws {
        #expect(try error { $0.popularity.removeLast() }.expected == "6 popularity")
        #expect(try error { $0.trending.append(0) }.found == "7")
        #expect(try error { $0.itemProperties = [] }.expected == "6 itemProperties")
        #expect(try error { $0.vectors = DenseMatrix(zeros: 5, 8) }.expected == "6 vectors rows")
        #expect(try error { $0.histories.times.removeLast() }.expected.hasSuffix("history times"))
        #expect(try error { $0.histories.offsets[2] = 1_000_000 }.expected == "ascending offsets in histories")
        #expect(try error { $0.userIds.removeLast() }.expected == "4 histories offsets")
        #expect(try error { $0.facts.createdMilliseconds = -1 }.code == .invalidContents)
    }

    @Test func idsMustAscendAndHaveOneTo256Bytes() throws {
        #expect(try error { $0.itemIds.swapAt(0, 1) }.expected == "item ids in ascending byte order")
        #expect(try error { $0.userIds[1] = $0.userIds[0] }.expected == "user ids in ascending byte order")
        #expect(try error { $0.itemIds[0] = "" }.expected == "item ids of 1 to 256 bytes")
        #expect(try error { $0.itemIds[5] = String(repeating: "j", count: 257) }.found == "257 bytes at index 5")
    }

    @Test func numbersThatCannotBeServedAreFoundByTheVerification() throws {
        // What a posting cannot hold is refused before anything is written, the rest when the file is opened or verified.
        #expect(
            try error { $0.collaborative = $0.collaborative.withColumn(6) }.expected
                == "columns from 0 to 5 in collaborative")
        #expect(try error { $0.collaborative = $0.collaborative.withColumn(-1) }.found == "-1")
        #expect(
            try error { $0.contentNeighbours = $0.contentNeighbours.withValue(.nan) }.expected
                == "finite values in contentNeighbours")
        #expect(try error { $0.histories.itemIndexes[0] = 6 }.code == .damaged)
        #expect(try error { $0.histories.sums[0] = .infinity }.code == .verificationFailed)
        #expect(try error { $0.histories.times[0] = 0 }.expected == "users.histories.times: most recent first")
        #expect(try error { $0.vectors.values[0] += 1 }.expected == "items.vectors: length 1 or 0")
        #expect(try error { $0.vectors.values[0] = .nan }.expected == "items.vectors: length 1 or 0")
        #expect(try error { $0.recentPopularity[0] = -1 }.expected == "items.recentPopularity: finite numbers from 0")
        #expect(
            try error {
                $0.contentNeighbours = $0.contentNeighbours.withColumn($0.contentNeighbours.columnIndexes[1])
            }.expected == "items.neighbours.words: neighbours within the catalogue, each once, strongest first")
        #expect(
            try error { $0.itemProperties[0] = [.init("x", .number(.nan))] }.expected
                == "items.properties.records: a whole record")
    }
}

extension SparseMatrix {
    fileprivate func withColumn(_ column: Int32) -> SparseMatrix {
        SparseMatrix(
            rowCount: rowCount, columnCount: columnCount, rowOffsets: rowOffsets,
            columnIndexes: [column] + columnIndexes.dropFirst(), values: values)
    }

    fileprivate func withValue(_ value: Float) -> SparseMatrix {
        SparseMatrix(
            rowCount: rowCount, columnCount: columnCount, rowOffsets: rowOffsets, columnIndexes: columnIndexes,
            values: [value] + values.dropFirst())
    }
}
