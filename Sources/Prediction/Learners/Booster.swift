internal import CXGBoost

/// Rows in XGBoost's own form.
@safe struct BoosterRows: ~Copyable {
    let handle: DMatrixHandle
    let rowCount: Int

    /// - Parameters:
    ///   - outcomes: none for rows that are only scored.
    ///   - rowWeights: likewise.
    init(
        _ matrix: FeatureMatrix, outcomes: [Bool] = [], rowWeights: [Double] = [], threadCount: Int
    ) throws(PredictionError) {
        var made: DMatrixHandle?
        try unsafe XGBoost.check(
            XGDMatrixCreateFromMat_omp(
                matrix.values, UInt64(matrix.rowCount), UInt64(matrix.columnCount), .nan, &made, Int32(threadCount)))
        guard let made = unsafe made else { throw XGBoost.failure("no matrix") }
        do throws(PredictionError) {
            if !outcomes.isEmpty { try unsafe Self.set("label", outcomes.map { $0 ? 1 : 0 }, of: made) }
            if !rowWeights.isEmpty { try unsafe Self.set("weight", rowWeights.map { Float($0) }, of: made) }
        } catch {
            unsafe _ = XGDMatrixFree(made)
            throw error
        }
        unsafe handle = made
        rowCount = matrix.rowCount
    }

    deinit { unsafe _ = XGDMatrixFree(handle) }

    private static func set(_ field: String, _ values: [Float], of matrix: DMatrixHandle) throws(PredictionError) {
        try unsafe XGBoost.check(XGDMatrixSetFloatInfo(matrix, field, values, UInt64(values.count)))
    }
}

/// XGBoost's trees. A value of one thread: calls of it change what it keeps.
@safe struct Booster: ~Copyable {
    private let handle: BoosterHandle

    /// - Parameter rows: what it will be trained on.
    init(_ rows: borrowing BoosterRows, _ parameters: [(String, String)]) throws(PredictionError) {
        unsafe handle = try Self.made([rows.handle], parameters)
    }

    /// - Parameter validation: what it will be judged by; its scores are kept between rounds.
    init(
        _ rows: borrowing BoosterRows, validation: borrowing BoosterRows, _ parameters: [(String, String)]
    ) throws(PredictionError) {
        unsafe handle = try Self.made([rows.handle, validation.handle], parameters)
    }

    private static func made(
        _ rows: [DMatrixHandle?], _ parameters: [(String, String)]
    ) throws(PredictionError) -> BoosterHandle {
        var made: BoosterHandle?
        try unsafe XGBoost.check(XGBoosterCreate(rows, UInt64(rows.count), &made))
        guard let made = unsafe made else { throw XGBoost.failure("no booster") }
        do throws(PredictionError) {
            for (name, value) in parameters { try unsafe XGBoost.check(XGBoosterSetParam(made, name, value)) }
        } catch {
            unsafe _ = XGBoosterFree(made)
            throw error
        }
        return unsafe made
    }

    /// From what `serialised` gave. XGBoost believes these bytes: who calls has checked where they come from.
    init(_ bytes: [UInt8], threadCount: Int) throws(PredictionError) {
        // What does not begin so would be taken for the binary form of old versions, which is not checked when it is read.
        guard bytes.first == UInt8(ascii: "{") else { throw XGBoost.failure("bytes that are no model") }
        let made = try unsafe Self.made([], [("verbosity", "0")])
        do throws(PredictionError) {
            try unsafe XGBoost.check(XGBoosterLoadModelFromBuffer(made, bytes, UInt64(bytes.count)))
            try unsafe XGBoost.check(XGBoosterSetParam(made, "nthread", "\(threadCount)"))
        } catch {
            unsafe _ = XGBoosterFree(made)
            throw error
        }
        unsafe handle = made
    }

    deinit { unsafe _ = XGBoosterFree(handle) }

    borrowing func trainRound(_ round: Int, _ rows: borrowing BoosterRows) throws(PredictionError) {
        try unsafe XGBoost.check(XGBoosterUpdateOneIter(handle, Int32(round), rows.handle))
    }

    private enum Output: Int {
        case margins = 1
        case contributions = 2
    }

    /// Per row.
    borrowing func margins(_ rows: borrowing BoosterRows) throws(PredictionError) -> [Float] {
        try output(.margins, rows)
    }

    /// TreeSHAP: per row one for each feature, and what is left for nobody last.
    borrowing func contributions(_ rows: borrowing BoosterRows) throws(PredictionError) -> [Float] {
        try output(.contributions, rows)
    }

    private borrowing func output(_ kind: Output, _ rows: borrowing BoosterRows) throws(PredictionError) -> [Float] {
        let request =
            #"{"type":\#(kind.rawValue),"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":true}"#
        var shape: UnsafePointer<UInt64>?
        var dimensionCount: UInt64 = 0
        var values: UnsafePointer<Float>?
        try unsafe XGBoost.check(
            XGBoosterPredictFromDMatrix(handle, rows.handle, request, &shape, &dimensionCount, &values))
        guard let shape = unsafe shape, let values = unsafe values else { throw XGBoost.failure("no scores") }
        var count = 1
        for dimension in 0..<Int(dimensionCount) { unsafe count *= Int(shape[dimension]) }
        // The values are XGBoost's until the next call.
        return unsafe Array(UnsafeBufferPointer(start: values, count: count))
    }

    /// The first rounds alone, as bytes in XGBoost's own form of Universal Binary JSON.
    borrowing func serialised(rounds: Int) throws(PredictionError) -> [UInt8] {
        var slice: BoosterHandle?
        try unsafe XGBoost.check(XGBoosterSlice(handle, 0, Int32(rounds), 1, &slice))
        guard let slice = unsafe slice else { throw XGBoost.failure("no booster") }
        defer { unsafe _ = XGBoosterFree(slice) }
        var count: UInt64 = 0
        var bytes: UnsafePointer<CChar>?
        try unsafe XGBoost.check(XGBoosterSaveModelToBuffer(slice, #"{"format":"ubj"}"#, &count, &bytes))
        guard let bytes = unsafe bytes else { throw XGBoost.failure("no bytes") }
        return unsafe Array(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    }
}

package enum XGBoost {
    /// `1.7.4`
    package static var version: String {
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        unsafe XGBoostVersion(&major, &minor, &patch)
        return "\(major).\(minor).\(patch)"
    }

    static func check(_ status: Int32) throws(PredictionError) {
        guard status != 0 else { return }
        let text = unsafe XGBGetLastError().map { unsafe String(cString: $0) } ?? ""
        // The first line says what; the others are addresses.
        throw failure(text.split(separator: "\n").first.map(String.init) ?? "status \(status)")
    }

    static func failure(_ found: String) -> PredictionError {
        PredictionError(
            .library, operation: "run XGBoost \(version)", expected: "success", found: found,
            remedy: "Check that the memory suffices and the model is whole.")
    }
}
