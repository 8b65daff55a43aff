(**
---
title: Which rule for which game
category: Learning
categoryindex: 2
index: 1
---
*)
(*** hide ***)
#load "../.ci/Page.fsx"

open Prelude
open Page
(**
# Which rule for which game

Every rule has played every game of `games/`, from the start and at the rate that the game's script gives, for at most 20,000 steps.
What came of it is `games/rules-by-games.csv`, which the tests compare with new runs; this page is made from that file.
*)
(*** hide ***)
open System
open System.IO
open Stackelberg
open Stackelberg.Files

let rows =
    let table =
        CsvTable.Read(Path.Combine(__SOURCE_DIRECTORY__, "..", "games", "rules-by-games.csv"))

    let cell (name: string) (row: string[]) = row[table.IndexOf name]

    [|
        for row in table.Rows ->
            {|
                Game = cell "game" row
                Rule = cell "rule" row
                Kind = cell "came_to" row
                Factor = cell "factor" row
                Predicted = cell "predicted" row
                Agrees = cell "agrees" row
            |}
    |]

let games = rows |> Array.map _.Game |> Array.distinct
let rules = rows |> Array.map _.Rule |> Array.distinct
check "rows are every rule on every game" (float rows.Length) (float (games.Length * rules.Length)) 0.0
let count f = rows |> Array.filter f |> Array.length

let agreeing, compared =
    count (fun row -> row.Agrees = "true"), count (fun row -> row.Agrees <> "")

check "measured and predicted factors agree in most runs" (float agreeing / float compared) 1.0 0.05

(*** hide ***)
printfn
    $"{rules.Length} rules on {games.Length} games; measured and predicted factors agree within 1 %% in {agreeing} of {compared} runs."
(*** include-output ***)
(**
## By rule

On how many games a rule comes to a point of each kind. *N*: a differential Nash equilibrium; *S*: a differential Stackelberg
equilibrium; *both*. *Open*: a critical point that is undecided, or certainly neither. *Own*: a rest point of the rule alone.
*Moves*: after all steps it cycles, drifts, grows or is slow. *No*: it diverges, stops, fails, or is not defined.
*)
(*** hide ***)
let kinds = [
    "N", [ "Nash" ]
    "S", [ "Stackelberg" ]
    "both", [ "Nash and Stackelberg" ]
    "open", [ "undecided"; "critical" ]
    "own", [ "own point" ]
    "moves", [ "cycles"; "drifts"; "grows"; "slow" ]
    "no", [ "diverges"; "stopped"; "fails"; "not defined" ]
]

let known = kinds |> List.collect snd |> Set.ofList
check "kinds that the page does not know" (float (count (fun row -> not (known.Contains row.Kind)))) 0.0 0.0

let counts rule = [
    for _, names in kinds ->
        rows
        |> Array.filter (fun row -> row.Rule = rule && List.contains row.Kind names)
        |> Array.length
]

rules
|> Array.sortByDescending (fun rule -> List.sum (List.take 3 (counts rule)))
|> List.ofArray
|> List.map (fun rule -> rule :: (counts rule |> List.map (fun n -> if n = 0 then "" else string n)))
|> table ("rule" :: List.map fst kinds)
(*** include-it-raw ***)
(**
## By game

The rules that come to a Stackelberg equilibrium and to a Nash equilibrium, each the fastest first: the factor is by how much a step shrinks the distance.
*)
(*** hide ***)
let fastest game kind =
    let factor (text: string) =
        match Double.TryParse(text, Globalization.CultureInfo.InvariantCulture) with
        | true, value -> value
        | _ -> infinity

    let found =
        rows
        |> Array.filter (fun row -> row.Game = game && (row.Kind = kind || row.Kind = "Nash and Stackelberg"))
        |> Array.sortBy (fun row -> factor row.Factor)

    let shown =
        found
        |> Array.truncate 3
        |> Array.map (fun row ->
            match factor row.Factor with
            | value when Double.IsFinite value -> FormattableString.Invariant $"{row.Rule} ({value:F3})"
            | _ -> row.Rule)
        |> String.concat "; "

    if found.Length > 3 then
        $"{shown}; and {found.Length - 3} more"
    else
        shown

[
    for game in games -> [ game; fastest game "Stackelberg"; fastest game "Nash" ]
]
|> table [ "game"; "to a Stackelberg equilibrium"; "to a Nash equilibrium" ]
(*** include-it-raw ***)
(**
## How to choose

- For a Stackelberg equilibrium: `Rule.stackelberg Conjecture.bestResponse`. If the follower's second derivative may be singular
  or indefinite, `Conjecture.regularized η`; it then comes to a point of its own that differs from the equilibrium in
  general-sum games. `Rule.followTheRidge` where the follower must keep up with the leader.
- For a Nash equilibrium of a game that turns: extragradient, optimistic steps, or alternating ones with negative momentum.
- For one's own game, ask: `Comparison.run` plays every rule and compares it with theory.
*)
let duopoly =
    Game.twoPlayer "duopoly" (fun q1 q2 -> -(100 - q1 - q2 - 5) * q1) (fun q1 q2 -> -(100 - q1 - q2 - 2) * q2)

let compared5 =
    duopoly
    |> Comparison.run
        {
            Comparison.settings with
                Rules = [|
                    Rule.simultaneous
                    Rule.extragradient
                    Rule.stackelberg Conjecture.bestResponse
                    Rule.followTheRidge Conjecture.bestResponse
                    Rule.lola 0.1
                |]
        }
        (Tensor.ofList [ 10.0; 10.0 ])

for row in compared5 do
    printfn $"{row}"
(*** include-output ***)
(*** hide ***)
check "simultaneous play's factor" compared5[0].Measured 0.9 1e-6
(**
`compared5 |> Chart.compare |> Chart.show`:
*)
(*** hide ***)
compared5 |> Chart.compare |> drawn
(*** include-it-raw ***)
(**
On the command line: `stackelberg compare mine.fsx --start 1,1 --rate 0.05 --rules stackelberg,extragradient`.
*)
