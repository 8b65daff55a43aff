/// Random compositions of all ops, judged by an evaluator of its own; engines used by many threads; programs let go.
/// For a long run: STACKELBERG_FUZZ=1000000 (compositions), STACKELBERG_FUZZ_SEED (the first seed),
/// STACKELBERG_FUZZ_REPORT (the file for the counts, written anew every 10,000).
module Stackelberg.Autodiff.Tests.Fuzz.RandomCompositionTests

open System
open System.IO
open System.Threading
open Stackelberg
open Xunit

let private setting (name: string) (otherwise: int) =
    match Environment.GetEnvironmentVariable name with
    | null
    | "" -> otherwise
    | text -> int text

[<Fact>]
let ``random compositions have the values and derivatives that they have by definition`` () =
    let campaign =
        Campaign(setting "STACKELBERG_FUZZ_SEED" 1, setting "STACKELBERG_FUZZ" 4000)

    let write () =
        match Environment.GetEnvironmentVariable "STACKELBERG_FUZZ_REPORT" with
        | null
        | "" -> ()
        | file -> File.WriteAllText(file, campaign.Report())

    campaign.Run(fun _ -> write ())
    write ()
    let report = campaign.Report()

    match TestContext.Current.TestOutputHelper with
    | null -> ()
    | output -> output.WriteLine report

    Assert.True((campaign.Differing = 0), report)
    let total = Seq.sumBy campaign.Total [ Agrees; Weak; Verdict.NotFinite; Open ]
    // Comparisons that could not fail would show nothing.
    let share = float (campaign.Total Agrees) / float total
    Assert.InRange(share, 0.7, 1.0)

/// The bits of values and gradients, by numbers and compiled.
let private bits (c: Composition) (compiled: Tensor -> Tensor) =
    let f = Composition.engine c
    let x = Composition.point c
    let total x = Tensor.sum (f x)

    [| f x; compiled x; Diff.grad total x; snd (Diff.jvp f x x) |]
    |> Array.collect (fun t -> t.ToArray())
    |> Array.map BitConverter.DoubleToInt64Bits

[<Fact>]
let ``sixteen threads at once compute the bits that one computes`` () =
    let cases =
        Array.init 60 (fun k ->
            let c = Generate.composition (1000000 + k)
            c, Diff.jit (Composition.engine c))

    let expected = cases |> Array.map (fun (c, compiled) -> bits c compiled)
    let found = Array.init 16 (fun _ -> Array.zeroCreate<int64[]> cases.Length)

    let threads =
        Array.init 16 (fun i ->
            Thread(fun () ->
                for k in 0 .. cases.Length - 1 do
                    // Every thread in an order of its own.
                    let k = (k * 7 + i * 11) % cases.Length
                    found[i][k] <- cases[k] ||> bits))

    for thread in threads do
        thread.Start()

    for thread in threads do
        thread.Join()

    for i in 0..15 do
        for k in 0 .. cases.Length - 1 do
            Assert.Equal<int64>(expected[k], found[i][k])

/// A program with a constant of its own; in a method of its own, so that nothing else holds the constant.
let private compileOnce k : WeakReference =
    let constant = Tensor.ofArray (Array.init 4 (fun i -> float (k + i)))
    let f = Diff.jit (fun x -> Tensor.sum (sin (x * constant)))
    let gradient = Diff.jit (Diff.grad (fun x -> Tensor.sum (x * x * constant)))
    f constant + Tensor.sum (gradient constant) |> ignore
    WeakReference constant

[<Fact>]
let ``programs that are compiled and run in a loop are let go`` () =
    let loops = max 1000 (setting "STACKELBERG_FUZZ" 0 / 100)
    let constants = Array.init loops compileOnce
    GC.Collect()
    GC.WaitForPendingFinalizers()
    GC.Collect()
    let alive = constants |> Array.filter _.IsAlive |> Array.length
    // The cache keeps 128 programs, whoever else uses it meanwhile.
    Assert.True(alive <= 150, $"{alive} of {loops} are held")
