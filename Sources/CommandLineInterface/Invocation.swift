/// What a person asked a program to do.
package enum Invocation {
    /// To print this text and end well.
    case show(String)
    case run(ParsedCommand)
}
