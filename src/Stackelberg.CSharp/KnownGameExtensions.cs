namespace Stackelberg;

/// <summary>Games with known points from C#.</summary>
public static class KnownGameExtensions
{
    extension(KnownGame known)
    {
        /// <summary>What the analysis says otherwise than what is known, one sentence each; empty if nothing.</summary>
        /// <remarks>Costs are compared to 1e-9, relative, and eigenvalues to 1e-6 of the largest.</remarks>
        public string[] Faults()
        {
            ArgumentNullException.ThrowIfNull(known);
            return Known.faults(known);
        }
    }
}
