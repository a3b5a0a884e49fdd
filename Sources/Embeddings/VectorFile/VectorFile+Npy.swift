internal import Interactions
package import LinearAlgebra

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

// NumPy's format (numpy.lib.format), versions 1 and 2:
//
//     0   6   93 'N' 'U' 'M' 'P' 'Y'
//     6   2   major, minor version
//     8   2   length of the header, little-endian (version 2: 4 bytes)
//         n   {'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }   Python's text, padded with spaces
//             values, row after row

extension VectorFile {
    /// A header longer than this is not one of a plain matrix (they have about 118 bytes).
    private static let maximumHeaderLength = 65_536

    /// A matrix of little-endian float32 or float64 in C order. Where it is of float64 and `centres`, the columns' origins, which come
    /// beside it, are taken from the values before these are cut to float32: seconds since 1970 have no minutes in float32.
    package static func parseNpy(
        _ data: Data, name: String, centres: Bool
    ) throws(VectorFileError) -> (matrix: DenseMatrix, origins: [Double]?) {
        let header = try NpyHeader(data, name: name, maximumLength: maximumHeaderLength)
        guard centres, header.valueSize == 8 else { return (try parseNpy(data, name: name), nil) }
        let count = header.rowCount * header.columnCount
        guard header.rowCount > 0, count <= (data.count - header.end) / 8 else {
            return (try parseNpy(data, name: name), nil)
        }
        let width = header.columnCount
        var origins = [Double](repeating: 0, count: width)
        let sampled = ColumnOrigin.sampledRows(of: header.rowCount)
        unsafe data.withUnsafeBytes { bytes in
            for index in 0..<count { unsafe origins[index % width] += double(bytes, at: header.end + index * 8) }
            for column in origins.indices {
                let mean = origins[column] / Double(header.rowCount)
                let sample = sampled.map { row in
                    unsafe double(bytes, at: header.end + (row * width + column) * 8)
                }
                origins[column] = mean.isFinite ? ColumnOrigin.of(sample: sample, mean: mean) : mean
            }
        }
        // A value that is not finite is its reader's to refuse, as it stands in the file.
        guard origins.allSatisfy(\.isFinite) else { return (try parseNpy(data, name: name), nil) }
        return (try parseNpy(data, name: name, less: origins), origins)
    }

    /// The values of a file that `parseNpy` has taken, of float64 as they are.
    package static func doubles(ofNpy data: Data, name: String) throws(VectorFileError) -> [Double] {
        let header = try NpyHeader(data, name: name, maximumLength: maximumHeaderLength)
        let (count, size) = (header.rowCount * header.columnCount, header.valueSize)
        return unsafe data.withUnsafeBytes { bytes in
            (0..<count).map { index in
                let offset = header.end + index * size
                return unsafe size == 8 ? double(bytes, at: offset) : Double(float32(bytes, at: offset))
            }
        }
    }

    package static func parseNpy(_ data: Data, name: String) throws(VectorFileError) -> DenseMatrix {
        try parseNpy(data, name: name, less: [])
    }

    /// - Parameter origins: of the columns, taken from the values; empty: nothing is.
    package static func parseNpy(
        _ data: Data, name: String, less origins: [Double]
    ) throws(VectorFileError) -> DenseMatrix {
        let header = try NpyHeader(data, name: name, maximumLength: maximumHeaderLength)
        let (count, tooMany) = header.rowCount.multipliedReportingOverflow(by: header.columnCount)
        let (size, tooLong) = count.multipliedReportingOverflow(by: header.valueSize)
        let found = data.count - header.end
        guard !tooMany, !tooLong, size == found else {
            throw VectorFileError(
                .wrongSize, operation: "read \(name)",
                expected: "\(header.rowCount) x \(header.columnCount) values of \(header.valueSize) bytes",
                found: "\(found) bytes", remedy: "The file is damaged or cut short: write it again.")
        }
        let values = unsafe data.withUnsafeBytes { bytes in
            unsafe [Float](unsafeUninitializedCapacity: count) { output, written in
                for index in 0..<count {
                    let offset = header.end + index * header.valueSize
                    let origin = origins.isEmpty ? 0 : origins[index % header.columnCount]
                    let value =
                        unsafe header.valueSize == 4
                        ? Float(Double(float32(bytes, at: offset)) - origin)
                        : Float(double(bytes, at: offset) - origin)
                    unsafe output.initializeElement(at: index, to: value)
                }
                written = count
            }
        }
        return DenseMatrix(rowCount: header.rowCount, columnCount: header.columnCount, values: values)
    }

