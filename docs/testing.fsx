(**
---
title: How it is tested
category: Practice
categoryindex: 5
index: 2
---
*)
(*** hide ***)
#load "../.ci/Page.fsx"

open Prelude
open Page
(**
# How it is tested

`dotnet test -c Release` runs all tests, `bash .ci/run` what the build server runs. What they hold a number against:

- **Derivatives**: a closed form, a complex step, or differences, to every order that is used.
- **Rules**: every rule's first steps against its formula by hand; its contraction against the spectral radius of its step.
- **Published numbers**: `expected.csv` of each experiment, with the source of every row.
- **Theory**: the paper's propositions, lemmas and theorems, where they can be computed, as laws over random games ([claims](claims.html)).
- **Sameness**: equal seeds give equal bits, with any number of threads and after a resume.
- **Words**: messages of errors, the README's code, every script of these pages.

The counts of this page are made from the repository when the site is made.
*)
(*** hide ***)
open System.IO
open System.Text.RegularExpressions

let root = Path.GetFullPath(Path.Combine(__SOURCE_DIRECTORY__, ".."))

let files (folder: string) (pattern: string) =
    Directory.GetFiles(Path.Combine(root, folder), pattern, SearchOption.AllDirectories)
    |> Array.filter (fun path -> not (Regex.IsMatch(path, @"[\\/](bin|obj)[\\/]")))

let testsOf (project: string) =
    Array.append (files project "*.fs") (files project "*.cs")
    |> Array.sumBy (fun path -> Regex.Matches(File.ReadAllText path, @"\[<?(?:Fact|Theory|Property)\b").Count)

let projects =
    Directory.GetDirectories(Path.Combine(root, "tests"))
    |> Array.map Path.GetFileName
    |> Array.filter (fun name -> name.EndsWith "Tests")
    |> Array.sort

let counts =
    projects |> Array.map (fun name -> name, testsOf (Path.Combine("tests", name)))

check "every project has tests" (counts |> Array.map (snd >> float) |> Array.min |> min 1.0) 1.0 0.0

[ for name, count in counts -> [ name; string count ] ]
|> table [ "project"; "tests as written (a theory's cases count once)" ]
(*** include-it-raw ***)
(*** hide ***)
let expected =
    files "experiments" "expected.csv"
    |> Array.map (fun path ->
        Path.GetFileName(Path.GetDirectoryName path), File.ReadAllLines(path).Length - 1)
    |> Array.sortBy fst

[ for name, count in expected -> [ name; string count ] ]
|> table [ "experiment"; "numbers held against the source" ]
(*** include-it-raw ***)
(**
## A check of one's own

`Check.gradient` holds a function's derivatives against differences, to second order and in both modes:
*)
open Stackelberg

let smooth (x: Tensor) = Tensor.sum (Tensor.softplus x * x)
printfn $"{Check.gradient smooth (Tensor.ofList [ 0.5; -2.0 ])}"
(*** include-output ***)
(**
A game's known points are data, which `Known.faults` holds against the analysis:
*)
let known =
    Game.zeroSum "saddle" (fun x y -> x * x + x * y - y * y)
    |> Known.game "closed form" [ 1.0; 1.0 ] 0.1 [
        Known.point [ 0.0; 0.0 ] [
            Trait.DifferentialNash
            Trait.DifferentialStackelberg
            Trait.StableSimgrad
            Trait.StableStackelberg
        ]
    ]

printfn $"faults: {(Known.faults known).Length}"
(*** include-output ***)
(*** hide ***)
check "faults" (float (Known.faults known).Length) 0.0 0.0
