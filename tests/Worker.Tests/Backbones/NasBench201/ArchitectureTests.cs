using NeuralCapacitance.Worker.Backbones;
using NeuralCapacitance.Worker.Backbones.NasBench201;

namespace NeuralCapacitance.Worker.Tests.Backbones.NasBench201;

public sealed class ArchitectureTests
{
    [Fact]
    public void A_cell_is_read_node_by_node()
    {
        var cell = Architecture.Parse("|avg_pool_3x3~0|+|nor_conv_1x1~0|none~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|", out var fault);

        fault.ShouldBeNull();
        cell!.Edges.ShouldBe(
        [
            [Operation.AvgPool3x3],
            [Operation.Conv1x1, Operation.None],
            [Operation.Skip, Operation.Conv3x3, Operation.Conv1x1],
        ]);
        cell.Count(Operation.Conv1x1).ShouldBe(2);
    }

    [Theory]
    [InlineData("", "has 1 node between '+', not 3")]
    [InlineData("|none~0|+|none~0|none~1|", "has 2 nodes between '+', not 3")]
    [InlineData("|none~0|+|none~0|none~1|+|none~0|none~1|none~2|+|none~0|", "has 4 nodes between '+', not 3")]
    [InlineData("none~0|+|none~0|none~1|+|none~0|none~1|none~2|", "does not put each operation between '|' (node 1, 'none~0|', from character 1 of the cell)")]
    [InlineData("|none~0|+|+|none~0|none~1|none~2|", "does not put each operation between '|' (node 2, '|', from character 10 of the cell)")]
    [InlineData("|none~0|+|none~0|+|none~0|none~1|none~2|", "has 1 operation, not one for each of the 2 earlier nodes (node 2, '|none~0|', from character 10 of the cell)")]
    [InlineData("|none~0|none~1|+|none~0|none~1|+|none~0|none~1|none~2|", "has 2 operations, not one for each of the 1 earlier node (node 1")]
    [InlineData("|none~0|+|none~0|nor_conv_3x2~1|+|none~0|none~1|none~2|", "'nor_conv_3x2' is no operation; did you mean nor_conv_3x3? (node 2")]
    [InlineData("|none~0|+|none~0|none~1|+|none~0|none~1|conv_7x7~2|", "'conv_7x7' is no operation (node 3, '|none~0|none~1|conv_7x7~2|', from character 26 of the cell)")]
    [InlineData("|none~0|+|none~0|none~0|+|none~0|none~1|none~2|", "'none~0' should come from node 1: 'none~1' (node 2")]
    [InlineData("|none|+|none~0|none~1|+|none~0|none~1|none~2|", "'none' should come from node 0: 'none~0' (node 1")]
    [InlineData("|none~0~0|+|none~0|none~1|+|none~0|none~1|none~2|", "'none~0~0' is no operation")]
    public void A_cell_that_breaks_the_grammar_is_told_where_and_what_is_accepted(string text, string problem)
    {
        Architecture.Parse(text, out var fault).ShouldBeNull();

        fault!.Problem.ShouldStartWith(problem);
        fault.Accepted.ShouldContain("none, skip_connect, nor_conv_1x1, nor_conv_3x3, avg_pool_3x3");
    }

    [Fact]
    public void The_catalogue_explains_a_wrong_cell_and_leaves_other_names_alone()
    {
        var catalogue = new BackboneCatalogue();

        catalogue.Find("nasbench201:|none~0|").ShouldBeNull();
        catalogue.Explain("nasbench201:|none~0|")!.Problem.ShouldContain("has 1 node");
        Should.Throw<UnknownBackboneException>(() => catalogue.Create("nasbench201:|none~0|")).Message.ShouldContain("has 1 node");
        catalogue.Explain("resnet9").ShouldBeNull();
        catalogue.Explain("resnet8").ShouldBeNull();
        catalogue.Patterns.Select(pattern => pattern.Name).ShouldBe(["nasbench201:CELL", "torchscript"]);
    }
}