    /// The bytes of an `.npy` file, version 1, of float32, or where there are origins, which are added, of float64.
    package static func npy(_ matrix: DenseMatrix, origins: [Double]? = nil) -> Data {
        let type = origins == nil ? "<f4" : "<f8"
        var header =
            "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(matrix.rowCount), \(matrix.columnCount)), }"
        // The values start at a multiple of 64 bytes, as the format asks.
        header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
        let length = UInt16(header.utf8.count)
        var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)])
        data.append(contentsOf: header.utf8)
        data.reserveCapacity(data.count + (origins == nil ? 4 : 8) * matrix.values.count)
        if let origins {
            for (index, value) in matrix.values.enumerated() {
                let bits = (Double(value) + origins[index % origins.count]).bitPattern
                for shift in stride(from: UInt64(0), to: 64, by: 8) {
                    data.append(UInt8(truncatingIfNeeded: bits >> shift))
                }
            }
            return data
        }
        for value in matrix.values {
            let bits = value.bitPattern
            data.append(UInt8(truncatingIfNeeded: bits))
            data.append(UInt8(truncatingIfNeeded: bits >> 8))
            data.append(UInt8(truncatingIfNeeded: bits >> 16))
            data.append(UInt8(truncatingIfNeeded: bits >> 24))
        }
        return data
    }

    private static func float32(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Float {
        unsafe Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }

    private static func double(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Double {
        let bits = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        return Double(bitPattern: bits)
    }
}

private struct NpyHeader {
    let rowCount: Int
    let columnCount: Int
    let valueSize: Int
    /// Where the values start.
    let end: Int

    /// Rows are numbered by 32 bits.
    private static let greatestRowCount = Int(Int32.max)
    /// More than any embedding has; a matrix of no rows must not claim columns without end either.
    private static let greatestColumnCount = 1 << 20

    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    init(_ data: Data, name: String, maximumLength: Int) throws(VectorFileError) {
        func failure(_ code: VectorFileError.Code, _ expected: String, _ found: String) -> VectorFileError {
            VectorFileError(
                code, operation: "read \(name)", expected: expected, found: found,
                remedy: "Write it with numpy.save(path, numpy.ascontiguousarray(matrix, dtype='<f4')).")
        }
        let start = [UInt8](data.prefix(12))
        guard start.prefix(6).elementsEqual(Self.magic), start.count >= 10 else {
            if let kind = WholeFile.kind(data.prefix(WholeFile.firstByteCount), path: name) {
                throw VectorFileError(
                    .notNpy, operation: "read \(name)", expected: "a NumPy file", found: kind.found,
                    remedy: kind.remedy)
            }
            let packed = start.starts(with: [0x1f, 0x8b]) || start.starts(with: [0x28, 0xb5, 0x2f, 0xfd])
            let found = data.isEmpty ? "an empty file" : packed ? "a compressed file" : "text, or other bytes"
            throw failure(.notNpy, "a NumPy file", found)
        }
        let lengthSize: Int
        switch start[6] {
        case 1: lengthSize = 2
        case 2 where start.count == 12: lengthSize = 4
        default: throw failure(.unsupportedVersion, "version 1 or 2", "version \(start[6])")
        }
        let length = start[8..<8 + lengthSize].reversed().reduce(0) { $0 << 8 | Int($1) }
        end = 8 + lengthSize + length
        guard length <= maximumLength, end <= data.count else {
            throw failure(
                .badHeader, "a header of at most \(maximumLength) bytes in the file", "one of \(length) bytes")
        }
        let text = String(decoding: data.dropFirst(8 + lengthSize).prefix(length), as: UTF8.self)
        guard let type = Self.value(of: "descr", in: text), let order = Self.value(of: "fortran_order", in: text),
            let shape = Self.value(of: "shape", in: text)
        else { throw failure(.badHeader, "descr, fortran_order and shape", text) }

        switch type {
        case "'<f4'", "\"<f4\"": valueSize = 4
        case "'<f8'", "\"<f8\"": valueSize = 8
        default: throw failure(.unsupportedType, "little-endian float32 or float64 ('<f4', '<f8')", type)
        }
        guard order == "False" else { throw failure(.fortranOrder, "rows in C order", "fortran_order \(order)") }
        let sides = shape.split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
        let counts = sides.compactMap { Int($0) }.filter { $0 >= 0 }
        guard counts.count == 2, sides.count == 2 else {
            throw failure(.notTwoDimensional, "a matrix of two dimensions", "shape (\(shape))")
        }
        guard counts[0] <= Self.greatestRowCount, (1...Self.greatestColumnCount).contains(counts[1]) else {
            throw failure(
                .wrongSize, "at most \(Self.greatestRowCount) rows of 1 to \(Self.greatestColumnCount) columns",
                "shape (\(shape))")
        }
        (rowCount, columnCount) = (counts[0], counts[1])
    }

    /// The text after `'key':` up to the next comma, or what stands in the parentheses.
    private static func value(of key: String, in header: String) -> String? {
        guard let keyRange = header.firstRange(of: "'\(key)':") else { return nil }
        let rest = header[keyRange.upperBound...].drop { $0 == " " }
        if rest.first == "(" {
            guard let close = rest.firstIndex(of: ")") else { return nil }
            return String(rest[rest.index(after: rest.startIndex)..<close])
        }
        return String(rest.prefix { $0 != "," && $0 != "}" && $0 != " " })
    }
}
