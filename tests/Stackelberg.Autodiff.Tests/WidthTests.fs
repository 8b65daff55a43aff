module Stackelberg.Autodiff.Tests.WidthTests

open System
open System.Diagnostics
open System.Globalization
open System.IO
open System.Reflection
open Stackelberg
open Stackelberg.Kernels
open Xunit

/// Where a process with narrower vectors leaves its results.
let private variable = "STACKELBERG_WIDTH_RESULTS"

let private numbers seed (shape: int list) =
    Tensor.reshape shape (Tensor.ofArray (Expect.numbers seed (List.fold (*) 1 shape)))

/// Compiled programs with sums, products, solves and functions in them, in both number types; with each the number of
/// roundings n on the longest way from an input to a result.
let private results () =
    let run (dtype: DType) n (f: Tensor -> Tensor) (x: Tensor) =
        let y = Diff.jit f (Tensor.cast dtype x)
        dtype, n, y.ToArray()

    /// A program whose solves are cut short on purpose, so that its numbers are not handed out as answers.
    let runCutShort (dtype: DType) n (f: Tensor -> Tensor) (x: Tensor) =
        let x = Tensor.cast dtype x

        let run =
            (Program.compile [| dtype, x.Shape |] [| false |] (fun args -> [| f args[0] |])).CreateRun()

        match dtype with
        | DType.Float64 ->
            x.ToArray().CopyTo(run.Input 0, 0)
            run.Execute()
            dtype, n, Array.copy (run.Output 0)
        | _ ->
            (x.ToArray() |> Array.map float32).CopyTo(run.Input32 0, 0)
            run.Execute()
            dtype, n, run.Output32 0 |> Array.map float

    let solver = {
        Method = LinearMethod.ConjugateGradient
        Tolerance = 0.0
        MaxIterations = 5
        WarmStart = false
    }

    [
        for dtype in [ DType.Float64; DType.Float32 ] do
            let w = Tensor.cast dtype (0.2 * numbers 1 [ 40; 40 ])

            let network (x: Tensor) =
                Tensor.sum (Tensor.sigmoid (Tensor.matmul (tanh (Tensor.matmul x w)) w))

            let x = 0.5 * numbers 2 [ 30; 40 ]
            // Two products of 40 terms, 1200 entries summed, twice that backwards.
            run dtype 4000 (Diff.grad network) x
            run dtype 12000 (fun x -> Diff.hessianv network x (Tensor.cast dtype (numbers 3 [ 30; 40 ]))) x
            run dtype 200 (fun x -> Tensor.softmax (exp (sin x) - log (1.5 + cos x))) (numbers 4 [ 20; 33 ])
            // Five iterations of CG on a matrix of 40 × 40.
            runCutShort
                dtype
                2000
                (fun x ->
                    LinearSolve.solve solver (fun v -> 50.0 * v + Tensor.matmul w.T (Tensor.matmul w v)) x)
                (numbers 5 [ 40 ])
    ]

[<Fact>]
let ``the results of some programs are finite, and are left for whoever asks`` () =
    let results = results ()

    for _, _, values in results do
        Assert.All(values, fun value -> Assert.True(Double.IsFinite value))

    match Environment.GetEnvironmentVariable variable with
    | null -> ()
    | path ->
        let line (values: float[]) =
            String.Join(
                " ",
                values
                |> Array.map (fun value -> value.ToString("R", CultureInfo.InvariantCulture))
            )

        File.WriteAllLines(path, [ for _, _, values in results -> line values ])

/// The runtime fixes the width of its vectors when it starts, so another process computes the same programs.
[<Fact>]
let ``256-bit vectors give the results of 512-bit ones but for n roundings`` () =
    let path = Path.GetTempFileName()

    try
        let info =
            ProcessStartInfo("dotnet", RedirectStandardOutput = true, RedirectStandardError = true)

        info.Environment["DOTNET_EnableAVX512"] <- "0"
        info.Environment[variable] <- path

        for argument in
            [
                "exec"
                Assembly.GetExecutingAssembly().Location
                "-method"
                "*WidthTests.the results of some*"
            ] do
            info.ArgumentList.Add argument

        use child = Process.Start info
        let errors = child.StandardError.ReadToEndAsync()
        let output = child.StandardOutput.ReadToEnd()
        child.WaitForExit()
        Assert.True((child.ExitCode = 0), output + errors.Result)
        let lines = File.ReadAllLines path
        let here = results ()
        Assert.Equal(here.Length, lines.Length)

        for (dtype, n, wide), line in Seq.zip here lines do
            let narrow =
                line.Split ' '
                |> Array.map (fun word -> Double.Parse(word, CultureInfo.InvariantCulture))

            let epsilon =
                if dtype = DType.Float64 then
                    Math.ScaleB(1.0, -53)
                else
                    Math.ScaleB(1.0, -24)

            let largest = wide |> Array.fold (fun most value -> max most (abs value)) 0.0

            Array.iter2
                (fun (a: float) b -> Assert.InRange(abs (a - b), 0.0, float n * epsilon * largest))
                wide
                narrow
    finally
        File.Delete path
