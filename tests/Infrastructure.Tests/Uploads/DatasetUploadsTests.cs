using System.IO.Compression;
using System.Text;
using NeuralCapacitance.Infrastructure.Archives;
using NeuralCapacitance.Infrastructure.Tests.Archives;
using NeuralCapacitance.Infrastructure.Uploads;

namespace NeuralCapacitance.Infrastructure.Tests.Uploads;

public sealed class DatasetUploadsTests : IDisposable
{
    private const uint Regular = 0x81A4u << 16;

    private readonly UploadBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Images_are_unpacked_and_nothing_else_is_left()
    {
        var (dataset, isCreated) = await _bench.AddAsync([.. UploadBench.Pets, new RawEntry("cat/", []) with { Method = 0 }, new RawEntry("__MACOSX/cat/._1.jpg", [1]), new RawEntry(".DS_Store", [2])]);

        isCreated.ShouldBeTrue();
        dataset.Images.ShouldBe(3);
        dataset.LeftOutCount.ShouldBe(0);
        _bench.Paths.ShouldBe(["pets", "pets/.upload.json", "pets/cat", "pets/cat/1.jpg", "pets/cat/2.jpeg", "pets/dog", "pets/dog/1.JPG"]);
        File.ReadAllBytes(Path.Combine(_bench.Folder.Root, "pets/dog/1.JPG")).ShouldBe(UploadBench.Jpeg);
        _bench.Uploads.Find("pets").ShouldBeEquivalentTo(dataset);
    }

