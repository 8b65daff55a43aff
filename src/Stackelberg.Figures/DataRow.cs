namespace Stackelberg.Figures;

/// <summary>One row of a figure's data file; what a series has not stays null.</summary>
internal readonly record struct DataRow(
    double? X,
    double? Y,
    double? U = null,
    double? V = null,
    double? Value = null,
    string? Text = null
);
