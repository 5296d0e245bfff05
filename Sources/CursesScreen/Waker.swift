import CTerminal

/// Ends the wait of `Screen.nextEvent` from any thread.
///
/// Many wakes before the next event are one `Event.wake`; a wake without a screen is lost.
public nonisolated struct Waker: Sendable {
  public func wake() { terminal_wake() }
}
