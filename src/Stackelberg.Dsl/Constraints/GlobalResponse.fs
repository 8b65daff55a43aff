namespace Stackelberg

open System
open Stackelberg.Kernels

/// <summary>Whether a follower's strategy is its best answer, as far as a search of its own problem from many starts tells.
/// Nothing proves that there is no better one.</summary>
[<StructuredFormatDisplay("{Shown}")>]
type ResponseReport = {
    /// The follower.
    Player: string
    /// Its cost at the point.
    Cost: float
    /// The least cost found with a strategy that meets its constraints; its own at the point if no other is below.
    LeastCost: float
    /// The strategy with that cost, in the follower's shape.
    Best: Tensor
    /// Strategies found that cost no more than the best, to rounding, and lie apart: the answers, if there are several.
    Answers: Tensor[]
    /// Whether none found is better.
    IsBest: bool
    /// Searches that ended at a local answer, of those made.
    Ended: int
    /// Searches made.
    Searches: int
} with

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>The answer in a line.</summary>
    override report.ToString() =
        let show (t: Tensor) =
            let entries = t.ToArray()
            let shown = entries |> Array.truncate 6 |> Array.map (digits 7)
            let rest = if entries.Length > shown.Length then ", …" else ""
            let entries = String.Join(", ", shown)
            (invariant $"({entries}{rest})")

        /// A longer list of answers shows its beginning.
        let shownAnswers = 3

        let several =
            if report.Answers.Length > 1 then
                let all =
                    String.Join(", ", report.Answers |> Array.truncate shownAnswers |> Array.map show)

                let rest =
                    if report.Answers.Length > shownAnswers then
                        (invariant $", … ({report.Answers.Length} in all)")
                    else
                        ""

                (invariant $"; several answers: {all}{rest}")
            else
                ""

        if report.IsBest then
            (invariant
                $"{report.Player}: no better answer than the cost {report.Cost:G7} from {report.Searches} starts{several}")
        else
            (invariant
                $"{report.Player}: a local answer only, of cost {report.Cost:G7}; a better one at {show report.Best}, of cost {report.LeastCost:G7}{several}")

module internal GlobalResponse =

    let private starts = 48

    /// Costs nearer than this, relative to the larger, are one; strategies nearer than this share of their size too.
    let private sameCost, apart = 1e-8, 1e-5

    /// How far around a strategy its starts are spread, in its own lengths.
    let private spreads = [| 0.3; 1.0; 3.0; 10.0 |]

    let private distance (a: float[]) (b: float[]) =
        Array.map2 (fun a b -> abs (a - b)) a b |> Array.max

    let of' (seed: uint64) (game: Game) (x: float[]) index : ResponseReport =
        let player = game.Players[index]
        let offset = game.Offsets[index]
        let own = Array.sub x offset player.Dimension
        let struct (_, programme) = GameProgrammes.ofPlayer game index
        let cost = (programme.Values own x).Cost
        let size = own |> Array.fold (fun most value -> max most (abs value)) 1.0
        let random = Philox(seed, uint64 index)
        let numbers: float[] = Array.zeroCreate (starts * own.Length)
        random.FillUniform(numbers, 0, numbers.Length)

        let found =
            Array.init starts (fun k ->
                let spread = spreads[k % spreads.Length] * size

                own
                |> Array.mapi (fun i value -> value + spread * (2.0 * numbers[k * own.Length + i] - 1.0)))
            |> Array.append [| own |]
            |> Array.Parallel.map (fun start ->
                let solution = InteriorPoint.solve programme x start

                match solution.Ending with
                | ProgrammeEnding.Solved when solution.Violation <= 1e-8 * size ->
                    Some(solution.Z, solution.Cost)
                | _ -> None)
            |> Array.choose id

        let least = found |> Array.fold (fun least (_, cost) -> min least cost) cost
        let margin = sameCost * max (abs cost) (abs least) + 1e-9 * abs (cost - least)

        let best =
            match found |> Array.filter (fun (_, cost) -> cost = least) with
            | [||] -> own
            | some -> fst some[0]

        let isBest = cost <= least + max margin 1e-8

        let answers =
            found
            |> Array.filter (fun (_, cost) -> cost <= least + max margin 1e-8)
            |> Array.fold
                (fun (kept: float[] list) (z, _) ->
                    if kept |> List.exists (fun known -> distance known z <= apart * size) then
                        kept
                    else
                        kept @ [ z ])
                []

        let shaped (z: float[]) =
            Tensor.ofArray z |> Tensor.reshape (List.ofArray player.Shape)

        {
            Player = player.Name
            Cost = cost
            LeastCost = least
            Best = shaped (if isBest then own else best)
            Answers = answers |> List.map shaped |> Array.ofList
            IsBest = isBest
            Ended = found.Length
            Searches = starts + 1
        }
