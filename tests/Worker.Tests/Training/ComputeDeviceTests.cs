using NeuralCapacitance.Worker.Training;
using static TorchSharp.torch;

namespace NeuralCapacitance.Worker.Tests.Training;

public sealed class ComputeDeviceTests
{
    [Fact]
    public void Auto_is_the_first_gpu_or_else_the_cpu()
        => ComputeDevice.Choose("auto", 1).Name.ShouldBe(cuda.is_available() ? "cuda:0" : "cpu");

    [Fact]
    public void A_gpu_that_is_not_there_is_refused_with_what_is()
        => Should.Throw<ArgumentException>(() => ComputeDevice.Choose("cuda:99", 1)).Message
            .ShouldContain(cuda.is_available() ? "the GPUs are cuda:0" : "use 'cpu' or 'auto'");

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:+1")]
    [InlineData("CPU")]
    [InlineData("")]
    public void Other_names_are_refused_with_what_is_accepted(string setting)
        => Should.Throw<ArgumentException>(() => ComputeDevice.Choose(setting, 1)).Message
            .ShouldBe($"Device '{setting}' is not known; accepted are 'auto', 'cpu' and 'cuda:N'.");

    [Fact]
    public void Waiting_threads_do_not_spin_for_long_unless_the_user_says_otherwise()
    {
        ComputeDevice.Choose("cpu", 1);

        var policy = Environment.GetEnvironmentVariable("OMP_WAIT_POLICY");
        var given = Environment.GetEnvironmentVariable(OpenMp.GnuSpins);
        if (OperatingSystem.IsLinux()) NativeEnvironment.Read(OpenMp.GnuSpins).ShouldBe(given ?? (string.IsNullOrEmpty(policy) ? "10000" : null));
        else if (string.IsNullOrEmpty(policy)) Environment.GetEnvironmentVariable(OpenMp.LlvmSpins).ShouldNotBeNull();
    }

    [Fact]
    public void Where_native_libraries_share_nets_environment_the_variable_is_set_there_unless_the_user_has()
    {
        var name = $"NC_{Guid.NewGuid():N}";
        try
        {
            CEnvironment.SetOfDotNet(name, "1");
            Environment.GetEnvironmentVariable(name).ShouldBe("1");
            CEnvironment.SetOfDotNet(name, "2");
            Environment.GetEnvironmentVariable(name).ShouldBe("1");
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    [Fact]
    public void The_thread_count_is_set_where_the_trial_runs()
    {
        var before = get_num_threads();
        try
        {
            ComputeDevice.Choose("cpu", 1).Enter();
            get_num_threads().ShouldBe(1);
        }
        finally
        {
            set_num_threads(before);
        }
    }
}
