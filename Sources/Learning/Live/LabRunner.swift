internal import Dispatch
internal import Synchronization

/// A training of one to four lanes on a thread of its own, watched from another.
///
/// Orders go in and snapshots come out; neither side waits for the other. A snapshot is made when
/// the last one was taken, fifteen times a second at most, so that watching costs next to nothing.
/// The thread ends with the last reference to the runner.
public final class LabRunner: Sendable {
  private let worker: LabWorker

  /// Seconds between two snapshots of a running training.
  static let snapshotInterval = 1.0 / 15

  /// Makes the lanes; nothing is trained yet.
  ///
  /// - Parameters:
  ///   - lanes: settings without a mistake; those of several lanes with the same task, seed, length
  ///     and batch.
  ///   - undoBudget: memory for the updates that can be taken back, of all lanes; in bytes.
  /// - Throws: `TaskError` where a task cannot be made.
  public init(
    _ lanes: [(name: String, settings: LabSettings)], undoBudget: Int = 64 << 20
  ) throws(TaskError) {
    worker = LabWorker(try LabEngine(lanes, undoBudget: undoBudget))
  }

  deinit { worker.stop() }

  /// Starts the thread, or lets it go on.
  ///
  /// - Parameter wake: called on the thread when there is something to take.
  public func start(wake: @escaping @Sendable () -> Void) { worker.start(wake: wake) }

  /// Lets the thread wait after the present update, whatever it is doing.
  public func rest() { worker.rest() }

  /// Orders are carried out one after the other, between two updates.
  public func send(_ order: LabOrder) { worker.send(order) }

  /// The newest snapshot, if there is one that was not taken yet.
  public func takeSnapshot() -> LabSnapshot? { worker.takeSnapshot() }

  /// What `.capture` asked for, once.
  public func takeCapture() -> LabCapture? { worker.takeCapture() }

  /// Carries out all orders on the caller's thread, `.resume` aside, with all figures.
  ///
  /// - Precondition: the thread was not started.
  @discardableResult
  public func performNow() -> LabSnapshot { worker.performNow() }
}

/// The thread's side of a runner. The engine is used by the thread alone, or before it starts.
private final class LabWorker: @unchecked Sendable {
  private struct Mailbox {
    var orders: [LabOrder] = []
    var snapshot: LabSnapshot?
    var capture: LabCapture?
    /// The last snapshot was taken.
    var wantsSnapshot = true
    var isResting = false
    var isStopped = false
    var hasThread = false
    var wake: (@Sendable () -> Void)?
  }

  private let engine: LabEngine
  private let mailbox = Mutex(Mailbox())
  /// Signalled whenever the mailbox has something for a thread that waits.
  private let bell = DispatchSemaphore(value: 0)

  init(_ engine: LabEngine) { self.engine = engine }

  // MARK: The watching side

  func start(wake: @escaping @Sendable () -> Void) {
    let isFirst = mailbox.withLock { box in
      box.wake = wake
      box.isResting = false
      defer { box.hasThread = true }
      return !box.hasThread
    }
    if isFirst { DispatchQueue(label: "unroll.lab").async { self.work() } }
    bell.signal()
  }

  func rest() { mailbox.withLock { $0.isResting = true } }

  func stop() {
    mailbox.withLock { $0.isStopped = true }
    bell.signal()
  }

  func send(_ order: LabOrder) {
    mailbox.withLock { $0.orders.append(order) }
    bell.signal()
  }

  func takeSnapshot() -> LabSnapshot? {
    mailbox.withLock { box in
      defer { box.snapshot = nil }
      if box.snapshot != nil { box.wantsSnapshot = true }
      return box.snapshot
    }
  }

  func takeCapture() -> LabCapture? {
    mailbox.withLock { box in
      defer { box.capture = nil }
      return box.capture
    }
  }

  func performNow() -> LabSnapshot {
    let orders = mailbox.withLock { box in
      precondition(!box.hasThread, "the thread has the lanes")
      defer { box.orders = [] }
      return box.orders
    }
    for order in orders {
      engine.perform(order)
      while case .stepping = engine.state { engine.advance() }
      engine.perform(.pause)
    }
    while engine.refreshWhilePaused() {}
    let capture = engine.takeCapture()
    mailbox.withLock { $0.capture = capture ?? $0.capture }
    return engine.snapshot()
  }

  // MARK: The thread's side

  private enum Task {
    case orders([LabOrder])
    case rest
    case goOn
    case stop
  }

  private func nextTask() -> Task {
    mailbox.withLock { box in
      if box.isStopped { return .stop }
      if box.isResting { return .rest }
      defer { box.orders = [] }
      return box.orders.isEmpty ? .goOn : .orders(box.orders)
    }
  }

  private func work() {
    var lastPublished = -Double.infinity
    var hasNews = true
    while true {
      switch nextTask() {
      case .stop: return
      case .rest:
        bell.wait()
        continue
      case .orders(let orders):
        for (index, order) in orders.enumerated() {
          // Of knobs that are turned faster than nets are made the last notch counts.
          if case .change = order, index + 1 < orders.count, case .change = orders[index + 1] {
            continue
          }
          engine.perform(order)
        }
        hasNews = true
      case .goOn: break
      }
      if !engine.state.isPaused {
        engine.advance()
        let isWanted = mailbox.withLock { $0.wantsSnapshot }
        let isDue = Seconds.now - lastPublished >= LabRunner.snapshotInterval
        guard hasNews || engine.state.isPaused || isWanted && isDue else { continue }
        if !engine.state.isPaused { engine.refreshWhileRunning() }
      } else if engine.refreshWhilePaused() {
        // Figures that are quickly there come with the first picture.
        hasNews = true
        if engine.pending.isEmpty == false, Seconds.now - lastPublished < 0.03 { continue }
      } else if !hasNews {
        bell.wait()
        continue
      }
      publish()
      lastPublished = Seconds.now
      hasNews = false
    }
  }

  private func publish() {
    let snapshot = engine.snapshot()
    let capture = engine.takeCapture()
    let wake = mailbox.withLock { box in
      box.snapshot = snapshot
      box.wantsSnapshot = false
      if let capture { box.capture = capture }
      return box.wake
    }
    wake?()
  }
}
