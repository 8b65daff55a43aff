// Long, because a row is one measurement: a run, its end and its rate against theory, of one game or of many starts.
// Long, because it is one table: how each rule is played, judged and put into a row belongs together.
namespace Stackelberg

open System
open System.Threading

[<RequireQualifiedAccess>]
module Comparison =

    let settings = {
        Rules = Rule.all
        Rate = 0.1
        Steps = 20_000
        Noise = Noise.none
        Seed = 0UL
        Near = 1e-4
        Cancellation = CancellationToken.None
    }

    /// A step that is shorter, relative to the start's size, is none; a run that is farther from its start has left.
    let private standstill, farAway = 1e-13, 1e6

    /// Between these lengths of steps, relative to the start's size, the factor is measured: below the first the step is
    /// linear to the accuracy wanted, above the second neither rounding nor an inner iteration that ends at 1e-10 shows.
    let private longest, shortest = 1e-5, 1e-10

    /// Fewer steps say nothing of a factor.
    let private fewest = 6

    /// Above this many dimensions the derivative of a step costs more than the run.
    let private largestDerivative = 200

    /// Above this many, Equilibrium.classify refuses.
    let private largestGame = 4000

    let private norm (x: float[]) =
        sqrt (Array.sumBy (fun entry -> entry * entry) x)

    let private distance (a: float[]) (b: float[]) = norm (Array.map2 (-) a b)

    /// The predicted factor, or why there is none.
    let private predict (rule: Rule) rates (game: Game) x =
        if rule.Preconditioners.Length > 0 then
            Error "its preconditioner has no derivative where the gradient is zero"
        elif game.Dimension > largestDerivative then
            Error(invariant $"no derivative of a step above {largestDerivative} dimensions")
        else
            try
                Ok(Contraction.predict rule rates game x)
            with :? InvalidOperationException as fault ->
                Error(invariant $"a step beside the end point fails: {fault.Message}")

    /// So far beside the end point, relative to its size, the derivative of a step that has one is still the same.
    let private beside = 1e-6

    /// It is looked at along the first axes, and askew in some directions more.
    let private axes, askew = 4, 12

    /// Whether the predicted factor is another one beside the point: the step has no derivative there.
    let private jumps rule rates (game: Game) (x: float[]) (predicted: PredictedContraction) =
        let h = beside * max 1.0 (norm x)

        Seq.append
            (Seq.init (min axes x.Length) (fun axis -> Array.updateAt axis (x[axis] + h) x))
            (Seq.init askew (fun k ->
                x
                |> Array.mapi (fun entry value -> value + h * sin (float ((k + 1) * (entry + 1))))))
        |> Seq.filter (fun at ->
            let inside = Array.copy at
            game.Project inside
            inside = at)
        |> Seq.exists (fun at ->
            match predict rule rates game at with
            | Ok other when other.Free = predicted.Free ->
                not (abs (other.Radius - predicted.Radius) <= 0.01 * predicted.Radius)
            | Ok _
            | Error _ -> false)

    /// Why two factors differ.
    let private explain rule rates game x (predicted: PredictedContraction) measured =
        let near other = abs (measured - other) <= 0.01 * other

        if jumps rule rates game x predicted then
            "the rule's step has no derivative there"
        elif predicted.IsDefective then
            "not diagonalisable there"
        elif predicted.Radius >= 1.0 then
            "the rule's step does not contract there, or has no derivative"
        elif predicted.Moduli |> Array.exists near then
            "from this start along a faster direction alone"
        else
            "disagrees"

    let private converged (rule: Rule) rates game (start: float[]) (final: float[]) (moves: float[][]) row =
        let measured =
            if moves.Length < fewest then
                nan
            else
                Contraction.ofMoves moves

        let row = {
            row with
                Report =
                    Equilibrium.classifyWith
                        (NewtonSteps.afterRun Equilibrium.tolerances game start)
                        game
                        (Tensor.ofArray final)
                Measured = measured
                MeasuredSteps = moves.Length
        }

        match predict rule rates game final with
        | Error why -> { row with Remark = why }
        | Ok predicted ->
            let row = {
                row with
                    Predicted = predicted.Radius
            }

            let free =
                if predicted.Free > 0 then
                    "on a set of fixed points"
                else
                    ""

            if moves.Length < fewest then
                {
                    row with
                        Remark = (invariant $"too fast to measure: {moves.Length} steps")
                }
            elif row.Agrees then
                { row with Remark = free }
            else
                {
                    row with
                        Remark = explain rule rates game final predicted measured
                }

    let private runOne (settings: ComparisonSettings) (x: float[]) (game: Game) (rule: Rule) : ComparisonRow =
        let size = max 1.0 (norm x)
        let rates = [ Rate.constant settings.Rate ]

        let learning =
            game
            |> Learn.start
                rule
                {
                    Learn.settings with
                        Steps = settings.Steps
                        Rates = rates
                        RecordEvery = 0
                        Stop = Stop.UpdateBelow(standstill * size)
                        Cancellation = settings.Cancellation
                }
                (Tensor.ofArray x)

        let updates = ResizeArray<float>()
        // The last moves, from the first after which all are short until they are too short.
        let moves = ResizeArray<float[]>()
        let before, middle = Array.copy x, Array.copy x
        let mutable isShort, hasLeft = false, false

        while not (learning.IsFinished || hasLeft) do
            let steps = learning.Steps
            learning.Advance 1

            if learning.Steps > steps then
                let update = learning.Update
                updates.Add update

                if update > longest * size then
                    moves.Clear()
                    isShort <- false
                elif update < shortest * size then
                    isShort <- true
                elif not isShort then
                    let move = Array.map2 (-) learning.X before
                    game.Wrap move
                    moves.Add move

                learning.X.CopyTo(before, 0)

                if steps = settings.Steps / 2 then
                    learning.X.CopyTo(middle, 0)

            hasLeft <- distance learning.X x > farAway * size

        settings.Cancellation.ThrowIfCancellationRequested()
        let run = learning.Finish()
        let final = run.Final.ToArray()

        let row = {
            Rule = rule.Name
            Ending = RuleEnding.Failed
            Words = run.Outcome.Words
            Steps = run.Steps
            Final = final
            Report = Unchecked.defaultof<Report>
            Measured = nan
            MeasuredSteps = 0
            Predicted = nan
            Drift = nan
            Solves = run.Solves
            Remark = ""
        }

        match run.Outcome with
        | _ when hasLeft -> {
            row with
                Ending = RuleEnding.Diverged
                Words = (invariant $"farther than {farAway * size:G4} from the start after {run.Steps} steps")
          }
        | Outcome.Stopped(_, _, _, Standstill.OwnRest)
        | Outcome.Converged _ ->
            converged rule rates game x final (moves.ToArray()) {
                row with
                    Ending = RuleEnding.Converged
            }
        | Outcome.Diverged _ -> {
            row with
                Ending = RuleEnding.Diverged
          }
        | Outcome.Stopped _ -> {
            row with
                Ending = RuleEnding.Stopped
                Remark = run.Outcome.Words
          }
        | Outcome.OutOfSteps _ ->
            let tail = updates.ToArray()[updates.Count / 2 ..]

            {
                row with
                    Ending = RuleEnding.Unsettled
                    Measured =
                        if tail.Length < fewest then
                            nan
                        else
                            Contraction.ofLengths tail
                    MeasuredSteps = tail.Length
                    Drift = distance final middle / Array.sum tail
            }
        | _ -> { row with Remark = run.Outcome.Words }

    let private refused (rule: Rule) why = {
        Rule = rule.Name
        Ending = RuleEnding.Refused
        Words = why
        Steps = 0
        Final = [||]
        Report = Unchecked.defaultof<Report>
        Measured = nan
        MeasuredSteps = 0
        Predicted = nan
        Drift = nan
        Solves = SolveSummary()
        Remark = why
    }

    /// Where a game's own entries lie among those of the game in which its multipliers play.
    let private ownEntries (game: Game) (played: Game) = [|
        for player in game.Players do
            let index = played.Players |> Array.findIndex ((=) player)
            yield! [| played.Offsets[index] .. played.Offsets[index + 1] - 1 |]
    |]

    /// What rules play in place of a game with functions as constraints: its multipliers, from zero, beside its players.
    let private played (game: Game) (x: float[]) =
        let played = MultiplierGame.of' 1.0 game
        let start = Array.zeroCreate<float> played.Dimension
        ownEntries game played |> Array.iteri (fun i at -> start[at] <- x[i])
        played, start

    /// The row of the constrained game: its own players' strategies, and what they are there.
    let private ofConstrained (game: Game) (played: Game) (row: ComparisonRow) =
        if game.Constraints.Length = 0 then
            row
        else
            let final = ownEntries game played |> Array.map (fun at -> row.Final[at])

            {
                row with
                    Final = final
                    Report =
                        if isNull (box row.Report) then
                            row.Report
                        else
                            Equilibrium.classify game (Tensor.ofArray final)
            }

    let private check func (settings: ComparisonSettings) =
        Require.positive func (nameof settings.Rate) settings.Rate
        Require.atLeastOne func (nameof settings.Steps) settings.Steps

    let run (settings: ComparisonSettings) (x: Tensor) (game: Game) : ComparisonRow[] =
        let func = "Comparison.run"
        Require.shape func (nameof x) x.Shape [| game.Dimension |] (game.Describe())
        check func settings

        if settings.Noise <> Noise.none then
            Require.wrong
                func
                (nameof settings.Noise)
                "is given, but one run of each rule is without; give Noise.none, or many starts to Comparison.ensemble."

        if game.Dimension > largestGame then
            Require.wrong
                func
                (nameof game)
                (invariant
                    $"has {game.Dimension} dimensions, but at most {largestGame} are classified; use Learn.run and Equilibrium.classifyLarge.")

        let played, start = played game (x.ToArray())

        settings.Rules
        |> Array.map (fun rule ->
            match rule.Refuses played with
            | null -> runOne settings start played rule |> ofConstrained game played
            | why -> refused rule why)

    /// How a run of an ensemble ended, and after how many steps.
    let private ending hasLeft outcome =
        let kind, steps =
            match outcome with
            | Outcome.Converged(steps, _, _)
            | Outcome.Stopped(steps, _, _, Standstill.OwnRest) -> RuleEnding.Converged, steps
            | Outcome.Stopped(steps, _, _, _) -> RuleEnding.Stopped, steps
            | Outcome.Diverged(steps, _, _) -> RuleEnding.Diverged, steps
            | Outcome.OutOfSteps(limit, _, _) -> RuleEnding.Unsettled, limit
            | Outcome.NotFinite(step, _)
            | Outcome.SingularFollower(step, _)
            | Outcome.InnerFailed(step, _, _, _) -> RuleEnding.Failed, step - 1
            | Outcome.Cancelled steps -> RuleEnding.Unsettled, steps
            // No run of an ensemble ends so.
            | Outcome.Told _ -> RuleEnding.Failed, 0

        if hasLeft then
            struct (RuleEnding.Diverged, steps)
        else
            struct (kind, steps)

    let private shareOf
        (settings: ComparisonSettings)
        (points: float[][])
        (starts: Tensor)
        (game: Game)
        (rule: Rule)
        =
        let runs = starts.Shape[0]
        let rows = starts.ToArray() |> Array.chunkBySize game.Dimension
        let size = rows |> Array.fold (fun most row -> max most (norm row)) 1.0

        let played =
            game
            |> Ensemble.run
                rule
                {
                    Learn.settings with
                        Steps = settings.Steps
                        Rates = [ Rate.constant settings.Rate ]
                        Noise = settings.Noise
                        Seed = settings.Seed
                        RecordEvery = 0
                        Stop = Stop.UpdateBelow(standstill * size)
                        Cancellation = settings.Cancellation
                }
                starts

        settings.Cancellation.ThrowIfCancellationRequested()
        let final = played.Final.ToArray() |> Array.chunkBySize game.Dimension

        let ended =
            Array.init runs (fun k ->
                let hasLeft = distance final[k] rows[k] > farAway * max 1.0 (norm rows[k])
                ending hasLeft played.Outcomes[k])

        let endings = ended |> Array.map (fun (struct (kind, _)) -> kind)
        let steps = ended |> Array.map (fun (struct (_, steps)) -> steps)

        // Noise keeps runs moving where they have settled.
        let isNoisy = settings.Noise <> Noise.none || game.Batches.Length > 0

        let hasSettled kind =
            kind = RuleEnding.Converged || (isNoisy && kind = RuleEnding.Unsettled)

        let nearest (x: float[]) =
            let within k =
                Distance.nearest
                    "Comparison.ensemble"
                    game
                    [| points[k] |]
                    (settings.Near * max 1.0 (norm points[k]))
                    x
                    1 = [| 0 |]

            let apart k =
                Distance.square game 0 (game.Players.Length - 1) x 0 points[k] 0

            match [| 0 .. points.Length - 1 |] |> Array.filter within with
            | [||] -> -1
            | found -> Array.minBy apart found

        let reached =
            Array.map2 (fun kind x -> if hasSettled kind then nearest x else -1) endings final

        let share isCounted =
            let counted = Seq.init runs isCounted |> Seq.filter id |> Seq.length
            float counted / float runs

        let hasConverged k = endings[k] = RuleEnding.Converged

        {
            Rule = rule.Name
            Endings = endings
            Words = ""
            Steps = steps
            Final = final
            Reached = reached
            Converged = share hasConverged
            Shares = Array.init points.Length (fun point -> share (fun k -> reached[k] = point))
            Elsewhere = share (fun k -> hasConverged k && reached[k] < 0)
            MedianSteps =
                [| 0 .. runs - 1 |]
                |> Array.filter hasConverged
                |> Array.map (fun k -> float steps[k])
                |> Quantile.at 0.5
            Solves = played.Solves
        }

    let ensemble
        (settings: ComparisonSettings)
        (points: float[][])
        (starts: Tensor)
        (game: Game)
        : ComparisonShare[] =
        let func = "Comparison.ensemble"
        let d = game.Dimension

        if starts.Shape.Length <> 2 || starts.Shape[1] <> d || starts.Shape[0] < 1 then
            Require.wrong
                func
                (nameof starts)
                (invariant
                    $"has shape {Shape.show starts.Shape}, but [runs; {d}] is needed, one row for each run ({game.Describe()}).")

        check func settings
        Require.positive func (nameof settings.Near) settings.Near
        Array.iter (Distance.needPoint func game) points

        settings.Rules
        |> Array.map (fun rule ->
            match rule.Refuses game with
            | null -> shareOf settings points starts game rule
            | why -> {
                Rule = rule.Name
                Endings = Array.create starts.Shape[0] RuleEnding.Refused
                Words = why
                Steps = Array.zeroCreate starts.Shape[0]
                Final = [||]
                Reached = Array.create starts.Shape[0] -1
                Converged = 0.0
                Shares = Array.zeroCreate points.Length
                Elsewhere = 0.0
                MedianSteps = nan
                Solves = SolveSummary()
              })
