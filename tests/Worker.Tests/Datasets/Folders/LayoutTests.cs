using NeuralCapacitance.Domain.Datasets;
using NeuralCapacitance.Worker.Datasets;

namespace NeuralCapacitance.Worker.Tests.Datasets.Folders;

/// <summary>Data sets as people have them. A right answer to the wrong question is the worst: no part may ever become a class.</summary>
public sealed class LayoutTests : IDisposable
{
    private readonly ImageFolderFixture data = new();

    public void Dispose() => data.Dispose();

    /// <summary>Tree → class: training images/validation images/test images, for each class.</summary>
    public static TheoryData<string, string> Read => new()
    {
        // Names of parts.
        { "Training/a:4 Training/b:3 Testing/a:2 Testing/b:1", "a 4/0/2, b 3/0/1" },
        { "training/a:4 training/b:3 validation/a:2 validation/b:2 testing/a:1 testing/b:1", "a 4/2/1, b 3/2/1" },
        { "train_set/a:4 train_set/b:3 test_set/a:2 test_set/b:1", "a 4/0/2, b 3/0/1" },
        { "training_set/a:4 training_set/b:3 test_set/a:2 test_set/b:1", "a 4/0/2, b 3/0/1" },
        { "trainset/a:4 trainset/b:3 valset/a:2 valset/b:2 testset/a:1 testset/b:1", "a 4/2/1, b 3/2/1" },
        { "trn/a:4 trn/b:3 tst/a:2 tst/b:1", "a 4/0/2, b 3/0/1" },
        { "tr/a:4 tr/b:3 va/a:2 va/b:2 te/a:1 te/b:1", "a 4/2/1, b 3/2/1" },
        { "TRAIN/a:4 TRAIN/b:3 VALID/a:2 VALID/b:2 TEST/a:1 TEST/b:1", "a 4/2/1, b 3/2/1" },
        { "Train/a:4 Train/b:3 Valid/a:2 Valid/b:2 Test/a:1 Test/b:1", "a 4/2/1, b 3/2/1" },
        { "train/a:4 train/b:3 dev/a:2 dev/b:2 test/a:1 test/b:1", "a 4/2/1, b 3/2/1" },
        { "train/a:5 train/b:5 eval/a:2 eval/b:2", "a 4/2/1, b 4/2/1" },
        { "train/a:4 train/b:3 dev/a:2 dev/b:2 eval/a:1 eval/b:1", "a 4/2/1, b 3/2/1" },
        { "train/a:4 train/b:3 eval/a:2 eval/b:2 test/a:1 test/b:1", "a 4/2/1, b 3/2/1" },
        { "train/a:4 train/b:3 val/a:2 val/b:2 holdout/a:1 holdout/b:1", "a 4/2/1, b 3/2/1" },
        { "train/a:4 train/b:3 hold-out/a:1 hold-out/b:1", "a 4/0/1, b 3/0/1" },
        { "train_images/a:4 train_images/b:3 test_images/a:1 test_images/b:1", "a 4/0/1, b 3/0/1" },
        { "trainImages/a:4 trainImages/b:3 testImages/a:1 testImages/b:1", "a 4/0/1, b 3/0/1" },
        { "train2017/a:4 train2017/b:4 val2017/a:1 val2017/b:1 test2017/a:2 test2017/b:2", "a 4/1/2, b 4/1/2" },
        { "ILSVRC2012_img_train/a:4 ILSVRC2012_img_train/b:4 ILSVRC2012_img_test/a:2 ILSVRC2012_img_test/b:2", "a 4/0/2, b 4/0/2" },
        { "train/a:4 train/b:4 test1/a:2 test1/b:2", "a 4/0/2, b 4/0/2" },
        { "trainval/a:4 trainval/b:4 test/a:2 test/b:2", "a 4/0/2, b 4/0/2" },
        { "train_val/a:4 train_val/b:4 test/a:2 test/b:2", "a 4/0/2, b 4/0/2" },
        { "训练集/a:4 训练集/b:4 测试集/a:2 测试集/b:2", "a 4/0/2, b 4/0/2" },
        // A part lies twice, or in further folders.
        { "seg_train/seg_train/a:4 seg_train/seg_train/b:3 seg_test/seg_test/a:2 seg_test/seg_test/b:1 seg_pred/seg_pred:9", "a 4/0/2, b 3/0/1" },
        { "asl_alphabet_train/asl_alphabet_train/a:5 asl_alphabet_train/asl_alphabet_train/b:5 asl_alphabet_test/asl_alphabet_test:2", "a 4/0/1, b 4/0/1" },
        { "data/train/a:4 data/train/b:3 data/test/a:2 data/test/b:1", "a 4/0/2, b 3/0/1" },
        { "archive/data/raw/train/a:4 archive/data/raw/train/b:3 archive/data/raw/test/a:2 archive/data/raw/test/b:1", "a 4/0/2, b 3/0/1" },
        { "train/images/a:4 train/images/b:3 test/images/a:2 test/images/b:1", "a 4/0/2, b 3/0/1" },
        { "images/train/a:4 images/train/b:3 images/test/a:2 images/test/b:1 labels/train/x.txt", "a 4/0/2, b 3/0/1" },
        { "PetImages/Cat:5 PetImages/Dog:5 'MSR-LA - 3467.docx' readme[1].txt", "Cat 4/0/1, Dog 4/0/1" },
        { "wrap/a:5 wrap/b:5 __MACOSX/wrap/a:5 __MACOSX/wrap/b:5", "a 4/0/1, b 4/0/1" },
        // A folder of images inside the class folders.
        { "a/images:5 b/images:5", "a 4/0/1, b 4/0/1" },
        { "train/a/images:5 train/b/images:5 train/a/boxes.txt val/images:3 test/images:3", "a 4/0/1, b 4/0/1" },
        { "COVID/images:5 COVID/masks:5 Normal/images:5 Normal/masks:5", "COVID 4/0/1, Normal 4/0/1" },
        { "images/a:5 images/b:5 masks/a:5 masks/b:5", "a 4/0/1, b 4/0/1" },
        { "train/images/a:4 train/images/b:4 train/masks/a:4 train/masks/b:4 test/images/a:1 test/images/b:1", "a 4/0/1, b 4/0/1" },
        // Nested class folders.
        { "a/2019/june:3 a/2020:2 a:0 b:5 b/more:0", "a 4/0/1, b 4/0/1" },
        { "train/a/2019:2 train/a/2020:2 train/b:4 test/a:1 test/b:1", "a 4/0/1, b 4/0/1" },
        { "train/a/2019:4 train/b/2020:4 test/a:1 test/b/x/y:1", "a 4/0/1, b 4/0/1" },
        { "a/x:5 b/y:5", "a 4/0/1, b 4/0/1" },
        // Names of classes.
        { "Train/Cat:4 Train/Dog:4 Test/cat:1 Test/DOG:2", "Cat 4/0/1, Dog 4/0/2" },
        { "train/golden_retriever:4 train/pug:4 'test/Golden Retriever:1' test/pug:2", "golden_retriever 4/0/1, pug 4/0/2" },
        { "train/É:4 train/ü:4 test/é:1 test/Ü:2", "É 4/0/1, ü 4/0/2" },
        { "'train/ä b:4' 'train/ß c:4' 'test/ä b:1' 'test/ß c:1'", "ß c 4/0/1, ä b 4/0/1" },
        { "train/test:4 train/validation:4 test/test:1 test/validation:1", "test 4/0/1, validation 4/0/1" },
        { "train/train/a:4 train/train/test:4 test/test/a:1 test/test/test:2", "a 4/0/1, test 4/0/2" },
        { "train:5 bus:5 plane:5", "bus 4/0/1, plane 4/0/1, train 4/0/1" },
        { "training_fake:5 training_real:5", "training_fake 4/0/1, training_real 4/0/1" },
        { "contest:5 latest:5", "contest 4/0/1, latest 4/0/1" },
        { "tr:5 de:5 fr:5", "de 4/0/1, fr 4/0/1, tr 4/0/1" },
        // Copies, and other things beside.
        { "yes:5 no:5 brain_tumor_dataset/yes:5 brain_tumor_dataset/no:5", "no 4/0/1, yes 4/0/1" },
        { "chest_xray/train/a:4 chest_xray/train/b:4 chest_xray/test/a:2 chest_xray/test/b:2 chest_xray/chest_xray/train/a:4 chest_xray/chest_xray/train/b:4", "a 4/0/2, b 4/0/2" },
        { "Training/a:4 Training/b:4 Test/a:2 Test/b:2 test-multiple_fruits:7 readme.md", "a 4/0/2, b 4/0/2" },
        { "a:5 b:5 Thumbs.db desktop.ini a/.ipynb_checkpoints/0-checkpoint.jpg .ipynb_checkpoints/x.jpg @eaDir/a:3", "a 4/0/1, b 4/0/1" },
    };

