using NeuralCapacitance.Domain.Access;

namespace NeuralCapacitance.Domain.Tests.Access;

public sealed class CallerTests
{
    private const string Own = "key:own";
    private const string Others = "key:others";

    [Theory]
    [InlineData(Role.Read, false, false)]
    [InlineData(Role.Submit, true, false)]
    [InlineData(Role.Operate, true, true)]
    [InlineData(Role.Admin, true, true)]
    public void A_role_changes_what_it_may(Role role, bool own, bool others)
    {
        var caller = new Caller(Own, "own", role);

        caller.MayChange(Own).ShouldBe(own);
        caller.MayChange(Others).ShouldBe(others);
    }

    [Theory]
    [InlineData(Isolation.Team, Role.Read, true)]
    [InlineData(Isolation.Team, Role.Admin, true)]
    [InlineData(Isolation.Owner, Role.Read, false)]
    [InlineData(Isolation.Owner, Role.Submit, false)]
    [InlineData(Isolation.Owner, Role.Operate, true)]
    public void Isolation_decides_what_of_others_is_seen(Isolation isolation, Role role, bool seen)
    {
        var caller = new Caller(Own, "own", role);

        caller.Sees(Others, isolation).ShouldBe(seen);
        caller.Sees(Own, isolation).ShouldBeTrue();
        caller.Only(isolation).ShouldBe(seen ? null : Own);
    }

    [Fact]
    public void Each_role_may_do_what_those_before_it_may()
    {
        var roles = Enum.GetValues<Role>();

        foreach (var (index, role) in roles.Index())
            roles.Where(new Caller(Own, "own", role).May).ShouldBe(roles[..(index + 1)]);
    }
}
