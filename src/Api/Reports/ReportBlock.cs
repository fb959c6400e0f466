using NeuralCapacitance.Api.Reports.Plots;

namespace NeuralCapacitance.Api.Reports;

/// <summary>A part of a report, before anybody has decided how it is written. In every text what stands between backticks is a name, or code.</summary>
internal abstract record ReportBlock;

internal sealed record Heading(int Level, string Text) : ReportBlock;

/// <param name="IsLead">The line that people read first.</param>
internal sealed record Paragraph(string Text, bool IsLead = false) : ReportBlock;

internal sealed record Bullets(IReadOnlyList<string> Items) : ReportBlock;

internal sealed record Table(IReadOnlyList<Column> Columns, IReadOnlyList<IReadOnlyList<string>> Rows) : ReportBlock;

internal sealed record Column(string Title, bool IsNumber = false);

internal sealed record Code(string Language, string Text) : ReportBlock;

/// <param name="Description">What it shows, for who cannot see it.</param>
internal sealed record Figure(PlotFile File, string Title, string Description) : ReportBlock;

/// <summary>A row of images for each class.</summary>
internal sealed record Pictures(IReadOnlyList<ClassPictures> Classes) : ReportBlock;

internal sealed record ClassPictures(string Name, byte[] Jpeg);
