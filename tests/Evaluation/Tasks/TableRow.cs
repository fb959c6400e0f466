using System.Globalization;

namespace NeuralCapacitance.Evaluation.Tasks;

/// <summary>A line of a CSV whose columns are found by name. Cells hold no commas.</summary>
public sealed class TableRow
{
    private readonly string _path;
    private readonly int _line;
    private readonly string[] _header;
    private readonly string[] _cells;

    private TableRow(string path, int line, string[] header, string[] cells) => (_path, _line, _header, _cells) = (path, line, header, cells);

    public static IReadOnlyList<TableRow> Read(string path)
    {
        string[] lines = File.ReadAllLines(path);
        string[] header = lines.Length == 0 ? [] : lines[0].Split(',');
        return [.. lines.Skip(1).Select((line, i) => new TableRow(path, i + 2, header, line.Split(','))).Where(row => row._cells.Any(c => c.Length > 0))];
    }

    /// <exception cref="FormatException">Missing or blank.</exception>
    public string Text(string column) => Find(column) ?? throw Fault(column, "is missing or blank");

    /// <exception cref="FormatException">No finite number.</exception>
    public double? Optional(string column)
        => Find(column) is not { } text ? null
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value
            : throw Fault(column, $"is '{text}', not a finite number");

    /// <summary>Null: missing or blank.</summary>
    public string? Find(string column)
    {
        int i = Array.IndexOf(_header, column);
        return i >= 0 && i < _cells.Length && _cells[i].Length > 0 ? _cells[i] : null;
    }

    public FormatException Fault(string column, string what) => new($"{_path}, line {_line}: column '{column}' {what}.");
}
