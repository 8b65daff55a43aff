namespace Stackelberg

open System
open System.Numerics

/// <summary>From which ratio of the followers' to the leaders' learning rate on simultaneous play is stable at a
/// critical point of ω: τ = γ₂/γ₁, J_τ = diag(I, τ I) J with the leaders' rows in the first block.</summary>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type CriticalRatio = {
    /// τ*, the least τ ≥ 0 beyond which J_τ is stable; null if there is none, or none for certain.
    Ratio: Nullable<float>
    /// Whether J_τ is stable for every τ from some on.
    IsFinite: Verdict
    /// The greatest τ > 0 at which two eigenvalues of J_τ are each other's negatives; 0 if there is none.
    GreatestRoot: float
    /// The least real part of J_τ's eigenvalues just below τ*; NaN without τ*, or where τ* = 0.
    JustBelow: float
    /// The least real part of J_τ's eigenvalues just above τ*; NaN without τ*.
    JustAbove: float
    /// The spectrum of the Schur complement of J: where the leaders' eigenvalues tend as τ → ∞.
    EigenvaluesSchurJ: Complex[]
    /// The spectrum of the followers' own Jacobian, D₂²f₂ for one follower: where the others tend, divided by τ.
    EigenvaluesFollowers: Complex[]
    /// Why there is no τ*; empty if there is one.
    Reason: string
} with

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>τ* in a sentence, or why there is none.</summary>
    override ratio.ToString() =
        if ratio.Ratio.HasValue then
            (invariant $"stable for every ratio above {ratio.Ratio.Value:G7}")
        else
            (invariant $"no ratio makes simultaneous play stable for certain: {ratio.Reason}")

