namespace Stackelberg.Networks;

/// <summary>What an array of parameters does in its layer; initialisers choose by it.</summary>
public enum ParameterRole
{
    /// <summary>The matrix of a linear layer.</summary>
    LinearWeight,

    /// <summary>The windows of a convolution or a transposed convolution.</summary>
    ConvolutionWeight,

    /// <summary>What a linear layer or a convolution adds to each output.</summary>
    Bias,

    /// <summary>The factors of a normalisation.</summary>
    Gain,

    /// <summary>What a normalisation adds to each channel.</summary>
    Shift,
}
