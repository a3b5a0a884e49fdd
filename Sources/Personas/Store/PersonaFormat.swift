// A store of personas is one LMDB file that is never changed once it has its name. A section is one value, a plain array,
// little-endian; a value is at least a page long (rest zero), so that LMDB keeps it in pages of its own, aligned to 16
// bytes. The section "manifest" is text and says of the others how many elements and which checksum they have.
//
//     users.offsets u32 [n+1]   users.bytes u8                         ids, ascending
//     genders u8 [n]                                                   PersonaGender
//     <dim>.keys.offsets, <dim>.keys.bytes, <dim>.texts.offsets, <dim>.texts.bytes
//     <dim>.rows.offsets u32 [n+1], <dim>.rows.values u32, <dim>.rows.sums u32     per user, values ascending
//     <dim>.postings.offsets u32 [values+1], <dim>.postings.users u32, <dim>.postings.shares f32
//                                                                      per value, users ascending
//     <dim>.totals f64 [values]   <dim>.counts u32 [values]            shares summed over the users, and their number
//     items.attributes i32 [items x 5], items.titles.offsets, items.titles.bytes
//
//     manifest     foretaste personas 1
//                  weight view 1
//                  section users.offsets u32 5 0123456789abcdef

/// What names and numbers the format has.
enum PersonaFormat {
    static let signature = "foretaste personas"
    static let version = 1
    static let manifestKey = "manifest"
    /// LMDB's limit for a value, and what 32 bits of offset address.
    static let maximumElementCount = Int(UInt32.max) / 4 - 4096

    static func rows(_ dimension: PersonaDimension, _ part: String) -> String { "\(dimension.name).rows.\(part)" }
    static func postings(_ dimension: PersonaDimension, _ part: String) -> String {
        "\(dimension.name).postings.\(part)"
    }
    static func texts(_ name: String, _ part: String) -> String { "\(name).\(part)" }
}

/// What a section's array is made of.
enum PersonaElement: String {
    case u8, u32, i32, f32, f64

    var byteCount: Int {
        switch self {
        case .u8: 1
        case .u32, .i32, .f32: 4
        case .f64: 8
        }
    }
}

/// A type that sections hold.
protocol PersonaElementType: BitwiseCopyable {
    static var element: PersonaElement { get }
}

extension UInt8: PersonaElementType { static var element: PersonaElement { .u8 } }
extension UInt32: PersonaElementType { static var element: PersonaElement { .u32 } }
extension Int32: PersonaElementType { static var element: PersonaElement { .i32 } }
extension Float: PersonaElementType { static var element: PersonaElement { .f32 } }
extension Double: PersonaElementType { static var element: PersonaElement { .f64 } }