    [Theory, MemberData(nameof(Read))]
    public void Is_read_as_it_is_meant(string tree, string expected)
    {
        var info = Inspect(tree);
        string.Join(", ", info.Classes.Select(c => $"{c.Class} {c.Train}/{c.Validation}/{c.Test}")).ShouldBe(expected);
    }

    /// <summary>Tree → a part of the reason, in which <c>~</c> stands for the data set's folder.</summary>
    public static TheoryData<string, string> Refused => new()
    {
        { "train:5 test:5", "lie in no class folders" },
        { "train/images:5 test/images:5", "lie in no class folders" },
        { "trainA:5 trainB:5 testA:5 testB:5", "lie in no class folders" },
        { "train_cats:5 train_dogs:5 test_cats:5 test_dogs:5", "lie in no class folders" },
        { "cat:5 dog:5 test:5", "Name the classes in dataset.classes" },
        { "cat:5 dog:5 validation:5", "may be a part of the data set or a class" },
        { "cat:5 test:5 validation:5", "'test', 'validation'" },
        { "cat:5 dog:5 unlabelled:5", "Name the classes in dataset.classes" },
        { "test/a:5 test/b:5 validation/a:5 validation/b:5", "or give '~/test'" },
        { "cat:5 dog:5 test/cat:5 test/dog:5", "Put them into a folder 'train'" },
        { "images/a:5 images/b:5 test/a:5 test/b:5", "Put them into a folder 'train'" },
        { "test/a:5 test/b:5", "give '~/test'" },
        { "train/a:4 train/b:4 training/a:4 training/b:4", "could all be the training images" },
        { "train/a:4 train/b:4 test/a:1 test/b:1 testing/a:1 testing/b:1", "could all be the test set" },
        { "train/a:4 train/b:4 val/a:1 val/b:1 Valid/a:1 Valid/b:1", "could all be the validation set" },
        { "first/a:4 first/b:4 second/a:4 second/b:4", "Give one of them, as '~/first'" },
        { "first/a:4 first/b:4 first/c:4 second/a:4 second/b:4", "hold folders of the same names" },
        { "fold1/a:4 fold1/b:4 fold2/A:4 fold2/B:4", "hold folders of the same names" },
        { "train/fold1/a:4 train/fold1/b:4 train/fold2/a:4 train/fold2/b:4 test/a:1 test/b:1", "as '~/train/fold1'" },
        { "birds/train/a:4 birds/train/b:4 cats/train/c:4 cats/train/d:4", "Give one of them, as '~/birds'" },
        { "set/train/a:4 set/train/b:4 samples:4", "Give that folder, as '~/set'" },
        { "'New (Augmented)/New (Augmented)/train/a:4' 'New (Augmented)/New (Augmented)/train/b:4' test/test:9", "Give that folder, as '~/New (Augmented)'" },
        { "train/train/a:4 train/train/b:4 train/val/a:4 train/val/b:4 test/a:1 test/b:1", "Give that folder" },
        { "a/train:4 a/test:4 b/train:4 b/test:4", "inside the class. Divide the data set first: '~/test/a'" },
        { "animals/cat:4 animals/dog:4 cars/bus:4 cars/van:4", "they may be classes or data sets" },
        { "train/a:4 test/a:1", "Only one class folder" },
        { "a:5", "one class folder only, 'a'" },
        { "a:0 b:0", "No images in '~'" },
        { "readme.md", "No images in '~'" },
        { "1.jpg 2.jpg", "lie in it directly" },
    };

