import LinearAlgebra
import Testing

@Suite struct ParallelTests {
    @Test(arguments: [0, 1, 2, 8]) func everyBlockOnce(threadCount: Int) {
        for blockCount in [0, 1, 3, 100] {
            var calls = [Int](repeating: 0, count: blockCount)
            unsafe calls.withUnsafeMutableBufferPointer { buffer in
                Parallel.forEachBlock(blockCount: blockCount, threadCount: threadCount) { block, worker in
                    unsafe buffer[block] += worker < max(threadCount, 1) ? 1 : 100
                }
            }
            #expect(calls.allSatisfy { $0 == 1 })
        }
    }

    @Test func rangesCoverTheWhole() {
        var owners = [Int](repeating: -1, count: 103)
        unsafe owners.withUnsafeMutableBufferPointer { buffer in
            Parallel.forEachRange(of: 103, blockSize: 10, threadCount: 2) { range, _ in
                for index in range { unsafe buffer[index] = range.lowerBound }
            }
        }
        #expect(owners == (0..<103).map { $0 / 10 * 10 })
    }

    @Test func coreNameIsKnown() {
        #expect(!BLAS.coreName.isEmpty && BLAS.coreName != "unknown")
    }

    @Test func nobodyHasToTellOpenBLASToUseOneThread() {
        #expect(BLAS.threadCount == 1)
    }
}
