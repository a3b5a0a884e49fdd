#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Why a file could not be read, in words: what Foundation throws is told by its fields, never shown as it describes itself.
package enum FileReading {
    package static func reason(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile: "there is no file of that name. Check the spelling and the folder you are in."
        case .fileReadNoPermission: "you may not read it. Check its owner and permissions."
        case .fileReadInapplicableStringEncoding: "it is not UTF-8 text. Save it as UTF-8."
        case .fileReadTooLarge: "it is too large."
        case .fileReadCorruptFile: "it is damaged."
        case nil where error is DecodingError: text(error)
        default: "it cannot be read. Is it a directory, or a disk that fails?"
        }
    }

    /// As `reason`, within a sentence that goes on.
    package static func found(_ error: any Error) -> String {
        let reason = reason(error)
        return String(reason.hasSuffix(".") ? reason.dropLast() : reason[...])
    }

    /// What a JSON text lacks, and where.
    private static func text(_ error: any Error) -> String {
        func place(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
            return path.isEmpty ? "" : " in \(path)"
        }
        switch error as? DecodingError {
        case .keyNotFound(let key, let context)?: return "there is no \"\(key.stringValue)\"\(place(context))."
        case .typeMismatch(_, let context)?, .valueNotFound(_, let context)?:
            return "a value has the wrong type\(place(context))."
        case .dataCorrupted?: return "it is no JSON, or was cut off."
        default: return "it is not what was expected."
        }
    }
}
