(**
---
title: From C#
category: Coming from
categoryindex: 4
index: 3
---
*)
(*** hide ***)
#load "../.ci/Page.fsx"

open Prelude
open Page
(**
# From C#

The package `Stackelberg.CSharp` is the language of games for C#: `Func<>`, arrays and records where F# has functions, lists and
options. `Stackelberg.Host` adds networks and the runner of experiments.

The snippets are those of `tests/Stackelberg.Host.Tests/Facade/GuideTests.cs`, where they are compiled and their values asserted.

## A game, its fields, a report card
*)
(*** hide ***)
open System.IO
open System.Net
open System.Text.RegularExpressions

let source =
    File.ReadAllText(
        Path.Combine(__SOURCE_DIRECTORY__, "..", "tests", "Stackelberg.Host.Tests", "Facade", "GuideTests.cs")
    )

let names =
    Regex.Matches(source, @"// snippet: (\w+)\n")
    |> Seq.map _.Groups[1].Value
    |> Seq.filter ((<>) "end")
    |> List.ofSeq

check "snippets" (float names.Length) 4.0 0.0

let snippet name =
    let found =
        Regex.Match(source, $@"// snippet: {name}\n(.*?)\s*// snippet: end", RegexOptions.Singleline)

    let lines = found.Groups[1].Value.Split '\n'

    let code =
        lines
        |> Array.map (fun line -> if line.Length > 8 then line[8..] else "")
        |> String.concat "\n"

    let coloured =
        Regex.Replace(
            WebUtility.HtmlEncode code,
            @"(?<c>//.*)|(?<s>&quot;.*?&quot;)|\b(?<k>var|new|double|return)\b|\b(?<n>\d+(?:\.\d+)?(?:e-?\d+)?)\b(?!;)",
            fun m ->
                let kind =
                    [ "c"; "s"; "k"; "n" ] |> List.find (fun group -> m.Groups[group].Success)

                $"<span class=\"{kind}\">{m.Value}</span>"
        )

    $"<pre class=\"fssnip\"><code lang=\"csharp\">{coloured}</code></pre>"

snippet "game"
(*** include-it-raw ***)
(**
## More players

A seat is a player, its level and its cost; level 0 leads.
*)
(*** hide ***)
snippet "seats"
(*** include-it-raw ***)
(**
## A rule of one's own
*)
(*** hide ***)
snippet "rule"
(*** include-it-raw ***)
(**
## A GAN
*)
(*** hide ***)
snippet "gan"
(*** include-it-raw ***)
(**
## Games from scripts

With `Stackelberg.Scripting`, `GameScript.Load("games/duopoly.fsx")` gives the game of an F# script and
`ExperimentScript.Load` an experiment. Long calls take a `CancellationToken` and report through `IProgress<T>`.
`Rule`, `Rate`, `Conjecture` and `Player` are modules of F#; in C# their values are `RuleModule`, `RateModule`, … .
*)
