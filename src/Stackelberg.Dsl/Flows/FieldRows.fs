namespace Stackelberg

open System.Numerics

/// A field's evaluations at up to so many points at once, of which some may have no question; for one thread.
[<Sealed>]
type internal FieldRows(program: FieldProgram, width: int) =

    let alone = FieldRun program

    /// For 2, 4, 8, … rows: those without a question cost little.
    let batches =
        Array.init (BitOperations.Log2(uint32 width) + 2) (fun k -> lazy FieldBatch(program, 2 <<< k))

    /// Which of the batches evaluated last; null for none.
    let mutable together: FieldBatch = null

    /// Where the rows stand in the batch.
    let placeOf = Array.zeroCreate<int> width

    let packed, values =
        Array.zeroCreate<float[]> width, Array.zeroCreate<float[]> width

    /// The field alone.
    member _.Alone = alone

    /// The field at the points that are not null, all of length d.
    member _.Evaluate(points: float[][], g: float[][]) =
        let mutable asked = 0

        for row in 0 .. points.Length - 1 do
            if not (isNull points[row]) then
                placeOf[row] <- asked
                packed[asked] <- points[row]
                values[asked] <- g[row]
                asked <- asked + 1

        if asked = 1 then
            together <- null
            alone.Evaluate(packed[0], values[0])
        else
            together <- batches[BitOperations.Log2(uint32 (asked - 1))].Value
            together.Evaluate(packed, values, asked)

    /// How a row's linear solves of the last evaluation ended, until this is asked again.
    member _.SolvesOf row =
        if isNull together then
            alone.Solves
        else
            together.SolvesOf placeOf[row]

    /// Whether the followers' curvature was found not to be positive definite at a row's point of the last evaluation.
    member _.IsIndefinite row =
        if isNull together then
            alone.IsIndefinite
        else
            together.IsIndefinite placeOf[row]
