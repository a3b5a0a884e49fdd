// How a loop begins and ends.

internal import CUV
internal import Telemetry

extension ServerLoop {
    /// On the loop's thread, before `run`.
    func open(sockets: [ListeningSocket?], makeContext: TCPServer.ContextFactory) throws(ServerError) {
        let initialised = unsafe uv_loop_init(uvLoop)
        guard initialised == 0 else { throw .libuv("uv_loop_init", status: initialised) }
        do {
            try makeHandles(sockets: sockets)
            context = try makeContext(self)
        } catch {
            abandon()
            throw error
        }
    }

    private func makeHandles(sockets: [ListeningSocket?]) throws(ServerError) {
        let loop = unsafe uvLoop
        let prepare = unsafe try makeHandle(uv_prepare_t.self, owner: self, operation: "uv_prepare_init") {
            unsafe uv_prepare_init(loop, $0)
        }
        unsafe uv_prepare_start(prepare) { handle in
            if let handle = unsafe handle { unsafe owner(handle.pointee.data, as: ServerLoop.self)?.turnEnded() }
        }
        let async = unsafe try makeHandle(uv_async_t.self, owner: self, operation: "uv_async_init") {
            unsafe uv_async_init(loop, $0) { handle in
                if let handle = unsafe handle { unsafe owner(handle.pointee.data, as: ServerLoop.self)?.doPostedWork() }
            }
        }
        try makeBacklog()
        try every(milliseconds: Int(configuration.checkInterval)) { [unowned self] in checkTimes() }
        if index == 0, let onSignal = configuration.onSignal {
            unsafe try SignalWatcher(action: onSignal).start(on: uvLoop)
        }
        listeners = zip(sockets, configuration.listeners).compactMap { socket, listener in
            socket.map { LoopListener($0, tls: listener.tls, loop: self) }
        }
        try startAccepting()
        // Last: from here on other threads reach the loop.
        unsafe shared.mailboxes[index].open(async)
    }

    func run() { unsafe uv_run(uvLoop, UV_RUN_DEFAULT) }

    /// After `run` has returned. False where a handle was left: a programming error.
    func end() -> Bool {
        context = nil
        graceTimer = nil
        flushList = []
        waiting.removeAll()
        pipelining.removeAll()
        return unsafe uv_loop_close(uvLoop) == 0
    }

    /// Closes what a failed `open` has made.
    private func abandon() {
        closeAllHandles()
        run()
        _ = end()
    }

    // MARK: Shutdown

    func beginShutdown(graceMilliseconds: Int) {
        guard phase == .running else { return }
        phase = .draining
        stopAccepting()
        forEachConnection { $0.closeOrderly(.shutdown) }
        do {
            graceTimer = try after(milliseconds: graceMilliseconds) { [unowned self] in closeAll() }
        } catch {
            log.error("no grace time: closing at once", ["error": .text("\(error)")])
            closeAll()
        }
        endIfDrained()
    }

    private func closeAll() {
        forEachConnection { connection in
            if connection.phase != .lingering { forcedCloses += 1 }
            connection.close(connection.phase == .lingering ? connection.closeReason : .graceOver)
        }
    }

    func endIfDrained() {
        guard phase == .draining, connections.isEmpty, closingCount == 0 else { return }
        phase = .ending
        closeAllHandles()
    }

    /// `uv_run` returns when the close callbacks have run.
    func closeAllHandles() {
        unsafe backlogIdle = nil
        let left = shared.mailboxes[index].close()
        for work in left { work(self) }
        unsafe uv_walk(
            uvLoop,
            { handle, _ in
                guard let handle = unsafe handle, unsafe uv_is_closing(handle) == 0 else { return }
                if unsafe handle.pointee.type == UV_TIMER {
                    unsafe owner(handle.pointee.data, as: AnyObject.self).map { ($0 as? LoopTimer)?.loopEnded() }
                }
                unsafe closeHandle(handle)
            }, nil)
    }
}
