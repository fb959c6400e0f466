using NeuralCapacitance.Domain.Curves;

namespace NeuralCapacitance.Evaluation.Curves;

/// <summary>Curves in a file; <see cref="CurveCsv"/> has the format.</summary>
public static class CurveFile
{
    public static void Write(string path, IEnumerable<CurveRow> rows) => File.WriteAllLines(path, CurveCsv.Lines(rows));

    /// <exception cref="FormatException">The file is no such CSV; names file, line and column.</exception>
    public static IReadOnlyList<CurveRow> Read(string path) => CurveCsv.Parse(path, File.ReadAllLines(path));
}
