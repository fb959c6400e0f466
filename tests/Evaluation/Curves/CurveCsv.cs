using System.Globalization;

namespace NeuralCapacitance.Evaluation.Curves;

/// <summary>Reads and writes curves as CSV: <c>run,model,epoch,val_acc,test_acc,train_acc,train_loss,beta_…,seconds_train,seconds_beta</c>.</summary>
public static class CurveCsv
{
    private const string Header = "run,model,epoch,val_acc,test_acc,train_acc,train_loss,beta,seconds_train,seconds_beta,val_count";

    public static void Write(string path, IEnumerable<CurveRow> rows)
        => File.WriteAllLines(path, rows.Select(Line).Prepend(Header));

    /// <summary>Columns are found by name; the first one that starts with <c>beta</c> is β_eff.</summary>
    /// <exception cref="FormatException">A column is missing or a cell is no number; names file, line and column.</exception>
    public static IReadOnlyList<CurveRow> Read(string path)
    {
        string[] lines = File.ReadAllLines(path);
        string[] header = lines.Length == 0 ? [] : lines[0].Split(',');
        return [.. lines.Skip(1).Select((line, i) => Parse(new Cells(path, i + 2, header, line.Split(','))))];
    }

    private static CurveRow Parse(Cells cells) => new(
        cells.Text("run"),
        cells.Text("model"),
        (int)cells.Number("epoch"),
        cells.Number("val_acc"),
        cells.Optional("test_acc"),
        cells.Optional("train_acc"),
        cells.Optional("train_loss"),
        cells.Number("beta"),
        cells.Optional("seconds_train"),
        cells.Optional("seconds_beta"),
        (int?)cells.Optional("val_count"));

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
        Cell(row.ValidationCount));

    private static string Cell(double? value) => value?.ToString("G9", CultureInfo.InvariantCulture) ?? "";

    private readonly record struct Cells(string Path, int Line, string[] Header, string[] Values)
    {
        public string Text(string column) => Find(column) ?? throw Fault(column, "is missing");

        public double Number(string column) => Optional(column) ?? throw Fault(column, "is blank; a number is needed");

        public double? Optional(string column)
        {
            string? text = Find(column);
            if (string.IsNullOrEmpty(text))
            {
                return null;
            }

            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                ? value
                : throw Fault(column, $"is '{text}', not a number");
        }

        private string? Find(string column)
        {
            int i = Array.FindIndex(Header, h => h == column || (column == "beta" && h.StartsWith("beta", StringComparison.Ordinal)));
            return i >= 0 && i < Values.Length ? Values[i] : null;
        }

        private FormatException Fault(string column, string what) => new($"{Path}, line {Line}: column '{column}' {what}.");
    }
}
