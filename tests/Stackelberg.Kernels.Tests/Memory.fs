/// Memory and runs for the tests: every operand is a buffer of its own, given and read as doubles.
module Stackelberg.Kernels.Tests.Memory

open System
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Tests

let types = [ DType.Float64; DType.Float32 ]

let place buffer = Place(buffer, 0)

/// The values as the number type holds them.
let rounded (dtype: DType) (values: float[]) =
    match dtype with
    | DType.Float64 -> Array.copy values
    | _ -> values |> Array.map (fun value -> float (float32 value))

let private toArray (dtype: DType) (values: float[]) : Array =
    match dtype with
    | DType.Float64 -> Array.copy values
    | _ -> values |> Array.map float32 :> Array

let private ofArray (array: Array) =
    match array with
    | :? (float[]) as values -> Array.copy values
    | array -> (array :?> float32[]) |> Array.map float

/// Runs a step again where all that it does not claim to touch is NaN, with more of it behind each buffer: it must give
/// the same, and leave the rest alone.
let private keepsToItsRegions (dtype: DType) (step: Step) (buffers: float[] list) (expected: float[][]) =
    let lengths = buffers |> List.map Array.length |> Array.ofList
    Region.Require([ step ], Array.map (fun _ -> dtype) lengths, lengths)
    let claimed = lengths |> Array.map (fun length -> Array.create (length + 64) false)

    for region in step.Regions do
        if region.Count > 0L then
            Array.fill claimed[region.At.Buffer] region.At.Offset (int region.Count) true

    let guarded =
        buffers
        |> List.mapi (fun b values ->
            claimed[b]
            |> Array.mapi (fun i mine -> if mine then values[i] else nan)
            |> toArray dtype)

    let workspace =
        Workspace(
            List.toArray guarded,
            (if dtype = DType.Float64 then step.Scratch else 0),
            (if dtype = DType.Float32 then step.Scratch else 0),
            2
        )

    step.Run workspace

    workspace.Buffers
    |> Array.iteri (fun b array ->
        ofArray array
        |> Array.iteri (fun i found ->
            let wanted = if claimed[b][i] then expected[b][i] else nan

            if not (wanted.Equals found) then
                failwith
                    $"{step.GetType().Name} goes beyond its regions: entry {i} of buffer {b} is {found}, not {wanted}."))

/// Runs a step on a copy of the buffers; gives the buffers afterwards and the reports of two solves.
let runReporting (dtype: DType) (step: Step) (buffers: float[] list) =
    let workspace =
        Workspace(
            buffers |> List.map (toArray dtype) |> List.toArray,
            (if dtype = DType.Float64 then step.Scratch else 0),
            (if dtype = DType.Float32 then step.Scratch else 0),
            2
        )

    step.Run workspace
    let found = workspace.Buffers |> Array.map ofArray
    keepsToItsRegions dtype step buffers found
    found, workspace.Solves

/// Runs a step on a copy of the buffers and gives the buffers afterwards.
let run dtype step buffers = fst (runReporting dtype step buffers)

/// Bytes that a second and later runs of a step allocate.
let allocated (dtype: DType) (step: Step) (buffers: float[] list) =
    let workspace =
        Workspace(
            buffers |> List.map (toArray dtype) |> List.toArray,
            (if dtype = DType.Float64 then step.Scratch else 0),
            (if dtype = DType.Float32 then step.Scratch else 0),
            2
        )

    Allocation.least (fun () -> step.Run workspace)

/// The unit roundoff, times two: the distance from 1 to the next number.
let epsilon dtype =
    match dtype with
    | DType.Float64 -> Math.BitIncrement 1.0 - 1.0
    | _ -> float (MathF.BitIncrement 1.0f - 1.0f)

/// Numbers between −1 and 1.
let noise (random: Random) count =
    Array.init count (fun _ -> 2.0 * random.NextDouble() - 1.0)

/// How many representable numbers lie between two values; 0 for two NaNs, and −0 differs from +0 by none.
let distance (dtype: DType) (a: float) (b: float) =
    if Double.IsNaN a && Double.IsNaN b then
        0.0
    elif Double.IsNaN a || Double.IsNaN b then
        infinity
    else
        let ordered bits =
            if bits < 0L then Int64.MinValue - bits else bits

        let key (value: float) =
            match dtype with
            | DType.Float64 -> ordered (BitConverter.DoubleToInt64Bits value)
            | _ ->
                let bits = BitConverter.SingleToInt32Bits(float32 value)

                if bits < 0 then
                    int64 (Int32.MinValue - bits)
                else
                    int64 bits

        float (abs (decimal (key a) - decimal (key b)))

/// Whether two values have the same bits, or are both NaN.
let sameBits (a: float) (b: float) =
    BitConverter.DoubleToInt64Bits a = BitConverter.DoubleToInt64Bits b
    || (Double.IsNaN a && Double.IsNaN b)

/// Checks a property of so many random seeds. (FsCheck's own integers stay below 100.)
let forSeeds (tests: int) (property: int -> bool) = Law.forSeeds tests property
