namespace Stackelberg

open System
open Stackelberg.Kernels

/// One stream of random numbers, set to the beginning of a draw. A draw may use 2³² numbers, and there are 2³⁰ draws.
[<Sealed>]
type internal DrawStream(seed: uint64, stream: uint64) =
    let random = Philox(seed, stream)

    member _.At(draw: int64) =
        random.Position <- uint64 draw <<< 32
        random

/// Independent standard normal or uniform numbers.
[<Sealed>]
type internal IndependentSampler(batch: Batch, isNormal: bool) =
    inherit Sampler([| batch |])

    override _.Open(seed, stream) =
        let random = DrawStream(seed, stream)

        {
            new Draws() with
                member _.Fill(draw, _, into) =
                    if isNormal then
                        (random.At draw).FillNormal(into, 0, into.Length)
                    else
                        (random.At draw).FillUniform(into, 0, into.Length)

                member _.FillSingle(draw, _, into) =
                    if isNormal then
                        (random.At draw).FillNormal(into, 0, into.Length)
                    else
                        (random.At draw).FillUniform(into, 0, into.Length)
        }

/// Numbers that a user's function makes of random ones.
[<Sealed>]
type internal FunctionSampler(batch: Batch, fill: Action<Philox, float[]>) =
    inherit Sampler([| batch |])

    override _.Open(seed, stream) =
        let random = DrawStream(seed, stream)

        {
            new Draws() with
                member _.Fill(draw, _, into) = fill.Invoke(random.At draw, into)
        }

/// The same numbers in every draw.
[<Sealed>]
type internal ConstantSampler(batch: Batch, values: float[]) =
    inherit Sampler([| batch |])
    override _.Streams = 0

    override _.Open(_, _) = {
        new Draws() with
            member _.Fill(_, _, into) = values.CopyTo(into, 0)
    }

/// Rows of data: every epoch all rows in a new order, in batches; rows that do not fill a batch are left out of the epoch.
[<Sealed>]
type internal RowsSampler(batches: Batch[], data: float32[][], rows: int, batchSize: int) =
    inherit Sampler(batches)

    override _.Open(seed, stream) =
        let random = Philox(seed, stream)
        let keys: float[] = Array.zeroCreate rows
        let order: int[] = Array.zeroCreate rows
        let perEpoch = int64 (rows / batchSize)
        let mutable epoch = -1L

        /// Sorting random keys shuffles; equal keys (once in 2⁵³) keep their order.
        let shuffle wanted =
            if wanted <> epoch then
                epoch <- wanted
                random.Position <- uint64 wanted <<< 32
                random.FillUniform(keys, 0, rows)

                for i in 0 .. rows - 1 do
                    order[i] <- i

                Array.Sort(keys, order)

        let first draw =
            shuffle (draw / perEpoch)
            int (draw % perEpoch) * batchSize

        {
            new Draws() with
                member _.Fill(draw, batch, into) =
                    let first, width = first draw, into.Length / batchSize

                    for row in 0 .. batchSize - 1 do
                        let from = order[first + row] * width

                        for i in 0 .. width - 1 do
                            into[row * width + i] <- float (data[batch].[from + i])

                member _.FillSingle(draw, batch, into) =
                    let first, width = first draw, into.Length / batchSize

                    for row in 0 .. batchSize - 1 do
                        Array.Copy(data[batch], order[first + row] * width, into, row * width, width)
        }

/// Several samplers, each with streams of its own.
[<Sealed>]
type internal JointSampler(parts: Sampler[]) =
    inherit Sampler(parts |> Array.collect _.Batches)

    override _.Streams = parts |> Array.sumBy _.Streams

    override _.Open(seed, stream) =
        let streams =
            parts |> Array.scan (fun stream part -> stream + uint64 part.Streams) stream

        let opened = parts |> Array.mapi (fun i part -> part.Open(seed, streams[i]))

        let owners = [|
            for i in 0 .. parts.Length - 1 do
                for batch in 0 .. parts[i].Batches.Length - 1 do
                    struct (opened[i], batch)
        |]

        {
            new Draws() with
                member _.Fill(draw, batch, into) =
                    let struct (owner, own) = owners[batch]
                    owner.Fill(draw, own, into)

                member _.FillSingle(draw, batch, into) =
                    let struct (owner, own) = owners[batch]
                    owner.FillSingle(draw, own, into)
        }

/// One draw of another sampler, whatever is asked for.
[<Sealed>]
type internal FixedSampler(seed: uint64, fixedDraw: int64, sampler: Sampler) =
    inherit Sampler(sampler.Batches)
    override _.Streams = sampler.Streams

    override _.Open(_, stream) =
        let draws = sampler.Open(seed, stream)

        {
            new Draws() with
                member _.Fill(_, batch, into) = draws.Fill(fixedDraw, batch, into)

                member _.FillSingle(_, batch, into) =
                    draws.FillSingle(fixedDraw, batch, into)
        }

