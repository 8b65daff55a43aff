namespace Stackelberg.Experiments;

/// <summary>The singular values of a small dense matrix.</summary>
internal static class SingularValues
{
    /// <summary>The singular values, ascending; null if the matrix is not finite or their search does not converge.</summary>
    /// <param name="matrix">The matrix.</param>
    public static double[]? Of(double[,] matrix)
    {
        var found = Dense.singularValues(wantsVectors: false, matrix);
        return found.IsSome ? [.. found.Value.S.Order()] : null;
    }
}
