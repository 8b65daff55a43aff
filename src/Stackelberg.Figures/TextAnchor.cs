namespace Stackelberg.Figures;

/// <summary>Which end of a text lies at its point.</summary>
public enum TextAnchor
{
    /// <summary>The left end: the text runs to the right of the point.</summary>
    Start,

    /// <summary>The middle.</summary>
    Middle,

    /// <summary>The right end: the text stands left of the point.</summary>
    End,
}
