namespace Stackelberg.Benchmarks

open System
open System.Diagnostics
open System.Numerics
open Stackelberg
open Stackelberg.Kernels

/// What it costs that long sums of float32 are sums of partial sums: ours against the same sums from end to end, or against
/// the partial sums alone, in turn on one machine; and the errors of both.
module LongSums =

    let private n = 1 <<< 20

    /// From end to end in four vectors, as fast as such a loop goes.
    let private straight (x: float32[]) : float32 =
        let width = Vector<float32>.Count
        let mutable a, b = Vector<float32>.Zero, Vector<float32>.Zero
        let mutable c, d = Vector<float32>.Zero, Vector<float32>.Zero

        for i in 0 .. 4 * width .. x.Length - 4 * width do
            a <- a + Vector<float32>(x, i)
            b <- b + Vector<float32>(x, i + width)
            c <- c + Vector<float32>(x, i + 2 * width)
            d <- d + Vector<float32>(x, i + 3 * width)

        Vector.Sum((a + b) + (c + d))

    /// Columns of a [n / columns; columns] array, row after row.
    let private straightColumns columns (x: float32[]) : float32[] =
        let sums = Array.zeroCreate<float32> columns
        let width = Vector<float32>.Count

        for row in 0..columns .. x.Length - columns do
            for i in 0..width .. columns - width do
                (Vector<float32>(sums, i) + Vector<float32>(x, row + i)).CopyTo(sums, i)

        sums

    /// A work: ours and the other's programs, and from both results their errors in roundings.
    type private Race = {
        Name: string
        Ours: unit -> unit
        Other: unit -> unit
        Errors: unit -> struct (float * float)
    }

    let private filled shapes f =
        let run = OneOp.run DType.Float32 shapes f

        // Positive numbers, whose partial sums grow and with them the roundings.
        for i in 0 .. shapes.Length - 1 do
            let values = run.Array i :?> float32[]
            values |> Array.iteri (fun k value -> values[k] <- abs value + 0.1f)

        run

    let private roundings (right: float) (found: float) =
        abs (found - right) / abs right / Math.ScaleB(1.0, -24)

    let private input (run: ProgramRun) i = run.Array i :?> float32[]
    let private output (run: ProgramRun) i = run.Output32 0 |> Array.item i |> float

    let private races () = [
        (let run = filled [ [| n |] ] (fun i -> Tensor.sum i[0])
         let x = input run 0
         let mutable other = 0.0f

         {
             Name = "sum of 2^20"
             Ours = run.Execute
             Other = fun () -> other <- straight x
             Errors =
                 fun () ->
                     let right = Array.sumBy float x
                     struct (roundings right (output run 0), roundings right (float other))
         })
        (let run = filled [ [| n / 32; 32 |] ] (fun i -> Tensor.sumAxis 0 i[0])
         let x = input run 0
         let mutable other = [||]

         {
             Name = "sums of 32 columns of 2^15"
             Ours = run.Execute
             Other = fun () -> other <- straightColumns 32 x
             Errors =
                 fun () ->
                     let right = Seq.sumBy (fun row -> float x[32 * row]) (seq { 0 .. n / 32 - 1 })
                     struct (roundings right (output run 0), roundings right (float other[0]))
         })
        (let k, parts = 1 <<< 16, 64
         let run = filled [ [| 64; k |]; [| k; 64 |] ] (fun i -> Tensor.matmul i[0] i[1])

         let pieces =
             filled [ [| parts; 64; k / parts |]; [| parts; k / parts; 64 |] ] (fun i ->
                 Tensor.matmul i[0] i[1])

         let a, b = input run 0, input run 1

         {
             Name = "product 64 × 2^16 × 64, against its pieces alone"
             Ours = run.Execute
             Other = pieces.Execute
             Errors =
                 fun () ->
                     let dot = Seq.sumBy (fun p -> float a[p] * float b[64 * p])
                     let right = dot (seq { 0 .. k - 1 })
                     struct (roundings right (output run 0), nan)
         })
    ]

    let private time (work: unit -> unit) =
        let clock = Stopwatch.StartNew()
        work ()
        clock.Elapsed.TotalMicroseconds

    /// Prints the table.
    let show () =
        printfn "| sum of float32 | ours | other | cost | our error | other error |"
        printfn "|---|---:|---:|---:|---:|---:|"

        for race in races () do
            for _ in 1..50 do
                race.Ours()
                race.Other()

            let times = [| for _ in 1..201 -> struct (time race.Ours, time race.Other) |]

            let median (pick: struct (float * float) -> float) =
                (times |> Array.map pick |> Array.sort)[100]

            let ours = median (fun (struct (ours, _)) -> ours)
            let other = median (fun (struct (_, other)) -> other)
            let struct (error, otherError) = race.Errors()

            if not (error <= 64.0) then
                failwith $"{race.Name} is off by {error} roundings."

            String.Format(
                Globalization.CultureInfo.InvariantCulture,
                "| {0} | {1:F1} µs | {2:F1} µs | {3:F2}× | {4:F1} | {5:F1} |",
                race.Name,
                ours,
                other,
                ours / other,
                error,
                otherError
            )
            |> Console.WriteLine
