namespace Stackelberg

open System.Numerics

/// Signs of eigenvalues, with a band of doubt around zero.
module internal Spectrum =

    let values (spectrum: ConditionedEigenvalue[]) = spectrum |> Array.map _.Value

    let private epsilon = 2.0 ** -52.0

    /// Up to where an eigenvalue's real part counts as zero: up to a share of the matrix' size, or up to what rounding of the
    /// matrix' entries, of this share, may have done to an ill-conditioned one.
    let band least rounding (found: ConditionedEigenvalue) =
        max least (rounding / epsilon * found.Error)

    /// Whether all eigenvalues lie in the open right half-plane: no if one is below minus its band, undecided if one is
    /// within its band or not finite.
    let isStable least rounding (spectrum: ConditionedEigenvalue[]) =
        let beyond sign (found: ConditionedEigenvalue) =
            sign * found.Value.Real > band least rounding found

        if spectrum |> Array.exists (beyond -1.0) then Verdict.No
        elif spectrum |> Array.forall (beyond 1.0) then Verdict.Yes
        else Verdict.Undecided

    /// How many eigenvalues count as zero.
    let zeroModes band (eigenvalues: Complex[]) =
        eigenvalues
        |> Array.filter (fun value -> Complex.Abs value <= band)
        |> Array.length
