module Games.Tests.ScriptTests

open System
open System.Collections.Concurrent
open System.IO
open System.Text.RegularExpressions
open System.Threading.Tasks
open Xunit

let scripts =
    Directory.GetFiles(Path.Combine(Script.root, "games"), "*.fsx")
    |> Array.map Path.GetFileName
    |> Array.filter ((<>) "Prelude.fsx")
    |> Array.sort

let theories = TheoryData<string>(scripts)

/// Two at a time: a script takes about two seconds, most of it the compiler's.
let private endings =
    lazy
        (let ended = ConcurrentDictionary<string, Script.Ending>()

         Parallel.ForEach(
             scripts,
             ParallelOptions(MaxDegreeOfParallelism = 2),
             fun name -> ended[name] <- Script.run (Path.Combine(Script.root, "games", name))
         )
         |> ignore

         ended)

[<Theory; MemberData(nameof theories)>]
let ``a game's script solves its game and finds every number that it checks`` (name: string) =
    let ending = endings.Value[name]

    Assert.True(
        (ending.ExitCode = 0),
        $"{name} ended with {ending.ExitCode}:\n{ending.Output}\n{ending.Errors}"
    )

    Assert.Equal("", ending.Errors)
    Assert.Contains("  ok  ", ending.Output)

[<Theory; MemberData(nameof theories)>]
let ``a game's script is short`` (name: string) =
    let lines = File.ReadAllLines(Path.Combine(Script.root, "games", name)).Length
    Assert.True(lines < 80, $"{name} has {lines} lines, but fewer than 80 are wanted.")

[<Fact>]
let ``every promised name of the F# face is there and gives its value`` () =
    let text =
        File.ReadAllText(Path.Combine(Script.root, "tests", "Games.Tests", "Names.fsx"))

    let ending = Script.runText text
    Assert.True((ending.ExitCode = 0), $"it ended with {ending.ExitCode}:\n{ending.Output}\n{ending.Errors}")
    Assert.Equal("", ending.Errors)

[<Fact>]
let ``the README's F# script runs as it stands`` () =
    let readme = File.ReadAllText(Path.Combine(Script.root, "README.md"))
    let block = Regex.Match(readme, "```fsharp\n(.*?)```", RegexOptions.Singleline)
    Assert.True(block.Success, "README.md has no block of F#.")
    let ending = Script.runText block.Groups[1].Value
    Assert.True((ending.ExitCode = 0), $"it ended with {ending.ExitCode}:\n{ending.Output}\n{ending.Errors}")
    Assert.Matches(@"made all 5000 steps.* at \[4[56]\.\d+, 2[56]\.\d+\]", ending.Output)
    Assert.Contains("differential Stackelberg     yes", ending.Output)

[<Fact>]
let ``a script whose check fails ends with exit code 1 and says which number is wrong`` () =
    let ending =
        Script.runText (
            String.Join("\n", [ "#load \"Prelude.fsx\""; "open Prelude"; "check \"half\" 0.5 0.6 0.01" ])
        )

    Assert.Equal(1, ending.ExitCode)
    Assert.Contains("half is 0.5, but 0.6 ± 0.01 was expected.", ending.Errors)

[<Fact>]
let ``branching on a symbol ends with a message that names the player and the remedy`` () =
    let text = [
        "#load \"Prelude.fsx\""
        "open Stackelberg"
        "let a = Player.scalar \"a\""
        "let wrong = game \"wrong\" { leader a (fun q -> if float q[a] > 0.0 then q[a] else -q[a]) }"
    ]

    let ending = Script.runText (String.Join("\n", text))
    Assert.Equal(1, ending.ExitCode)
    Assert.Contains("Game \"wrong\" is not complete", ending.Errors)
    Assert.Contains("Tensor.where", ending.Errors)
