import CKernels
import Testing

/// The clones that this CPU would not choose by itself, each in a process of its own: the choice
/// holds for a whole process.
@Suite struct InstructionSetTests {
  @Test func x86_64_v3() async {
    await #expect(processExitsWith: .success) { checkAllKernels(with: "x86-64-v3") }
  }

  @Test func base() async {
    await #expect(processExitsWith: .success) { checkAllKernels(with: "base") }
  }

  @Test func unknownNameChangesNothing() {
    let before = unsafe String(cString: unroll_instruction_set())
    #expect(unsafe unroll_use_instruction_set("z80") == 0)
    #expect(unsafe String(cString: unroll_instruction_set()) == before)
  }
}

/// Every check of the kernels with one instruction set; passes where the CPU lacks it.
func checkAllKernels(with instructionSet: String) {
  guard unsafe unroll_use_instruction_set(instructionSet) == 1 else { return }
  #expect(unsafe String(cString: unroll_instruction_set()) == instructionSet)
  checkEveryOp(Float.self, relativeError: 6e-7)
  checkEveryOp(Double.self, relativeError: 1e-14)
  checkLengths(Float.self)
  checkAccumulation(Float.self)
  checkSpecialValues(Float.self)
  checkAccuracy()
  checkLandmarks()
  checkPackedProducts(Float.self, relativeError: 3e-6)
  checkPackedProducts(Double.self, relativeError: 1e-14)
  checkRowsAreIndependent()
  checkMatrixVectorProducts(Float.self, relativeError: 3e-6)
  checkMatrixVectorProducts(Double.self, relativeError: 1e-14)
  checkSoftmax(Float.self, tolerance: 3e-7)
  checkSoftmaxOfSpecialRows()
  checkCrossEntropy(Float.self, tolerance: 5e-7)
  checkNormalize(Float.self, tolerance: 2e-6)
  checkSoftmaxGradient()
  checkNormalizeGradient()
  checkBackwardPrecisions()
  checkColumnSums(Float.self, tolerance: 1e-6)
  checkNorms(Float.self)
  checkFirstNonfinite(Float.self)
  checkAxpy(Float.self)
  checkAdam()
  checkSGD()
}
