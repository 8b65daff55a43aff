namespace Stackelberg

open MathNet.Numerics.LinearAlgebra
open MathNet.Numerics.LinearAlgebra.Double

/// One extreme multiplier of a player's problem: the active rows that press, those that do not, and how much. Where the active
/// rows are independent there is one.
type internal AnswerPiece = {
    /// Places among the active rows.
    Pressing: int[]
    Weak: int[]
    /// Of the active rows.
    Multipliers: float[]
    EqualityMultipliers: float[]
}

/// A player's answer where its active constraints depend on each other: piece by piece, by the extreme points of its
/// multipliers. Where the constraints are affine, every answer nearby has multipliers of independent active rows, which are
/// near an extreme point (Carathéodory); so the pieces cover all that it does, also where it ends.
module internal AnswerPieces =

    /// More active rows than this have too many subsets.
    let private mostRows = 9

    let private weakBelow, balanced = 1e-7, 1e-8

    let private unit (row: float[]) =
        let size = LocalProblems.length row

        if size = 0.0 then
            row
        else
            row |> Array.map (fun entry -> entry / size)

    let private isIndependent n (some: float[][]) =
        let struct (_, independent) = LocalProblems.nullSpace n (Array.map unit some)
        independent

    /// Whether the rows of a problem stay independent when others join.
    let isFree (problem: LocalProblem) (some: int[]) =
        let active = LocalProblems.rows problem.Active

        some
        |> Array.map (fun i -> active[i])
        |> Array.append (LocalProblems.rows problem.Equalities)
        |> isIndependent problem.Gradient.Length

    /// The multipliers of some rows that balance the gradient, if all of them press.
    let private pressing (problem: LocalProblem) (some: int[]) : (float[] * float[]) option =
        let equalities, active =
            LocalProblems.rows problem.Equalities, LocalProblems.rows problem.Active

        let columns = Array.append equalities (some |> Array.map (fun i -> active[i]))
        let forces = LocalProblems.length problem.Gradient

        if columns.Length = 0 then
            if forces = 0.0 then Some([||], [||]) else None
        else
            match Dense.leastNorm 1e-12 ((DenseMatrix.OfColumnArrays columns: Matrix<float>).ToArray()) with
            | ValueNone -> None
            | ValueSome solve ->
                let struct (found, left) = solve (problem.Gradient |> Array.map (~-))
                let ν, λ = Array.splitAt equalities.Length found

                let isPressing =
                    Array.forall2 (fun λ i -> λ * LocalProblems.length active[i] > weakBelow * forces) λ some

                if LocalProblems.length left <= balanced * forces && isPressing then
                    Some(λ, ν)
                else
                    None

    /// <summary>Every extreme multiplier, or why they do not tell what the answer does.</summary>
    /// <param name="problem">The player's problem.</param>
    /// <param name="local">What is known of it.</param>
    /// <param name="isAffine">Whether the active rows' gradients are the same all around.</param>
    let all
        (problem: LocalProblem)
        (local: LocalVerdict)
        (isAffine: unit -> bool)
        : Result<AnswerPiece[], string> =
        let count = local.Multipliers.Length
        let every = [| 0 .. count - 1 |]

        if local.IsQualified then
            Ok [|
                {
                    Pressing = Array.except local.Weak every
                    Weak = local.Weak
                    Multipliers = local.Multipliers
                    EqualityMultipliers = local.EqualityMultipliers
                }
            |]
        elif count > mostRows then
            Error(invariant $"{count} active constraints depend on each other, too many to look at")
        elif not (isAffine ()) then
            Error
                "the active constraints depend on each other and are curved, so that the answer may have no derivative"
        else
            let equalities = problem.Equalities.GetLength 0

            let pieces = [|
                for bits in 0 .. (1 <<< count) - 1 do
                    let some = every |> Array.filter (fun i -> bits &&& (1 <<< i) <> 0)

                    if some.Length + equalities <= problem.Gradient.Length && isFree problem some then
                        match pressing problem some with
                        | None -> ()
                        | Some(λ, ν) ->
                            let multipliers = Array.zeroCreate<float> count
                            some |> Array.iteri (fun k i -> multipliers[i] <- λ[k])

                            {
                                Pressing = some
                                Weak = Array.except some every
                                Multipliers = multipliers
                                EqualityMultipliers = ν
                            }
            |]

            if pieces.Length = 0 then
                Error "no multipliers of independent constraints were found"
            else
                Ok pieces
