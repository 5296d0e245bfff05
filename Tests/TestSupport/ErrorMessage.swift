public import Checkpoints

/// What the error of opening a model says; empty if there is none.
public func errorMessage<Opened>(of opening: () throws(ModelError) -> Opened) -> String {
  do throws(ModelError) {
    _ = try opening()
    return ""
  } catch {
    return error.description
  }
}
