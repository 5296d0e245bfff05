import Tensors
import Testing

@Suite struct BLASTests {
  /// OpenBLAS itself would take all cores.
  @Test func oneThreadUnlessMoreAreAskedFor() { #expect(BLAS.threads == 1) }
}
