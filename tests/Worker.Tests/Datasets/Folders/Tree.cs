using System.Text.RegularExpressions;

namespace NeuralCapacitance.Worker.Tests.Datasets.Folders;

/// <summary>Folders of empty files, from one line: <c>train/cat:3 train/dog:2 notes.txt</c> are five images and a file. Only names count before images are decoded.</summary>
internal static partial class Tree
{
    /// <summary>A number of images in a folder (0 makes it), or one file; a name with spaces stands in quotes.</summary>
    public static ImageFolderFixture Grow(this ImageFolderFixture data, string folder, string tree)
    {
        foreach (var item in Items().Matches(tree).Select(match => match.Value.Replace("'", "", StringComparison.Ordinal)))
        {
            if (item.Split(':') is [var images, var count])
            {
                Directory.CreateDirectory(Path.Combine(data.Root, folder, images));
                for (var i = 0; i < int.Parse(count); i++) data.Write($"{folder}/{images}/{i}.jpg", []);
            }
            else
            {
                data.Write($"{folder}/{item}", []);
            }
        }
        return data;
    }

    [GeneratedRegex("'[^']*'(?::[0-9]+)?|[^ ']+", RegexOptions.None, 1000)]
    private static partial Regex Items();
}
