/// What a program tells the shell when it ends.
package enum ExitCode: Int32, Sendable {
    case success = 0
    /// The command line was right and the run failed.
    case failure = 1
    /// The command line was wrong: nothing was run.
    case usage = 2
    /// The run would have done harm, and was stopped before it.
    case refused = 3
}

/// A run that was stopped because what it was to do is most likely not what is wanted.
package struct RefusedRun: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
}
