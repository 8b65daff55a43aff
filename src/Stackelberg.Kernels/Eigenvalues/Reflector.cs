namespace Stackelberg.Kernels;

/// <summary>Householder reflections I − τ v vᵀ with v[pivot] = 1.</summary>
internal static class Reflector
{
    /// <summary>Makes the reflection that takes x to β at its pivot and 0 elsewhere.</summary>
    /// <param name="x">The vector; v afterwards.</param>
    /// <param name="pivot">The entry that keeps the length.</param>
    /// <param name="β">± ‖x‖, of the sign other than the pivot's.</param>
    /// <returns>τ; 0 where x is a multiple of the pivot's unit vector already.</returns>
    public static double Make(Span<double> x, int pivot, out double β)
    {
        // Scaled by the greatest entry, so that squares neither overflow nor underflow.
        double scale = 0.0;
        foreach (double entry in x)
        {
            scale = Math.Max(scale, Math.Abs(entry));
        }

        double rest = 0.0;
        for (int i = 0; i < x.Length; i++)
        {
            double entry = i == pivot || scale == 0.0 ? 0.0 : x[i] / scale;
            rest += entry * entry;
        }

        double head = x[pivot];
        x[pivot] = 1.0;
        if (rest == 0.0)
        {
            x[..pivot].Clear();
            x[(pivot + 1)..].Clear();
            β = head;
            return 0.0;
        }

        double scaled = head / scale;
        double length = Math.Sqrt(scaled * scaled + rest);
        double scaledβ = head > 0.0 ? -length : length;
        double divisor = scaled - scaledβ;
        for (int i = 0; i < x.Length; i++)
        {
            if (i != pivot)
            {
                x[i] = x[i] / scale / divisor;
            }
        }

        β = scale * scaledβ;
        return -divisor / scaledβ;
    }
}
