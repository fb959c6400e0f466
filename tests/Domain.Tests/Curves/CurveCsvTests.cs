using NeuralCapacitance.Domain.Curves;

namespace NeuralCapacitance.Domain.Tests.Curves;

public sealed class CurveCsvTests
{
    private const string Header = "run,model,epoch,val_acc,test_acc,train_acc,train_loss,beta_A_eval,beta_Dsq_eval,seconds_train,seconds_beta";

    [Fact]
    public void What_is_written_is_read_again()
    {
        CurveRow[] rows =
        [
            new("task", "resnet8", 1, 0.5, null, 0.4, 1.25, 0.25, 2, 0.5, 2_000),
            new("task", "resnet8", 2, 0.625, 0.5, null, null, 0.125, null, null, null),
        ];

        CurveCsv.Parse("curves.csv", [.. CurveCsv.Lines(rows)]).ShouldBe(rows);
    }

    [Fact]
    public void Columns_are_found_by_name_and_the_first_beta_is_taken()
    {
        CurveRow row = CurveCsv.Parse("curves.csv", [Header, "P_s0,alex,1,0.517,,0.3405,1.65,0.21,0.77,2.9,0.3", ""]).ShouldHaveSingleItem();

        (row.Run, row.Model, row.Epoch, row.ValidationAccuracy, row.TestAccuracy, row.Beta).ShouldBe(("P_s0", "alex", 1, 0.517, null, 0.21));
        row.ValidationCount.ShouldBeNull();
    }

    [Theory]
    [InlineData("P_s0,alex,1,0.517,,x,1.65,0.21,0.77,2.9,0.3", "curves.csv, line 2: column 'train_acc' is 'x', not a number.")]
    [InlineData("P_s0,alex,1,,,,,0.21,,,", "curves.csv, line 2: column 'val_acc' is blank; a number is needed.")]
    [InlineData("P_s0,alex,1,51.7,,,,0.21,,,", "curves.csv, line 2: column 'val_acc' is '51.7', outside [0, 1].")]
    [InlineData("P_s0,alex,1,NaN,,,,0.21,,,", "curves.csv, line 2: column 'val_acc' is 'NaN', outside [0, 1].")]
    [InlineData("P_s0,alex,1.5,0.5,,,,0.21,,,", "curves.csv, line 2: column 'epoch' is '1.5', not a whole number from 0.")]
    [InlineData("P_s0,,1,0.5,,,,0.21,,,", "curves.csv, line 2: column 'model' is missing.")]
    public void A_fault_names_file_line_and_column(string line, string message)
        => Should.Throw<FormatException>(() => CurveCsv.Parse("curves.csv", [Header, line])).Message.ShouldBe(message);

    [Fact]
    public void An_epoch_that_stands_there_twice_is_a_fault()
        => Should.Throw<FormatException>(() => CurveCsv.Parse("curves.csv", [Header, "a,b,1,0.5,,,,0.21,,,", "a,b,2,0.5,,,,0.2,,,", "", "a,b,1,0.6,,,,0.2,,,"]))
            .Message.ShouldBe("curves.csv, line 5: epoch 1 of b in run a stands there twice.");
}
