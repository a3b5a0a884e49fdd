import Foundation
@testable import ServiceMethods
import TestSupport
import Testing
import WireProtocol

/// The catalogue of texts that front ends show.
@Suite struct ReasonTextTests {
    @Test func everyReasonAndStageHasTextsInBothLanguages() throws {
        let file = try Data(contentsOf: URL(filePath: PackageRoot.path("Protocol/Texts/reasons.json")))
        let texts = try JSONDecoder().decode([String: [String: String]].self, from: file)
        let codes = WireReason.allCases.map { "\($0.text)" } + WireAbsence.allCases.map(\.rawValue)
        #expect(Set(texts.keys) == Set(codes))
        for code in codes {
            #expect(Set(texts[code, default: [:]].keys) == ["en", "de"], "\(code)")
            #expect(texts[code, default: [:]].values.allSatisfy { !$0.isEmpty }, "\(code)")
        }
    }

    @Test func theSpecificationNamesEveryStage() throws {
        let text = try String(contentsOfFile: PackageRoot.path("Protocol/SPECIFICATION.md"), encoding: .utf8)
        for stage in WireAbsence.allCases { #expect(text.contains("| `\(stage.rawValue)` |"), "\(stage)") }
    }
}
