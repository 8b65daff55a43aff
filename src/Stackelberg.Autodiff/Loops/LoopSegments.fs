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

    /// The rows from first on.
    let private rowsOf first count (start: Tensor[]) (loop: ScanLoop) = {
        loop with
            Count = count
            Taken = number loop.Taken (float count)
            Start = start
            Inputs = loop.Inputs |> Array.map (Slice.slice 0 first count)
    }

    /// The loop of whole segments, and then, or before it where the last row comes first, that of the rows that are left.
    let private inTwo segmented (scan: ScanLoop -> LoopResults) (loop: ScanLoop) : LoopResults =
        let rest = loop.Count % loop.Keep
        let most = loop.Count - rest

        let whole start =
            segmented scan (rowsOf 0 most start loop)

        let left start =
            scan {
                rowsOf most rest start loop with
                    Keep = rest
            }

        let struct (head, tail, final) =
            if loop.IsBackward then
                let tail = left loop.Start
                let head: LoopResults = whole tail.Final
                struct (head, tail, head.Final)
            else
                let head: LoopResults = whole loop.Start
                let tail = left head.Final
                struct (head, tail, tail.Final)

        {
            Final = final
            Outputs = Array.map2 (fun a b -> Concat.concat 0 [| a; b |]) head.Outputs tail.Outputs
            Sums = Array.map2 (fun (a: Tensor) b -> a + b) head.Sums tail.Sums
        }

    /// The same loop as one of segments, each of which is a loop of Keep rows that keeps every state.
    let rec segmented (scan: ScanLoop -> LoopResults) (loop: ScanLoop) : LoopResults =
        if
            loop.Taken.IsConstant
            && loop.Taken.Value = float loop.Count
            && loop.Count % loop.Keep <> 0
        then
            inTwo segmented scan loop
        else
            inSegments scan loop

    and private inSegments (scan: ScanLoop -> LoopResults) (loop: ScanLoop) : LoopResults =
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
