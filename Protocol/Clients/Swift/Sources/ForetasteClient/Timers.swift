import Dispatch

/// Actions at their times, on one timer of the system. One that is cancelled leaves nothing behind, whenever it would have been.
final class Timers {
    typealias Token = UInt64
    typealias Action = @Sendable () -> Void

    private let source: any DispatchSourceTimer
    /// A heap: the earliest first.
    private var times: [(at: UInt64, token: Token)] = []
    private var actions: [Token: Action] = [:]
    private var lastToken: Token = 0

    /// - Parameter onTime: is to call `fire` on the queue.
    init(queue: DispatchQueue, onTime: @escaping @Sendable () -> Void) {
        source = DispatchSource.makeTimerSource(queue: queue)
        source.setEventHandler(handler: onTime)
        source.activate()
    }

    deinit {
        source.cancel()
    }

    func schedule(after delay: Duration, _ action: @escaping Action) -> Token {
        lastToken += 1
        actions[lastToken] = action
        push((DispatchTime.now().uptimeNanoseconds &+ delay.wholeNanoseconds, lastToken))
        if times[0].token == lastToken { arm() }
        return lastToken
    }

    func cancel(_ token: Token?) {
        guard let token, actions.removeValue(forKey: token) != nil else { return }
        guard times.count > 64, times.count > actions.count * 2 else { return }
        let kept = times.filter { actions[$0.token] != nil }
        times.removeAll(keepingCapacity: true)
        kept.forEach(push)
    }

    func fire() {
        let now = DispatchTime.now().uptimeNanoseconds
        while let first = times.first, first.at <= now {
            pop()
            actions.removeValue(forKey: first.token)?()
        }
        arm()
    }

    private func arm() {
        guard let first = times.first else { return }
        source.schedule(deadline: DispatchTime(uptimeNanoseconds: first.at))
    }

    private func push(_ entry: (at: UInt64, token: Token)) {
        times.append(entry)
        var place = times.count - 1
        while place > 0, times[place].at < times[(place - 1) / 2].at {
            times.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private func pop() {
        times.swapAt(0, times.count - 1)
        times.removeLast()
        var place = 0
        while true {
            let children = (place * 2 + 1)..<min(place * 2 + 3, max(times.count, place * 2 + 1))
            guard let least = children.min(by: { times[$0].at < times[$1].at }), times[least].at < times[place].at
            else { return }
            times.swapAt(place, least)
            place = least
        }
    }
}

extension Duration {
    /// At most some hundred years, at least none.
    var wholeNanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return UInt64(min(seconds, 10_000_000_000)) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }

    var wholeMilliseconds: Int { Int(wholeNanoseconds / 1_000_000) }
}
