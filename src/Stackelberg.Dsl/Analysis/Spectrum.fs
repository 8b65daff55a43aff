namespace Stackelberg

open System.Numerics

/// Signs of eigenvalues, with a band of doubt around zero.
module internal Spectrum =

    /// Whether all eigenvalues lie in the open right half-plane: no if one is below −band, undecided if one is within
    /// the band or not finite.
    let isStable band (eigenvalues: Complex[]) =
        let realParts = eigenvalues |> Array.map _.Real

        if realParts |> Array.exists (fun value -> value < -band) then
            Verdict.No
        elif realParts |> Array.forall (fun value -> value > band) then
            Verdict.Yes
        else
            Verdict.Undecided

    /// How many eigenvalues count as zero.
    let zeroModes band (eigenvalues: Complex[]) =
        eigenvalues
        |> Array.filter (fun value -> Complex.Abs value <= band)
        |> Array.length
