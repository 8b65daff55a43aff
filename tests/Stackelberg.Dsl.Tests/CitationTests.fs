/// Every number that the repository cites from the paper (arXiv 1906.01217) exists there: Reference/paper-statements.csv
/// lists its sections, statements, equations and figures with their subjects.
module Stackelberg.Dsl.Tests.CitationTests

open System
open System.IO
open System.Text.RegularExpressions
open Xunit

let private root = Path.GetFullPath(Path.Combine(__SOURCE_DIRECTORY__, "..", ".."))

let private statements =
    File.ReadAllLines(Path.Combine(__SOURCE_DIRECTORY__, "Reference", "paper-statements.csv"))
    |> Array.skip 1
    |> Array.map (fun line -> line.Split(',', 3))
    |> Array.map (fun cells -> cells[0], cells[1])
    |> Set.ofArray

type private Citation = {
    Kind: string
    Number: string
    At: int
}

/// One number, plain or in parentheses; assumptions are also written A1b.
let private number =
    @"\(?(?:A\d[a-c]?|[A-F](?:\.\d)?|\d{1,2}(?:\.\d{1,2})*[a-c]?)\)?(?![\w°%])"

let private citing =
    Regex(
        @"\b(?<kind>proposition|prop\.|theorem|corollar(?:y|ie)|lemma|definition|remark|assumption|example|equation|eq\.|section|appendi(?:x|ce)|figure|fig\.)s?\s+"
        + $@"(?<list>{number}(?:(?:,| and|, and| to|–) {number})*)",
        RegexOptions.IgnoreCase
    )

let private kindOf (word: string) =
    match word.ToLowerInvariant() with
    | "prop." -> "proposition"
    | "corollarie" -> "corollary"
    | "eq." -> "equation"
    | "appendice" -> "appendix"
    | "fig." -> "figure"
    | kind -> kind

/// The numbers of a list; "1 to 3" and "1–3" are three.
let private numbersOf (list: string) = [
    let parts =
        Regex.Matches(list, $@"(?<joint> to |–)?(?<one>{number})")
        |> Seq.map (fun part ->
            part.Groups["joint"].Success, part.Groups["one"].Value.Trim('(', ')').TrimStart('A'))
        |> List.ofSeq

    for (_, low), (isRange, high) in List.pairwise parts do
        match isRange, Int32.TryParse low, Int32.TryParse high with
        | true, (true, low), (true, high) -> yield! [ low + 1 .. high - 1 ] |> List.map string
        | _ -> ()

    // An appendix keeps its letter.
    yield!
        parts
        |> List.map (fun (_, one) -> if one = "" then "A" else one.Replace("..", "."))
]

/// What a number belongs to: the nearest source that is named before it.
let private naming =
    Regex(
        @"(?<paper>1906\.01217|Fiez, (?:B\. )?Chasnov,?(?: and)? (?:L\. J\. )?Ratliff(?!,? \(?(?:ICML|2020))|the paper\b)"
        + @"|(?<icml>ICML(?: 2020)?)"
        + @"|(?<other>\b(?:1[5-9]|20)\d\d\b|lecture|source's|notebook)",
        RegexOptions.IgnoreCase
    )

/// How far before a number its source may stand.
let private reach = 300

/// Lines of comments and parts of strings as one text.
let private joined (text: string) =
    let text = Regex.Replace(text, "\"\\s*\\+\\s*\\$?\"", "")
    Regex.Replace(text, @"\s*\n\s*(?:///?|\*|//|#)?\s*", " ")

type private Source =
    | Paper
    | Icml
    | Other
    | Unsaid

let private sourceOf (text: string) at =
    let first = max 0 (at - reach)

    match naming.Matches(text.Substring(first, at - first)) |> Seq.tryLast with
    | Some found when found.Groups["paper"].Success -> Paper
    | Some found when found.Groups["icml"].Success -> Icml
    | Some _ -> Other
    | None -> Unsaid

/// Statements have numbers in this paper; sections, equations, figures and examples in every source.
let private isStatement kind =
    List.contains kind [
        "proposition"
        "theorem"
        "corollary"
        "lemma"
        "definition"
        "remark"
        "assumption"
    ]

