import Embeddings
import Foundation
import LinearAlgebra
import TestSupport
import Testing

/// `foretaste segment hierarchical` and `segment kmeans` as a user runs them.
@Suite struct MatrixCommandTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func write(_ rows: DenseMatrix, to name: String = "rows.npy") throws -> String {
        try folder.write(Array(VectorFile.npy(rows)), to: name)
    }

    private func run(_ arguments: [String]) throws -> Subprocess.Outcome {
        try Subprocess.run("foretaste", ["segment"] + arguments)
    }

    private func labels(_ name: String) throws -> [String] {
        try folder.text(of: name).split(separator: "\n").map(String.init)
    }

    private let line = matrix([[0], [1], [5], [7], [20]])

    @Test func clustersWithSizesAndMerges() throws {
        let arguments = [
            "hierarchical", "--vectors", try write(line), "--k", "3", "--linkage", "average", "--labels",
            folder.path("labels.txt"), "--merges", folder.path("merges.csv"), "--centres", folder.path("centres.npy"),
        ]
        let outcome = try run(arguments + ["--json"])
        try #require(outcome.exitCode == 0, "\(outcome.errors)")
        #expect(try labels("labels.txt") == ["0", "0", "1", "1", "2"])
        // SciPy 1.17: linkage([[0], [1], [5], [7], [20]], "average").
        #expect(
            try folder.text(of: "merges.csv")
                == "first,second,height,size\n0,1,1.0,2\n2,3,2.0,2\n5,6,5.5,4\n4,7,16.75,5\n")
        let centres = try VectorFile.parseNpy(Data(folder.bytes(of: "centres.npy")), name: "centres")
        #expect(centres == matrix([[0.5], [6], [20]]))
        let answer = try #require(try JSONSerialization.jsonObject(with: Data(outcome.outputBytes)) as? [String: Any])
        #expect(answer["sizes"] as? [Int] == [2, 2, 1] && answer["linkage"] as? String == "average")
        #expect(answer["inertia"] as? Double == 2.5)
        let merges = try #require(answer["lastMerges"] as? [[String: Any]])
        #expect(merges.map { $0["clustersLeft"] as? Int } == [1, 2, 3, 4])
        #expect(merges.map { $0["height"] as? Double } == [16.75, 5.5, 2, 1])
        #expect(merges.map { $0["sizes"] as? [Int] } == [[1, 4], [2, 2], [1, 1], [1, 1]])

        let text = try run(arguments).output
        #expect(text.contains("\n      0     2  40.0 %\n") && text.contains("1  16.7500  1 + 4\n"), "\(text)")
    }

    /// The same rows in another order and with one more, which alone would number the clusters anew.
    @Test(arguments: ["hierarchical", "kmeans"]) func earlierCentresKeepTheNumbers(_ command: String) throws {
        let centres = folder.path("centres.npy")
        let first = try run([
            command, "--vectors", try write(matrix([[0], [1], [0], [9], [8]])), "--k", "2", "--centres", centres,
        ])
        try #require(first.exitCode == 0, "\(first.errors)")
        let later = try write(matrix([[9], [8], [9], [8], [0], [1]]), to: "later.npy")
        let options = ["--vectors", later, "--k", "2", "--labels", folder.path("labels.txt")]
        #expect(try run([command] + options).exitCode == 0)
        #expect(try labels("labels.txt") == ["0", "0", "0", "0", "1", "1"])
        let matched = try run([command] + options + ["--previous", centres, "--centres", centres])
        try #require(matched.exitCode == 0, "\(matched.errors)")
        #expect(try labels("labels.txt") == ["1", "1", "1", "1", "0", "0"])
        let written = try VectorFile.parseNpy(Data(folder.bytes(of: "centres.npy")), name: "centres")
        // k-means computes with the rows' distances from their mean.
        #expect(abs(written[0, 0] - 0.5) < 1e-6 && abs(written[1, 0] - 8.5) < 1e-6)
    }

    @Test func mistakesAreNamed() throws {
        let path = try write(line)
        let wide = try write(matrix([[1, 2]]), to: "wide.npy")
        let pointer = try folder.write("version https://git-lfs.github.com/spec/v1\noid", to: "pointer.npy")
        let equal = try write(matrix([[1, 2], [1, 2], [1, 2]]), to: "equal.npy")
        let gap = try write(matrix([[1, 2], [3, .nan]]), to: "gap.npy")
        for (options, code, words) in [
            (["--vectors", path, "--k", "6"], 0, "5 clusters instead of 6, as there are only 5 different rows"),
            (["--vectors", path, "--k", "0"], 2, "'--k 0'"),
            (["--vectors", path, "--k", "2", "--linkage", "wart"], 2, "Did you mean 'ward'?"),
            (["--vectors", path, "--k", "2", "--previous", wide], 2, "finite centres of 1 columns"),
            (["--vectors", gap, "--k", "2"], 1, "found nan in row 1, column 1"),
            (
                ["--vectors", "nowhere.npy", "--k", "2"], 1,
                "read nowhere.npy: expected a readable file, found that there is no"
            ),
            (["--vectors", pointer, "--k", "2"], 1, "found a pointer of Git LFS"),
            (["--vectors", equal, "--k", "3"], 0, "1 clusters instead of 3"),
            (["--vectors", path, "--k", "2", "--labels", folder.path("no/labels")], 1, "cannot write"),
        ] {
            let outcome = try run(["hierarchical"] + options)
            #expect(outcome.exitCode == Int32(code) && outcome.errors.contains(words), "\(outcome.errors)")
        }
    }

    @Test func moreRowsThanItTakesAreRefused() throws {
        let path = try write(DenseMatrix(zeros: 20_001, 1))
        let outcome = try run(["hierarchical", "--vectors", path, "--k", "2"])
        #expect(outcome.exitCode == 1)
        #expect(
            outcome.errors == "foretaste: cannot cluster 20001 rows hierarchically: expected at most 20000 rows, "
                + "found 20001. Use k-means, or cluster a sample.\n")
    }
}
