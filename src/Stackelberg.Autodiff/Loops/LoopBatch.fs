namespace Stackelberg

open Stackelberg.Kernels

/// A loop whose state is a batch.
module internal LoopBatch =

    /// The vector of results for every entry, from a loop whose values have one more axis at the front, as has Taken.
    let batch (scan: ScanLoop -> LoopResults) (loop: ScanLoop) : Tensor =
        let body = loop.Body
        let extent = loop.Taken.Shape[0]
        let taken = Batched.sharedOrConstant loop.Taken

        let wide (t: Tensor) =
            Expression.variable body.Trace t.DType (Array.append [| extent |] t.Shape)

        /// A variable's stand-in for all entries, and the value behind it.
        let widen (arrange: Tensor -> Tensor) (t: Tensor) (value: Tensor) =
            match Batched.sharedOrConstant value with
            | null -> struct (t, wide t, arrange value)
            | shared -> struct (t, t, shared)

        let rowsFirst (t: Tensor) =
            Permute.permute [| 1; 0; yield! [| 2 .. t.Shape.Length - 1 |] |] t

        let inputs = Array.map2 (widen rowsFirst) body.Inputs loop.Inputs
        let holes = Array.map2 (widen id) body.Holes loop.Holes
        let state = body.State |> Array.map wide

        let varied = [|
            yield! Array.zip body.State state

            for struct (from, into, _) in Array.append inputs holes do
                if not (obj.ReferenceEquals(from, into)) then
                    from, into
        |]

        let roots =
            Batching.many (Array.map fst varied) (Array.map snd varied) extent body.Results

        // Entries that take fewer steps than others keep their state.
        let struct (roots, inputs, holes, taken) =
            if not (isNull taken) then
                struct (roots, inputs, holes, taken)
            else
                let own shape =
                    Expression.variable body.Trace body.DType shape

                let row, most = own Shape.scalar, own [| extent |]

                let isActive = Elementwise.less (Structure.broadcastTo [| extent |] row) most

                let where (t: Tensor) (other: Tensor) =
                    let condition =
                        Structure.reshape
                            (Array.append [| extent |] (Array.create (t.Shape.Length - 1) 1))
                            isActive

                    Elementwise.where (Structure.broadcastTo t.Shape condition) t other

                let chosen =
                    roots
                    |> Array.mapi (fun i t ->
                        where
                            t
                            (if i < state.Length then
                                 state[i]
                             else
                                 Expression.zeros t.DType t.Shape))

                let rows =
                    Expression.dense DType.Float64 [| loop.Count |] (Array.init loop.Count float) 0
                    |> Cast.cast body.DType

                struct (chosen,
                        Array.append inputs [| struct (row, row, rows) |],
                        Array.append holes [| struct (most, most, loop.Taken) |],
                        Extremum.maximum [| 0 |] loop.Taken)

        let first (struct (_, into: Tensor, _)) = into
        let value (struct (_, _, value: Tensor)) = value

        let results = LoopResults.ofAll state.Length body.Outputs.Length roots

        let found =
            scan {
                loop with
                    Body =
                        LoopBody(
                            state,
                            Array.map first inputs,
                            Array.map first holes,
                            results.Final,
                            results.Outputs,
                            results.Sums
                        )
                    Taken = taken
                    Inputs = Array.map value inputs
                    Holes = Array.map value holes
            }

        let flat (t: Tensor) =
            Structure.reshape [| extent; Shape.count t.Shape / max extent 1 |] t

        Array.concat [
            Array.map flat found.Final
            Array.map (rowsFirst >> flat) found.Outputs
            Array.map flat found.Sums
        ]
        |> Concat.concat 1
