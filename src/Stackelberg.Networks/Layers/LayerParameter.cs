namespace Stackelberg.Networks;

/// <summary>One array of parameters of a layer.</summary>
/// <param name="Name">What the layer calls it, as PyTorch does: <c>weight</c> or <c>bias</c>.</param>
/// <param name="Shape">Its shape, row-major.</param>
/// <param name="Role">What it does.</param>
/// <param name="FanIn">How many inputs enter one output of the layer, as PyTorch counts them: for a transposed
/// convolution from k channels to c by windows of h × w that is c h w.</param>
public sealed record LayerParameter(string Name, IReadOnlyList<int> Shape, ParameterRole Role, int FanIn);
