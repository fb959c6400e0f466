using TorchSharp;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Scores;

/// <summary>
/// Singular values of a feature matrix F = U·diag(s)·Vᵀ, and how the classes lie on its left singular vectors: all that LogME and the
/// H-scores need. Found from the smaller Gram matrix, which takes a fraction of a decomposition's time; singular values below
/// <see cref="RelativeCut"/> of the greatest, which float32 features do not carry anyway, are dropped.
/// </summary>
/// <param name="Squares">s², k of them.</param>
/// <param name="ClassSums">C×k: row c is the sum of the rows of U that belong to images of class c, Uᵀ·t of its indicator t.</param>
internal sealed record Spectrum(double[] Squares, double[,] ClassSums)
{
    private const double RelativeCut = 1e-6;

    public int Rank => Squares.Length;

    /// <param name="features">N×D, float64.</param>
    /// <param name="oneHot">N×C, float64.</param>
    public static Spectrum Of(Tensor features, Tensor oneHot)
    {
        using var scope = NewDisposeScope();
        var wide = features.shape[1] >= features.shape[0];
        var gram = wide ? features.mm(features.t()) : features.t().mm(features);
        var (values, vectors) = linalg.eigh(gram);
        var squares = values.data<double>().ToArray();
        var cut = squares[^1] * RelativeCut * RelativeCut;
        var first = Array.FindIndex(squares, square => square > 0 && square >= cut);
        if (first < 0)
            throw new NoScoreException("every feature is zero on these images");

        var kept = squares[first..];
        vectors = vectors.narrow(1, first, kept.Length);
        var sums = wide
            ? oneHot.t().mm(vectors)
            : oneHot.t().mm(features).mm(vectors) / tensor(Array.ConvertAll(kept, Math.Sqrt));
        return new Spectrum(kept, AsMatrix(sums));
    }

    private static double[,] AsMatrix(Tensor tensor)
    {
        var numbers = tensor.contiguous().data<double>().ToArray();
        var matrix = new double[tensor.shape[0], tensor.shape[1]];
        Buffer.BlockCopy(numbers, 0, matrix, 0, numbers.Length * sizeof(double));
        return matrix;
    }
}
