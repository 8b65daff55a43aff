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

[<Fact>]
let ``a script that a test starts meets the culture of the tests`` () =
    let ending = Script.runText "printfn \"%s\" ((-1.5).ToString())"
    Assert.Equal((-1.5).ToString(), ending.Output.Trim())

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

/// A leader and two followers with differentiated products, all prices from one function of three quantities.
let private market price = [
    "#load \"Prelude.fsx\""
    "open Prelude"
    "open Stackelberg"
    "let a = Player.scalar \"A\" |> Player.bounded 0.0 100.0"
    "let b = Player.scalar \"B\" |> Player.bounded 0.0 100.0"
    "let c = Player.scalar \"C\" |> Player.bounded 0.0 100.0"
    price
    "let market ="
    "    game \"market\" {"
    "        leader a (fun q -> -(price q[a] q[b] q[c] * q[a] - 4.0 * q[a] - 0.02 * q[a] ** 3))"
    "        follower b (fun q -> -(price q[b] q[a] q[c] * q[b] - 6.0 * q[b]))"
    "        follower c (fun q -> -(price q[c] q[a] q[b] * q[c] - 8.0 * q[c]))"
    "    }"
    // The followers answer q_b + q_c = (106 − q_a) / 2.5, so that the leader's slope is −1.6 q_a + 34.8 − 0.06 q_a².
    "let leads = (sqrt (1.6 * 1.6 + 4.0 * 0.06 * 34.8) - 1.6) / 0.12"
    "match Equilibrium.find Concept.Stackelberg (Tensor.ofList [ 5.0; 5.0; 5.0 ]) market with"
    "| Ok report -> check \"the leader's quantity\" (float report.Point[0]) leads 1e-6"
    "| Error failure -> stop (string failure)"
]

let helpers =
    [
        "let price (own: Tensor) (other1: Tensor) (other2: Tensor) = 60.0 - own - 0.5 * (other1 + other2)"
        "let price own other1 other2 = Tensor.scalar 60.0 - own - Tensor.scalar 0.5 * (other1 + other2)"
    ]
    |> List.map (fun line -> TheoryDataRow<string>(line))
    |> Array.ofList

[<Theory; MemberData(nameof helpers)>]
let ``a helper function takes tensors when its arguments or its numbers say so`` (price: string) =
    let ending = Script.runText (String.Join("\n", market price))
    Assert.True((ending.ExitCode = 0), $"it ended with {ending.ExitCode}:\n{ending.Output}\n{ending.Errors}")
    Assert.Contains("ok  the leader's quantity", ending.Output)

[<Fact>]
let ``a helper function of numbers takes floats, as the documentation warns`` () =
    let price = "let price own other1 other2 = 60.0 - own - 0.5 * (other1 + other2)"
    let ending = Script.runText (String.Join("\n", market price))
    Assert.Equal(1, ending.ExitCode)
    // The compiler's words are those of the machine's language.
    Assert.Matches(@"FS0193[\s\S]*Tensor[\s\S]*float", ending.Errors)

[<Fact>]
let ``a value of a block's word inside the block is what the documentation warns of`` () =
    let text = [
        "#load \"Prelude.fsx\""
        "open Stackelberg"
        "let a = Player.scalar \"a\""
        "let outside ="
        "    let level = 2.0"
        "    game \"outside\" { leader a (fun q -> level * q[a] * q[a]) }"
        "let inside = game \"inside\" { leader a (fun q -> let level = 2.0 in level * q[a] * q[a]) }"
    ]

    let ending = Script.runText (String.Join("\n", text))
    Assert.Equal(1, ending.ExitCode)
    Assert.Contains("level", ending.Errors)
