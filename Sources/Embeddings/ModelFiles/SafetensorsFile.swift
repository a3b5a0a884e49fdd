#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

// The safetensors format:
//
//     0   8   length n of the header, little-endian
//     8   n   JSON: {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, "__metadata__": {...}}
//             values; offsets count from here

/// Named tensors of one file.
package struct SafetensorsFile {
    /// A header longer than this is not one of a model of some hundred tensors (they have about 100 bytes each).
    private static let maximumHeaderLength = 16 << 20

    private struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        /// Of the first byte and of that after the last.
        let offsets: [Int]

        private enum CodingKeys: String, CodingKey {
            case dtype
            case shape
            case offsets = "data_offsets"
        }
    }

    /// What else a header may hold is passed over.
    private enum Member: Decodable {
        case tensor(Entry)
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            // Free text under "__metadata__" is no tensor.
            if let entry = try? container.decode(Entry.self) { self = .tensor(entry) } else { self = .other }
        }
    }

    private let name: String
    private let data: Data
    private let entries: [String: Member]
    /// Where the values start.
    private let start: Int

    /// - Parameter name: for errors.
    package init(_ data: Data, name: String) throws(ModelFileError) {
        func failure(_ found: String) -> ModelFileError {
            ModelFileError(
                .badHeader, operation: "read \(name)", expected: "a safetensors file", found: found,
                remedy: "The file is damaged, cut short or of another kind: fetch the model again.")
        }
        guard data.count >= 8 else { throw failure("\(data.count) bytes") }
        let length = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(min(Self.maximumHeaderLength, data.count - 8)) else {
            throw failure("a header of \(length) bytes in a file of \(data.count)")
        }
        let header = data.dropFirst(8).prefix(Int(length))
        do {
            entries = try JSONDecoder().decode([String: Member].self, from: header)
        } catch {
            throw failure("a header that is not JSON of tensors")
        }
        self.name = name
        self.data = data
        start = 8 + Int(length)
    }

    /// The values of a float32 tensor that must have `shape`, row after row; all finite.
    package func values(_ tensor: String, shape: [Int]) throws(ModelFileError) -> [Float] {
        let operation = "read \(tensor) of \(name)"
        guard case .tensor(let entry) = entries[tensor] else {
            throw ModelFileError(
                .missingTensor, operation: operation, expected: "a tensor of that name", found: "none",
                remedy: "Use a directory of all-MiniLM-L6-v2 or another BERT model with the same names.")
        }
        guard entry.dtype == "F32" else {
            throw ModelFileError(
                .unsupportedType, operation: operation, expected: "float32 (F32)", found: entry.dtype,
                remedy: "Use the float32 weights.")
        }
        guard entry.shape == shape else {
            throw ModelFileError(
                .wrongShape, operation: operation, expected: "shape \(shape)", found: "\(entry.shape)",
                remedy: "config.json and the weights must be of the same model.")
        }
        // The sizes are a configuration's, at most 2^20 each, and the shape has one or two: no product overflows.
        let count = shape.reduce(1, *)
        guard entry.offsets.count == 2, entry.offsets[0] >= 0,
            entry.offsets[1] >= entry.offsets[0], entry.offsets[1] <= data.count - start,
            entry.offsets[1] - entry.offsets[0] == 4 * count
        else {
            throw ModelFileError(
                .wrongSize, operation: operation, expected: "\(4 * count) bytes",
                found: "offsets \(entry.offsets) in \(data.count - start) bytes of values",
                remedy: "The file is damaged or cut short: fetch the model again.")
        }
        let values = Self.floats(data, at: start + entry.offsets[0], count: count)
        guard values.allSatisfy(\.isFinite) else {
            throw ModelFileError(
                .notFinite, operation: operation, expected: "finite numbers", found: "others",
                remedy: "The file is damaged: fetch the model again.")
        }
        return values
    }

    private static func floats(_ data: Data, at start: Int, count: Int) -> [Float] {
        unsafe data.withUnsafeBytes { bytes in
            unsafe [Float](unsafeUninitializedCapacity: count) { output, written in
                for index in 0..<count {
                    let bits = unsafe bytes.loadUnaligned(fromByteOffset: start + 4 * index, as: UInt32.self)
                    unsafe output.initializeElement(
                        at: index, to: Float(bitPattern: UInt32(littleEndian: bits)))
                }
                written = count
            }
        }
    }
}
