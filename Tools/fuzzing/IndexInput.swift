import Foundation
import Interactions
import LinearAlgebra
import RecommendationIndex
import RecommendationService

/// An index with damage: the bytes are places and what to write there, so that a corpus of a few bytes reaches every section
/// of a file of some hundred thousand. Each edit is five bytes: where (little-endian, wrapped round), and what.
enum IndexInput {
    private static let editLimit = 64

    /// The smallest index that has everything that the tests' contents have.
    private static let made: (bytes: [UInt8], index: RecommendationIndex) = {
        do {
            let directory = IndexDirectory(path: "\(ScratchFile.directory)/index-\(getpid())")
            let version = try directory.beginBuild().publish(SampleContents.make(itemCount: 12, userCount: 6)).version
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: directory.file(ofVersion: version))))
            return (bytes, try RecommendationIndex.open(directory.path))
        } catch {
            print("cannot make an index: \(error)")
            exit(2)
        }
    }()

    /// Every method that reads an index, with all that can be asked of it.
    private static let requests: [[UInt8]] = {
        let index = opened
        let (item, user) = (index.items.string(at: 0), index.users.string(at: 0))
        let all = #""count":20,"explain":"full","fields":["*"]"#
        return [
            #""recommend.user","params":{"userId":"\#(user)",\#(all)}"#,
            #""recommend.user","params":{"userId":"\#(user)","recentItems":["\#(item)"],"excludeSeen":false,\#(all)}"#,
            #""recommend.item","params":{"itemId":"\#(item)","userId":"\#(user)",\#(all)}"#,
            #""recommend.session","params":{"items":["\#(item)"],\#(all)}"#,
            #""recommend.popular","params":{\#(all)}"#, #""recommend.popular","params":{"kind":"trending",\#(all)}"#,
            #""segments.list","params":{}"#, #""segments.of","params":{"userId":"\#(user)"}"#, #""info","params":{}"#,
        ].map { Array(#"{"id":1,"method":\#($0)}"#.utf8) }
    }()

    /// Without damage.
    static var opened: RecommendationIndex { made.index }

    static func run(_ bytes: [UInt8]) {
        var damaged = made.bytes
        for start in stride(from: 0, to: min(bytes.count / 5, editLimit) * 5, by: 5) {
            let place = (0..<4).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
            damaged[place % damaged.count] = bytes[start + 4]
        }
        let path = ScratchFile.write(damaged, "version.lmdb")
        do {
            let index = try RecommendationIndex.open(versionFile: path, version: "x")
            _ = index.verify()
            // As a server answers from it, whatever verify says.
            let server = FrameInput.makeResponder(ServingIndex(index))
            for request in requests { FrameInput.answer(request, server) }
        } catch {
            precondition(!"\(error)".isEmpty)
        }
    }
}
