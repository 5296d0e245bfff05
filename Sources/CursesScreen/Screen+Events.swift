import CNcurses
import CTerminal
public import Canvas
import Glibc

extension Screen {
  /// Waits for the next event; the process sleeps meanwhile.
  ///
  /// Ctrl-Z and `fg` are dealt with here: the caller only sees a new size, if there is one.
  ///
  /// - Parameter timeoutMilliseconds: the longest wait; nil waits for ever, 0 not at all.
  /// - Returns: one event; `.timeout` if none came in time.
  public func nextEvent(timeoutMilliseconds: Int?) -> Event {
    let deadline = timeoutMilliseconds.map { Screen.now() + max(0, $0) }
    while true {
      takeSignals(terminal_pending_signals())
      if !queue.isEmpty { return queue.removeFirst() }
      if isGone || isClosed { return .hangup }
      if let event = readEvent() { return event }
      let wait = deadline.map { max(0, $0 - Screen.now()) }
      var polled = [
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0),
      ]
      let count = unsafe polled.withUnsafeMutableBufferPointer {
        unsafe poll($0.baseAddress, 2, Int32(clamping: wait ?? -1))
      }
      if count == 0 && wait == 0 { return .timeout }
      if count <= 0 { continue }
      if polled[1].revents != 0 { takeSignals(terminal_take_signals()) }
      if polled[0].revents != 0 { noteHangup(polled[0].revents) }
    }
  }

  /// A terminal that is gone stays readable for ever, with nothing to read.
  private func noteHangup(_ revents: Int16) {
    let isBroken = Int32(revents) & (POLLHUP | POLLERR | POLLNVAL) != 0
    if isBroken || terminal_waiting(descriptor) == 0 { isGone = true }
  }

  private static func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  private func takeSignals(_ bits: UInt32) {
    if bits == 0 { return }
    for (bit, number) in [
      (TERMINAL_SIGNAL_HUP, SIGHUP), (TERMINAL_SIGNAL_TERM, SIGTERM),
      (TERMINAL_SIGNAL_INT, SIGINT),
    ] where bits & UInt32(bit) != 0 {
      queue.append(.signal(number))
    }
    if bits & UInt32(TERMINAL_SIGNAL_TSTP) != 0 {
      let size = (width, height)
      suspend()
      if size != (width, height) { queue.append(.resize(width: width, height: height)) }
    } else if bits & UInt32(TERMINAL_SIGNAL_CONT) != 0 {
      resume()
    }
    if bits & UInt32(TERMINAL_SIGNAL_WINCH) != 0 && takeSize() {
      queue.append(.resize(width: width, height: height))
    }
    if bits & UInt32(TERMINAL_SIGNAL_WAKE) != 0 { queue.append(.wake) }
  }
}
