namespace Stackelberg

open System

/// Numbers that are finite: Double.IsFinite, of all.
module internal Finite =

    /// Whether all numbers are.
    let all (values: float[]) =
        let mutable sum = 0.0

        // Multiplying by 0 keeps what is not finite and nothing else.
        for value in values do
            sum <- sum + 0.0 * value

        sum = 0.0

    /// Whether all entries are.
    let matrix (a: float[,]) =
        a |> Seq.cast<float> |> Seq.forall Double.IsFinite
