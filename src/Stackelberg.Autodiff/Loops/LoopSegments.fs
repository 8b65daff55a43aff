namespace Stackelberg

open Stackelberg.Kernels

/// Loops in segments: between two of them a state is kept, inside of one all are, so that a way back needs memory for the
/// square root of the count.
module internal LoopSegments =

    /// Up to this many numbers every state is kept: 64 kB of doubles.
    let private keptEntries = 1 <<< 13

    /// The rows between two states that are kept, where nobody has said.
    let keepFor count length =
        if count * length <= keptEntries then
            max count 1
        else
            int (ceil (sqrt (float count)))

    let private number (like: Tensor) (value: float) =
        Expression.constant like.DType Shape.scalar value

    /// How many steps each of a row of segments takes, as [segments].
    let private segmentLengths (loop: ScanLoop) segments : Tensor =
        let length = loop.Keep

        let starts =
            Expression.dense
                DType.Float64
                [| segments |]
                (Array.init segments (fun i -> float (i * length)))
                0
            |> Cast.cast loop.Taken.DType

        Elementwise.minimum
            (Elementwise.maximum (loop.Taken - starts) (number loop.Taken 0.0))
            (number loop.Taken (float length))

    /// The same loop as one of segments, each of which is a loop of Keep rows that keeps every state.
    let segmented (scan: ScanLoop -> LoopResults) (loop: ScanLoop) : LoopResults =
        let body, length = loop.Body, loop.Keep
        let segments = (loop.Count + length - 1) / length
        let rows = segments * length

        let padded (t: Tensor) =
            if rows = loop.Count then
                t
            else
                let rest =
                    Expression.constant t.DType (Array.updateAt 0 (rows - loop.Count) t.Shape) 0.0

                Concat.concat 0 [| t; rest |]

        let cut (t: Tensor) =
            Structure.reshape (Array.append [| segments; length |] t.Shape[1..]) (padded t)

        let variable (shape: int[]) =
            Expression.variable body.Trace body.DType shape

        let state = body.State |> Array.map (fun t -> variable t.Shape)

        let inputs =
            body.Inputs |> Array.map (fun t -> variable (Array.append [| length |] t.Shape))

        let isEven = loop.Taken.IsConstant && loop.Taken.Value = float rows
        let own = variable Shape.scalar

        let inner =
            scan {
                loop with
                    Count = length
                    Taken = if isEven then number loop.Taken (float length) else own
                    Start = state
                    Inputs = inputs
                    Holes = body.Holes
            }

        let outer =
            LoopBody(
                state,
                (if isEven then inputs else Array.append inputs [| own |]),
                body.Holes,
                inner.Final,
                inner.Outputs,
                inner.Sums
            )

        let values = loop.Inputs |> Array.map cut

        let found =
            scan {
                loop with
                    Body = outer
                    Count = segments
                    Keep = segments
                    Taken = Elementwise.ceiling (loop.Taken / float length)
                    Inputs =
                        if isEven then
                            values
                        else
                            Array.append values [| segmentLengths loop segments |]
            }

        let joined (t: Tensor) =
            Structure.reshape (Array.append [| rows |] t.Shape[2..]) t
            |> Slice.slice 0 0 loop.Count

        {
            found with
                Outputs = Array.map joined found.Outputs
        }
