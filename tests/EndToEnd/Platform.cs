// Unix signals and file modes.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

// Each test runs two or three programs that train.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
