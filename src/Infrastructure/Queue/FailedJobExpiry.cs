using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace NeuralCapacitance.Infrastructure.Queue;

/// <summary>Hangfire would keep failed jobs for ever. The trial's own row keeps the reason; here it is for the dashboard, and goes after a week.</summary>
internal sealed class FailedJobExpiry : JobFilterAttribute, IElectStateFilter, IApplyStateFilter
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    public void OnStateElection(ElectStateContext context)
    {
        if (context.CandidateState is FailedState failed) context.CandidateState = new FinallyFailed(failed);
    }

    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        if (context.NewState is FinallyFailed) context.JobExpirationTimeout = Kept;
    }

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        // Nothing leaves that state.
    }

    /// <summary>The same to look at, but final: of such jobs Hangfire keeps no more than their time.</summary>
    private sealed class FinallyFailed(FailedState failed) : IState
    {
        public string Name => failed.Name;

        public string Reason => failed.Reason;

        public bool IsFinal => true;

        public bool IgnoreJobLoadException => failed.IgnoreJobLoadException;

        public Dictionary<string, string> SerializeData() => failed.SerializeData();
    }
}
