/// What the updates of a training have found so far; bounded, however many there are.
public struct LabHistory: Sendable {
  /// The last updates, oldest first: for a heatmap of gradient norms, and what share was clipped.
  public private(set) var recent: [LabUpdate] = []
  public private(set) var loss = DecimatedHistory()
  public private(set) var accuracy = DecimatedHistory()
  public private(set) var gradientNorm = DecimatedHistory()
  public private(set) var clippedNorm = DecimatedHistory()

  /// How many updates `recent` holds, and how many can be undone if the memory suffices.
  public static let recentCount = 100

  mutating func append(_ update: LabUpdate) {
    if recent.count == Self.recentCount { recent.removeFirst() }
    recent.append(update)
    loss.append(update.loss)
    accuracy.append(update.accuracy)
    gradientNorm.append(update.gradientNorm)
    clippedNorm.append(update.clippedNorm)
  }

  /// Forgets what came after so many updates.
  mutating func truncate(to update: Int) {
    recent.removeAll { $0.update > update }
    loss.truncate(to: update)
    accuracy.truncate(to: update)
    gradientNorm.truncate(to: update)
    clippedNorm.truncate(to: update)
  }

  /// The curves stay.
  mutating func forgetRecent() { recent = [] }
}
