namespace Stackelberg.Figures;

/// <summary>The bar that says which colour means which value.</summary>
internal sealed record ColourBar(ColourMap Map, Scale Scale, string Label);
