namespace NeuralCapacitance.Worker.Datasets.Folders;

/// <summary>Which of the folders beside the training part are its validation and its test part, and what is to be said about the others.</summary>
internal sealed class PartChoice
{
    private readonly FolderNode folder;
    private readonly List<Candidate> candidates = [];
    private readonly List<string> notes = [];

    /// <param name="classes">Keys of the class names of the training part.</param>
    /// <exception cref="LayoutException">Two could be the same part.</exception>
    public PartChoice(FolderNode folder, PartFolders parts, FolderNode train, ISet<string> classes)
    {
        this.folder = folder;
        var accepted = parts.All.ToHashSet();
        foreach (var other in folder.Subfolders.Where(other => other != train))
        {
            var root = ClassLevel.Of(other, classes);
            var common = root is null ? 0 : ClassNames.Keys(root.Filled).Count(classes.Contains);
            candidates.Add(new Candidate(other, PartName.Of(other.Name), root, common, accepted.Contains(other)));
        }
        var validation = Best(Part.Validation);
        var test = Best(Part.Test);
        if (test is null && (test = Best(Part.HoldOut)) is not null) notes.Add($"'{test.Folder.Name}' is read as the test set.");
        if (validation is null && (validation = Best(Part.Evaluation)) is not null) notes.Add($"'{validation.Folder.Name}' is read as the validation set.");
        else if (test is null && (test = Best(Part.Evaluation)) is not null) notes.Add($"'{test.Folder.Name}' is read as the test set.");
        Validation = validation?.Read();
        Test = test?.Read();
        foreach (var other in candidates.Where(other => other != validation && other != test)) NoteUnread(other, train);
    }

    public PartFolder? Validation { get; }

    public PartFolder? Test { get; }

    public IReadOnlyList<string> Notes => notes;

    private Candidate? Best(Part part)
    {
        var possible = candidates.Where(candidate => candidate.IsFor(part)).ToList();
        if (possible.Exists(candidate => candidate.Common > 0)) possible.RemoveAll(candidate => candidate.Common == 0);
        if (possible.Exists(candidate => candidate.Name!.IsPlain)) possible.RemoveAll(candidate => !candidate.Name!.IsPlain);
        if (possible.Count > 1)
        {
            var word = part == Part.Validation ? "validation" : "test";
            throw new LayoutException(
                LayoutFault.Unusable, folder.FullPath,
                $"The folders {ClassLevel.Shown(possible.Select(candidate => candidate.Folder))} in '{folder.FullPath}' could all be the {word} set. Leave one of them there, or give the training images alone.");
        }
        return possible.FirstOrDefault();
    }

    private void NoteUnread(Candidate other, FolderNode train)
    {
        var name = other.Folder.Name;
        if (!other.Folder.HoldsImages)
        {
            notes.Add(other.IsNamed ? $"'{name}' has no images of these classes and is not used." : $"'{name}' has no images and is not read.");
            return;
        }
        notes.Add(other switch
        {
            { IsNamed: true, Root: null } => $"'{name}' is not used: its images lie in no class folders.",
            { Common: > 0 } => $"'{name}' beside '{train.Name}' is not read, although it has folders of the same classes: parts are called train, valid and test.",
            _ => $"'{name}' beside '{train.Name}' is not read.",
        });
    }

    /// <param name="Common">Classes that the training part has too.</param>
    /// <param name="IsNamed">Whether its name alone makes it a part.</param>
    private sealed record Candidate(FolderNode Folder, PartName? Name, FolderNode? Root, int Common, bool IsNamed)
    {
        public bool IsFor(Part part) => Name?.Part == part && Root is not null && (IsNamed || Common > 0);

        public PartFolder Read() => new(Folder.Name, Root!, Root!.Subfolders);
    }
}
