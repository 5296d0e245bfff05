internal import Canvas
internal import Learning

extension LabScene {
  /// What keys do to any training that is watched.
  func handleLabKey(_ key: Key) -> [SceneEffect]? {
    switch key {
    case .character(" "): if isPaused { run() } else { order(.pause) }
    case .character("n"): order(.step(1))
    case .character("N"): order(.step(10))
    case .character("b"): order(.back(1))
    case .character("B"): order(.back(10))
    case .up, .character("k"): knob = shownKnobs.next(after: knob, by: -1)
    case .down, .character("j"): knob = shownKnobs.next(after: knob)
    case .right, .character("l"): turn(1)
    case .left, .character("h"): turn(-1)
    case .character("o"): open()
    case .character("r"): order(.restart)
    default: return nil
    }
    return []
  }
}
