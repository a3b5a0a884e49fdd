internal import CExpat

/// What an XML text says, as it is read.
protocol XMLHandler: AnyObject {
    /// An element begins. Names are without their prefixes.
    func begin(_ name: String, _ attributes: [String: String])
    func text(_ bytes: UnsafeBufferPointer<UInt8>)
    func end(_ name: String)
}

/// Reads XML piece by piece. A document type, which a workbook never has and through which small files become large, is refused.
@safe final class XMLParser {
    private let parser: XML_Parser
    private let handler: any XMLHandler
    private var hasDocumentType = false

    init(_ handler: any XMLHandler) {
        self.handler = handler
        guard let created = unsafe XML_ParserCreate(nil) else { preconditionFailure("no memory for expat") }
        unsafe parser = created
        // The parser goes with this object, and calls back during `parse` alone.
        unsafe XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
        unsafe XML_SetElementHandler(
            parser,
            { context, name, attributes in
                guard let context = unsafe context, let name = unsafe name else { return }
                let parser = unsafe Unmanaged<XMLParser>.fromOpaque(context).takeUnretainedValue()
                var pairs: [String: String] = [:]
                var place = 0
                while let attributes = unsafe attributes, let key = unsafe attributes[place],
                    let value = unsafe attributes[place + 1]
                {
                    unsafe pairs[XMLParser.local(key)] = String(cString: value)
                    place += 2
                }
                unsafe parser.handler.begin(XMLParser.local(name), pairs)
            },
            { context, name in
                guard let context = unsafe context, let name = unsafe name else { return }
                let parser = unsafe Unmanaged<XMLParser>.fromOpaque(context).takeUnretainedValue()
                unsafe parser.handler.end(XMLParser.local(name))
            })
        unsafe XML_SetCharacterDataHandler(parser) { context, text, count in
            guard let context = unsafe context, let text = unsafe text else { return }
            let parser = unsafe Unmanaged<XMLParser>.fromOpaque(context).takeUnretainedValue()
            unsafe text.withMemoryRebound(to: UInt8.self, capacity: Int(count)) { bytes in
                unsafe parser.handler.text(UnsafeBufferPointer(start: bytes, count: Int(count)))
            }
        }
        unsafe XML_SetStartDoctypeDeclHandler(parser) { context, _, _, _, _ in
            guard let context = unsafe context else { return }
            let parser = unsafe Unmanaged<XMLParser>.fromOpaque(context).takeUnretainedValue()
            parser.hasDocumentType = true
            unsafe _ = XML_StopParser(parser.parser, 0)
        }
    }

    deinit { unsafe XML_ParserFree(parser) }

    func parse(_ bytes: [UInt8], _ count: Int, isFinal: Bool, part: String) throws(WorkbookError) {
        let status = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                unsafe XML_Parse(parser, characters.baseAddress, Int32(count), isFinal ? 1 : 0)
            }
        }
        guard status == XML_STATUS_OK else {
            let message =
                unsafe XML_ErrorString(XML_GetErrorCode(parser)).map { unsafe String(cString: $0) } ?? "an error"
            throw WorkbookError(
                expected: "XML as workbooks have it in \(part)",
                found: hasDocumentType ? "a document type" : message,
                remedy: "The file is damaged or was made by hand: save it again with a spreadsheet program.")
        }
    }

    /// The name without its prefix.
    private static func local(_ name: UnsafePointer<CChar>) -> String {
        let text = unsafe String(cString: name)
        return text.lastIndex(of: ":").map { String(text[text.index(after: $0)...]) } ?? text
    }
}