    [Theory]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.NoCompression)]
    public async Task An_archive_of_an_ordinary_program_is_accepted_and_its_single_folder_left_out(CompressionLevel level)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry("my pets/");
            foreach (var name in new[] { "my pets/train/cat/ä.jpg", "my pets/train/dog/1.jpg", "my pets/test/cat/1.jpg" })
            {
                await using var entry = await zip.CreateEntry(name, level).OpenAsync();
                entry.Write(UploadBench.Jpeg);
            }
        }

        await _bench.AddAsync(stream.ToArray());

        _bench.Paths.Where(path => path.EndsWith(".jpg", StringComparison.Ordinal)).ShouldBe(["pets/test/cat/1.jpg", "pets/train/cat/ä.jpg", "pets/train/dog/1.jpg"]);
    }

    [Fact]
    public async Task A_few_other_files_are_left_out_and_named()
    {
        var (dataset, _) = await _bench.AddAsync([.. Images(20), new RawEntry("README.md", [.. "hello"u8]), new RawEntry("a/no.jpg", [.. "no image"u8])]);

        dataset.LeftOut.ShouldBe(["README.md", "a/no.jpg"]);
        _bench.Paths.ShouldNotContain(path => path.EndsWith("README.md", StringComparison.Ordinal) || path.EndsWith("no.jpg", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_in_the_old_code_page_is_read()
    {
        await _bench.AddAsync([.. UploadBench.Pets, UploadBench.Image("?") with { Flags = 0, NameBytes = [.. "dog/"u8, 0x81, .. ".jpg"u8] }]);

        _bench.Paths.ShouldContain("pets/dog/ü.jpg");
    }

    [Fact]
    public async Task An_archive_that_says_everything_in_zip64_is_read_to_the_bit()
    {
        await _bench.AddAsync(RawZip.Zip64Of(UploadBench.Pets));

        File.ReadAllBytes(Path.Combine(_bench.Folder.Root, "pets/dog/1.JPG")).ShouldBe(UploadBench.Jpeg);
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "../out.jpg", "leads out of its folder" },
        { "cat/../../out.jpg", "leads out of its folder" },
        { "cat/./1.jpg", "leads out of its folder" },
        { "/etc/1.jpg", "absolute path" },
        { "C:/1.jpg", "drive letter" },
        { "cat\\1.jpg", "backslashes" },
        { "cat//1.jpg", "empty folder name" },
        { "cat/\n.jpg", "control characters" },
        { "", "no name" },
        { "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q.jpg", "17 folders deep" },
        { $"cat/{new string('x', 300)}.jpg", "more than 255 bytes" },
        { $"{string.Join('/', Enumerable.Repeat(new string('x', 200), 6))}.jpg", "a path of more than 1024 bytes" },
        { $"{string.Join('/', Enumerable.Repeat(new string('ä', 110), 5))}.jpg", "a path of more than 1024 bytes" },
        { "cat/1.jpg", "is there twice" },
        { "cat/1.JPG", "upper and lower case" },
        { "CAT/3.jpg", "upper and lower case" },
        { "cat/1.jpg/2.jpg", "both a file and a folder" },
        { "cat", "both a file and a folder" },
    };

    [Theory, MemberData(nameof(Refused))]
    public Task A_path_that_could_leave_the_folder_or_overwrite_is_refused(string name, string problem)
        => ShouldRefuseAsync(name, problem, [.. UploadBench.Pets, UploadBench.Image(name)]);

    [Theory]
    [InlineData(0xA1FFu << 16, "symbolic link")]
    [InlineData(0x11FFu << 16, "pipe")]
    [InlineData(0x21FFu << 16, "device")]
    [InlineData(0x61FFu << 16, "device")]
    [InlineData(0xC1FFu << 16, "socket")]
    [InlineData(0x400u, "link")]
    public Task Links_and_special_files_are_refused(uint attributes, string kind)
        => ShouldRefuseAsync("dog/2.jpg", $"is a {kind}", [.. UploadBench.Pets, UploadBench.Image("dog/2.jpg") with { Attributes = attributes }]);

    [Fact]
    public async Task Files_with_Unix_permissions_are_accepted()
        => (await _bench.AddAsync(UploadBench.Pets.Select(entry => entry with { Attributes = Regular }))).Created.ShouldBeTrue();

    [Fact]
    public async Task Every_fault_is_reported_at_once()
    {
        var failure = await Should.ThrowAsync<ArchiveException>(() => _bench.AddAsync([UploadBench.Image("../1.jpg"), .. UploadBench.Pets, UploadBench.Image("/2.jpg")]));

        failure.Faults.Select(fault => fault.Entry).ShouldBe(["../1.jpg", "/2.jpg"]);
        failure.Faults.ShouldAllBe(fault => fault.Accepted.Contains("relative path"));
    }

    [Fact]
    public async Task The_first_twenty_faults_are_reported()
    {
        var failure = await Should.ThrowAsync<ArchiveException>(() => _bench.AddAsync(Enumerable.Range(0, 40).Select(i => UploadBench.Image($"../{i}.jpg"))));

        failure.Faults.Select(fault => fault.Entry).ShouldBe(Enumerable.Range(0, 20).Select(i => $"../{i}.jpg"));
    }

    [Fact]
    public async Task More_folders_than_a_data_set_has_are_refused()
    {
        using var bench = new UploadBench(new UploadOptions { MaxBytes = 1 << 24, KeepFreeBytes = 0 });
        var entries = Enumerable.Range(0, 7_000).Select(i => new RawEntry($"{i}/{string.Join('/', Enumerable.Repeat("f", 14))}/", []) with { Method = 0 });

        (await Should.ThrowAsync<ArchiveException>(() => bench.AddAsync(entries))).Message.ShouldContain("has too many folders");
        bench.Paths.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(9)]
    [InlineData(12)]
    [InlineData(93)]
    [InlineData(99)]
    public Task Another_compression_is_refused(int method)
        => ShouldRefuseAsync("dog/2.jpg", "compressed in a way that is not supported", [.. UploadBench.Pets, UploadBench.Image("dog/2.jpg") with { Method = method }]);

    [Theory]
    [InlineData(1)]
    [InlineData(1 | (1 << 6))]
    [InlineData(1 << 13)]
    public Task An_encrypted_entry_is_refused(int flags)
        => ShouldRefuseAsync("dog/2.jpg", "is encrypted", [.. UploadBench.Pets, UploadBench.Image("dog/2.jpg") with { Flags = flags }]);

    [Fact]
    public Task Too_many_entries_are_refused() => ShouldRefuseAsync(null, "too many entries", Images(51));

    [Fact]
    public Task Names_that_would_fill_the_memory_are_refused_before_they_are_read()
        => ShouldRefuseAsync(null, "too long a directory", [.. UploadBench.Pets, UploadBench.Image(new string('x', 60_000))]);

    [Fact]
    public Task An_entry_that_expands_too_much_is_refused()
        => ShouldRefuseAsync("dog/2.jpg", "expands too much", [.. UploadBench.Pets, new RawEntry("dog/2.jpg", [.. UploadBench.Jpeg, .. new byte[2 << 20]])]);

    [Fact]
    public Task Entries_that_together_expand_beyond_the_limit_are_refused()
        => ShouldRefuseAsync(null, "expands to more than is accepted", [.. Images(6).Select(entry => entry with { Content = [.. UploadBench.Jpeg, .. new byte[900_000]] })]);

    [Fact]
    public Task Entries_that_together_expand_too_much_are_refused()
        => ShouldRefuseAsync(null, "expands too much", [.. Images(2).Select(entry => entry with { Content = [.. UploadBench.Jpeg, .. new byte[900_000]] })]);

    [Fact]
    public Task An_entry_that_expands_to_more_than_it_says_is_refused()
        => ShouldRefuseAsync("dog/2.jpg", "expands to more than the 100 bytes", [.. UploadBench.Pets, new RawEntry("dog/2.jpg", [.. UploadBench.Jpeg, .. new byte[3 << 20]]) with { Length = 100 }]);

    [Fact]
    public Task An_entry_that_expands_to_less_than_it_says_is_refused()
        => ShouldRefuseAsync("dog/2.jpg", "expands to 14 bytes instead of the 15", [.. UploadBench.Pets, UploadBench.Image("dog/2.jpg") with { Length = 15 }]);

    [Fact]
    public Task Entries_that_share_their_bytes_are_refused()
        => ShouldRefuseAsync("dog/2.jpg", "overlaps another entry", [.. UploadBench.Pets, UploadBench.Image("dog/2.jpg") with { HeaderAt = 0 }], others: true);

    [Fact]
    public Task A_wrong_checksum_is_refused()
        => ShouldRefuseAsync("dog/2.jpg", "its checksum is wrong", [.. UploadBench.Pets, UploadBench.Image("dog/2.jpg") with { Checksum = 1 }]);

    [Theory]
    [InlineData("PK\u0003\u0004 a zip")]
    [InlineData("Rar!")]
    [InlineData("BZh9")]
    public Task An_archive_in_the_archive_is_refused(string content)
        => ShouldRefuseAsync("more.jpg", "is an archive, and called an image", [.. Images(20), new RawEntry("more.jpg", Encoding.Latin1.GetBytes(content))]);

    [Theory]
    [InlineData("notes.docx", "PK\u0003\u0004 a document")]
    [InlineData("labels.csv.gz", "\u001F\u008B")]
    [InlineData("features.npz", "PK\u0003\u0004")]
    [InlineData("train.zip", "PK\u0003\u0004")]
    [InlineData("cat/1.xml", "<annotation/>")]
    public async Task Whatever_is_not_named_as_an_image_is_left_out_and_named(string name, string content)
    {
        var (dataset, _) = await _bench.AddAsync([.. UploadBench.Pets, new RawEntry(name, Encoding.Latin1.GetBytes(content))]);

        dataset.LeftOut.ShouldBe([name]);
        _bench.Paths.ShouldBe(["pets", "pets/.upload.json", "pets/cat", "pets/cat/1.jpg", "pets/cat/2.jpeg", "pets/dog", "pets/dog/1.JPG"]);
    }

    [Fact]
    public async Task More_files_without_images_than_with_are_left_out_and_the_first_twenty_named()
    {
        var (dataset, _) = await _bench.AddAsync([.. UploadBench.Pets, .. Enumerable.Range(0, 25).Select(i => new RawEntry($"cat/{i:D2}.txt", [.. "text"u8]))]);

        dataset.LeftOutCount.ShouldBe(25);
        dataset.LeftOut.ShouldBe(Enumerable.Range(0, 20).Select(i => $"cat/{i:D2}.txt"));
    }

    [Fact]
    public async Task A_list_of_labels_that_shrinks_a_lot_is_no_bomb_since_it_is_not_expanded()
        => (await _bench.AddAsync([.. UploadBench.Pets, new RawEntry("labels.csv", new byte[3 << 20])])).Dataset.LeftOut.ShouldBe(["labels.csv"]);

    [Theory]
    [InlineData("train.zip", "test.zip")]
    [InlineData("images.tar.gz", "readme.md")]
    [InlineData("Images.7z", "labels.csv")]
    public Task An_archive_of_archives_without_images_of_its_own_is_refused(string name, string other)
        => ShouldRefuseAsync(name, "is an archive inside the archive", [new RawEntry(name, [1]), new RawEntry(other, [2])]);

    [Fact]
    public async Task What_programs_leave_behind_counts_for_nothing()
    {
        string[] names = ["Thumbs.db", "cat/Thumbs.db", "desktop.ini", "cat/.ipynb_checkpoints/1-checkpoint.jpg", "__MACOSX/._cat", "@eaDir/1.jpg", ".git/x.jpg"];
        var (dataset, _) = await _bench.AddAsync([.. UploadBench.Pets, .. names.Select(name => new RawEntry(name, [1]))]);

        (dataset.Images, dataset.LeftOutCount).ShouldBe((3, 0));
    }

    [Fact]
    public Task Too_many_files_that_are_only_named_as_images_are_refused()
        => ShouldRefuseAsync("cat/3.jpg", "is called an image and is none", [.. UploadBench.Pets, new RawEntry("cat/3.jpg", [.. "text"u8])]);

    [Fact]
    public Task Images_without_folders_are_refused() => ShouldRefuseAsync(null, "holds no data set: No images in 'pets'", [UploadBench.Image("1.jpg"), UploadBench.Image("2.jpg")]);

    [Fact]
    public Task One_class_is_refused() => ShouldRefuseAsync(null, "fewer than two classes", [UploadBench.Image("a/train/cat/1.jpg"), UploadBench.Image("a/train/cat/2.jpg"), UploadBench.Image("a/1.jpg")]);

    [Fact]
    public Task An_empty_archive_is_refused() => ShouldRefuseAsync(null, "holds no data set", []);

    [Theory]
    [InlineData("", "is no zip file")]
    [InlineData("hello", "is no zip file")]
    [InlineData("PK\u0003\u0004 and no end", "it was cut off")]
    public async Task What_is_no_whole_archive_is_refused(string content, string problem)
    {
        var failure = await Should.ThrowAsync<ArchiveException>(() => _bench.AddAsync(Encoding.Latin1.GetBytes(content)));

        failure.Message.ShouldContain(problem);
        _bench.Paths.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_truncated_archive_is_refused_wherever_it_ends()
    {
        var whole = RawZip.Of(UploadBench.Pets);
        for (var length = 0; length < whole.Length; length++) await Should.ThrowAsync<ArchiveException>(() => _bench.AddAsync(whole[..length]));

        _bench.Paths.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_archive_above_the_limit_is_not_read_to_its_end()
    {
        var archive = new MemoryStream(new byte[3 << 20]);

        await Should.ThrowAsync<UploadTooLargeException>(() => _bench.Uploads.AddAsync("pets", archive, length: null, CancellationToken.None));

        archive.Position.ShouldBeLessThan(archive.Length);
        _bench.Paths.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_archive_is_accepted_again_and_another_is_not()
    {
        var archive = RawZip.Of(UploadBench.Pets);
        var first = await _bench.AddAsync(archive);

        var second = await _bench.AddAsync(archive);

        second.Created.ShouldBeFalse();
        second.Dataset.ShouldBeEquivalentTo(first.Dataset);
        (await Should.ThrowAsync<DatasetNameTakenException>(() => _bench.AddAsync(Images(4)))).Message.ShouldContain("from another archive");
        _bench.Paths.Count().ShouldBe(7);
    }

    [Fact]
    public async Task Of_many_who_upload_one_name_at_once_one_makes_it()
    {
        var archive = RawZip.Of(UploadBench.Pets);

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _bench.AddAsync(archive))));

        results.Count(result => result.Created).ShouldBe(1);
        _bench.Paths.Count().ShouldBe(7);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{ \"Name\": \"pets\"")]
    [InlineData("{}")]
    public async Task What_is_kept_about_an_upload_is_made_again_where_it_is_damaged(string content)
    {
        await _bench.AddAsync(UploadBench.Pets);
        var record = Path.Combine(_bench.Folder.PathOf("pets"), ".upload.json");
        await File.WriteAllTextAsync(record, content);

        var restored = _bench.Uploads.Find("pets").ShouldNotBeNull();

        (restored.Name, restored.Images, restored.Bytes, restored.ArchiveHash).ShouldBe(("pets", 3, 3 * UploadBench.Jpeg.Length, ""));
        _bench.Uploads.Find("pets").ShouldNotBeNull().UploadedAt.ShouldBe(restored.UploadedAt);
        _bench.Paths.Count().ShouldBe(7);
        (await Should.ThrowAsync<DatasetNameTakenException>(() => _bench.AddAsync(UploadBench.Pets))).Message.ShouldContain("no longer known");
        _bench.Uploads.Remove("pets").ShouldBeTrue();
    }

    [Theory]
    [InlineData("synthetic", "is a data set already")]
    [InlineData("image-folder", "is a data set already")]
    [InlineData("cifar10", "files of another kind")]
    public async Task The_name_of_a_kind_is_taken(string name, string problem)
    {
        (await Should.ThrowAsync<DatasetNameTakenException>(() => _bench.AddAsync(RawZip.Of(UploadBench.Pets), name))).Message.ShouldContain(problem);
        _bench.Paths.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("birds", true)]
    [InlineData("9-birds_v1.2", true)]
    [InlineData("", false)]
    [InlineData(".hidden", false)]
    [InlineData("Birds", false)]
    [InlineData("a/b", false)]
    [InlineData("..", false)]
    [InlineData("birds\n", false)]
    public void Names_are_plain(string name, bool isAccepted) => DatasetUploads.IsName(name).ShouldBe(isAccepted);

    [Fact]
    public async Task A_disk_without_room_is_told()
    {
        using var bench = new UploadBench(new UploadOptions { KeepFreeBytes = long.MaxValue });

        var failure = await Should.ThrowAsync<StorageFullException>(() => bench.AddAsync(UploadBench.Pets));

        failure.Message.ShouldContain("Uploads:KeepFreeBytes");
        failure.Message.ShouldNotContain(bench.Folder.Root);
        failure.Message.ShouldNotContain("bytes free");
        failure.Cause.ShouldContain(bench.Folder.Root);
        bench.Paths.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_archive_without_room_is_refused_before_it_is_read()
    {
        using var bench = new UploadBench(new UploadOptions { KeepFreeBytes = 1000 }, _ => 5000);
        var archive = new MemoryStream(new byte[4001]);

        await Should.ThrowAsync<StorageFullException>(() => bench.Uploads.AddAsync("pets", archive, archive.Length, CancellationToken.None));

        archive.Position.ShouldBe(0);
        bench.Paths.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_disk_that_others_fill_meanwhile_ends_an_upload()
    {
        var looks = 0;
        using var bench = new UploadBench(new UploadOptions { KeepFreeBytes = 1000 }, _ => looks++ == 0 ? long.MaxValue : 1000);
        var archive = new MemoryStream(new byte[2 * DiskSpace.Step]);

        await Should.ThrowAsync<StorageFullException>(() => bench.Uploads.AddAsync("pets", archive, length: null, CancellationToken.None));

        archive.Position.ShouldBeInRange(DiskSpace.Step, archive.Length - 1);
        bench.Paths.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_disk_that_others_fill_meanwhile_ends_unpacking()
    {
        var looks = 0;
        using var bench = new UploadBench(new UploadOptions { KeepFreeBytes = 1000 }, _ => looks++ < 2 ? long.MaxValue : 1000);
        var picture = new byte[DiskSpace.Step];
        new Random(1).NextBytes(picture.AsSpan(0, picture.Length / 40));
        UploadBench.Jpeg.CopyTo(picture, 0);

        await Should.ThrowAsync<StorageFullException>(() => bench.AddAsync([.. UploadBench.Pets, new RawEntry("dog/2.jpg", picture)]));

        looks.ShouldBe(3);
        bench.Paths.ShouldBeEmpty();
    }

    [Fact]
    public async Task Bodies_that_never_end_keep_no_other_upload_waiting()
    {
        using var cancellation = new CancellationTokenSource();
        var silent = Enumerable.Range(0, 20).Select(i => _bench.Uploads.AddAsync($"silent-{i}", new Pipe().Reader, length: null, cancellation.Token)).ToList();
        Directory.GetFiles(_bench.Folder.Root, ".*.zip").Length.ShouldBe(20);

        (await _bench.AddAsync(UploadBench.Pets)).Created.ShouldBeTrue();

        silent.ShouldAllBe(upload => !upload.IsCompleted);
        await cancellation.CancelAsync();
        foreach (var upload in silent) await Should.ThrowAsync<OperationCanceledException>(() => upload);
        Directory.GetFiles(_bench.Folder.Root, ".*").ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_are_unpacked_at_a_time()
    {
        const int uploads = 6;
        var (looks, unpacking, most) = (0, 0, 0);
        using var bench = new UploadBench(
            new UploadOptions { KeepFreeBytes = 0 },
            _ =>
            {
                // Each looks for room before it begins, and before it unpacks: all begin first.
                if (Interlocked.Increment(ref looks) <= uploads) return long.MaxValue;
                var now = Interlocked.Increment(ref unpacking);
                for (var seen = Volatile.Read(ref most); now > seen && Interlocked.CompareExchange(ref most, now, seen) != seen; seen = Volatile.Read(ref most)) Thread.Yield();
                // Until another comes, if one may.
                SpinWait.SpinUntil(() => Volatile.Read(ref unpacking) > now, TimeSpan.FromMilliseconds(100));
                Interlocked.Decrement(ref unpacking);
                return long.MaxValue;
            });
        var archive = RawZip.Of(UploadBench.Pets);
        var bodies = Enumerable.Range(0, uploads).Select(_ => new System.IO.Pipelines.Pipe(new(pauseWriterThreshold: 0))).ToList();
        var all = bodies.Select((body, i) => bench.Uploads.AddAsync($"pets-{i}", body.Reader.AsStream(), length: null, CancellationToken.None)).ToList();

        foreach (var body in bodies)
        {
            await body.Writer.WriteAsync(archive);
            await body.Writer.CompleteAsync();
        }

        (await Task.WhenAll(all)).ShouldAllBe(result => result.Created);
        most.ShouldBe(2);
    }

    [FullDiskFact]
    public async Task A_write_that_fails_for_want_of_room_is_told_as_that()
    {
        var failure = await Should.ThrowAsync<IOException>(async () =>
        {
            await using var full = new FileStream(FullDiskFactAttribute.Full, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            full.Write([1]);
        });

        DiskSpace.IsFull(failure).ShouldBeTrue();
        DiskSpace.IsFull(new FileNotFoundException()).ShouldBeFalse();
    }

    [Fact]
    public async Task An_upload_that_is_cancelled_leaves_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        var body = new Pipe();
        var upload = _bench.Uploads.AddAsync("pets", body.Reader, length: null, cancellation.Token);
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => upload);
        _bench.Paths.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_sweep_removes_what_was_left_and_spares_what_is_under_way()
    {
        await _bench.AddAsync(UploadBench.Pets);
        var dead = _bench.Folder.Begin();
        await dead.CreateArchive().DisposeAsync();
        Directory.CreateDirectory(Path.Combine(dead.Folder, "cat"));
        Directory.CreateDirectory(Path.Combine(_bench.Folder.Root, ".removed", "cat"));
        var alive = _bench.Folder.Begin();
        await using (alive.CreateArchive())
        {
            Directory.CreateDirectory(alive.Folder);
            _bench.Folder.Sweep().Count.ShouldBe(2);

            Directory.GetFileSystemEntries(_bench.Folder.Root, ".*").ShouldBe([alive.Folder, alive.Folder + ".zip"], ignoreOrder: true);
        }
        _bench.Folder.Sweep().Count.ShouldBe(1);
        Directory.GetFileSystemEntries(_bench.Folder.Root).ShouldBe([_bench.Uploads.PathOf("pets")]);
    }

    [Fact]
    public async Task A_deleted_data_set_is_gone()
    {
        await _bench.AddAsync(UploadBench.Pets);

        _bench.Uploads.Remove("pets").ShouldBeTrue();

        _bench.Paths.ShouldBeEmpty();
        _bench.Uploads.Remove("pets").ShouldBeFalse();
    }

    [Fact]
    public async Task Of_many_who_delete_at_once_one_does_it()
    {
        await _bench.AddAsync(UploadBench.Pets);

        var removed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _bench.Uploads.Remove("pets"))));

        removed.Count(isRemoved => isRemoved).ShouldBe(1);
        _bench.Paths.ShouldBeEmpty();
    }

    private static RawEntry[] Images(int count) => [.. Enumerable.Range(0, count).Select(i => UploadBench.Image($"{(i % 2 == 0 ? 'a' : 'b')}/{i}.jpg"))];

    /// <param name="others">Whether another entry may be named instead: of two that clash, either is at fault.</param>
    private async Task ShouldRefuseAsync(string? entry, string problem, RawEntry[] entries, bool others = false)
    {
        var failure = await Should.ThrowAsync<ArchiveException>(() => _bench.AddAsync(entries));

        var fault = failure.Faults.ShouldHaveSingleItem();
        fault.Problem.ShouldContain(problem);
        fault.Accepted.ShouldNotBeNullOrWhiteSpace();
        if (!others) fault.Entry.ShouldBe(entry);
        _bench.Paths.ShouldBeEmpty();
    }

    private sealed class FullDiskFactAttribute : FactAttribute
    {
        public const string Full = "/dev/full";

        public FullDiskFactAttribute()
        {
            if (!File.Exists(Full)) Skip = $"This system has no {Full}.";
        }
    }

    /// <summary>A body of which nothing comes.</summary>
    private sealed class Pipe
    {
        public Stream Reader { get; } = new System.IO.Pipelines.Pipe().Reader.AsStream();
    }
}
