internal import CursesScreen
internal import Scenes
internal import Synchronization

/// Computes for the scene off the main thread, the newest request only.
nonisolated final class BackgroundRunner: Sendable {
  private struct State {
    var isBusy = false
    var waiting: (work: any BackgroundWork, number: Int)?
    var result: (result: any Sendable, number: Int)?
    /// Counts the scenes: what an earlier one asked for has come to nothing.
    var epoch = 0
  }

  private let state = Mutex(State())
  private let waker: Waker

  init(waker: Waker) { self.waker = waker }

  func start(_ work: any BackgroundWork, number: Int) {
    let mustStart = state.withLock { state in
      state.waiting = (work, number)
      defer { state.isBusy = true }
      return !state.isBusy
    }
    if mustStart { Task.detached { self.work() } }
  }

  /// Drops what is asked for or on its way.
  func forget() {
    state.withLock { state in
      state.waiting = nil
      state.result = nil
      state.epoch += 1
    }
  }

  private func work() {
    while let (work, number, epoch) = next() {
      let result: any Sendable = work.run()
      state.withLock { state in
        if state.epoch == epoch { state.result = (result, number) }
      }
      waker.wake()
    }
  }

  private func next() -> (work: any BackgroundWork, number: Int, epoch: Int)? {
    state.withLock { state in
      let next = state.waiting
      state.waiting = nil
      state.isBusy = next != nil
      return next.map { ($0.work, $0.number, state.epoch) }
    }
  }

  func takeResult() -> (result: any Sendable, number: Int)? {
    state.withLock { state in
      defer { state.result = nil }
      return state.result
    }
  }
}