/// <summary>Samplers by name.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Sampler =

    /// <summary>Draws nothing: the costs are deterministic.</summary>
    let none: Sampler = NoSampler.Instance

    /// <summary>Independent standard normal numbers.</summary>
    /// <param name="name">What costs ask for, as in q.Sample "z".</param>
    /// <param name="shape">The tensor's extents, for example [ 256; 16 ].</param>
    /// <example><code lang="fsharp">Sampler.normal "z" [ 256; 16 ]</code></example>
    [<CompiledName("Normal")>]
    let normal name (shape: int list) : Sampler =
        IndependentSampler(Batch(name, Array.ofList shape), true)

    /// <summary>Independent numbers, uniform in [0, 1).</summary>
    /// <param name="name">What costs ask for.</param>
    /// <param name="shape">The tensor's extents.</param>
    [<CompiledName("Uniform")>]
    let uniform name (shape: int list) : Sampler =
        IndependentSampler(Batch(name, Array.ofList shape), false)

    /// <summary>Numbers that a function makes of random ones.</summary>
    /// <param name="name">What costs ask for.</param>
    /// <param name="shape">The tensor's extents.</param>
    /// <param name="fill">Receives a generator at the draw's own place and the array to fill, row-major. What it writes
    /// may depend on nothing else, or a run could not be repeated.</param>
    let ofFunction name (shape: int list) (fill: Philox -> float[] -> unit) : Sampler =
        FunctionSampler(Batch(name, Array.ofList shape), Action<_, _> fill)

    /// <summary>The same tensor in every draw.</summary>
    /// <param name="name">What costs ask for.</param>
    /// <param name="value">The tensor.</param>
    [<CompiledName("Constant")>]
    let constant name (value: Tensor) : Sampler =
        ConstantSampler(Batch(name, value.Shape), value.ToArray())

    /// <summary>Minibatches of data that stay together: every epoch takes all rows in a new random order, and rows
    /// that do not fill a batch are left out of that epoch.</summary>
    /// <param name="batchSize">Rows in a batch.</param>
    /// <param name="data">Names, shapes of one row, and the data, row after row; equally many rows each.</param>
    /// <exception cref="T:System.ArgumentException">The numbers of rows differ, or there are fewer than batchSize.</exception>
    [<CompiledName("Rows")>]
    let rows (batchSize: int) (data: struct (string * int[] * float32[])[]) : Sampler =
        let func = "Sampler.rows"

        if batchSize < 1 then
            Require.wrong func (nameof batchSize) (invariant $"is {batchSize}, but at least 1 is needed.")

        let counts =
            data
            |> Array.map (fun struct (name, shape, values) ->
                let width = Shape.count shape

                if width = 0 || values.Length % width <> 0 then
                    Require.wrong
                        func
                        (nameof data)
                        (invariant
                            $"{name} holds {values.Length} numbers, which are no whole rows of shape {Shape.show shape}.")

                values.Length / width)

        if counts.Length = 0 || Array.exists ((<>) counts[0]) counts then
            Require.wrong func (nameof data) "must hold at least one array, and equally many rows in each."

        if counts[0] < batchSize then
            Require.wrong
                func
                (nameof data)
                (invariant $"has {counts[0]} rows, but a batch needs {batchSize}; take a smaller batch.")

        let batches =
            data
            |> Array.map (fun struct (name, shape, _) -> Batch(name, Array.append [| batchSize |] shape))

        RowsSampler(batches, data |> Array.map (fun struct (_, _, values) -> values), counts[0], batchSize)

    /// <summary>Several samplers as one, each independent of the others.</summary>
    /// <param name="parts">The samplers; all their batches have names of their own.</param>
    /// <exception cref="T:System.ArgumentException">Two batches have one name.</exception>
    [<CompiledName("All")>]
    let all (parts: Sampler list) : Sampler = JointSampler(Array.ofList parts)

    /// <summary>One draw, whichever is asked for: makes a stochastic game an ordinary one.</summary>
    /// <param name="seed">Where the random numbers begin, whatever the run's own seed is.</param>
    /// <param name="draw">The draw's number, at least 0.</param>
    /// <param name="sampler">The sampler.</param>
    [<CompiledName("At")>]
    let at (seed: uint64) (draw: int64) (sampler: Sampler) : Sampler =
        if draw < 0L then
            Require.wrong "Sampler.at" (nameof draw) (invariant $"is {draw}, but at least 0 is needed.")

        FixedSampler(seed, draw, sampler)
