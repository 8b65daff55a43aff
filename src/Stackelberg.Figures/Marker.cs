namespace Stackelberg.Figures;

/// <summary>The shape of a point.</summary>
public enum Marker
{
    /// <summary>A circle.</summary>
    Circle,

    /// <summary>A triangle, point up.</summary>
    Triangle,

    /// <summary>A hexagon.</summary>
    Hexagon,

    /// <summary>A diamond.</summary>
    Diamond,

    /// <summary>A diagonal cross; it has no inside, so that filled and open are one.</summary>
    Cross,

    /// <summary>A square.</summary>
    Square,
}
