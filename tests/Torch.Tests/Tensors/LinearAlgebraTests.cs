using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public sealed class LinearAlgebraTests
{
    /// <summary>Eigenvalues 1 and 3 by hand; eigenvectors along the diagonals.</summary>
    [Fact]
    public void A_symmetric_matrix_is_taken_apart()
    {
        using var scope = NewDisposeScope();
        var (values, vectors) = linalg.eigh(tensor(new double[,] { { 2, 1 }, { 1, 2 } }));

        values.data<double>().ToArray().ShouldBe([1, 3], 1e-12);
        vectors.abs().data<double>().ToArray().ShouldBe(Enumerable.Repeat(Math.Sqrt(0.5), 4), 1e-12);
        vectors.mm((values * vectors).t()).data<double>().ToArray().ShouldBe([2, 1, 1, 2], 1e-12);
    }

    [Fact]
    public void The_determinant_comes_as_a_sign_and_a_logarithm()
    {
        using var scope = NewDisposeScope();
        var (sign, logarithm) = linalg.slogdet(tensor(new double[,] { { 0, 4 }, { 2, 1 } }));

        sign.ToDouble().ShouldBe(-1);
        logarithm.ToDouble().ShouldBe(Math.Log(8), 1e-12);
        linalg.slogdet(zeros(2, 2, ScalarType.Float64)).logabsdet.ToDouble().ShouldBe(double.NegativeInfinity);
    }
}
