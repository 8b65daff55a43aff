// Writes the table of rules and games in games/README.md from games/rules-by-games.csv, which
//     dotnet run --project src/Stackelberg.Cli -c Release -- compare games/[a-z]*.fsx --out games/rules-by-games.csv
// makes:
//     dotnet fsi experiments/rules.fsx
#I "../src/Stackelberg.Cli/bin/Release/net10.0"
#r "Stackelberg.Files.dll"

open System
open System.Globalization
open System.IO
open Stackelberg.Files

let games = Path.Combine(__SOURCE_DIRECTORY__, "..", "games")
let csv = CsvTable.Read(Path.Combine(games, "rules-by-games.csv"))
let column name = csv.IndexOf name

/// What a run came to, as short as a cell.
let signs =
    Map [
        "Nash and Stackelberg", "**NS**"
        "Nash", "**N**"
        "Stackelberg", "**S**"
        "critical", "c"
        "undecided", "u"
        "own point", "own"
        "diverges", "∞"
        "not defined", "–"
    ]

let cell (row: string[]) =
    let kind = row[column "came_to"]
    let sign = signs |> Map.tryFind kind |> Option.defaultValue kind
    let factor = row[column "factor"]

    if factor = "" || not (Map.containsKey kind signs) then
        sign
    else
        let value =
            Double
                .Parse(factor, CultureInfo.InvariantCulture)
                .ToString("0.0000", CultureInfo.InvariantCulture)

        let mark = if row[column "agrees"] = "false" then "\\*" else ""
        $"{sign} {value[1..]}{mark}"

let gamesInOrder =
    csv.Rows
    |> Seq.map (fun row -> row[column "game"])
    |> Seq.distinct
    |> List.ofSeq

let rules =
    csv.Rows
    |> Seq.map (fun row -> row[column "rule"])
    |> Seq.distinct
    |> List.ofSeq

let cells =
    csv.Rows
    |> Seq.map (fun row -> (row[column "game"], row[column "rule"]), cell row)
    |> dict

/// Rules in a table: more would be wider than a page.
let width = 7

let table (shown: string list) =
    let line (parts: string list) = "| " + String.Join(" | ", parts) + " |"

    String.concat "\n" [
        line ("game" :: shown)
        line ("---" :: List.map (fun _ -> "---") shown)

        for game in gamesInOrder do
            line (game :: List.map (fun rule -> cells[(game, rule)]) shown)
    ]

let agree =
    csv.Rows |> Seq.filter (fun row -> row[column "agrees"] = "true") |> Seq.length

let compared =
    csv.Rows |> Seq.filter (fun row -> row[column "agrees"] <> "") |> Seq.length

let text =
    String.concat "\n\n" [
        $"Factors measured and predicted agree within 1 %% in {agree} of {compared} runs; those marked \\* have their reason in the file."
        yield! rules |> List.chunkBySize width |> List.map table
    ]

let readme = Path.Combine(games, "README.md")
let old = File.ReadAllText readme
let first = "<!-- rules: begin (written by experiments/rules.fsx) -->"
let last = "<!-- rules: end -->"

let before =
    old.Substring(0, old.IndexOf(first, StringComparison.Ordinal) + first.Length)

let after = old.Substring(old.IndexOf(last, StringComparison.Ordinal))
File.WriteAllText(readme, $"{before}\n\n{text}\n\n{after}")
printfn $"{agree} of {compared} agree."
