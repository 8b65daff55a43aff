/// Random chains of structures between a poisonous function and a selection. For a long run: STACKELBERG_CHAINS=20000
/// (chains), STACKELBERG_CHAINS_SEED (the first seed), STACKELBERG_CHAINS_REPORT (the file for the counts).
module Stackelberg.Autodiff.Tests.Fuzz.SelectionChainTests

open System
open System.IO
open Stackelberg
open Stackelberg.Autodiff.Tests
open Xunit

let private setting (name: string) (otherwise: int) =
    match Environment.GetEnvironmentVariable name with
    | null
    | "" -> otherwise
    | text -> int text

/// As many failures are made small and told; the others are counted.
let private told = 5

[<Fact>]
let ``what was not chosen has no part behind random chains of structures`` () =
    let first, count =
        setting "STACKELBERG_CHAINS_SEED" 1, setting "STACKELBERG_CHAINS" 400

    let failures = ResizeArray<string>()
    let mutable judged, compared, differing = 0, 0L, 0

    for seed in first .. first + count - 1 do
        let chain = SelectionChains.draw seed

        match SelectionChains.judge chain with
        | NothingToChoose -> ()
        | Compared(derivatives, differences) ->
            judged <- judged + 1
            compared <- compared + int64 derivatives

            if not differences.IsEmpty then
                differing <- differing + 1

                if failures.Count < told then
                    let smallest = SelectionChains.smallest chain

                    let found =
                        match SelectionChains.judge smallest with
                        | Compared(_, differences) -> differences
                        | NothingToChoose -> differences

                    failures.Add(
                        SelectionChains.show smallest
                        + "\n  "
                        + String.Join("\n  ", List.truncate 6 found)
                    )

    let report =
        $"{judged} chains of seeds {first} to {first + count - 1}, {compared} derivatives; {differing} chains differ\n"
        + String.Join("\n", failures)

    match TestContext.Current.TestOutputHelper with
    | null -> ()
    | output -> output.WriteLine report

    match Environment.GetEnvironmentVariable "STACKELBERG_CHAINS_REPORT" with
    | null
    | "" -> ()
    | file -> File.WriteAllText(file, report)

    Assert.True((differing = 0), report)
    // Chains of which nothing could be chosen would show nothing.
    Assert.InRange(judged, count / 3, count)

/// Every function's zeros are the user's: what NaN is multiplied with is NaN.
[<Fact>]
let ``zeros that a function puts into values absorb nothing`` () =
    let matrix = Expect.ofShape [ 2; 2 ] [ 1.0; 2.0; 3.0; 4.0 ]

    let values: (string * (Tensor -> Tensor) * int list)[] = [|
        "tril", Tensor.tril, [ 1 ]
        "triu", Tensor.triu, [ 2 ]
        "diag", (fun m -> Tensor.diag (Tensor.flatten m)), [ 1; 4; 14 ]
        "pad", Tensor.pad 0 1 1, [ 0; 1; 6; 7 ]
        "norm", (fun m -> Tensor.norm (0.0 * m)), [ 0 ]
        "pNorm", (fun m -> Tensor.pNorm 3.0 (0.0 * m)), [ 0 ]
        "std", (fun m -> Tensor.std (0.0 * m)), [ 0 ]
        "clamp", (fun m -> Tensor.clamp 0.0 0.0 m), [ 0; 3 ]
        "relu", (fun m -> Tensor.relu (-m)), [ 0; 3 ]
        "oneHot", (fun m -> Tensor.oneHot 3 (Tensor.flatten m)), [ 0; 9 ]
        "cholesky", (fun m -> PositiveDefinite.cholesky (Tensor.matmul m m.T)), [ 1 ]
        "dropout", Layer.dropout 0.5 (0.0 * matrix), [ 0; 3 ]
    |]

    for name, f, zeros in values do
        for poisoned in
            [
                (fun m -> nan * f m)
                (fun m -> f m * Tensor.full (f m).Shape infinity)
                (fun m -> f m / (0.0 * f m))
            ] do
            for y in
                [
                    poisoned matrix
                    Diff.jit poisoned matrix
                    fst (Diff.jvp poisoned matrix matrix)
                ] do
                let y = y.ToArray()

                for i in zeros do
                    Assert.True(Double.IsNaN y[i], $"{name}, entry {i}: {y[i]}")
