import WireProtocol

/// `toy.greet`. Borrowed: valid while the request is lent.
struct ToyGreetParameters: MethodParameters {
    var whom = WireString.empty
    var times = 1

    static let declared = ParameterSet<Self>([
        .name("whom", maximumBytes: 64, required: "Say who is greeted (whom).") { $0.whom = $1 },
        .integer("times", in: 1...10, default: 1) { $0.times = $1 },
    ])
}

extension ServiceMethod {
    static let toyGreet = ServiceMethod("toy.greet", cost: .list, "Greets somebody.") {
        (parameters: ToyGreetParameters, _, writer) in
        writer.beginObject()
        writer.key("greetings")
        writer.beginArray()
        for _ in 0..<parameters.times { writer.string("Hello, \(parameters.whom.string)!") }
        writer.endArray()
        writer.endObject()
    }
}
