using System.Globalization;

namespace NeuralCapacitance.Domain.Curves;

/// <summary>Curves as lines of CSV: <c>run,model,epoch,val_acc,test_acc,train_acc,train_loss,beta_…,seconds_train,seconds_beta,val_count,test_count</c>.</summary>
public static class CurveCsv
{
    private const string Header = "run,model,epoch,val_acc,test_acc,train_acc,train_loss,beta,seconds_train,seconds_beta,val_count,test_count";

    /// <summary>Columns are found by name; the first one that starts with <c>beta</c> is β_eff. Empty lines are skipped.</summary>
    /// <param name="file">For messages.</param>
    /// <exception cref="FormatException">A column is missing, a cell is no number or outside its range, or an epoch stands there twice; names file and line.</exception>
    public static IReadOnlyList<CurveRow> Parse(string file, IReadOnlyList<string> lines)
    {
        string[] header = lines.Count == 0 ? [] : lines[0].TrimEnd('\r').Split(',');
        var rows = new List<CurveRow>();
        var seen = new HashSet<(string Run, string Model, int Epoch)>();
        foreach (var (index, line) in lines.Index().Skip(1).Where(line => !string.IsNullOrWhiteSpace(line.Item)))
        {
            var row = Row(new Cells(file, index + 1, header, line.TrimEnd('\r').Split(',')));
            if (!seen.Add((row.Run, row.Model, row.Epoch)))
                throw new FormatException($"{file}, line {index + 1}: epoch {row.Epoch} of {row.Model} in run {row.Run} stands there twice.");
            rows.Add(row);
        }
        return rows;
    }

    /// <summary>As <see cref="Parse"/> reads them, the header first.</summary>
    public static IEnumerable<string> Lines(IEnumerable<CurveRow> rows) => rows.Select(Line).Prepend(Header);

    private static CurveRow Row(Cells cells) => new(
        cells.Text("run"),
        cells.Text("model"),
        cells.Whole("epoch"),
        cells.Accuracy("val_acc") ?? throw cells.Blank("val_acc"),
        cells.Accuracy("test_acc"),
        cells.Accuracy("train_acc"),
        cells.Optional("train_loss"),
        cells.Optional("beta") ?? throw cells.Blank("beta"),
        cells.Optional("seconds_train"),
        cells.Optional("seconds_beta"),
        (int?)cells.Optional("val_count"),
        (int?)cells.Optional("test_count"));

    private static string Line(CurveRow row) => string.Join(
        ',',
        row.Run,
        row.Model,
        Cell(row.Epoch),
        Cell(row.ValidationAccuracy),
        Cell(row.TestAccuracy),
        Cell(row.TrainAccuracy),
        Cell(row.TrainLoss),
        Cell(row.Beta),
        Cell(row.TrainSeconds),
        Cell(row.BetaSeconds),
        Cell(row.ValidationCount),
        Cell(row.TestCount));

    private static string Cell(double? value) => value?.ToString("G9", CultureInfo.InvariantCulture) ?? "";

    private readonly record struct Cells(string File, int Line, string[] Header, string[] Values)
    {
        public string Text(string column) => Find(column) is { Length: > 0 } text ? text : throw Fault(column, "is missing");

        public int Whole(string column)
        {
            var value = Optional(column) ?? throw Blank(column);
            return value is >= 0 and <= int.MaxValue && value == Math.Floor(value)
                ? (int)value
                : throw Fault(column, $"is '{Find(column)}', not a whole number from 0");
        }

        public double? Accuracy(string column) => Optional(column) is not { } value || value is >= 0 and <= 1
            ? Optional(column)
            : throw Fault(column, $"is '{Find(column)}', outside [0, 1]");

        public double? Optional(string column)
        {
            var text = Find(column);
            if (string.IsNullOrEmpty(text)) return null;
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw Fault(column, $"is '{text}', not a number");
        }

        public FormatException Blank(string column) => Fault(column, "is blank; a number is needed");

        private string? Find(string column)
        {
            var i = Array.FindIndex(Header, h => h == column || (column == "beta" && h.StartsWith("beta", StringComparison.Ordinal)));
            return i >= 0 && i < Values.Length ? Values[i] : null;
        }

        private FormatException Fault(string column, string what) => new($"{File}, line {Line}: column '{column}' {what}.");
    }
}
