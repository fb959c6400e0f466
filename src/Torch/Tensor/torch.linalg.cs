using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Decompositions of matrices.</summary>
    public static class linalg
    {
        private static readonly Operator Eigh = new("linalg_eigh");
        private static readonly Operator SLogDet = new("linalg_slogdet");

        /// <summary>Eigenvalues of a symmetric matrix, least first, and orthonormal eigenvectors in the columns. Reads the lower triangle.</summary>
        public static (Tensor, Tensor) eigh(Tensor tensor) => Eigh.CallForTwo(tensor);

        /// <summary>Sign of a square matrix's determinant, and the logarithm of its absolute value.</summary>
        public static (Tensor res, Tensor logabsdet) slogdet(Tensor tensor) => SLogDet.CallForTwo(tensor);
    }
}
