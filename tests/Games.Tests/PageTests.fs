/// The pages of the documentation: every script runs and finds its numbers, every link between pages leads somewhere.
module Games.Tests.PageTests

open System
open System.IO
open System.Text.RegularExpressions
open Xunit

let private folder = Path.Combine(Script.root, "docs")

let private pages =
    Array.append (Directory.GetFiles(folder, "*.fsx")) (Directory.GetFiles(folder, "*.md"))
    |> Array.map Path.GetFileName
    |> Array.sort

let theories = TheoryData<string>(pages)

let private scriptsOnly = pages |> Array.filter (fun page -> page.EndsWith ".fsx")

let scripts = TheoryData<string>(scriptsOnly)

let private pathOf (page: string) = Path.Combine(folder, page)

/// Half of the scripts in each of two processes, which saves most of the time of starting and compiling. Where a half fails,
/// each of its scripts is run alone, and tells what is wrong with it.
let private endings =
    lazy
        (let together (half: string[]) =
            let loads = half |> Array.map (fun page -> $"#load @\"{pathOf page}\"")
            let ending = Script.runText (String.Join("\n", loads))

            if ending.ExitCode = 0 && ending.Errors = "" then
                half |> Array.map (fun page -> page, ending)
            else
                half |> Array.map (fun page -> page, Script.run (pathOf page))

         Array.Parallel.map together (Array.splitInto 2 scriptsOnly)
         |> Array.concat
         |> dict)

[<Theory; MemberData(nameof scripts)>]
let ``a page's script runs and finds every number that it checks`` (page: string) =
    let ending = endings.Value[page]

    Assert.True(
        (ending.ExitCode = 0),
        $"{page} ended with {ending.ExitCode}:\n{ending.Output}\n{ending.Errors}"
    )

    Assert.Equal("", ending.Errors)

    // Each "check" of the page's source has printed its line; those in loops may print more.
    let names =
        Regex.Matches(File.ReadAllText(pathOf page), "(?m)^check \"([^\"]+)\"")
        |> Seq.map _.Groups[1].Value

    Assert.NotEmpty names

    for name in names do
        Assert.Contains($"  ok  {name} = ", ending.Output)

[<Theory; MemberData(nameof theories)>]
let ``a page has a title, a place in the menu, and links that lead somewhere`` (page: string) =
    let text = File.ReadAllText(Path.Combine(folder, page))

    for word in [ "title"; "category"; "categoryindex"; "index" ] do
        Assert.Matches($@"(?m)^{word}: \S", text)

    for link in Regex.Matches(text, @"\]\(([^)\s:#]+)\.html(#[^)]*)?\)") do
        let target = link.Groups[1].Value

        Assert.True(
            target.StartsWith "reference/"
            || Array.contains (target + ".fsx") pages
            || Array.contains (target + ".md") pages,
            $"{page} links to {target}.html, but docs has neither {target}.fsx nor {target}.md."
        )

[<Fact>]
let ``the first page leads to every other page`` () =
    let first = File.ReadAllText(Path.Combine(folder, "index.md"))

    for page in pages do
        let name = Path.GetFileNameWithoutExtension page

        if name <> "index" then
            Assert.Contains($"]({name}.html)", first)

/// What docs/claims.csv may say of a claim.
let private verdicts = [
    "holds"
    "holds with a correction"
    "printed form is false"
    "not found here"
]

[<Fact>]
let ``every claim is a statement of the paper, and what shows it exists`` () =
    let file (parts: string list) =
        Path.Combine(Array.ofList (Script.root :: parts))

    let statements =
        File.ReadAllLines(file [ "tests"; "Stackelberg.Dsl.Tests"; "Reference"; "paper-statements.csv" ])
        |> Array.map (fun line -> String.Join(' ', line.Split(',')[..1]))
        |> Set.ofArray

    let sources =
        [ "*.fs"; "*.cs" ]
        |> Seq.collect (fun kind -> Directory.GetFiles(file [ "tests" ], kind, SearchOption.AllDirectories))
        |> Seq.map File.ReadAllText
        |> String.concat "\n"

    let isThere (shown: string) =
        match shown.Split(' ', 2) with
        | [| "test"; name |] -> sources.Contains $"let ``{name}``" || sources.Contains $" {name}("
        | [| "game"; name |] -> File.Exists(file [ "games"; $"{name}.fsx" ])
        | [| "experiment"; name |] -> File.Exists(file [ "experiments"; name; "experiment.fsx" ])
        | [| "check"; name |] ->
            let parts = name.Split('/', 2)

            File.ReadAllLines(file [ "experiments"; parts[0]; "expected.csv" ])
            |> Array.exists (fun line -> line.StartsWith(parts[1] + ","))
        | _ -> false

    let claims = Stackelberg.Files.CsvTable.Read(Path.Combine(folder, "claims.csv"))
    let cell (name: string) (row: string[]) = row[claims.IndexOf name]
    Assert.True(claims.Rows.Count >= 40)

    let faults = [
        for row in claims.Rows do
            let statement = $"""{cell "kind" row} {cell "number" row}"""

            if not (statements.Contains statement) then
                $"{statement} is no statement of the paper"

            if not (List.contains (cell "verdict" row) verdicts) then
                $"""{statement}: "{cell "verdict" row}" is no verdict"""

            for shown in (cell "shown" row).Split(" | ") do
                if not (isThere shown) then
                    $"{statement}: there is no {shown}"
    ]

    Assert.Equal("", String.Join("\n", faults))
