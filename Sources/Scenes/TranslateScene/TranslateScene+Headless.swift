public import Debugger
internal import Equations
internal import Networks

/// The scene without a keyboard: for `unroll shot` and for tests.
extension TranslateScene {
  public var currentTranslation: Translation { session.translation }

  /// Moves to a place in words: `step=3,equation=A,key=2,layer=1,head=0,unit=17,beam,program,mask,own`,
  /// and `backward` from the loss of that step's word, at the end of the way back unless `at=4` says
  /// how many of its steps are done.
  public func place(_ text: String) throws(CommandError) {
    session.moveToLastWord()
    selectStrongestKey()
    var showsLayer = false
    for part in PlaceText(text).parts {
      switch (part.name, part.value) {
      case ("step", let value?):
        session.move(toStep: try PlaceText.number(value, below: session.stepCount, "step"))
        selectStrongestKey()
      case ("start", nil): session.moveToStart()
      case ("equation", let value?): try moveToEquation(value)
      case ("key", let value?):
        key = try PlaceText.number(value, below: translation.sourceIDs.count, "key")
      case ("layer", let value?):
        layer = try PlaceText.number(value, below: max(1, translation.alignments.count), "layer")
        showsLayer = true
      case ("head", "mean"): head = nil
      case ("head", let value?):
        head = try PlaceText.number(value, below: max(1, map?.headCount ?? 1), "head")
      case ("unit", let value?):
        unit = try PlaceText.number(value, below: translator.model.configuration.modelSize, "unit")
      case ("beam", nil): showsBeam = translation.search != nil
      case ("program", nil): showsProgram = true
      case ("mask", nil): try runAndWait("mask")
      case ("own", nil): showsOwn = !translation.ownAlignments.isEmpty
      case ("backward", nil):
        try runAndWait("loss word")
        session.moveToEnd()
      case ("at", let value?):
        session.moveToLoss()
        let count = try PlaceText.number(value, below: session.timeline.count, "at")
        session.next(by: count)
      default:
        throw CommandError(
          "expected step=3, start, equation=A, key=2, layer=1, head=0, unit=17, beam, program, mask, "
            + "own, backward or at=4; found \(part.text)")
      }
    }
    followReading()
    layerPlace = showsLayer ? cursor : nil
    message = nil
  }

  /// Runs a command line and waits for what it asks for.
  ///
  /// - Precondition: the scene has not appeared.
  /// - Throws: what was expected.
  public func runNow(_ line: String) throws(CommandError) { try runAndWait(line) }
}
