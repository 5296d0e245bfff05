internal import Glibc
internal import Synchronization

/// The signal that has asked the training to end; 0 for none.
private nonisolated let received = Atomic<Int32>(0)

/// Notes signals that end a program, so that it can finish what it is doing.
nonisolated enum TrainSignals {
  /// Installs the handlers. A signal that was ignored (nohup) stays ignored.
  static func install() {
    var wanted = sigset_t()
    unsafe sigemptyset(&wanted)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var former = sigaction()
      unsafe sigaction(number, nil, &former)
      let ignored = unsafe unsafeBitCast(former.__sigaction_handler.sa_handler, to: Int.self) == 1
      if ignored { continue }
      signal(number) { number in received.store(number, ordering: .relaxed) }
      unsafe sigaddset(&wanted, number)
    }
    // Whoever started us may have left them blocked.
    unsafe pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
  }

  /// The number of the last signal.
  static var pending: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }
}
