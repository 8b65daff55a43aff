namespace Stackelberg.Data;

/// <summary>The two parts of the MNIST database.</summary>
public enum MnistPart
{
    /// <summary>The 60,000 images to train with.</summary>
    Train,

    /// <summary>The 10,000 images to test with.</summary>
    Test,
}
