namespace NeuralCapacitance.Domain.Access;

/// <summary>What a caller may do. Each may do what those before it may.</summary>
public enum Role
{
    /// <summary>Look at everything that <see cref="Isolation"/> shows.</summary>
    Read,

    /// <summary>Submit jobs and upload data sets, and change those of one's own.</summary>
    Submit,

    /// <summary>Change all jobs and data sets; see the queue's dashboard and the workers.</summary>
    Operate,

    /// <summary>Make and revoke keys; read the audit.</summary>
    Admin,
}