/// The paper's citations of a text, and what is wrong with them.
let private read (text: string) =
    let text = joined text
    let namesPaper = text.Contains "1906.01217"

    [
        for found in citing.Matches text do
            let kind = kindOf found.Groups["kind"].Value

            let source =
                match sourceOf text found.Index with
                | Unsaid when isStatement kind || namesPaper -> Paper
                | source -> source

            match source with
            | Paper ->
                let numbers =
                    numbersOf found.Groups["list"].Value
                    // 1.5 is a number of the text, unless of a section.
                    |> List.filter (fun number ->
                        kind = "section" || kind = "appendix" || not (number.Contains '.'))

                for number in numbers do
                    let fault =
                        if not (statements.Contains(kind, number)) then
                            Some $"arXiv 1906.01217 has no {kind} {number}"
                        elif not namesPaper then
                            Some "the file does not say that the number is arXiv 1906.01217's"
                        else
                            None

                    yield found.Value, fault
            | Icml ->
                yield
                    found.Value,
                    Some "numbers are cited from arXiv 1906.01217, the ICML version for its code only"
            | Other
            | Unsaid -> ()
    ]

let private files =
    let isOwn (path: string) =
        let parts = Path.GetRelativePath(root, path).Split Path.DirectorySeparatorChar

        not (Array.contains "bin" parts || Array.contains "obj" parts)
        && not (path.EndsWith "CitationTests.fs")

    [|
        Path.Combine(root, "README.md")
        for folder in [ "src"; "games"; "experiments"; "docs"; "tests" ] do
            for kind in [ "*.fs"; "*.fsi"; "*.fsx"; "*.cs"; "*.md"; "*.json"; "*.py" ] do
                yield!
                    Directory.GetFiles(Path.Combine(root, folder), kind, SearchOption.AllDirectories)
                    |> Array.filter isOwn
    |]

let private found =
    lazy
        (files
         |> Array.collect (fun path ->
             read (File.ReadAllText path)
             |> List.map (fun (text, fault) -> Path.GetRelativePath(root, path), text, fault)
             |> Array.ofList))

[<Fact>]
let ``every cited number of the paper exists`` () =
    let wrong =
        found.Value
        |> Array.choose (fun (path, text, fault) ->
            fault |> Option.map (fun fault -> $"{path}: \"{text}\": {fault}"))

    Assert.True(wrong.Length = 0, String.Join("\n", wrong))

[<Fact>]
let ``the citations are found at all`` () =
    // So many were there when this test was written, in so many files; a reader that finds fewer is broken.
    let count = found.Value.Length

    let files =
        found.Value |> Array.distinctBy (fun (path, _, _) -> path) |> Array.length

    Assert.True(count >= 50 && files >= 25, $"{count} citations in {files} files")

[<Theory>]
[<InlineData("arXiv 1906.01217, Proposition 13", "has no proposition 13")>]
[<InlineData("Fiez, Chasnov and Ratliff (arXiv 1906.01217), section 5.2", "has no section 5.2")>]
[<InlineData("Fiez, Chasnov, Ratliff, arXiv 1906.01217, equations (1) and (22)", "has no equation 22")>]
[<InlineData("arXiv 1906.01217, Theorems 2 to 4", "has no theorem 4")>]
[<InlineData("arXiv 1906.01217, assumptions A6 and A7", "has no assumption 7")>]
[<InlineData("arXiv 1906.01217, appendices D.1 and D.3", "has no appendix D.3")>]
[<InlineData("/// arXiv\n/// 1906.01217,\n/// Remark 4.", "has no remark 4")>]
[<InlineData("Proposition 3 as printed", "does not say that the number is arXiv 1906.01217's")>]
[<InlineData("Fiez, Chasnov and Ratliff (ICML 2020), section 4.3",
             "from arXiv 1906.01217, the ICML version for its code only")>]
[<InlineData("arXiv 1906.01217, Propositions 1 to 3, Lemma 5, Figures 5 and 6, appendix C", "")>]
[<InlineData("arXiv 1906.01217; but Rosen 1965, Theorem 9", "")>]
[<InlineData("Letcher et al. 2019, section 33", "")>]
let ``a number that does not exist is named`` (text: string) (expected: string) =
    let faults = read text |> List.choose snd

    if expected = "" then
        Assert.Empty faults
    else
        Assert.Contains(expected, Assert.Single faults)
