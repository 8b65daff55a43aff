(**
---
title: Claims of the paper
category: Practice
categoryindex: 5
index: 3
---
*)
(*** hide ***)
#load "../.ci/Page.fsx"

open Prelude
open Page
(**
# Claims of the paper

What *Convergence of Learning Dynamics in Stackelberg Games* (Fiez, Chasnov, Ratliff, arXiv 1906.01217) says, by the number of its
statement, and what shows it here. The table is `docs/claims.csv`; a test holds that every statement is one of the paper's, and that
every test, experiment, check and game that it names exists.

*Holds*: as printed. *Holds with a correction*: the printed form has a slip, and what is meant holds. *Printed form is false*:
a counterexample, or another number. *Not found here*: the experiment was run and does not show it.
*)
(*** hide ***)
open System
open System.IO
open System.Net
open Stackelberg.Files

let claims = CsvTable.Read(Path.Combine(__SOURCE_DIRECTORY__, "claims.csv"))
let cell (name: string) (row: string[]) = row[claims.IndexOf name]

let verdicts =
    claims.Rows
    |> Seq.countBy (cell "verdict")
    |> Seq.sortByDescending snd
    |> List.ofSeq

check "claims, at least 40" (min 40.0 (float claims.Rows.Count)) 40.0 0.0
(*** hide ***)
for verdict, count in verdicts do
    printfn $"{verdict}: {count}"
(*** include-output ***)
(*** hide ***)
let link (shown: string) =
    let parts = shown.Split(' ', 2)

    match parts[0] with
    | "test" when parts[1].Contains ' ' -> $"test: {parts[1]}"
    | "test" -> $"test: {parts[1].Replace('_', ' ')}"
    | "check" -> $"number: {parts[1]}"
    | "experiment" -> $"run {parts[1]}"
    | _ -> $"games/{parts[1]}.fsx"

let mark (verdict: string) =
    let kind =
        match verdict with
        | "holds" -> "good"
        | "holds with a correction" -> "fair"
        | _ -> "bad"

    $"<span class=\"{kind}\">{verdict}</span>"

let lines (text: string) =
    let items =
        text.Split(" | ")
        |> Array.map (fun item -> $"<li>{WebUtility.HtmlEncode(link item)}</li>")
        |> String.concat ""

    $"<ul class=\"plain\">{items}</ul>"

[
    for row in claims.Rows ->
        let text (value: string) = WebUtility.HtmlEncode value
        let claim, note = text (cell "claim" row), text (cell "note" row)

        [
            cell "kind" row + " " + cell "number" row
            $"<span>{claim}</span> <small>{note}</small>"
            mark (cell "verdict" row)
            lines (cell "shown" row)
        ]
]
|> table [ "statement"; "claim"; "verdict"; "shown by" ]
|> fun found -> $"<div class=\"claims\">{found}</div>"
(*** include-it-raw ***)
(**
Where the paper's code differs from its text, and where either is wrong, each experiment's README says
(`experiments/<name>/README.md`).
*)
