module Stackelberg.Experiments.Tests.BlockTests

open System
open Stackelberg
open Stackelberg.Experiments.Tests
open Xunit

let private steps count (s: SettingValues) = {
    Learn.settings with
        Steps = count
        Rates = [ Rate.constant (s.Double "rate") ]
}

let private small =
    experiment "small" {
        title "two bowls"
        source "made for this test"
        setting "a" 1.0 "the first bowl's middle"
        setting "rate" 0.1 (SettingType.Above 0.0) "both players' rate"
        gameOf (fun s -> Games.bowls (s.Double "a"))
        rules [ Rule.simultaneous; Rule.stackelberg Conjecture.bestResponse ]
        start [ 3.0; -1.0 ]
        learn (steps 500)
        find Concept.Nash ([ -10.0 ], [ 10.0 ])
        check "equilibria/omega/0/x1" (Games.nash 1.0).[0] 1e-12 "closed form"
        check "simultaneous/final/2" (Games.nash 1.0).[1] 1e-12 "closed form"
        headlines [ "final/1" ]
    }

[<Fact>]
let ``an experiment says what it is, and its settings have types and defaults`` () =
    Assert.Equal("small", small.Name)
    Assert.Equal("two bowls", small.Title)
    Assert.Equal("made for this test", small.Source)
    Assert.Equal<string>([ "a"; "rate" ], small.Settings |> Seq.map _.Key)
    Assert.Equal<string>([ "1"; "0.1" ], small.Settings |> Seq.map _.Default)
    Assert.True small.IsResumable

[<Fact>]
let ``it finds, plays and checks what the block says`` () =
    use folder = new RunFolder()
    let summary = folder.Run(small, [], "run")
    Assert.Equal(RunEnding.Done, summary.Ending)
    Assert.Equal(2, summary.Report.Checks.Count)
    Assert.Equal<string>([ "simultaneous"; "stackelberg" ], summary.Runs |> Seq.map _.Run)
    Assert.Equal(1.0, summary.Found["equilibria/omega/count"])
    Assert.Equal(1.0, summary.Found["equilibria/omega/0/isDNE"])
    Assert.Equal(500.0, summary.Found["stackelberg/steps"])

[<Fact>]
let ``a check that does not hold fails the run, and another setting switches the checks off`` () =
    use folder = new RunFolder()

    let wrong =
        experiment "wrong" {
            game (Games.bowls 1.0)
            rules [ Rule.simultaneous ]
            start [ 0.0; 0.0 ]
            setting "steps" 10 "steps"
            check "simultaneous/final/1" 5.0 1e-3 "nowhere"
        }

    Assert.Equal(RunEnding.CheckFailed, folder.Run(wrong, [], "wrong").Ending)
    let changed = folder.Run(small, [ "a", "2" ], "changed")
    Assert.Empty changed.Report.Checks
    Assert.Equal((Games.nash 2.0).[0], changed.Found["simultaneous/final/1"], 1e-12)

[<Fact>]
let ``a value out of its range is refused before anything is written`` () =
    use folder = new RunFolder()

    let fault =
        Assert.Throws<UserInputException>(fun () -> folder.Run(small, [ "rate", "0" ], "run") |> ignore)

    Assert.Equal(
        "The setting rate is \"0\", but a finite number above 0 is needed, for instance rate=0.1.",
        fault.Message
    )

    Assert.False(IO.Directory.Exists(folder.Of "run"))

[<Fact>]
let ``settings of every kind are read as they are declared`` () =
    use folder = new RunFolder()

    let kinds =
        experiment "kinds" {
            setting "whole" 3 "a whole number"
            setting "number" 1e-3 "a number"
            setting "flag" true "yes or no"
            setting "text" "all" "a text"
            setting "one" "b" (SettingType.OneOf [ "a"; "b" ]) "a choice"

            setting (
                Setting("angle", "0.5", SettingType.Number, "an angle", SettingKind.Neutral, Unit = "radians")
            )

            compute (fun run ->
                let s = run.Settings
                Assert.Equal(3, s.Int "whole")
                Assert.Equal(1e-3, s.Double "number")
                Assert.True(s.Bool "flag")
                Assert.Equal("all", s.Text "text")
                Assert.Equal("b", s.Text "one")
                run.Found("angle", s.Double "angle"))
        }

    Assert.Equal(0.5, folder.Run(kinds, [], "run").Found["angle"])

[<Fact>]
let ``starts and equal rules have names of their own, and each start its own noise`` () =
    use folder = new RunFolder()

    let many =
        experiment "many" {
            game (Games.bowls 1.0)

            rules [
                Rule.stackelberg Conjecture.bestResponse
                Rule.stackelberg (Conjecture.regularized 1.0)
                Rule.simultaneous
            ]

            starts [ [ 0.0; 0.0 ]; [ 0.0; 0.0 ] ]

            learn (fun _ -> {
                Learn.settings with
                    Steps = 20
                    Noise = Noise.gaussian 0.1
            })
        }

    let summary = folder.Run(many, [], "run")

    Assert.Equal<string>(
        [
            "stackelberg (bestResponse)/start1"
            "stackelberg (regularized 1)/start1"
            "simultaneous/start1"
            "stackelberg (bestResponse)/start2"
            "stackelberg (regularized 1)/start2"
            "simultaneous/start2"
        ],
        summary.Runs |> Seq.map _.Run
    )

    Assert.NotEqual(
        summary.Found["simultaneous/start1/final/1"],
        summary.Found["simultaneous/start2/final/1"]
    )

    let again = folder.Run(many, [], "again")
    Assert.Equal<float>(summary.Found.Values, again.Found.Values)

