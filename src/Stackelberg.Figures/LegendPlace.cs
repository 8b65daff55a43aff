namespace Stackelberg.Figures;

/// <summary>Where a panel's legend stands.</summary>
public enum LegendPlace
{
    /// <summary>In a corner that no data reaches; else outside.</summary>
    Auto,

    /// <summary>Right of the axes box.</summary>
    Outside,

    /// <summary>In the upper left corner.</summary>
    TopLeft,

    /// <summary>In the upper right corner.</summary>
    TopRight,

    /// <summary>In the lower left corner.</summary>
    BottomLeft,

    /// <summary>In the lower right corner.</summary>
    BottomRight,

    /// <summary>Nowhere.</summary>
    None,
}
