// Each test runs two or three programs that train.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