[<Fact>]
let ``runs can be named, and a game with known points brings start and rate`` () =
    use folder = new RunFolder()

    let withPoint =
        Games.bowls 1.0
        |> Known.game "made for this test" [ 3.0; -1.0 ] 0.1 [
            Known.point (List.ofArray (Games.nash 1.0)) [ Trait.DifferentialNash; Trait.StableSimgrad ]
        ]

    let named =
        experiment "named" {
            known withPoint
            rules [ "equal", Rule.simultaneous ]
            check "equal/final/1" (Games.nash 1.0).[0] 1e-9 "closed form"
        }

    Assert.Equal("made for this test", named.Source)
    Assert.Equal(RunEnding.Done, folder.Run(named, [], "run").Ending)

[<Fact>]
let ``a block that contradicts itself says everything that is wrong, with remedies`` () =
    let fault =
        Assert.Throws<InvalidOperationException>(fun () ->
            experiment "no name" {
                setting "a" 1 "one"
                setting "a" 2 "two"
                setting "seed" 3 "three"
                setting "b c" 4 "four"
                draw [ Picture.costs; Picture.costs ]
                check "x" 1.0 0.0 "here"
                check "x" 2.0 0.0 "there"
                check "y" nan -1.0 "nowhere"
                setting "rate" 0.0 (SettingType.Above 0.0) "never allowed"
            }
            |> ignore)

    Assert.Equal(
        String.concat "\n  - " [
            "The experiment \"no name\" cannot run:"
            "The name \"no name\" cannot name a folder; letters, digits, -, _ and . can, as in experiment \"my-game\"."
            "The setting a is declared twice; leave one out."
            "The setting seed is every experiment's own; read it as run.Seed, and leave the declaration out."
            "The setting \"b c\" cannot be written key=value; give it a name without blanks and =."
            "The setting rate is \"0\" by default, but a finite number above 0 is needed."
            "The check of y has the tolerance -1, but a finite number of at least 0 is needed."
            "The check of y expects not-a-number, which nothing equals."
            "The number x is checked twice; leave one check out."
            "The picture costs is drawn twice; leave one out."
            "It states nothing to do: give it a game with rules, something to find, or a step of its own by compute."
        ],
        fault.Message
    )

[<Fact>]
let ``rules without a start, a start without rules, and two runs of one name are refused`` () =
    use folder = new RunFolder()

    let fails (block: Experiment) name =
        Assert.Throws<InvalidOperationException>(fun () -> folder.Run(block, [], name) |> ignore).Message

    let noStart =
        experiment "noStart" {
            game (Games.bowls 1.0)
            rules [ Rule.simultaneous ]
        }

    let noRule =
        experiment "noRule" {
            game (Games.bowls 1.0)
            start [ 0.0; 0.0 ]
        }

    let twice =
        experiment "twice" {
            game (Games.bowls 1.0)
            rules [ "mine", Rule.simultaneous; "mine", Rule.extragradient ]
            start [ 0.0; 0.0 ]
        }

    Assert.StartsWith("The rules have no start; give one", fails noStart "a")
    Assert.StartsWith("The start has no rule; give rules", fails noRule "b")

    Assert.Equal(
        "The run \"mine\" was played before in this experiment; give each run a name of its own.",
        fails twice "c"
    )

[<Fact>]
let ``what validate refuses leaves no folder, and its message is the user's`` () =
    use folder = new RunFolder()

    let strict =
        experiment "strict" {
            setting "least" 1.0 "below most"
            setting "most" 2.0 "above least"

            validate (fun s ->
                if s.Double "least" >= s.Double "most" then
                    raise (UserInputException "least must lie below most, for instance least=1 most=2."))

            compute (fun run -> run.Found("width", run.Settings.Double "most" - run.Settings.Double "least"))
        }

    let refused =
        Assert.Throws<UserInputException>(fun () -> folder.Run(strict, [ "least", "3" ], "run") |> ignore)

    Assert.StartsWith("least must lie below most", refused.Message)
    Assert.False(IO.Directory.Exists(folder.Of "run"))
    Assert.Equal(1.0, folder.Run(strict, [], "run").Found["width"])

[<Fact>]
let ``settings can be shared, and the seed have another default`` () =
    let shared = [ Setting("a", "1", SettingType.Number, "first", SettingKind.Changes) ]

    let both =
        experiment "both" {
            setting shared
            setting "b" 2.0 "second"
            defaultSeed 43UL
            compute ignore
        }

    Assert.Equal<string>([ "a"; "b" ], both.Settings |> Seq.map _.Key)
    Assert.Equal(43UL, both.DefaultSeed)
