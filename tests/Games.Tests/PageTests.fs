/// The pages of the documentation: every script runs and finds its numbers, every link between pages leads somewhere.
module Games.Tests.PageTests

open System.Collections.Concurrent
open System.IO
open System.Text.RegularExpressions
open System.Threading.Tasks
open Xunit

let private folder = Path.Combine(Script.root, "docs")

let private pages =
    Array.append (Directory.GetFiles(folder, "*.fsx")) (Directory.GetFiles(folder, "*.md"))
    |> Array.map Path.GetFileName
    |> Array.sort

let theories = TheoryData<string>(pages)

let scripts =
    TheoryData<string>(pages |> Array.filter (fun page -> page.EndsWith ".fsx"))

/// Two at a time, as the games' scripts.
let private endings =
    lazy
        (let ended = ConcurrentDictionary<string, Script.Ending>()

         Parallel.ForEach(
             pages |> Array.filter (fun page -> page.EndsWith ".fsx"),
             ParallelOptions(MaxDegreeOfParallelism = 2),
             fun page -> ended[page] <- Script.run (Path.Combine(folder, page))
         )
         |> ignore

         ended)

[<Theory; MemberData(nameof scripts)>]
let ``a page's script runs and finds every number that it checks`` (page: string) =
    let ending = endings.Value[page]

    Assert.True(
        (ending.ExitCode = 0),
        $"{page} ended with {ending.ExitCode}:\n{ending.Output}\n{ending.Errors}"
    )

    Assert.Equal("", ending.Errors)
    Assert.Contains("  ok  ", ending.Output)

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
