module Stackelberg.Bilevel.Tests.SolvingTests

open System
open System.Globalization
open System.IO
open Xunit
open Stackelberg

let private table = Path.Combine(__SOURCE_DIRECTORY__, "Reference", "found.csv")

/// What each problem's own start leads to; made once for all tests.
let private reached =
    lazy
        (Collection.problems
         |> Array.ofList
         |> Array.Parallel.map (fun problem -> problem, Solving.fromStart problem))

let private rowsOf searches =
    reached.Value
    |> Array.Parallel.map (fun (problem, start) -> Solving.row searches problem start)

let private number (value: float option) =
    match value with
    | Some value -> value.ToString("R", CultureInfo.InvariantCulture)
    | None -> ""

/// The table of all problems takes some minutes: STACKELBERG_BILEVEL=1 makes it anew.
[<Fact>]
let ``The table says what was found of each problem`` () =
    if Environment.GetEnvironmentVariable "STACKELBERG_BILEVEL" = "1" then
        let lines =
            rowsOf true
            |> Array.map (fun row -> $"{row.Name},{number row.Least},{row.Found},{row.Verdict},{row.Local}")

        File.WriteAllLines(table, Array.append [| "problem,least,found,verdict,local" |] lines)

    let rows = File.ReadAllLines table |> Array.skip 1 |> Array.map _.Split(',')

    Assert.Equal<string list>(
        Collection.problems |> List.map _.Name,
        rows |> Array.map Array.head |> List.ofArray
    )

    let count column (word: string) =
        rows |> Array.filter (fun row -> row[column] = word) |> Array.length

    let found = count 2 "start" + count 2 "box"
    Assert.True(found >= 130, $"{found} of the known least costs were found")
    Assert.True(count 3 "yes" >= 80, $"""{count 3 "yes"} of them were classified with certainty""")

[<Fact>]
let ``The collection's own starts lead to the least known cost wherever the table says so`` () =
    let expected =
        File.ReadAllLines table
        |> Array.skip 1
        |> Array.map _.Split(',')
        |> Array.filter (fun row -> row[2] = "start")
        |> Array.map (fun row -> row[0], row[3])

    let found =
        rowsOf false
        |> Array.map (fun row -> row.Name, (row.Found, row.Verdict))
        |> Map.ofArray

    let lost =
        expected
        |> Array.filter (fun (name, verdict) -> found[name] <> ("start", verdict))
        |> Array.map (fun (name, verdict) -> $"{name}: {verdict} in the table, now {found[name]}")

    Assert.True(Array.isEmpty lost, String.Join("\n", lost))

[<Fact>]
let ``Where the collection's optimum is below, the follower's answer is a local one, and is told so`` () =
    // A differential Stackelberg point with a cost below the least known one can only be a local answer.
    let below =
        reached.Value
        |> Array.choose (fun (problem, start) ->
            match Solving.leastCost problem, start with
            | Some least, Some report when
                report.IsDifferentialStackelberg = Verdict.Yes
                && report.Costs[0] < least
                && not (Solving.isSame report.Costs[0] least)
                ->
                Some(problem, report)
            | _ -> None)

    Assert.NotEmpty below

    for problem, report in below do
        Assert.False(Solving.isBestAnswer problem report, $"{problem.Name}: {report}")
