namespace NeuralCapacitance.Worker.Datasets.Decoding.Resizing;

/// <summary>The two passes of a resize. All implementations give the same bytes.</summary>
internal interface IResampling
{
    /// <summary>Every row of <paramref name="image"/> to the width of <paramref name="target"/>, to its rows from <paramref name="top"/> on.</summary>
    void Narrow(Raster image, Raster target, int top, Taps taps);

    /// <summary>Every column of <paramref name="image"/> to the height of <paramref name="target"/>; widths are equal.</summary>
    void Shorten(Raster image, Raster target, Taps taps);
}
