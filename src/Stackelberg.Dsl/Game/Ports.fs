namespace Stackelberg

open System
open Stackelberg.Kernels

/// Some neighbouring inputs or outputs of a run, read and written in float64 whatever type the program computes in.
[<Sealed>]
type internal Ports(run: ProgramRun, precision: DType, first: int, count: int, isInput: bool) =

    let isDouble = precision = DType.Float64

    let doubles: float[][] =
        if not isDouble then
            [||]
        else
            Array.init count (fun i ->
                if isInput then
                    run.Input(first + i)
                else
                    run.Output(first + i))

    let singles: float32[][] =
        if isDouble then
            [||]
        else
            Array.init count (fun i ->
                if isInput then
                    run.Input32(first + i)
                else
                    run.Output32(first + i))

    let copy (source: float[]) from (target: float[]) into length =
        if length < 8 then
            for i in 0 .. length - 1 do
                target[into + i] <- source[from + i]
        else
            Array.Copy(source, from, target, into, length)

    member _.Count = count

    member _.Length i =
        if isDouble then doubles[i].Length else singles[i].Length

    /// The port's numbers become those of source from an offset on.
    member _.Write(i, source: float[], from) =
        if isDouble then
            copy source from doubles[i] 0 doubles[i].Length
        else
            let target = singles[i]

            for k in 0 .. target.Length - 1 do
                target[k] <- float32 source[from + k]

    /// The port's numbers go to target from an offset on.
    member _.Read(i, target: float[], into) =
        if isDouble then
            copy doubles[i] 0 target into doubles[i].Length
        else
            let source = singles[i]

            for k in 0 .. source.Length - 1 do
                target[into + k] <- float source[k]

    /// Of a port that holds rows of a length, one becomes the numbers of source from an offset on.
    member _.WriteRow(i, row, length, source: float[], from) =
        if isDouble then
            copy source from doubles[i] (row * length) length
        else
            for k in 0 .. length - 1 do
                singles[i].[row * length + k] <- float32 source[from + k]

    /// One of the rows goes to target from an offset on.
    member _.ReadRow(i, row, length, target: float[], into) =
        if isDouble then
            copy doubles[i] (row * length) target into length
        else
            for k in 0 .. length - 1 do
                target[into + k] <- float (singles[i].[row * length + k])

    member _.Set(i, entry, value: float) =
        if isDouble then
            doubles[i][entry] <- value
        else
            singles[i][entry] <- float32 value

    member _.Get(i, entry) =
        if isDouble then
            doubles[i][entry]
        else
            float (singles[i][entry])

    member _.Fill(i, value: float) =
        if isDouble then
            Array.Fill(doubles[i], value)
        else
            Array.Fill(singles[i], float32 value)

    /// The port's numbers are those of a draw's batch.
    member _.Draw(i, draws: Draws, draw, batch) =
        if isDouble then
            draws.Fill(draw, batch, doubles[i])
        else
            draws.FillSingle(draw, batch, singles[i])

/// The sample that a run's costs read: draw 0 of seed 0 until another is asked for.
[<Sealed>]
type internal SamplePorts(game: Game, run: ProgramRun, first: int) =

    let batches = game.Batches
    let ports = Ports(run, game.Precision, first, batches.Length, true)

    let mutable source = game.Sampler.Open(0UL, 1UL)

    /// Draws come from this seed on.
    member _.Seed
        with set (seed: uint64) = source <- game.Sampler.Open(seed, 1UL)

    /// The costs read this draw from now on.
    member _.Draw(draw: int64) =
        for i in 0 .. batches.Length - 1 do
            ports.Draw(i, source, draw, i)
