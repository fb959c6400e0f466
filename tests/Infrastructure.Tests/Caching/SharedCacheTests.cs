using NeuralCapacitance.Infrastructure.Caching;

namespace NeuralCapacitance.Infrastructure.Tests.Caching;

public sealed class SharedCacheTests
{
    private readonly SharedCache<int, string> _cache = new(capacity: 2);
    private int _made;

    [Fact]
    public async Task A_value_is_made_once()
    {
        (await GetAsync(1)).ShouldBe("1");
        (await GetAsync(1)).ShouldBe("1");

        _made.ShouldBe(1);
    }

    [Fact]
    public async Task Who_asks_while_it_is_made_waits_for_the_same_one()
    {
        var gate = new TaskCompletionSource();
        var asked = Enumerable.Range(0, 8).Select(_ => _cache.GetAsync(1, _ => MakeAsync(1, gate.Task), CancellationToken.None)).ToList();

        gate.SetResult();

        (await Task.WhenAll(asked)).ShouldAllBe(value => value == "1");
        _made.ShouldBe(1);
    }

    [Fact]
    public async Task The_least_recently_used_one_is_dropped()
    {
        foreach (var key in (int[])[1, 2, 1, 3, 1]) await GetAsync(key);
        _made.ShouldBe(3);

        await GetAsync(2);

        _made.ShouldBe(4);
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        await Should.ThrowAsync<InvalidOperationException>(() => _cache.GetAsync(1, _ => throw new InvalidOperationException(), CancellationToken.None));

        (await GetAsync(1)).ShouldBe("1");
    }

    [Fact]
    public async Task A_failure_that_nobody_waited_for_is_not_kept_either()
    {
        var gate = new TaskCompletionSource<string>();
        await Should.ThrowAsync<OperationCanceledException>(() => _cache.GetAsync(1, _ => gate.Task, new CancellationToken(canceled: true)));
        gate.SetException(new InvalidOperationException());

        // The task that failed ends a moment after its gate; until then it is waited for, and its failure told.
        var value = "";
        while (value.Length == 0)
        {
            try
            {
                value = await GetAsync(1);
            }
            catch (InvalidOperationException)
            {
                await Task.Yield();
            }
        }

        value.ShouldBe("1");
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_value_to_the_others()
    {
        var gate = new TaskCompletionSource();
        using var impatience = new CancellationTokenSource();
        var impatient = _cache.GetAsync(1, _ => MakeAsync(1, gate.Task), impatience.Token);
        var patient = GetAsync(1);

        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(impatient);
        gate.SetResult();

        (await patient).ShouldBe("1");
        _made.ShouldBe(1);
    }

    [Fact]
    public async Task What_all_have_given_up_on_is_ended_and_made_anew_for_the_next_one()
    {
        var ended = new TaskCompletionSource();
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var asked = (CancellationTokenSource[])[first, second];
        var waiting = asked.Select(one => _cache.GetAsync(1, MakeForEver, one.Token)).ToList();

        await first.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting[0]);
        ended.Task.IsCompleted.ShouldBeFalse("another one waits");
        await second.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting[1]);

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
        (await GetAsync(1)).ShouldBe("1");

        async Task<string> MakeForEver(CancellationToken abandoned)
        {
            try
            {
                await Task.Delay(Timeout.Infinite, abandoned);
                return "never";
            }
            finally
            {
                ended.SetResult();
            }
        }
    }

    private Task<string> GetAsync(int key) => _cache.GetAsync(key, _ => MakeAsync(key, Task.CompletedTask), CancellationToken.None);

    private async Task<string> MakeAsync(int key, Task gate)
    {
        Interlocked.Increment(ref _made);
        await gate;
        return $"{key}";
    }
}
