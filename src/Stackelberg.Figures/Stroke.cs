namespace Stackelberg.Figures;

/// <summary>How a line is drawn.</summary>
internal readonly record struct Stroke(
    string Colour,
    double Width,
    Dash Dash = Dash.Solid,
    double Opacity = 1
);