/// τ* from the largest positive root of det(J_τ ⊕ J_τ), on the pairs of eigenvalues only once.
module internal CriticalRatio =

    /// How much the root is moved for the check just below and just above.
    let private beside = 1e-4

    /// To where a root is refined, relative to its size.
    let private rounding = 1e-14

    /// An eigenvalue of the pencil below this share of its norm belongs to no finite root.
    let private infiniteBelow = 1e-13

    /// An imaginary part below this share of the root is rounding: real roots stay real under perturbation unless they
    /// meet, and then they part by the square root of rounding.
    let private realUpTo = 1e-6

    /// A ⊕ A on the antisymmetric products: order n(n−1)/2, eigenvalues λᵢ + λⱼ for i < j (twice Fuller's bialternate
    /// product of A and I). Linear in A.
    let private sumsOfPairs (a: float[,]) =
        let n = a.GetLength 0

        let pairs = [|
            for p in 1 .. n - 1 do
                for q in 0 .. p - 1 do
                    p, q
        |]

        Array2D.init pairs.Length pairs.Length (fun row column ->
            let (p, q), (r, s) = pairs[row], pairs[column]

            let entry i j same other = if same = other then a[i, j] else 0.0

            entry p r q s + entry q s p r - entry p s q r - entry q r p s)

    let private scaled (top: int) τ (jacobian: float[,]) =
        Array2D.mapi (fun row _ value -> if row < top then value else τ * value) jacobian

    let private leastRealPart (a: float[,]) =
        a |> Dense.eigenvalues |> Array.map _.Real |> Array.min

    /// The positive roots of det(B(τ)), B(τ) = B₀ + τ B₁ regular at the pivot: τ = pivot − 1/ν for the eigenvalues ν of
    /// B(pivot)⁻¹ B₁.
    let private roots (top: int) (jacobian: float[,]) pivot =
        let sums τ =
            Tensor.ofArray2D (sumsOfPairs (scaled top τ jacobian))

        let slope = sums 1.0 - sums 0.0

        let pencil = (Tensor.solve (sums pivot) slope).ToArray()
        let order = slope.Shape[0]

        let values =
            Array2D.init order order (fun i j -> pencil[i * order + j]) |> Dense.eigenvalues

        let largest =
            values |> Array.fold (fun most value -> max most (Complex.Abs value)) 0.0

        values
        |> Array.filter (fun value -> Complex.Abs value > infiniteBelow * largest)
        |> Array.map (fun value -> Complex(pivot, 0.0) - Complex.One / value)
        |> Array.filter (fun root ->
            root.Real > 0.0 && abs root.Imaginary <= realUpTo * (Complex.Abs root + pivot))
        |> Array.map _.Real

    /// The root made exact to rounding, where the stability does change there.
    let private refined (stable: float -> float) root =
        let low, high = root * (1.0 - beside), root * (1.0 + beside)

        if root > 0.0 && stable low < 0.0 && stable high > 0.0 then
            let mutable found = root

            // Where it does not end, the root is as good as it was.
            MathNet.Numerics.RootFinding.Brent.TryFindRoot(stable, low, high, rounding * root, 100, &found)
            |> ignore

            found
        else
            root

    let private reasonOf what verdict (eigenvalues: Complex[]) =
        let least = eigenvalues |> Array.map _.Real |> Array.min

        if verdict = Verdict.No then
            (invariant $"{what} has an eigenvalue with real part {least:G4}")
        else
            (invariant $"{what} has an eigenvalue on the imaginary axis, to tolerance (real part {least:G4})")

    /// No τ*, for a reason that has nothing to do with spectra.
    let unknown reason : CriticalRatio = {
        Ratio = Nullable()
        IsFinite = Verdict.Undecided
        GreatestRoot = nan
        JustBelow = nan
        JustAbove = nan
        EigenvaluesSchurJ = [||]
        EigenvaluesFollowers = [||]
        Reason = reason
    }

    /// <param name="band">Up to where an eigenvalue's real part counts as zero.</param>
    /// <param name="rounding">The share of J's entries that rounding leaves.</param>
    /// <param name="top">How many of the entries are the leaders'; at least one is below.</param>
    /// <param name="jacobian">J on the entries that no bound holds.</param>
    let ofJacobian band rounding (top: int) (jacobian: float[,]) : CriticalRatio =
        let d = jacobian.GetLength 0
        let above, below = [| 0 .. top - 1 |], [| top .. d - 1 |]

        let spectrumBelow =
            Dense.select below below jacobian |> Dense.conditionedEigenvalues

        let spectrumSchur = Dense.schur above below jacobian |> Dense.conditionedEigenvalues
        let followers, schur = Spectrum.values spectrumBelow, Spectrum.values spectrumSchur

        let isFollowers, isSchur =
            Spectrum.isStable band rounding spectrumBelow, Spectrum.isStable band rounding spectrumSchur

        let none isFinite root reason = {
            unknown reason with
                IsFinite = isFinite
                GreatestRoot = root
                EigenvaluesSchurJ = schur
                EigenvaluesFollowers = followers
        }

        match Verdict.all [ isFollowers; isSchur ] with
        | Verdict.Yes ->
            // The followers' and the leaders' eigenvalues are of one size there, so that the pencil is well scaled.
            let pivot =
                let sizes (a: float[,]) = max (Dense.norm a) Double.Epsilon
                let leaders = Array2D.init top d (fun i j -> jacobian[i, j])
                let rest = Array2D.init (d - top) d (fun i j -> jacobian[top + i, j])
                // Off the round numbers at which roots of simple games lie.
                1.0371 * sizes leaders / sizes rest

            let stable τ = leastRealPart (scaled top τ jacobian)

            let greatest = roots top jacobian pivot |> Array.fold max 0.0 |> refined stable

            let justAbove =
                if greatest = 0.0 then
                    stable (beside * pivot)
                else
                    stable (greatest * (1.0 + beside))

            if justAbove > 0.0 then
                {
                    none Verdict.Yes greatest "" with
                        Ratio = Nullable greatest
                        JustAbove = justAbove
                        JustBelow =
                            if greatest = 0.0 then
                                nan
                            else
                                stable (greatest * (1.0 - beside))
                }
            else
                none
                    Verdict.Undecided
                    greatest
                    "the roots of det(J_τ ⊕ J_τ) are too ill-conditioned: J_τ is not stable just above the greatest one found"
        | verdict ->
            let reasons = [
                if isFollowers <> Verdict.Yes then
                    reasonOf "the followers' own Jacobian" isFollowers followers
                if isSchur <> Verdict.Yes then
                    reasonOf "the Schur complement of J" isSchur schur
            ]

            none verdict nan (String.Join("; ", reasons))
