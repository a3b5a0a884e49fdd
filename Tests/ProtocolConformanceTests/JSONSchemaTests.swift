import Foundation
import TestSupport
import Testing

/// The checker itself, by cases worked by hand.
@Suite struct JSONSchemaTests {
    @Test(arguments: [
        (#"{"type":"integer"}"#, "3", true), (#"{"type":"integer"}"#, "3.5", false),
        (#"{"type":["string","null"]}"#, "null", true), (#"{"type":["string","null"]}"#, "1", false),
        (#"{"type":"number"}"#, "true", false), (#"{"const":"a"}"#, #""b""#, false), (#"{"enum":[1,2]}"#, "2", true),
        (#"{"minimum":1,"maximum":2}"#, "2", true), (#"{"minimum":1}"#, "0", false), (#"{"maximum":2}"#, "2.1", false),
        (#"{"minLength":1,"maxLength":2}"#, #""ab""#, true), (#"{"maxLength":2}"#, #""abc""#, false),
        (#"{"pattern":"^[^\\u0000-\\u001f]+$"}"#, #""a b""#, true),
        (#"{"pattern":"^[^\\u0000-\\u001f]+$"}"#, #""a\nb""#, false),
        (#"{"required":["a"]}"#, #"{"a":null}"#, true), (#"{"required":["a"]}"#, "{}", false),
        (#"{"properties":{"a":{"type":"string"}}}"#, #"{"a":1}"#, false),
        (#"{"additionalProperties":{"type":"string"}}"#, #"{"a":1}"#, false),
        (#"{"properties":{"a":{}},"additionalProperties":false}"#, #"{"a":1,"b":1}"#, false),
        (#"{"propertyNames":{"enum":["a"]}}"#, #"{"a":1}"#, true),
        (#"{"propertyNames":{"enum":["a"]}}"#, #"{"a":1,"b":1}"#, false),
        (#"{"$ref":"parameter.names.schema.json"}"#, #""userId""#, true),
        (#"{"$ref":"parameter.names.schema.json"}"#, #""colour""#, false),
        (#"{"$ref":"no.such.file"}"#, #""userId""#, false), (#"{"items":{"type":"string"}}"#, #"["a",1]"#, false),
        (#"{"minItems":1}"#, "[]", false),
        (#"{"maxItems":1}"#, "[1,2]", false), (#"{"uniqueItems":true}"#, "[1,2,1]", false),
        (#"{"oneOf":[{"type":"number"},{"type":"integer"}]}"#, "1.5", true),
        (#"{"oneOf":[{"type":"number"},{"type":"integer"}]}"#, "1", false),
        (#"{"anyOf":[{"type":"number"},{"type":"integer"}]}"#, "1", true),
        (#"{"not":{"type":"null"}}"#, "null", false), (#"{"multipleOf":2}"#, "4", false),
    ]) func keywordHolds(_ schema: String, _ value: String, _ isValid: Bool) throws {
        let findings = try JSONSchema(schema).findings(in: try JSON.parse(Array(value.utf8)))
        #expect(findings.isEmpty == isValid, "\(findings)")
    }
}