    [Theory, MemberData(nameof(Refused))]
    public void What_can_be_read_in_two_ways_or_in_none_is_refused_with_the_folder_to_give(string tree, string expected)
    {
        var fault = Should.Throw<DatasetException>(() => Inspect(tree));
        fault.Field.ShouldBe("path");
        fault.Message.ShouldContain(expected.Replace("~", "d", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cat:5 dog:5 test:5", new[] { "dog", "cat" })]
    [InlineData("cat:5 dog:5 test:5", new[] { "cat", "dog", "test" })]
    [InlineData("animals/cat:4 animals/dog:4 cars/bus:4 cars/van:4", new[] { "animals", "cars" })]
    public void Classes_that_a_spec_names_settle_what_is_one(string tree, string[] classes)
        => data.Grow("d", tree).Catalogue.Inspect(ImageFolderFixture.Folder("d", classes)).Classes.Select(c => c.Class).ShouldBe(classes);

    /// <summary>Tree → what must be told, in this order.</summary>
    [Theory]
    [InlineData("train/a:4 train/b:4 test/a:1 test/b:1 extra/a:4 extra/b:3", "'extra' beside 'train' is not read, although it has folders of the same classes")]
    [InlineData("train/a:4 train/b:4 test/a:1 test/b:1 pictures:4", "'pictures' beside 'train' is not read.")]
    [InlineData("train/a:4 train/b:4 val/images:2 test/images:2", "'val' is not used: its images lie in no class folders.")]
    [InlineData("seg_train/seg_train/a:4 seg_train/seg_train/b:3 seg_pred/seg_pred:9", "'seg_pred' is not used: its images lie in no class folders.")]
    [InlineData("train/a:4 train/b:4 holdout/a:1 holdout/b:1 dev/a:1 dev/b:1 eval/a:1 eval/b:1", "'eval' beside 'train' is not read, although")]
    [InlineData("train/a:4 train/b:4 eval/a:1 eval/b:1", "'eval' is read as the validation set.")]
    [InlineData("train/a:4 train/b:4 train/c:4 test/a:1 test/b:1", "Class 'c' has no images in 'test'.")]
    [InlineData("train/a:4 train/b:4 test/a:1 test/b:1 test/z:1", "Class 'z' of 'test' has no folder in 'train' and is left out.")]
    [InlineData("Train/Cat:4 Train/Dog:4 Test/cat:1 Test/Dog:2", "Class 'Cat' is called 'cat' in 'Test'.")]
    [InlineData("yes:5 no:5 copy/yes:5 copy/no:5", "'copy' is not read: it holds folders of the same names as the classes beside it.")]
    [InlineData("a/images:5 a/masks:5 b/images:5", "1 folder is not read, as links, too deep, or masks beside images: 'a/masks'.")]
    [InlineData("images/a:5 images/b:5 masks/a:5", "'masks' beside 'images' is not read.")]
    [InlineData("a:5 b:5 1.jpg", "1 image is in no class folder and left out: '1.jpg'.")]
    [InlineData("wrap/a:5 wrap/b:5 wrap/x.csv a.docx", "left out: 'a.docx', 'wrap/x.csv'.")]
    [InlineData("train/a:5 train/b:5 train/1.jpg words.txt", "1 image is in no class folder and left out: 'train/1.jpg'.")]
    [InlineData("train:5 bus:5", "'train' is read as a class, since images lie in it directly as in 'bus'.")]
    public void What_is_not_read_or_read_in_another_way_than_it_is_called_is_told(string tree, string expected)
        => Inspect(tree).Problems.ShouldContain(problem => problem.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Twenty_files_that_are_left_out_are_named_and_the_others_counted()
    {
        data.Grow("d", "a:5 b:5");
        for (var i = 0; i < 23; i++) data.Write($"d/a/{i:D2}.txt", []);
        Inspect("").Problems.ShouldContain(problem => problem.StartsWith("23 files are not named as images", StringComparison.Ordinal) && problem.EndsWith("'a/18.txt', 'a/19.txt' and 3 more.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a:5 b:5 Thumbs.db .DS_Store a/desktop.ini .git/x.jpg")]
    [InlineData("train/a:4 train/b:4 test/a:1 test/b:1 __MACOSX/train/a:4 train/a/.ipynb_checkpoints/1.jpg")]
    public void What_programs_leave_behind_counts_for_nothing(string tree)
        => Inspect(tree).Problems.ShouldAllBe(problem => problem.StartsWith("There is no test set", StringComparison.Ordinal));

    private DatasetInfo Inspect(string tree) => data.Grow("d", tree).Catalogue.Inspect(ImageFolderFixture.Folder("d"));
}
