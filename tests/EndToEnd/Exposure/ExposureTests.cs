using NeuralCapacitance.Benchmarks.Load;

namespace NeuralCapacitance.EndToEnd.Exposure;

/// <summary>What is cheap to send must not stop the service: a neighbour is served while others attack it.</summary>
public sealed class ExposureTests(ExposedSite site) : IClassFixture<ExposedSite>
{
    private const int Rounds = 2;
    private const int Followers = 400;

    /// <summary>As <see cref="Attack.All"/> calls them.</summary>
    [Theory]
    [InlineData("metrics")]
    [InlineData("jobs")]
    [InlineData("datasets")]
    [InlineData("swagger")]
    [InlineData("ones")]
    [InlineData("classes")]
    [InlineData("uploads")]
    [InlineData("rankings")]
    public async Task A_neighbour_is_served_meanwhile(string name)
    {
        using var over = new CancellationTokenSource();
        var attack = Attack.All(site.Attacker, site.LargeJob).Single(attack => attack.Name == name).RunAsync(over.Token);
        try
        {
            for (var round = 0; round < Rounds; round++) await site.ServesNeighbourAsync();
            attack.IsCompleted.ShouldBeFalse("it goes on until it is told to end");
        }
        finally
        {
            await over.CancelAsync();
            await attack;
        }
    }

    [Fact]
    public async Task A_neighbour_uploads_a_data_set_beside_uploads_that_hardly_move()
    {
        using var over = new CancellationTokenSource();
        var attack = Attack.All(site.Attacker, site.LargeJob).Single(attack => attack.Name == "uploads").RunAsync(over.Token);
        try
        {
            (await Visitor.UploadAsync(site.Neighbour, CancellationToken.None)).ShouldNotBeNull("the data set can be used within a minute");
        }
        finally
        {
            await over.CancelAsync();
            await attack;
        }
    }

    [Fact]
    public async Task A_neighbour_is_served_while_hundreds_follow_a_job()
    {
        var job = await site.SubmitAsync(Specs.Small);
        await using (var followers = new Followers(site.Attacker.BaseAddress!, [job], Followers))
        {
            await Processes.Eventually.Async("all to follow", () => Task.FromResult(followers.Connected + followers.Refused), arrived => arrived == Followers);
            followers.Refused.ShouldBe(0);

            for (var round = 0; round < Rounds; round++) await site.ServesNeighbourAsync();
        }

        await site.CancelAsync(job);
    }
}
