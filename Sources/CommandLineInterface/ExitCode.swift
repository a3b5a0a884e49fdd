/// What a program tells the shell when it ends.
package enum ExitCode: Int32, Sendable {
    case success = 0
    /// The command line was right and the run failed.
    case failure = 1
    /// The command line was wrong: nothing was run.
    case usage = 2
}
