/// Where the value of an option stands.
package enum OptionSource: Sendable, Equatable {
    case commandLine
    /// The name of a variable.
    case environment(String)
    case file(path: String, lineNumber: Int)

    /// As whoever wrote it finds it again.
    func shown(_ name: String, _ value: String) -> String {
        switch self {
        case .commandLine: "'--\(name) \(value)'"
        case .environment(let variable): "'\(variable)=\(value)' in the environment"
        case .file(let path, let lineNumber): "'\(name) = \(value)' in \(path), line \(lineNumber)"
        }
    }
}
