using System.CommandLine;
using NeuralCapacitance.Client;

namespace NeuralCapacitance.CommandLine;

/// <summary>The options that say which service, and who asks.</summary>
internal sealed class ServiceAddress
{
    public const string UrlVariable = "NEURAL_CAPACITANCE_URL";
    public const string KeyVariable = "NEURAL_CAPACITANCE_KEY";
    public const string Default = "http://127.0.0.1:5080";

    private readonly Option<string?> _url = new("--url") { Description = $"Where the service is; else {UrlVariable}, else {Default}." };
    private readonly Option<string?> _key = new("--key") { Description = $"API key; else {KeyVariable}. Others on the machine can see it while the command runs: --key-file is safer." };
    private readonly Option<FileInfo?> _keyFile = new("--key-file") { Description = "File with the API key." };

    private readonly Option<int> _retries = new("--retries") { Description = "How often a request is sent again when the service cannot be reached or is busy.", DefaultValueFactory = _ => new ClientOptions().Retries };

    public void AddTo(Command command)
    {
        command.Options.Add(_url);
        command.Options.Add(_key);
        command.Options.Add(_keyFile);
        command.Options.Add(_retries);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_key) is not null && result.GetValue(_keyFile) is not null) result.AddError("--key and --key-file exclude each other.");
            if (result.GetValue(_retries) < 0) result.AddError($"--retries {result.GetValue(_retries)} is out of range; 0 and more would be accepted.");
        });
    }

    /// <exception cref="CommandException">What was given is unusable.</exception>
    public NeuralCapacitanceClient Connect(ParseResult arguments, Surroundings surroundings)
    {
        var given = arguments.GetValue(_url) ?? NonEmpty(surroundings.Variable(UrlVariable)) ?? Default;
        if (!Uri.TryCreate(given, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new CommandException($"'{given}' is no address of a service; http://HOST:PORT or https://HOST would be accepted, as --url or {UrlVariable}.");
        }

        return new NeuralCapacitanceClient(url, new ClientOptions { ApiKey = KeyOf(arguments, surroundings), Retries = arguments.GetValue(_retries) });
    }

    private string? KeyOf(ParseResult arguments, Surroundings surroundings)
    {
        if (arguments.GetValue(_keyFile) is not { } file) return NonEmpty(arguments.GetValue(_key)) ?? NonEmpty(surroundings.Variable(KeyVariable));
        try
        {
            return NonEmpty(File.ReadAllText(file.FullName)) ?? throw new CommandException($"--key-file {file.FullName} is empty; a file that holds the key would be accepted.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"--key-file {file.FullName} cannot be read: {e.Message}");
        }
    }

    private static string? NonEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
